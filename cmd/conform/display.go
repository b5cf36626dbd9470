package main

import (
	"cmp"
	"embed"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"
	"sync"
	"text/template"
	"time"

	"golang.org/x/term"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
	"example.org/conform/suites/runner"
)

//go:embed text
var texts embed.FS

// writeText writes a text by its template of that name, which has the words for it. It is written whole or not at all.
func writeText(w io.Writer, name string, view any, words template.FuncMap) error {
	t, err := template.New(name).Funcs(words).ParseFS(texts, "text/"+name)
	if err != nil {
		return fmt.Errorf("reading a template: %w", err)
	}
	var text strings.Builder
	if err := t.Execute(&text, view); err != nil {
		return fmt.Errorf("filling a template: %w", err)
	}
	_, err = io.WriteString(w, text.String())
	return err
}

// refresh is how often the live line is drawn anew while nothing happens, so that its times go on.
const refresh = 500 * time.Millisecond

// display shows a run to people: plain text, or on a terminal one live line while it goes on, and then what it came to.
type display struct {
	w      io.Writer
	live   bool // a terminal that can draw a line over
	colour bool
	width  int // columns; 0 where lines are not to be cut

	run     *runner.Run
	started time.Time
	stop    chan struct{}
	wg      sync.WaitGroup

	unprinted error // why what was shown first did not get out
}

// newDisplay looks at what the output is. A terminal that calls itself dumb gets neither colours nor a live line, and
// NO_COLOR takes the colours (https://no-color.org).
func newDisplay(w io.Writer, run *runner.Run, every time.Duration) *display {
	d := &display{w: w, run: run, started: time.Now(), stop: make(chan struct{})}
	if f, isFile := w.(*os.File); isFile && term.IsTerminal(int(f.Fd())) {
		d.live = os.Getenv("TERM") != "dumb" && os.Getenv("TERM") != ""
		d.colour = d.live && os.Getenv("NO_COLOR") == ""
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 20 {
			d.width = width
		}
	}
	for _, p := range run.Planned() {
		d.print("judging %s at %s: %s, %d skipped\n", p.Target.Profile, run.Scrub(p.Target.URL),
			verdict.Count(len(p.Run), "check", "checks"), len(p.Skipped))
	}
	switch {
	case d.live:
		d.wg.Go(func() { d.follow(time.NewTicker(refresh), "\r\x1b[K%s") })
	case every > 0:
		d.wg.Go(func() { d.follow(time.NewTicker(every), "%s\n") })
	}
	return d
}

// soon is how long nobody has to be told to wait.
const soon = 10 * time.Second

// expected says how long the run against a target is about to take, where that is long.
func expected(w io.Writer, name string, request, run time.Duration) {
	if run > soon { // whether anybody reads it changes nothing
		_, _ = fmt.Fprintf(w, "%s: about %s, as a request takes %s there\n", name, run.Round(time.Second), request.Round(time.Millisecond))
	}
}

// follow says over and over how far the run is: done, failed, waiting for what and how long. On a terminal it draws one line again and
// again; elsewhere, as in a build's log, each is a line of its own, which shows that there is life.
func (d *display) follow(ticker *time.Ticker, form string) {
	defer ticker.Stop()
	for {
		select {
		case <-d.stop:
			if d.live {
				d.print("\r\x1b[K")
			}
			return
		case <-ticker.C:
			d.print(form, d.fit(d.line(), 1))
		}
	}
}

func (d *display) line() string {
	done, came := 0, map[verdict.Status]int{}
	d.run.Done(func(c verdict.Check) {
		done++
		came[c.Status]++
	})
	line := fmt.Sprintf("%d of %d done, %d failed, %s, %s", done, checks(d.run), came[verdict.Failed],
		verdict.Count(came[verdict.Warned], "warning", "warnings"), time.Since(d.started).Round(time.Second))
	if waits := d.run.Waits(); len(waits) > 0 {
		if left := time.Until(waits[0].Until).Round(time.Second); left > 0 {
			line += fmt.Sprintf("; waiting %s for %s", left, waits[0].What)
		}
	}
	return line
}

// close ends the live line.
func (d *display) close() {
	close(d.stop)
	d.wg.Wait()
}

// print writes a text. Whether anybody reads along does not change the verdict, so no error comes of it but a word at the end.
func (d *display) print(format string, args ...any) {
	_, err := fmt.Fprintf(d.w, format, args...)
	d.unprinted = cmp.Or(d.unprinted, unprinted(err))
}

// show is print with a template, which has words for the display besides those that are given.
func (d *display) show(name string, view any, more template.FuncMap) {
	words := template.FuncMap{
		"covers":  func(r verdict.Run) string { return strings.TrimPrefix(r.Title(), string(r.Verdict)) },
		"status":  func(s verdict.Status) string { return strings.ToLower(reports.StatusWord(s)) },
		"outcome": reports.OutcomeWord, "count": verdict.Count,
		"paint": d.paint, "fit": d.fit, "visible": visible, "upper": func(v any) string { return strings.ToUpper(fmt.Sprint(v)) },
	}
	maps.Copy(words, more)
	d.unprinted = cmp.Or(d.unprinted, unprinted(writeText(d.w, name, view, words)))
}

// colours of statuses and outcomes, as a terminal numbers them.
var colours = map[any]int{
	verdict.Passed: 32, verdict.Failed: 31, verdict.Warned: 33, verdict.Inconclusive: 33, verdict.Waived: 36,
	verdict.Conformant: 32, verdict.Nonconformant: 31, verdict.Incomplete: 33,
}

// paint gives a word the colour of a status or an outcome, where colours are wanted.
func (d *display) paint(by any, word string) string {
	if colour := colours[by]; d.colour && colour > 0 {
		return fmt.Sprintf("\x1b[1;%dm%s\x1b[0m", colour, word)
	}
	return word
}

// fit cuts a line of text to the screen, less the columns that something else takes.
func (d *display) fit(text string, taken int) string {
	if d.width == 0 {
		return text
	}
	return cutTo(text, max(d.width-taken, 20))
}

func cutTo(s string, width int) string {
	r := []rune(s)
	if len(r) <= width {
		return s
	}
	return string(r[:max(width-1, 0)]) + "…"
}
