package reports

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"example.org/conform/harness/verdict"
)

var (
	//go:embed html/report.html
	pageTemplate string
	//go:embed html/report.css
	pageStyle string
	//go:embed html/report.js
	pageScript string
)

// HTML writes the report as one page that needs nothing else: no network, no server, and no script for what failed.
// Bodies that a server sent are text in it and never markup. Where all evidence would make the page too long to open
// at once, long bodies are cut and then exchanges of checks that passed are left out, and the page says so.
func HTML(w io.Writer, r *verdict.Report) error {
	view, err := newPage(r)
	if err != nil {
		return err
	}
	t, err := template.New("report").Funcs(template.FuncMap{
		"span": span, "count": count, "mark": mark, "status": statusWord, "words": verdictWords, "capital": capital,
	}).Parse(pageTemplate)
	if err != nil {
		return fmt.Errorf("reading the page's template: %w", err)
	}
	var text bytes.Buffer
	if err := t.Execute(&text, view); err != nil {
		return fmt.Errorf("filling the page: %w", err)
	}
	_, err = w.Write(text.Bytes())
	return err
}

// page is what the template shows.
type page struct {
	Title    string
	Policy   string
	Style    template.CSS
	Script   template.JS
	Evidence template.JS // JSON without <, > or &, so that nothing in it can end its element

	Outcome  verdict.Outcome
	Sentence string
	Remedy   string
	// Waivers are the waivers that do not hold, a line each.
	Waivers  []string
	Suite    string
	Began    string
	Ended    string
	Took     string
	Complete bool
	Runs     []runView
	Several  bool
	Figures  []figure
	Total    int
	Statuses []figure // those that occur, for the filter
	Levels   []string
	Subjects []string
	Matrix   []matrixRow
	Cuts     string
}

// figure is a count with its status.
type figure struct {
	Status verdict.Status
	N      int
	// From and Width place the figure in a bar of all counts, in thousandths.
	From, Width float64
}

// order is that in which statuses are shown: what calls for action first.
var order = []verdict.Status{
	verdict.Failed, verdict.Inconclusive, verdict.Warned, verdict.Waived, verdict.Noted, verdict.Skipped, verdict.Passed,
}

const dateTime = "2 January 2006, 15:04:05 UTC"

func newPage(r *verdict.Report) (*page, error) {
	p := &page{
		Style: template.CSS(pageStyle), Script: template.JS(pageScript),
		Outcome: outcome(r), Suite: r.Suite, Complete: r.Complete, Several: len(r.Runs) > 1,
		Began: r.Started.UTC().Format(dateTime), Ended: r.Finished.UTC().Format(dateTime),
		Took: span(r.Finished.Sub(r.Started).Seconds() * 1000), Figures: figures(sum(r), false),
		Statuses: figures(sum(r), true),
	}
	// Hashes, and not 'unsafe-inline': should markup of a server ever get into the page, it could still not run.
	p.Policy = fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'",
		hash(pageStyle), hash(pageScript))
	anchors := anchorsOf(r)
	var store evidenceStore
	store.fill(r, anchors)
	p.Cuts = store.note
	p.Evidence = template.JS(store.text)
	names := runNames(r)
	budget := newStaticBudget()
	for i := range r.Runs {
		p.Runs = append(p.Runs, newRunView(r, &r.Runs[i], i, names[i], anchors[i], budget))
		p.Total += len(r.Runs[i].Checks)
	}
	p.Levels, p.Subjects = kinds(r)
	p.Sentence, p.Remedy = sentences(r)
	for _, problem := range r.WaiverProblems {
		p.Waivers = append(p.Waivers, shortened(problem.String(), shortText))
	}
	p.Title = capital(verdictWords(p.Outcome)) + ": " + strings.Join(names, ", ")
	if len(names) == 0 {
		p.Title = "Incomplete: no profile was judged"
	}
	if p.Several {
		p.Matrix = newMatrix(r, anchors)
	}
	return p, store.err
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// figures lists the totals in their order, without the zeros if so asked.
func figures(t verdict.Totals, occurring bool) []figure {
	counts := map[verdict.Status]int{
		verdict.Passed: t.Passed, verdict.Failed: t.Failed, verdict.Warned: t.Warned, verdict.Noted: t.Noted,
		verdict.Skipped: t.Skipped, verdict.Waived: t.Waived, verdict.Inconclusive: t.Inconclusive,
	}
	all := t.Executed() + t.Skipped
	var list []figure
	from := 0.0
	for _, status := range order {
		f := figure{Status: status, N: counts[status], From: from}
		if all > 0 {
			f.Width = float64(f.N) * 1000 / float64(all)
		}
		from += f.Width
		if f.N > 0 || !occurring {
			list = append(list, f)
		}
	}
	return list
}

// sentences says in words what the verdict stands on, and what to do about it.
func sentences(r *verdict.Report) (sentence, remedy string) {
	t := sum(r)
	executed := t.Executed()
	switch {
	case len(r.Runs) == 0:
		return "No profile was judged.", ""
	case len(r.Runs) == 1 && r.Runs[0].Verdict == verdict.Incomplete:
		return capital(r.Runs[0].Reason) + ".", r.Runs[0].Remedy
	case t.Failed > 0:
		sentence = fmt.Sprintf("%d of %s failed.", t.Failed, count(executed, "check that ran", "checks that ran"))
	case len(r.WaiverProblems) > 0:
		sentence = fmt.Sprintf("No MUST is broken beyond what is waived, but %s not hold.", count(len(r.WaiverProblems), "waiver does", "waivers do"))
	case outcome(r) == verdict.Conformant && t.Waived > 0:
		sentence = fmt.Sprintf("No MUST is broken beyond what is waived: %d of %s passed, %d waived.", t.Passed,
			count(executed, "check that ran", "checks that ran"), t.Waived)
	case outcome(r) == verdict.Conformant:
		sentence = fmt.Sprintf("No MUST is broken: %d of %s passed.", t.Passed, count(executed, "check that ran", "checks that ran"))
	default:
		sentence = fmt.Sprintf("%s ran, and not every promise could be judged.", count(executed, "check", "checks"))
	}
	if t.Skipped > 0 {
		sentence += fmt.Sprintf(" %s skipped.", count(t.Skipped, "check was", "checks were"))
	}
	if len(r.Runs) == 1 && strings.Contains(r.Runs[0].Reason, "also incomplete") {
		sentence += " " + capital(r.Runs[0].Reason) + "."
	}
	return sentence, ""
}

// kinds lists the levels and the subjects that occur: levels by weight, subjects in their order.
func kinds(r *verdict.Report) (levels, subjects []string) {
	seen := map[string]bool{}
	for _, run := range r.Runs {
		for _, c := range run.Checks {
			if seen["level "+string(c.Level)] = true; !seen["subject "+c.Subject] {
				seen["subject "+c.Subject] = true
				subjects = append(subjects, c.Subject)
			}
		}
	}
	for _, level := range []verdict.Level{verdict.Must, verdict.Should, verdict.Note} {
		if seen["level "+string(level)] {
			levels = append(levels, string(level))
		}
	}
	return levels, subjects
}

// mark is the sign of a status, so that colour alone says nothing.
func mark(s verdict.Status) string {
	switch s {
	case verdict.Passed:
		return "✓"
	case verdict.Failed:
		return "✕"
	case verdict.Warned:
		return "!"
	case verdict.Noted:
		return "i"
	case verdict.Skipped:
		return "–"
	case verdict.Waived:
		return "~"
	default:
		return "?"
	}
}

func statusWord(s verdict.Status) string {
	switch s {
	case verdict.Warned:
		return "Warning"
	case verdict.Inconclusive:
		return "Not judged"
	default:
		return capital(string(s))
	}
}
