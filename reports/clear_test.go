package reports

import (
	"os"
	"path/filepath"
	"testing"

	"example.org/conform/harness/verdict"
)

// What an earlier run has written goes, and nothing else does.
func TestClear(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := &verdict.Report{Schema: verdict.Schema, Suite: "conform test", Runs: []verdict.Run{{Profile: "adaxes-2025.1", Checks: []verdict.Check{}}}}
	if err := Write(dir, r, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range Files() {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Clear(dir); err != nil {
		t.Fatal(err)
	}
	left, _ := os.ReadDir(dir)
	if len(left) > 0 {
		t.Errorf("%d files are left, %s among them", len(left), left[0].Name())
	}
	for _, name := range Files() {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("my own"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Clear(dir); err != nil {
		t.Fatal(err)
	}
	if left, _ = os.ReadDir(dir); len(left) != len(Files()) {
		t.Errorf("%d files of somebody else are left", len(left))
	}
}
