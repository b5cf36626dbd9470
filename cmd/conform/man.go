package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newMan() *cobra.Command {
	return &cobra.Command{
		Use: "man FOLDER", Hidden: true, Args: exactly("FOLDER"),
		Short:   "Write a manual page of each command into a folder",
		Example: "  conform man man1",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			return writeManual(cmd.Root(), args[0])
		},
	}
}

// writeManual writes the page of a command and those of the commands below it.
func writeManual(cmd *cobra.Command, folder string) error {
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
	if err := os.WriteFile(filepath.Join(folder, name+".1"), []byte(manual(cmd)), 0o644); err != nil {
		return err
	}
	for _, sub := range cmd.Commands() {
		if !sub.IsAvailableCommand() {
			continue
		}
		if err := writeManual(sub, folder); err != nil {
			return err
		}
	}
	return nil
}

// manual is the page of a command in man's own language. It says what --help says, and has no date: the same sources make the same page.
func manual(cmd *cobra.Command) string {
	var page strings.Builder
	section := func(title string) { fmt.Fprintf(&page, ".SH %s\n", title) }
	verbatim := func(text string) { fmt.Fprintf(&page, ".nf\n%s\n.fi\n", roff(strings.Trim(text, "\n"))) }
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
	fmt.Fprintf(&page, ".TH %s 1 \"\" conform \"conform manual\"\n", roff(strings.ToUpper(name)))
	section("NAME")
	fmt.Fprintf(&page, "%s \\- %s\n", roff(name), roff(cmd.Short))
	section("SYNOPSIS")
	verbatim(cmd.UseLine())
	if cmd.Long != "" {
		section("DESCRIPTION")
		for i, paragraph := range strings.Split(cmd.Long, "\n\n") {
			if i > 0 {
				page.WriteString(".PP\n")
			}
			fmt.Fprintln(&page, roff(paragraph))
		}
	}
	if cmd.HasAvailableLocalFlags() {
		section("OPTIONS")
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Hidden {
				return
			}
			kind, usage := pflag.UnquoteUsage(f)
			short := ""
			if f.Shorthand != "" {
				short = "-" + f.Shorthand + ", "
			}
			fmt.Fprintf(&page, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace(short+"--"+f.Name+" "+kind)), roff(usage))
		})
	}
	if cmd.Example != "" {
		section("EXAMPLES")
		verbatim(cmd.Example)
	}
	var related []string
	if cmd.HasParent() {
		related = append(related, strings.ReplaceAll(cmd.Parent().CommandPath(), " ", "-"))
	}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			related = append(related, name+"-"+sub.Name())
		}
	}
	if len(related) > 0 {
		section("SEE ALSO")
		fmt.Fprintln(&page, roff(strings.Join(related, "(1), ")+"(1)"))
	}
	return page.String()
}

// roff escapes what man would take for its own: backslashes, hyphens, and a full stop or an apostrophe that begins a line.
func roff(text string) string {
	lines := strings.Split(strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text), "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
