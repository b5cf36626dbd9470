package reports_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

var update = flag.Bool("update", false, "write the golden files anew")

// render runs one writer.
func render(t *testing.T, write func(io.Writer, *verdict.Report) error, r *verdict.Report) string {
	t.Helper()
	var text bytes.Buffer
	if err := write(&text, r); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// fromRun is the report as a run gives it: a copy in which no list is nil.
func fromRun(r *verdict.Report) *verdict.Report {
	return r.Redacted(func(text string) string { return text })
}

// golden compares a text with the file that holds it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; run go test ./reports -update, and look at what it writes", err)
	}
	if got != string(want) {
		t.Errorf("%s is not what it was; run go test ./reports -update and look at the difference. It is now:\n%s", path, got)
	}
}

var writers = map[string]func(io.Writer, *verdict.Report) error{
	"report.json": reports.JSON, "junit.xml": reports.JUnit, "summary.md": reports.Markdown, "run.har": reports.HAR,
	"annotations.txt": reports.Annotations, "index.html": reports.HTML,
}

func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	for name, write := range writers {
		if name == "index.html" {
			continue // its style would make every change of a colour a change of a golden file; the browser tests read it
		}
		golden(t, "sample-"+name, render(t, write, fromRun(sample())))
		golden(t, "unreachable-"+name, render(t, write, fromRun(unreachable())))
	}
	golden(t, "several-summary.md", render(t, reports.Markdown, several()))
	golden(t, "several-junit.xml", render(t, reports.JUnit, several()))
}

func TestWritersAreDeterministic(t *testing.T) {
	t.Parallel()
	for name, write := range writers {
		first := render(t, write, several())
		for range 5 {
			if render(t, write, several()) != first {
				t.Errorf("%s differs from one writing to the next", name)
				break
			}
		}
	}
}

// TestWritersLeaveTheReportAlone guards against a writer that cuts or scrubs the caller's own report.
func TestWritersLeaveTheReportAlone(t *testing.T) {
	t.Parallel()
	r := hostileReport()
	before := render(t, reports.JSON, r)
	for _, write := range writers {
		render(t, write, r)
	}
	if render(t, reports.JSON, r) != before {
		t.Error("a writer changed the report")
	}
}
