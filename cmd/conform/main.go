// Command conform judges servers of session-and-token authentication APIs against what their vendors' documents
// promise, and serves reference servers of its own.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/specs"
)

func main() { os.Exit(realMain()) }

func realMain() int {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200) // most commands are over before their garbage is worth collecting
	}
	// net/http logs what a server sends unasked, which may be anything: a secret, or an order to a build's log.
	log.SetOutput(io.Discard)
	if err := roomFor(fewestFiles); err != nil { // the next thing that it does would break it down
		fmt.Fprintln(os.Stderr, "conform: "+err.Error())
		return verdict.ExitUsage
	}
	// Whoever reads the output may stop reading (conform run | head): the run goes on to its end all the same.
	signal.Ignore(syscall.SIGPIPE)
	command := newCommand()
	err := command.ExecuteContext(interrupts())
	var exit exitError
	switch {
	case errors.As(err, &exit):
		if exit.error != nil {
			fmt.Fprintln(os.Stderr, "conform: "+evidence.OneLine(exit.Error()))
		}
		return exit.code
	case errors.Is(err, syscall.EPIPE):
		return 0 // whoever reads has read enough; a run goes on, and says so by its verdict
	case unprinted(err) != nil:
		fmt.Fprintf(os.Stderr, "conform: the output could not be written: %v; make room where it goes\n", unprinted(err))
		return verdict.ExitIncomplete
	case err != nil:
		// What cobra finds wrong with a command line, and what a command finds wrong with its input.
		fmt.Fprintln(os.Stderr, "conform: "+evidence.OneLine(err.Error()))
		return verdict.ExitUsage
	}
	return 0
}

// unprinted is why the system refused to take the output, where that is the error. That nobody wants more of it is none.
func unprinted(err error) error {
	if to, ok := errors.AsType[*fs.PathError](err); ok && to.Op == "write" && to.Path == os.Stdout.Name() && !errors.Is(to, syscall.EPIPE) {
		return to.Err
	}
	return nil
}

// exitError carries an exit code, with an error to print or nil.
type exitError struct {
	code int
	error
}

// exactly asks for arguments by their names.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		return fmt.Errorf("%s, and %s takes %d: conform %s %s",
			verdict.Count(len(args), "argument", "arguments"), cmd.Name(), len(names), cmd.Name(), strings.Join(names, " "))
	}
}

func newCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "conform",
		Short: "Judge a server of a session-and-token authentication API against its vendor's document",
		Long: `conform judges a server against what its vendor's document promises, and says what was promised, what was
expected, what came and how to repeat it.

Exit codes: 0 conformant, 1 nonconformant (or a waiver no longer holds), 2 wrong usage or target file, 3 incomplete (nothing can be said).`,
		Example: `  conform run
  conform run target.yaml --label-filter 'renewal && MUST'
  conform explain ADX-TOK-04`,
		Version:       version(),
		Args:          knownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w%s; %s --help shows the flags", err, meant(cmd, err), cmd.CommandPath())
	})
	root.AddCommand(newRun(), newCompat(), newRepeat(), newServe(), newList(), newExplain(), newDiff(), newMerge(), newProve(), newTrace(), newContract(), newVersion(), newMan())
	return root
}

// knownCommand refuses what is no command, and says which one is spelt most like it.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	known := []string{"help", "completion"}
	for _, c := range cmd.Commands() {
		known = append(known, c.Name())
	}
	return fmt.Errorf("unknown command %q%s; conform --help lists the commands", args[0], specs.Suggest(args[0], known))
}

// meant says which flag of a command is spelt most like the one that it does not have, if any is.
func meant(cmd *cobra.Command, err error) string {
	unknown, is := errors.AsType[interface {
		error
		GetSpecifiedName() string
		GetSpecifiedShortnames() string
	}](err)
	if !is || !strings.HasPrefix(err.Error(), "unknown ") {
		return ""
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	return strings.Replace(specs.Suggest(cmp.Or(unknown.GetSpecifiedShortnames(), unknown.GetSpecifiedName()), known), " mean ", " mean --", 1)
}
