package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
	"example.org/conform/specs"
)

func newRepeat() *cobra.Command {
	var at string
	var run bool
	cmd := &cobra.Command{
		Use:   "repeat REPORT CHECK",
		Short: "Print the script that repeats a check of a report, or run it",
		Long: `repeat prints one shell script that repeats every exchange of a check, for any POSIX shell with curl. Sessions and tokens it takes from
the answers that it gets itself; passwords it wants in the environment, under the names that stand at its beginning. With --run, sh runs it.

Exit codes: 0 printed, or run to its end; 2 the report, the check or the environment is not what it takes; 3 the script broke off.`,
		Example: `  conform repeat reports/run/report.json adaxes-2025.1/ADX-DST-02/twice
  CONFORM_PASSWORD=… conform repeat reports/run/report.json adaxes-2025.1/ADX-DST-02/twice --run`,
		Args: exactly("REPORT", "CHECK"),
		RunE: func(cmd *cobra.Command, args []string) error {
			report, err := reports.Read(args[0])
			if err != nil {
				return err
			}
			c, err := find(report, args[0], args[1], at)
			if err != nil {
				return err
			}
			script, variables := reports.Script(c)
			switch {
			case script != "" && run:
				return runScript(cmd, script, variables)
			case script != "":
				_, err = io.WriteString(cmd.OutOrStdout(), script)
				return err
			case len(c.Exchanges) == 0:
				return fmt.Errorf("%s has no exchanges of %s, which is %s: there is nothing to repeat", args[0], c.ID, strings.ToLower(reports.StatusWord(c.Status)))
			}
			return fmt.Errorf("no script repeats %s: not all of its exchanges are its own, or curl cannot make them; index.html has a command for each", c.ID)
		},
	}
	cmd.Flags().StringVar(&at, "target", "", "URL of the target, where the report has the check of several")
	cmd.Flags().BoolVar(&run, "run", false, "run the script with sh, and send what it sends")
	return cmd
}

// find finds a check in a report, by its ID or as the page calls it.
func find(r *verdict.Report, path, id, at string) (*verdict.Check, error) {
	var found []*verdict.Check
	var targets, known []string
	anchors := reports.Anchors(r)
	for run, c := range r.Checks() {
		known = append(known, c.ID)
		switch {
		case c.ID != id && anchors[c] != id:
			continue
		case anchors[c] == id && c.ID != id:
			return c, nil
		case at == "" || at == run.Target:
			found = append(found, c)
		}
		targets = append(targets, evidentLine(run.Target))
	}
	switch {
	case len(targets) == 0:
		return nil, &specs.Unknown{Kind: "check", Name: id, Known: known, Hint: fmt.Sprintf("%s has %s", path, verdict.Count(len(known), "check", "checks"))}
	case len(found) == 0:
		return nil, fmt.Errorf("--target: the report has %s at %s; give one of them", id, inWords(slices.Compact(targets)))
	case len(found) > 1 && len(slices.Compact(slices.Sorted(slices.Values(targets)))) == 1:
		return nil, fmt.Errorf("the report has %s %d times at one URL; name it %s for the second, and so on", id, len(found), anchors[found[1]])
	case len(found) > 1:
		return nil, fmt.Errorf("the report has %s at %s; say which by --target URL", id, inWords(targets))
	}
	return found[0], nil
}

// runScript runs a script with sh. What it wants is found before anything is sent.
func runScript(cmd *cobra.Command, script string, variables []string) error {
	missing := slices.DeleteFunc(slices.Clone(variables), func(v string) bool { return os.Getenv(v) != "" })
	if len(missing) > 0 {
		return fmt.Errorf("the script wants %s in the environment; set %s first", inWords(missing), map[bool]string{true: "it", false: "them"}[len(missing) == 1])
	}
	for _, program := range []string{"sh", "curl", "sed"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is missing on this machine, and the script needs it: install it, or run the script elsewhere", program)
		}
	}
	signal.Reset(syscall.SIGPIPE) // what it runs is to have it as anything else in a shell
	sh := exec.CommandContext(cmd.Context(), "sh")
	sh.Stdin, sh.Stdout, sh.Stderr = strings.NewReader(script), cmd.OutOrStdout(), cmd.ErrOrStderr()
	if err := sh.Run(); err != nil {
		return exitError{verdict.ExitIncomplete, fmt.Errorf("the script broke off: %w", err)}
	}
	return nil
}

// plain needs no quotes in a shell.
var plain = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// shellWord is a text as one word for a shell.
func shellWord(text string) string {
	if plain.MatchString(text) {
		return text
	}
	return reports.Quoted(text)
}
