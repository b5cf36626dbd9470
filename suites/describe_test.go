package suites_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites"
	"example.org/conform/suites/adaxes"
	"example.org/conform/suites/check"
)

// inGinkgo is the variable that tells this test binary to be a Ginkgo suite, and which fault its server has.
const inGinkgo = "CONFORM_TEST_GINKGO"

// TestGinkgoSuite is a Ginkgo suite of its own where the tests below start it as one.
func TestGinkgoSuite(t *testing.T) {
	fault, asked := os.LookupEnv(inGinkgo)
	if !asked {
		t.Skip("the tests of Describe start it, in a process of its own")
	}
	suites.Describe("adaxes-2025.1", func() *target.Target {
		server, err := reference.Serve(reference.Options{Profile: "adaxes-2025.1", Fault: fault})
		if err != nil {
			ginkgo.Fail(err.Error())
		}
		ginkgo.DeferCleanup(server.Close)
		return server.Target()
	}, suites.Keep(func(r *verdict.Report) {
		if data, err := json.Marshal(r); err != nil || os.WriteFile("kept.json", data, 0o600) != nil {
			ginkgo.Fail("keeping the report")
		}
	}))
	ginkgo.RunSpecs(t, "a suite of somebody's own")
}

// ginkgoSuite runs this test binary as a Ginkgo suite, and returns Ginkgo's own report and the one that was kept.
func ginkgoSuite(t *testing.T, fault string, flags ...string) (types.Report, verdict.Report) {
	t.Helper()
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.Command(executable, append([]string{"-test.run", "^TestGinkgoSuite$", "-ginkgo.json-report", "ginkgo.json"}, flags...)...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), inGinkgo+"="+fault)
	output, _ := cmd.CombinedOutput() // the reports say what came of it
	var ginkgos []types.Report
	var kept verdict.Report
	for name, into := range map[string]any{"ginkgo.json": &ginkgos, "kept.json": &kept} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			err = json.Unmarshal(data, into)
		}
		if err != nil {
			t.Fatalf("%v; the suite said:\n%s", err, output)
		}
	}
	return ginkgos[0], kept
}

// A failure points at the line where its check is declared, and the spec carries what the check saw.
func TestFailurePointsAtTheDeclaration(t *testing.T) {
	t.Parallel()
	defs, err := adaxes.System().Checks("adaxes-2025.1", nil)
	if err != nil {
		t.Fatal(err)
	}
	for fault, id := range map[string]string{
		"destruction-does-nothing": "adaxes-2025.1/ADX-DST-04/rejected",
		"session-id-number":        "adaxes-2025.1/ADX-SES-04/as-described-by-create-session", // generated
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			requirement := strings.Split(id, "/")[1]
			report, _ := ginkgoSuite(t, fault, "-ginkgo.label-filter", requirement)
			i := slices.IndexFunc(defs, func(d check.Definition) bool { return d.ID == id })
			j := slices.IndexFunc(report.SpecReports, func(s types.SpecReport) bool { return strings.HasPrefix(s.LeafNodeText, id+" ") })
			want, got := defs[i].Location, report.SpecReports[j]
			if got.State != types.SpecStateFailed || got.Failure.Location.FileName != want.FileName || got.Failure.Location.LineNumber != want.LineNumber {
				t.Errorf("%s at %s, want failed at %s", got.State, got.Failure.Location, want)
			}
			if len(got.AdditionalFailures) > 0 {
				t.Errorf("what the spec has said is said again: %s", got.AdditionalFailures[0].Failure.Message)
			}
			if !strings.Contains(got.Failure.Location.FileName, "suites/adaxes/") || got.LeafNodeLocation.LineNumber != want.LineNumber {
				t.Errorf("the spec stands at %s, the check at %s", got.LeafNodeLocation, want)
			}
			if len(got.ReportEntries) != 1 || !strings.Contains(got.ReportEntries[0].Value.Representation, "POST http://127.0.0.1") {
				t.Errorf("the spec carries no evidence: %+v", got.ReportEntries)
			}
		})
	}
}

// Ginkgo's own flags select, and what they leave out is not sent either.
func TestGinkgoSelects(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		flags []string
		ran   int
	}{
		"by label": {[]string{"-ginkgo.label-filter", "ADX-SES-07"}, 4},
		"by focus": {[]string{"-ginkgo.focus", "ADX-SES-07/another-id"}, 1},
		"by skip":  {[]string{"-ginkgo.label-filter", "ADX-SES-07", "-ginkgo.skip", "another-id"}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, kept := ginkgoSuite(t, "", c.flags...)
			ran := 0
			for _, s := range report.SpecReports {
				if s.State == types.SpecStatePassed && s.LeafNodeType == types.NodeTypeIt {
					ran++
				}
			}
			if executed := kept.Runs[0].Totals.Executed(); ran != c.ran || executed != c.ran || kept.Runs[0].Verdict != verdict.Conformant {
				t.Errorf("%d specs ran and %d checks, want %d; %s", ran, executed, c.ran, kept.Runs[0].Reason)
			}
		})
	}
}
