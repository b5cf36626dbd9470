package reports

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"
	"time"

	"golang.org/x/text/transform"

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
	Index    template.JS // JSON without <, > or &, so that nothing in it can end its element
	Evidence template.JS // and this
	Cuts     string      // what the evidence lacks

	Only     *verdict.Run // nil where there are none or several
	Several  bool
	Took     string
	Checks   int
	Levels   []verdict.Level
	Subjects []string
	Matrix   []*matrixRow // what a reader who compares the runs has to look at
	Alike    []*matrixRow // the rest, for the script to make
	Fleet    *fleet       // in place of both where there are many runs
}

// runView is one run as the page shows it.
type runView struct {
	*verdict.Run
	Number   int
	Name     string
	Groups   []*group
	Timeline *timeline
}

// group is the checks of a run that came to the same.
type group struct {
	Status verdict.Status
	Count  int
	Static []checkView // those that stand in the page itself, so that they show without a script; the script makes the others
}

// Broken reports whether the group calls for action.
func (g *group) Broken() bool { return broken(g.Status) }

// Left is how many checks are for the script to make.
func (g *group) Left() int { return g.Count - len(g.Static) }

func broken(s verdict.Status) bool {
	return s == verdict.Failed || s == verdict.Warned || s == verdict.Inconclusive
}

// fewCells are as many as a page may hold in its matrix whatever they say.
const fewCells = 300

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
	if err != nil {
		return nil, err
	}
	p.Evidence, p.Cuts = template.JS(text), cuts
	room, list := &staticRoom{bytes: 300 << 10}, newIndex(r)
	for i := range r.Runs {
		run := &r.Runs[i]
		v := runView{Run: run, Number: i + 1, Name: names[run], Timeline: newTimeline(run)}
		v.Groups = list.add(r, run, v.Timeline, anchors, room)
		p.Runs = append(p.Runs, v)
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
	if len(r.Runs) > few {
		p.Fleet = newFleet(r, p.Runs, newMatrix(r, anchors))
	} else if p.Several {
		for _, row := range newMatrix(r, anchors) {
			if row.remarkable() || len(r.Runs)*len(p.Matrix) < fewCells {
				p.Matrix = append(p.Matrix, row)
			} else {
				p.Alike = append(p.Alike, row)
			}
		}
		list.matrix(p.Alike)
	} else if len(r.Runs) == 1 {
		p.Only = &r.Runs[0]
	}
	// Marshal writes <, > and & as escapes, and U+2028 and U+2029 too.
	if text, err = json.Marshal(list); err != nil {
		return nil, err
	}
	p.Index = template.JS(text)
	return p, nil
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
