package player_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.org/conform/harness/fault/player"
	"example.org/conform/harness/reference"
	"example.org/conform/openapi"
)

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// contracts are those of the house that can be brought, by their files: one under Windows Authentication says nothing of passwords.
func contracts(t *testing.T) map[string]*openapi.Document {
	t.Helper()
	all := map[string]*openapi.Document{}
	for _, pattern := range []string{"openapi/[a-z]*-*.yaml", "suites/brought/testdata/*.*", "suites/examples/door/door-1.yaml", "openapi/examples/*/[a-z]*-*.yaml"} {
		files, err := filepath.Glob(filepath.Join("../../..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			base := filepath.Base(file)
			if strings.HasSuffix(base, "-shared.yaml") || strings.HasPrefix(base, "pyramid-") {
				continue
			}
			if info, err := os.Stat(file); err != nil || info.IsDir() {
				continue
			}
			d, err := openapi.ReadFile(file, openapi.BroughtOptions{Profile: "played"})
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			all[base] = d
		}
	}
	if len(all) < 7 {
		t.Fatalf("%d contracts", len(all))
	}
	return all
}

// Every fault of every contract has a name and a story of its own, and leaves a server that starts.
func TestEveryFaultLeavesAServer(t *testing.T) {
	t.Parallel()
	for file, d := range contracts(t) {
		faults := player.Faults(d)
		if len(faults) < 40 && (d.Given() == "" || len(faults) < 20) {
			t.Errorf("%s has a place for %d faults", file, len(faults))
		}
		seen := map[string]bool{}
		for _, f := range faults {
			if !kebab.MatchString(f.Name) || seen[f.Name] || f.Story == "" {
				t.Errorf("%s: %q is malformed, stands twice or has no story", file, f.Name)
			}
			seen[f.Name] = true
			system, err := player.Make(d)(reference.Options{Profile: "played", Fault: f.Name})
			if err != nil {
				t.Errorf("%s, %s: %v", file, f.Name, err)
				continue
			}
			system.Close()
		}
	}
}

func TestUnknownFaultIsRefused(t *testing.T) {
	t.Parallel()
	for _, d := range contracts(t) {
		if _, err := player.Make(d)(reference.Options{Profile: "played", Fault: "nonsense"}); err == nil {
			t.Error("an unknown fault was made")
		}
	}
}
