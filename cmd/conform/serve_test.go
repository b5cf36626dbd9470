package main

import (
	"strings"
	"testing"
)

// A server cannot be asked for with a password of one's own on the command line, or with none.
func TestServeWantsThePasswordInTheEnvironment(t *testing.T) {
	t.Parallel()
	o := conform(t, []string{"CONFORM_PASSWORD="}, "serve", "--profile", "bluecat-9.5", "--username", "me")
	if o.code != 2 || strings.TrimSpace(o.stderr) != "conform: --username: set CONFORM_PASSWORD to the password of the account" {
		t.Errorf("%d: %s", o.code, o.stderr)
	}
}

// A gate that asks for all does not open on a part of it, and opens where all was examined.
func TestRequireComplete(t *testing.T) {
	t.Parallel()
	for filter, code := range map[string]int{"token": 3, "": 0} {
		o := conform(t, nil, "run", "--profile", "pyramid-2018.5", "--require-complete", "--label-filter", filter)
		if o.code != code || strings.Contains(o.stdout, "--require-complete: not every MUST was examined") != (code == 3) {
			t.Errorf("%q: %d\n%s", filter, o.code, o.stdout)
		}
	}
}
