package reports_test

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

var artefacts = []string{reports.JSONFile, reports.JUnitFile, reports.HTMLFile, reports.MarkdownFile, reports.HARFile}

func TestWriteMakesEveryArtefact(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	for range 2 { // the second time over the files of the first
		if err := reports.Write(dir, sample(), nil); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(artefacts) {
		t.Errorf("the directory holds %v, want just %v", entries, artefacts)
	}
	for _, name := range artefacts {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if info.Size() == 0 || info.Mode().Perm() != 0o644 {
			t.Errorf("%s has %d bytes and mode %v", name, info.Size(), info.Mode())
		}
	}
}

func TestWriteLosesNothingElseWhenOneFileFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// A directory in the place of a file cannot be replaced by one.
	if err := os.MkdirAll(filepath.Join(dir, reports.JUnitFile, "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	err := reports.Write(dir, sample(), nil)
	if err == nil || !strings.Contains(err.Error(), reports.JUnitFile) {
		t.Fatalf("the error does not name the file: %v", err)
	}
	for _, name := range artefacts {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("%s was lost: %v", name, err)
		} else if name != reports.JUnitFile && info.IsDir() {
			t.Errorf("%s is a directory", name)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("temporary files stayed: %v", left)
	}
}

// TestNoFormatShowsARedactedSecret holds a secret whose characters every format escapes in its own way.
func TestNoFormatShowsARedactedSecret(t *testing.T) {
	t.Parallel()
	const secret = `S3cr+t<&"/=`
	r := sample()
	for i := range r.Runs[0].Checks {
		c := &r.Runs[0].Checks[i]
		c.Reason, c.Actual = "saw "+secret, "got "+secret
		for j := range c.Exchanges {
			c.Exchanges[j].Error = "lost " + secret
			if c.Exchanges[j].Response != nil {
				c.Exchanges[j].Response.Body.Text = secret
			}
		}
	}
	dir := t.TempDir()
	scrub := func(text string) string { return strings.ReplaceAll(text, secret, "‹secret-1›") }
	if err := reports.Write(dir, r.Redacted(scrub), nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range artefacts {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "S3cr") {
			t.Errorf("%s holds the secret, or an encoding of it", name)
		}
		if !strings.Contains(string(text), "secret-1") {
			t.Errorf("%s does not hold the secret's name", name)
		}
	}
	if !strings.Contains(r.Runs[0].Checks[0].Reason, secret) {
		t.Error("the caller's report was changed")
	}
}

func TestReadGivesBackWhatWasWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := reports.Write(dir, several(), nil); err != nil {
		t.Fatal(err)
	}
	got, err := reports.Read(filepath.Join(dir, reports.JSONFile))
	if err != nil {
		t.Fatal(err)
	}
	if render(t, reports.JSON, got) != render(t, reports.JSON, several()) {
		t.Error("the report read is not the report written")
	}
	if !reflect.DeepEqual(got.Runs[0].Totals, several().Runs[0].Totals) {
		t.Errorf("totals are %+v", got.Runs[0].Totals)
	}
}

func TestReadExplainsItself(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "the file is empty"},
		{"not JSON", "{\n  \"schema\": oops\n}", ":2:13: not JSON"},
		{"cut short", `{"schema": "conform-report/1"`, "unexpected end"},
		{"another document", `{"version": 1}`, `no member "schema"`},
		{"a list", `[]`, "JSON array"},
		{"another schema", `{"schema": "conform-report/9"}`, `"conform-report/9", and this release reads "conform-report/1"`},
		{"another type", "{\"schema\": \"conform-report/1\",\n\"runs\": [{\"totals\": {\"passed\": \"7\"}}]}", ":2:34: runs.totals.passed holds a JSON string"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "r.json")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := reports.Read(path)
			if err == nil {
				t.Fatal("no error")
			}
			if text := err.Error(); !strings.Contains(text, test.want) || !strings.HasPrefix(text, path) || strings.Contains(text, "\n") || !strings.Contains(text, "; ") {
				t.Errorf("the error %q does not hold %q, the path, or a remedy, or is no single line", text, test.want)
			}
		})
	}
	if _, err := reports.Read(filepath.Join(t.TempDir(), "none.json")); err == nil || !strings.Contains(err.Error(), "give the report.json") {
		t.Errorf("a missing file gives %v", err)
	}
}

// TestHostileTextStaysText writes a report full of attacks in every form and reads each form with its own parser.
func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	r := hostileReport()
	for _, name := range []string{"report.json", "run.har"} {
		if text := render(t, writers[name], r); !json.Valid([]byte(text)) {
			t.Errorf("%s is not JSON", name)
		}
	}
	decoder := xml.NewDecoder(strings.NewReader(render(t, reports.JUnit, r)))
	for {
		if _, err := decoder.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("junit.xml: %v", err)
		}
	}
	page := render(t, reports.HTML, r)
	same(t, "script elements in the page", strings.Count(page, "<script"), 3)
	same(t, "image elements in the page", strings.Count(page, "<img"), 0)
	if len(page) > 1<<20 {
		t.Errorf("two bodies of 10 MB make a page of %d bytes", len(page))
	}
	if !strings.Contains(page, "the first 8192 of 10485768 bytes") {
		t.Error("the page does not say that it cut a body")
	}
	summary := render(t, reports.Markdown, r)
	for _, live := range []string{"<script", "<img", "](", "@all", "\x1b", "https://evil"} {
		if strings.Contains(summary, live) {
			t.Errorf("summary.md holds %q", live)
		}
	}
	for line := range strings.SplitSeq(strings.TrimSpace(render(t, reports.Annotations, r)), "\n") {
		if !strings.HasPrefix(line, "::error title=") && !strings.HasPrefix(line, "::warning title=") {
			t.Errorf("a line is no command of ours: %q", line)
		}
	}
}

func TestAnnotationsEscapeAndEnd(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Runs[0].Checks = r.Runs[0].Checks[1:2]
	c := &r.Runs[0].Checks[0]
	c.ID, c.Title = "p/A:B,C%/x", "100% of\r\nit"
	text := render(t, reports.Annotations, r)
	if !strings.HasPrefix(text, "::error title=p/A%3AB%2CC%25/x::100%25 of") || strings.Count(text, "\n") != 1 {
		t.Errorf("the command is %q", text)
	}
	r = sample()
	for range 14 {
		r.Runs[0].Checks = append(r.Runs[0].Checks, r.Runs[0].Checks[1])
	}
	text = render(t, reports.Annotations, r)
	same(t, "errors", strings.Count(text, "::error "), 10)
	same(t, "the last one counts the rest", strings.Contains(text, "::error title=conform::6 more"), true)
}

func TestAThousandChecksFit(t *testing.T) {
	t.Parallel()
	r := many(1000)
	page := render(t, reports.HTML, r)
	if len(page) >= 5<<20 {
		t.Errorf("the page has %d bytes", len(page))
	}
	if n := strings.Count(page, `<details class="check failed`); n == 0 || n != strings.Count(page, `<details class="check `)-strings.Count(page, `<details class="check warned`) {
		t.Errorf("%d failed checks stand in the page itself, beside others that a script can make", n)
	}
	for _, c := range r.Checks() {
		if !strings.Contains(page, c.ID) {
			t.Errorf("%s is not in the page", c.ID)
		}
	}
	if strings.Contains(page, "To keep this page quick") {
		t.Error("evidence was cut, though it fits")
	}
	// Bodies that do not fit are cut, and the page says so.
	for i := range r.Runs[0].Checks {
		for j := range r.Runs[0].Checks[i].Exchanges {
			r.Runs[0].Checks[i].Exchanges[j].Response.Body = body(strings.Repeat(r.Runs[0].Checks[i].ID+" ", 200))
		}
	}
	page = render(t, reports.HTML, r)
	if len(page) >= 5<<20 || !strings.Contains(page, "To keep this page quick") {
		t.Errorf("with large bodies the page has %d bytes, or does not say that it cut them", len(page))
	}
	for i := range r.Runs[0].Checks {
		c := &r.Runs[0].Checks[i]
		c.Status, c.Expected, c.Actual = verdict.Failed, strings.Repeat("e", 2000), strings.Repeat("|&_", 700)
	}
	if n := len(render(t, reports.Markdown, r)); n >= 60000 {
		t.Errorf("the summary has %d bytes", n)
	}
}
