package reference_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// The steps that a client prints, with the status that it got.
var (
	fullProcess = []string{
		"create 200", "obtain 200", "read 200", "renew 200", "read 200", "destroy-old 204", "terminate 204", "destroy 204", "rejected 401",
	}
	alternative = []string{
		"create 200", "obtain 200", "read 200", "read 200", "read 200", "read 200", "stray *", "stray *", "terminate 204", "destroy 204", "rejected 401",
	}
)

// TestRealClients drives the Adaxes server with the clients that its documents show samples for: the whole
// authentication process, and the alternative approach, in which the ticket id and the Adm-Service value stand for the
// token. A reference server that only our own client can talk to would prove little.
func TestRealClients(t *testing.T) {
	t.Parallel()
	for _, client := range []struct{ program, script string }{
		{"bash", "curl.sh"}, {"python3", "python.py"}, {"node", "node.mjs"},
	} {
		for profile, kind := range map[string]string{"adaxes-2023.2": "0", "adaxes-2025.1": ""} {
			for mode, want := range map[string][]string{"full": fullProcess, "alternative": alternative} {
				t.Run(strings.Join([]string{client.script, profile, mode}, "/"), func(t *testing.T) {
					t.Parallel()
					needs(t, client.program)
					if client.script == "curl.sh" {
						needs(t, "curl")
					}
					options := reference.Options{Profile: profile, Instances: 2}
					reference.Judged(&options)
					s, err := reference.Serve(options)
					if err != nil {
						t.Fatal(err)
					}
					t.Cleanup(s.Close)
					got := steps(t, s, client.program, client.script, "TYPE="+kind, "MODE="+mode)
					compareSteps(t, got, want)
					if sessions, tokens := s.Live(); sessions != 0 || tokens != 0 {
						t.Errorf("%d sessions and %d tokens are left on the server", sessions, tokens)
					}
					compareVerdict(t, s.Verdict())
				})
			}
		}
	}
}

// compareVerdict finds a client conformant. Each of them looks at the end whether what it has destroyed is refused, which no other client does.
// Beside that, what only a sample does may be noted.
func compareVerdict(t *testing.T, run verdict.Run) {
	t.Helper()
	if run.Verdict != verdict.Conformant {
		t.Errorf("the client is %s: %s", run.Verdict, run.Reason)
	}
	for _, c := range run.Checks {
		if c.Broken() != (c.Requirements[0] == "RFC-CLI-11") && !(c.Broken() && c.Requirements[0] == "RFC-CLI-07") {
			t.Errorf("%s: %s (%s)", c.ID, c.Status, c.Reason)
		}
	}
}

// steps runs a client against the server, and returns what it printed.
func steps(t *testing.T, s *reference.Server, program, script string, environment ...string) []string {
	t.Helper()
	described := s.Target()
	probe, err := url.Parse(described.Probe.Path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, filepath.Join("testdata", "clients", script))
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "BASE_URL=" + s.URL(), "LOGON_NAME=" + described.Account.Username,
		"PASSWORD=" + described.Account.Password.Reveal(), "OBJECT=" + probe.Query().Get("directoryObject"),
	}, environment...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s%s", script, err, output, complaint.String())
	}
	return strings.Split(strings.TrimSpace(string(output)), "\n")
}

// compareSteps compares the steps. Requests that go astray, for want of Adm-Service, go round the two instances: one
// of two is rejected.
func compareSteps(t *testing.T, got, want []string) {
	t.Helper()
	var stray []string
	for i, step := range got {
		if strings.HasPrefix(step, "stray ") {
			stray = append(stray, step)
			got[i] = "stray *"
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the steps were %q, want %q", got, want)
	}
	slices.Sort(stray)
	if len(stray) > 0 && fmt.Sprint(stray) != "[stray 200 stray 401]" {
		t.Errorf("without Adm-Service, the ticket id came to %q on two instances", stray)
	}
}

// needs skips the test without a program, which CI must have.
func needs(t *testing.T, program string) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: the programs of others take seconds to start")
	}
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}
