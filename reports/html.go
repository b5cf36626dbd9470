package reports

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/transform"

	"example.org/conform/harness/evidence"
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
	t := template.Must(template.New("report").Funcs(words).Parse(pageTemplate))
	text := transform.NewWriter(w, readable)
	if err := errors.Join(t.Execute(text, view), text.Close()); err != nil {
		return fmt.Errorf("filling the page: %w", err)
	}
	return nil
}

// page is what the template shows: the report, with views of its runs.
type page struct {
	*verdict.Report
	Runs     []runView
	Policy   string
	Style    template.CSS
	Script   template.JS
	Evidence template.JS // JSON without <, > or &, so that nothing in it can end its element
	Cuts     string      // what the evidence lacks

	Only     *verdict.Run // nil where there are none or several
	Several  bool
	Took     string
	Checks   int
	Levels   []verdict.Level
	Subjects []string
	Matrix   []*matrixRow
}

// runView is one run as the page shows it.
type runView struct {
	*verdict.Run
	Number   int
	Name     string
	Groups   []group
	Timeline *timeline
}

// group is the checks of a run that came to the same.
type group struct {
	Status verdict.Status
	Checks []checkView
}

// checkView is one check as the page shows it.
type checkView struct {
	*verdict.Check
	Anchor string
	Href   template.URL
	Open   bool
	Gist   string // the one line that a closed check shows of what is wrong with it, or of what it lacks
	Why    string // the reason, where it says more than what was expected and what was seen
	Script string // repeats the whole check
	// Static holds the exchanges that are in the page itself, so that they show without a script; for the other
	// checks the script makes them from the evidence when the check is opened.
	Static []exchangeView
}

func newPage(r *verdict.Report) (*page, error) {
	p := &page{
		Report: r, Style: template.CSS(pageStyle), Script: template.JS(pageScript), Several: len(r.Runs) > 1,
		Took: Took(r), Levels: []verdict.Level{verdict.Must, verdict.Should, verdict.Note},
		// Hashes, and not 'unsafe-inline': should markup of a server ever get into the page, it could still not run.
		Policy: fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'",
			hash(pageStyle), hash(pageScript)),
	}
	anchors, names := Anchors(r), runNames(r)
	text, cuts, err := pageEvidence(r, anchors)
	p.Evidence, p.Cuts = template.JS(text), cuts
	room := &staticRoom{bytes: 600 << 10}
	for i := range r.Runs {
		run := &r.Runs[i]
		p.Runs = append(p.Runs, runView{run, i + 1, names[run], groups(run, anchors, room), newTimeline(run, anchors)})
	}
	levels := map[verdict.Level]bool{}
	for _, c := range r.Checks() {
		p.Checks++
		levels[c.Level] = true
		if !slices.Contains(p.Subjects, c.Subject) {
			p.Subjects = append(p.Subjects, c.Subject)
		}
	}
	p.Levels = slices.DeleteFunc(p.Levels, func(l verdict.Level) bool { return !levels[l] })
	if p.Several {
		p.Matrix = newMatrix(r, anchors)
	} else if len(r.Runs) == 1 {
		p.Only = &r.Runs[0]
	}
	return p, err
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func date(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04:05 UTC") }

// figure is a count with its status.
type figure struct {
	Status verdict.Status
	N      int
	// From and Width place the figure in a bar of all counts, in thousandths.
	From, Width float64
}

// figures lists the totals in their order, without the zeros if so asked.
func figures(t verdict.Totals, occurring bool) []figure {
	all := max(t.Executed()+t.Skipped, 1)
	var list []figure
	from := 0.0
	for _, status := range verdict.Statuses {
		f := figure{Status: status, N: t.Of(status), From: from, Width: float64(t.Of(status)) * 1000 / float64(all)}
		from += f.Width
		if f.N > 0 || !occurring {
			list = append(list, f)
		}
	}
	return list
}

// groups puts the checks of a run together by status. One that this release does not know was not judged by it.
func groups(run *verdict.Run, anchors map[*verdict.Check]string, room *staticRoom) []group {
	var all []group
	for _, status := range verdict.Statuses {
		g := group{Status: status}
		for j := range run.Checks {
			c := &run.Checks[j]
			if c.Status == status || status == verdict.Inconclusive && !slices.Contains(verdict.Statuses, c.Status) {
				g.Checks = append(g.Checks, newCheckView(c, anchors[c], room))
			}
		}
		if len(g.Checks) > 0 {
			all = append(all, g)
		}
	}
	return all
}

func newCheckView(c *verdict.Check, anchor string, room *staticRoom) checkView {
	v := checkView{Check: c, Anchor: anchor, Href: fragment(anchor), Why: c.Reason}
	if c.Status != verdict.Passed {
		v.Gist = shortened(evidence.OneLine(headline(c)), 200)
	}
	if saidTwice(c) {
		v.Why = ""
	}
	if c.Status == verdict.Failed || c.Status == verdict.Warned || c.Status == verdict.Inconclusive {
		room.furnish(&v)
	}
	return v
}

// staticRoom bounds what stands in the page itself.
type staticRoom struct{ bytes, opened int }

// longScript is the longest script that repeats a check; one that is longer has a body that nobody reads.
const longScript = 24 << 10

// furnish puts the exchanges of a broken check into the page while there is room for them, with its script, and opens the
// first three: they are what a reader came for.
func (s *staticRoom) furnish(v *checkView) {
	if s.bytes > 0 {
		v.Static = exchangeViews(v.Exchanges, 8<<10)
	}
	for _, e := range v.Static {
		s.bytes -= 2000 + 2*(len(e.Curl)+len(e.Request.URL))
		if e.Request.Body != nil {
			s.bytes -= len(e.Request.Body.Text)
		}
		if e.Response != nil && e.Response.Body != nil {
			s.bytes -= len(e.Response.Body.Text)
		}
	}
	if script, _ := Script(v.Check); len(script) <= longScript && len(v.Static) > 0 {
		v.Script = script
		s.bytes -= len(script)
	}
	s.opened++
	v.Open = s.opened <= 3
}

// fragment is the link to an element of the page. It begins with # and so can hold no scheme.
func fragment(anchor string) template.URL {
	return template.URL("#" + strings.ReplaceAll(url.PathEscape(anchor), "%2F", "/"))
}
