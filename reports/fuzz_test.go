package reports_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/verdict"
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

// FuzzCompare compares whatever two files may hold: what is written of them is written, and moves nothing on a terminal.
func FuzzCompare(f *testing.F) {
	one := `{"schema":"conform-report/1","runs":[{"profile":"p","target":"t","checks":[{"id":"a","title":"\u001b[2J","status":"failed","reason":"x\r\ny"},{"id":"b","status":"passed"}]}]}`
	f.Add([]byte(one), []byte(strings.ReplaceAll(one, "failed", "passed")))
	f.Add([]byte(one), []byte(strings.ReplaceAll(one, `"a"`, `"\u202ea"`)))
	f.Add([]byte(`{"schema":"conform-report/1","runs":[{"profile":"p"},{"profile":"p","target":"u"}]}`), []byte(one))
	f.Fuzz(func(t *testing.T, older, newer []byte) {
		var read [2]*verdict.Report
		folder := t.TempDir()
		for i, text := range [][]byte{older, newer} {
			path := filepath.Join(folder, "report.json")
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			var err error
			if read[i], err = reports.Read(path); err != nil {
				return
			}
		}
		d := reports.Compare(read[0], read[1])
		d.Comparable()
		d.Regressed()
		for name, write := range map[string]func(io.Writer) error{"text": d.Text, "markdown": d.Markdown, "json": d.JSON} {
			var out bytes.Buffer
			if err := write(&out); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if strings.ContainsAny(out.String(), "\x1b\r\u202e\u009b") {
				t.Errorf("%s obeys: %q", name, out.String())
			}
		}
	})
}
