package container_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/container"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// judge runs the command on the target, and returns its exit code and its report.
func judge(t *testing.T, described *target.Target, arguments ...string) (int, *verdict.Report) {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "target.yaml")
	description, err := described.MarshalFile()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, description, 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(folder, "reports")
	run := exec.CommandContext(t.Context(), built(t), append([]string{
		"run", "--target-file", file, "--out", out, "--procs", "4"}, arguments...)...)
	output, err := run.CombinedOutput()
	if err != nil {
		t.Logf("conform run: %v\n%s", err, output)
	}
	report, err := reports.Read(filepath.Join(out, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	return run.ProcessState.ExitCode(), report
}

// conformant fails the test unless the one run of the report executed checks, and none was broken or left open.
func conformant(t *testing.T, code int, report *verdict.Report) verdict.Run {
	t.Helper()
	run := report.Runs[0]
	if code != verdict.ExitConformant || run.Verdict != verdict.Conformant || run.Totals.Executed() == 0 {
		t.Fatalf("exit code %d, %s (%s), %+v", code, run.Verdict, run.Reason, run.Totals)
	}
	if run.Totals.Warned > 0 || run.Totals.Inconclusive > 0 {
		t.Errorf("%+v", run.Totals)
		for _, c := range run.Checks {
			if c.Status == verdict.Warned || c.Status == verdict.Inconclusive {
				t.Errorf("%s is %s: %s", c.ID, c.Status, c.Reason)
			}
		}
	}
	if len(run.LeftBehind) > 0 {
		t.Errorf("left behind: %q", run.LeftBehind)
	}
	return run
}

// The lifetimes are long enough for a check in a busy container, and short enough to wait for.
func lifetimes() (session, token time.Duration) {
	short := reference.ShortLifetimes()
	return short.Session, short.Token
}

// withoutSweeps are the flags of a run in surroundings where another profile of the same server is judged by all checks.
var withoutSweeps = []string{"--label-filter", "!sweep"}

func TestWholeSuiteOverTLS(t *testing.T) {
	t.Parallel()
	e := engine(t)
	image := referenceImage(t)
	session, token := lifetimes()
	for _, profile := range reference.Profiles() {
		t.Run(profile, func(t *testing.T) {
			r, err := e.Reference(t.Context(), container.ReferenceOptions{
				Image: image, Profile: profile, Session: session, Token: token, TLS: true, Folder: t.TempDir(),
			})
			if err != nil {
				t.Fatal(err)
			}
			if url := r.Target().URL; !strings.HasPrefix(url, "https://127.0.0.1:") {
				t.Errorf("the server is at %s: not TLS on the loopback address", url)
			}
			var flags []string
			if profile == "adaxes-2025.1" { // behind nginx it is judged by all, over TLS too
				flags = withoutSweeps
			}
			code, report := judge(t, r.Target(), flags...)
			conformant(t, code, report)
			if err := r.End(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestNoticesABrokenServer shows that what the tests of conformant servers rely on can go wrong.
func TestNoticesABrokenServer(t *testing.T) {
	t.Parallel()
	e := engine(t)
	r, err := e.Reference(t.Context(), container.ReferenceOptions{
		Image: referenceImage(t), Profile: "adaxes-2025.1", TLS: true, Folder: t.TempDir(), Fault: brokenAdaxes(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	code, report := judge(t, r.Target(), "--label-filter", broken)
	if code != verdict.ExitNonconformant || report.Runs[0].Totals.Failed == 0 {
		t.Errorf("exit code %d, %+v", code, report.Runs[0].Totals)
	}
}

// broken is the requirement that the fault of the tests breaks.
const broken = "ADX-SES-04"

// brokenAdaxes is a fault of the Adaxes server: its sessions have no identifier.
func brokenAdaxes(t *testing.T) string {
	t.Helper()
	for _, fault := range reference.Faults() {
		if fault.Requirement == broken {
			return fault.Name
		}
	}
	t.Fatalf("no fault breaks %s", broken)
	return ""
}

func TestTwoInstancesBehindNginx(t *testing.T) {
	t.Parallel()
	e := engine(t)
	nginx, err := e.BuildNginx(t.Context())
	require(t, err)
	image := referenceImage(t)
	session, token := lifetimes()
	for profile, flags := range map[string][]string{"adaxes-2023.2": withoutSweeps, "adaxes-2025.1": nil} {
		t.Run(profile, func(t *testing.T) {
			network, err := e.Network(t.Context(), false)
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			r, err := e.Reference(t.Context(), container.ReferenceOptions{
				Image: image, Profile: profile, Session: session, Token: token, Instances: 2, TLS: true, Folder: folder, Network: network,
			})
			if err != nil {
				t.Fatal(err)
			}
			b, err := e.Balancer(t.Context(), nginx, folder, r, network)
			if err != nil {
				t.Fatal(err)
			}
			if r.Target().URL == b.Target().URL || len(b.Target().Instances) != 2 {
				t.Fatalf("nginx is not the shared address: %s before %q", b.Target().URL, b.Target().Instances)
			}
			code, report := judge(t, b.Target(), flags...)
			run := conformant(t, code, report)
			if run.Totals.Skipped != 1 { // HTTP/2, which this nginx does not offer
				t.Errorf("%d checks were skipped, though the target offers everything else", run.Totals.Skipped)
			}
		})
	}
}
