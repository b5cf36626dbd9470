package main

import (
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
	"example.org/conform/suites/runner"
)

// refresh is how often the live line is drawn anew while nothing happens, so that its times go on.
const refresh = 500 * time.Millisecond

// screen is where a command writes for people: plain text, unless a terminal takes more.
type screen struct {
	w      io.Writer
	live   bool // a terminal that can draw a line over
	colour bool
	width  int // columns; 0 where lines are not to be cut
}

// newScreen looks at what the output is. A terminal that calls itself dumb gets neither colours nor a live line, and
// NO_COLOR takes the colours (https://no-color.org).
func newScreen(w io.Writer) *screen {
	s := &screen{w: w}
	f, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return s
	}
	s.live = os.Getenv("TERM") != "dumb" && os.Getenv("TERM") != ""
	s.colour = s.live && os.Getenv("NO_COLOR") == ""
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 20 {
		s.width = width
	}
	return s
}

// print writes a text. Whether anybody reads along does not change the verdict, so no error comes of it.
func (s *screen) print(format string, args ...any) {
	_, _ = fmt.Fprintf(s.w, format, args...)
}

// paint colours a word by status, where colours are wanted.
func (s *screen) paint(status verdict.Status, word string) string {
	code := map[verdict.Status]string{
		verdict.Passed: "32", verdict.Failed: "31", verdict.Warned: "33", verdict.Inconclusive: "33", verdict.Waived: "36",
	}[status]
	if !s.colour || code == "" {
		return word
	}
	return "\x1b[1;" + code + "m" + word + "\x1b[0m"
}

// words are what the templates of a screen have to say things with, and those that are given.
func (s *screen) words(more template.FuncMap) template.FuncMap {
	words := template.FuncMap{
		"paint": s.paint, "fit": s.fit, "visible": visible, "upper": func(v any) string { return strings.ToUpper(fmt.Sprint(v)) },
		"like": func(o verdict.Outcome) verdict.Status { // the status whose colour an outcome has
			return map[verdict.Outcome]verdict.Status{
				verdict.Conformant: verdict.Passed, verdict.Nonconformant: verdict.Failed, verdict.Incomplete: verdict.Warned,
			}[o]
		},
	}
	maps.Copy(words, more)
	return words
}

// fit cuts a line of text to the screen, less the columns that something else takes.
func (s *screen) fit(text string, taken int) string {
	if s.width == 0 {
		return text
	}
	return cutTo(text, max(s.width-taken, 20))
}

// display shows a run: on a terminal one live line while it goes on, and then what it came to.
type display struct {
	*screen
	run     *runner.Run
	started time.Time
	stop    chan struct{}
	wg      sync.WaitGroup
}

func newDisplay(w io.Writer, run *runner.Run) *display {
	d := &display{screen: newScreen(w), run: run, started: time.Now(), stop: make(chan struct{})}
	for _, p := range run.Planned() {
		d.print("judging %s at %s: %d checks, %d skipped\n", p.Target.Profile, run.Scrub(p.Target.URL), len(p.Run), len(p.Skipped))
	}
	if d.live {
		d.wg.Go(d.follow)
	}
	return d
}

// follow draws one line over and over: done, failed, waiting for what and how long.
func (d *display) follow() {
	ticker := time.NewTicker(refresh)
	defer ticker.Stop()
	for {
		select {
		case <-d.stop:
			d.print("\r\x1b[K")
			return
		case <-ticker.C:
			d.print("\r\x1b[K%s", d.fit(d.line(), 1))
		}
	}
}

func (d *display) line() string {
	done, failed, warned := 0, 0, 0
	d.run.Done(func(c verdict.Check) {
		done++
		switch c.Status {
		case verdict.Failed:
			failed++
		case verdict.Warned:
			warned++
		}
	})
	line := fmt.Sprintf("%d of %d done, %d failed, %d warned, %s",
		done, checks(d.run), failed, warned, time.Since(d.started).Round(time.Second))
	if waits := d.run.Waits(); len(waits) > 0 {
		line += fmt.Sprintf("; waiting %s for %s", max(time.Until(waits[0].Until), 0).Round(time.Second), waits[0].What)
	}
	return line
}

// close ends the live line.
func (d *display) close() {
	close(d.stop)
	d.wg.Wait()
}

func cutTo(s string, width int) string {
	r := []rune(s)
	if len(r) <= width {
		return s
	}
	return string(r[:max(width-1, 0)]) + "…"
}
