package reports_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/reports"
)

// FuzzRead reads whatever a file may hold: a report that every writer can write again, or an error of one line.
func FuzzRead(f *testing.F) {
	var text bytes.Buffer
	if err := reports.JSON(&text, sample()); err != nil {
		f.Fatal(err)
	}
	f.Add(text.Bytes())
	f.Add([]byte(`{"schema":"conform-report/1","runs":[{"checks":[{"status":"odd","exchanges":[{"request":{"url":"%‹a›?‹b›=%zz"}}]}]}]}`))
	f.Add([]byte(`{"schema":1}`))
	f.Add([]byte(`{"schema":"conform-report/1","runs":[{"checks":[{"id":"a","status":"failed"},{"id":"a","status":"passed"}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "report.json")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := reports.Read(path)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has several lines: %q", err)
			}
			return
		}
		for name, write := range writers {
			var out bytes.Buffer
			if err := write(&out, r); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if reports.Compare(r, r).Regressed() {
			t.Error("a report is a regression of itself")
		}
	})
}
