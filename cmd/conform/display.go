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

// display shows a run to people: how far it is, on a terminal as one live line, and then what it came to. The two go apart, so that what it
// came to stands by itself where it is kept.
type display struct {
	w      io.Writer
	colour bool
	width  int // columns; 0 where lines are not to be cut

	aside io.Writer // for how far it is
	live  bool      // that is a terminal which can draw a line over
	room  int       // its columns

	run     *runner.Run
	started time.Time
	stop    chan struct{}
	wg      sync.WaitGroup

	unprinted error // why what was shown first did not get out
}

// newDisplay looks at what the output is. A terminal that calls itself dumb gets neither colours nor a live line, and
// NO_COLOR takes the colours (https://no-color.org).
func newDisplay(w, aside io.Writer, run *runner.Run, every time.Duration) *display {
	d := screen(w, aside)
	d.run = run
	for _, p := range run.Planned() {
		d.print("judging %s at %s: %s, and %d to skip\n", p.Target.Profile, run.Scrub(p.Target.URL),
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

// screen is a display that shows nothing yet.
func screen(w, aside io.Writer) *display {
	d := &display{w: w, aside: aside, started: time.Now(), stop: make(chan struct{})}
	able := os.Getenv("TERM") != "dumb" && os.Getenv("TERM") != ""
	shows, width := terminal(w)
	d.colour, d.width = shows && able && os.Getenv("NO_COLOR") == "", width
	shows, d.room = terminal(aside)
	d.live = shows && able
	return d
}

// terminal says whether something is one, and how many columns it has; 0 where that cannot be known or is of no use.
func terminal(w io.Writer) (is bool, width int) {
	f, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return false, 0
	}
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 20 {
		return true, width
	}
	return true, 0
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
				d.tell("\r\x1b[K")
			}
			return
		case <-ticker.C:
			d.tell(form, fitted(d.line(), d.room, 1))
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

// tell says how far the run is; whether anybody reads it changes nothing.
func (d *display) tell(format string, args ...any) { _, _ = fmt.Fprintf(d.aside, format, args...) }

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
func (d *display) fit(text string, taken int) string { return fitted(text, d.width, taken) }

// fitted is fit for a screen of so many columns, 0 where lines are not to be cut.
func fitted(text string, columns, taken int) string {
	if columns == 0 {
		return text
	}
	return cutTo(text, max(columns-taken, 20))
}

func cutTo(s string, width int) string {
	r := []rune(s)
	if len(r) <= width {
		return s
	}
	return string(r[:max(width-1, 0)]) + "…"
}
