package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// What the target gives is used and nearly used, ended by nobody, in no list of what is left behind, and in no report.
func TestWhatTheTargetGives(t *testing.T) {
	t.Parallel()
	for fault, want := range map[string]struct {
		code    int
		promise string
	}{
		"":                           {verdict.ExitConformant, "CONFORMANT: all"},
		"token-of-one-account-alone": {verdict.ExitNonconformant, "ADX-GIV-01"},
		"removed-token-still-good":   {verdict.ExitNonconformant, "ADX-GIV-02"},
		"lapsed-token-still-good":    {verdict.ExitNonconformant, "ADX-GIV-03"},
		"anonymous-probe-answered":   {verdict.ExitNonconformant, "ADX-TOK-11"},
		"token-in-any-case":          {verdict.ExitNonconformant, "ADX-TOK-13"},
	} {
		server := serve(t, reference.Options{Profile: "adaxes-2026.1", Fault: fault})
		out := t.TempDir()
		o := conform(t, nil, "run", "--target-file", describe(t, server), "--out", out)
		if o.code != want.code || !strings.Contains(o.stdout, want.promise) {
			t.Errorf("%q: exit code %d, want %d and %s: %s", fault, o.code, want.code, want.promise, o.stdout)
		}
		if strings.Contains(o.stdout, "left behind") {
			t.Errorf("%q: what was given counts as left behind: %s", fault, o.stdout)
		}
		secrets := []string{server.Target().Account.Token.Reveal()}
		for _, a := range server.Target().Accounts {
			secrets = append(secrets, a.Token.Reveal())
		}
		files, err := filepath.Glob(filepath.Join(out, "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no reports: %v", err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range secrets {
				if secret == "" || strings.Contains(string(text), secret) {
					t.Errorf("%q: %s holds a token that was given", fault, filepath.Base(file))
				}
			}
		}
	}
}

// A token that does not open the probe says nothing of the server, and where one is wanted that is said.
func TestATokenThatIsNotGiven(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2026.1"})
	url := server.Target().URL
	for _, c := range []struct {
		env  []string
		code int
		says string
	}{
		{nil, verdict.ExitUsage, "set CONFORM_TOKEN"},
		{[]string{"CONFORM_USERNAME=svc@example.com", "CONFORM_PASSWORD=none"}, verdict.ExitUsage, "set CONFORM_TOKEN"},
		{[]string{"CONFORM_TOKEN=nobody-has-made-this-one"}, verdict.ExitIncomplete, "check account.token"},
		{[]string{"CONFORM_TOKEN=ends-in-a-line\n"}, verdict.ExitUsage, "take off a line break"},
	} {
		o := conform(t, c.env, "run", "--target", url, "--profile", "adaxes-2026.1")
		if said := o.stdout + o.stderr; o.code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%q: exit code %d, want %d and %q: %s", c.env, o.code, c.code, c.says, said)
		}
	}
}

// An API key of a contract that somebody brings is just this: lint, a player, a run against it, and the proof of its checks.
func TestAnAPIKeyOfAContractThatIsBrought(t *testing.T) {
	t.Parallel()
	contract, err := filepath.Abs("testdata/keys.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if o := conform(t, nil, "contract", "lint", contract); o.code != 0 {
		t.Errorf("lint: exit code %d: %s%s", o.code, o.stdout, o.stderr)
	}
	o := conform(t, nil, "prove", "--contract", contract)
	if o.code != 0 || strings.Contains(o.stdout, "SURVIVED") {
		t.Errorf("prove: exit code %d: %s%s", o.code, o.stdout, o.stderr)
	}
}
