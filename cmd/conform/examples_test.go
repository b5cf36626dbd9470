package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Every command shows how it is called, by commands and flags that there are.
func TestEveryCommandHasAnExample(t *testing.T) {
	t.Parallel()
	root := newCommand()
	var each func(*cobra.Command)
	each = func(cmd *cobra.Command) {
		own := 0
		for line := range strings.Lines(cmd.Example) {
			words := strings.Fields(line)
			for len(words) > 0 && words[0] != root.Name() { // variables before it
				words = words[1:]
			}
			if len(words) == 0 {
				t.Errorf("%s: an example calls another command: %s", cmd.CommandPath(), line)
				continue
			}
			called, args, err := root.Find(words[1:])
			if err != nil {
				t.Errorf("%s: %s: %v", cmd.CommandPath(), line, err)
				continue
			}
			if called == cmd || cmd == root {
				own++
			}
			for _, word := range args {
				if word == "|" || word == ">" || word == "&" { // what follows is the shell's
					break
				}
				name, is := strings.CutPrefix(word, "--")
				if name, _, _ = strings.Cut(name, "="); is && called.Flags().Lookup(name) == nil {
					t.Errorf("%s: an example has --%s, which %s does not: %s", cmd.CommandPath(), name, called.CommandPath(), line)
				}
			}
		}
		if own == 0 {
			t.Errorf("%s has no example of its own", cmd.CommandPath())
		}
		for _, sub := range cmd.Commands() {
			each(sub)
		}
	}
	each(root)
}
