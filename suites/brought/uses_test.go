package brought

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/verdict"
)

// What a contract marks beside its probe is a use that is judged by itself: by its own forms of an answer, and by what has ended.
func TestEveryMarkedUseIsJudged(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/cellar.json")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cellar.json")
	bottles := `"get": {"security": [{"cookie": []}], "responses": {"200": {"description": "All bottles."}}}`
	marked := strings.Replace(string(text), bottles, `"get": {"x-probe": true, "x-dead": {"statuses": [404]}, "security": [{"cookie": []}],
		"responses": {"200": {"description": "All bottles."}, "404": {"description": "None for nobody."}}}`, 1)
	marked = strings.Replace(marked, `"/session": {`, `"/a-session": {`, 1) // what comes first by its path is the probe
	if err := os.WriteFile(file, []byte(marked), 0o600); err != nil || !strings.Contains(marked, "None for nobody") {
		t.Fatal(err)
	}
	for fault, requirement := range map[string]string{
		"get-bottles-open-to-anybody":               "GEN-get-bottles-REJECTED-NONE",
		"get-bottles-by-what-has-ended":             "GEN-get-bottles-REJECTED-ENDED",
		"dead-at-get-bottles-told-400":              "GEN-get-bottles-DEAD-STATUS",
		"get-a-session-by-what-has-ended":           "GEN-get-a-session-REJECTED-ENDED",
		"filter-of-get-a-session-passed-by-a-slash": "GEN-get-a-session-NO-OTHER-PATH",
	} {
		only := requirement
		if !strings.HasSuffix(requirement, "OTHER-PATH") {
			only += " && !sweep"
		}
		r := played(t, file, fault, only)
		if !slices.ContainsFunc(r.Checks, func(c verdict.Check) bool { return c.Broken() && slices.Contains(c.Requirements, requirement) }) {
			t.Errorf("%s: %s: no check of %s is broken: %s", fault, r.Verdict, requirement, r.Reason)
		}
	}
}
