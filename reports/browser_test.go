package reports_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// chromium finds a browser. Where there is none the test is skipped, except in CI, which has to have one.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium on this machine, and CI=true: the page cannot be tested")
	}
	t.Skip("no Chromium on this machine (looked for chromium, chromium-browser, google-chrome): the page is not tested in a browser")
	return ""
}

// watch is what a page did besides showing itself.
type watch struct {
	mu       sync.Mutex
	problems []string // console errors, exceptions, breaches of the content policy
	requests []string
}

func (w *watch) note(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		w.problems = append(w.problems, e.ExceptionDetails.Text+" "+e.ExceptionDetails.Exception.Description)
	case *runtime.EventConsoleAPICalled:
		w.problems = append(w.problems, fmt.Sprintf("console.%s", e.Type))
	case *log.EventEntryAdded:
		w.problems = append(w.problems, e.Entry.Text)
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, e.Request.URL)
	}
}

// open writes the report's page to disk and opens it from there.
func open(t *testing.T, r *verdict.Report) (context.Context, *watch, string) {
	t.Helper()
	path := chromium(t)
	dir := t.TempDir()
	if err := reports.Write(dir, r, nil); err != nil {
		t.Fatal(err)
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1000, 800)}
	for _, flag := range []string{
		"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update", "disable-sync", "disable-dev-shm-usage", "hide-scrollbars",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) }) // waits for the browser, so that it holds no file of the directories above
	w := &watch{}
	if err := chromedp.Listen(ctx, w.note); err != nil { // starts the browser
		t.Fatal(err)
	}
	address := (&url.URL{Scheme: "file", Path: filepath.Join(dir, reports.HTMLFile)}).String()
	call(t, ctx, network.Enable, network.EnableParams{})
	call(t, ctx, log.Enable, cdp.Empty{})
	call(t, ctx, runtime.Enable, cdp.Empty{})
	do(t, ctx, chromedp.Navigate(address))
	return ctx, w, address
}

func call[P, R any](t *testing.T, ctx context.Context, command cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(ctx, command, params); err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// quiet asserts that the page asked for nothing but itself and complained of nothing.
func (w *watch) quiet(t *testing.T, address string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.problems {
		t.Errorf("the page complained: %s", p)
	}
	if len(w.requests) == 0 {
		t.Error("not even the page's own request was seen: the watch does not work")
	}
	for _, r := range w.requests {
		if at, _, _ := strings.Cut(r, "#"); at != address && !strings.HasPrefix(r, "data:,") {
			t.Errorf("the page asked for %s", r)
		}
	}
}

func value[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

const shown = `[...document.querySelectorAll('details.check[data-status]')].filter(c => !c.hidden && c.offsetParent).length`

// painted waits until the page has drawn a frame after the last input, which is when a filter has been applied.
const painted = `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`

func settle(t *testing.T, ctx context.Context) {
	t.Helper()
	do(t, ctx, chromedp.Evaluate[chromedp.Void](painted, chromedp.EvalAwaitPromise))
}

func TestPageFiltersItsChecks(t *testing.T) {
	t.Parallel()
	ctx, w, address := open(t, sample())
	total := len(sample().Runs[0].Checks)
	want := func(what string, n int) {
		t.Helper()
		settle(t, ctx)
		same(t, "checks shown "+what, value[int](t, ctx, shown), n)
		text := fmt.Sprintf("%d of %d checks shown", n, total)
		if n == total {
			text = fmt.Sprintf("All %d checks shown", n)
		}
		same(t, "the announced count "+what, value[string](t, ctx, `document.getElementById('f-count').textContent`), text)
	}
	reset := chromedp.Click(chromedp.CSS("#f-reset"))
	want("at first", total)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#f-text"), "INNERERROR names"))
	want("for a text", 1)
	do(t, ctx, reset)
	want("without filters", total)
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector('input[value=passed]').click()`))
	want("without the passed", total-1)
	do(t, ctx, reset, chromedp.Evaluate[chromedp.Void](`{const f = document.getElementById('f-level'); f.value = 'SHOULD'; f.dispatchEvent(new Event('input', {bubbles: true}))}`))
	want("for SHOULD", 2)
	do(t, ctx, reset, chromedp.Evaluate[chromedp.Void](`{const f = document.getElementById('f-subject'); f.value = 'session'; f.dispatchEvent(new Event('input', {bubbles: true}))}`))
	want("for a subject", 2)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#f-text"), "no such thing"))
	want("for nothing", 0)
	same(t, "the note that nothing matches", value[bool](t, ctx, `!document.getElementById('f-none').hidden`), true)

	// A link to a check that a filter hides shows it again.
	id := sample().Runs[0].Checks[0].ID
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`location.hash = '#`+id+`'`), chromedp.WaitVisible(chromedp.CSS(`[id="`+id+`"] .exchange`)))
	want("after following a link", total)
	w.quiet(t, address)
}

func TestPageShowsTheSameEvidenceWithAndWithoutScript(t *testing.T) {
	t.Parallel()
	// The failed check stands in the page; as a warning the same check is made by the script.
	r := sample()
	copied := r.Runs[0].Checks[1]
	copied.ID, copied.Status = copied.ID+"-made", verdict.Warned
	r.Runs[0].Checks = append(r.Runs[0].Checks, copied)
	r.Runs[0].Totals.Warned++
	ctx, w, address := open(t, r)
	text := func(id string) string {
		return value[string](t, ctx, `(() => { const c = document.getElementById('`+id+`'); c.open = true; for (const d of c.querySelectorAll('details')) d.open = true;
			return c.querySelector('.evidence').textContent.replace(/\s+/g, ' ').trim() })()`)
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`location.hash = '#`+copied.ID+`'`), chromedp.WaitVisible(chromedp.CSS(`[id="`+copied.ID+`"] .exchange`)))
	static, made := text(r.Runs[0].Checks[1].ID), text(copied.ID)
	if strip := strings.NewReplacer(" ", ""); strip.Replace(static) != strip.Replace(made) {
		t.Errorf("the page's own evidence and the script's differ:\n%s\n%s", static, made)
	}
	if !strings.Contains(made, "‹token-2›") || !strings.Contains(made, "${CONFORM_TOKEN_2:?}") {
		t.Errorf("the evidence lacks the token or its variable: %s", made)
	}
	w.quiet(t, address)
}

func TestPageObeysNoServer(t *testing.T) {
	t.Parallel()
	ctx, w, address := open(t, hostileReport())
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`for (const d of document.querySelectorAll('details.check')) d.open = true`))
	settle(t, ctx)
	same(t, "exchanges made", value[bool](t, ctx, `document.querySelectorAll('.exchange').length > 5`), true)
	same(t, "code of a server that ran", value[bool](t, ctx, `'broken' in window`), false)
	same(t, "images", value[int](t, ctx, `document.images.length`), 0)
	same(t, "scripts", value[int](t, ctx, `document.scripts.length`), 2)
	w.quiet(t, address)
}

func TestPageOpensAThousandChecks(t *testing.T) {
	t.Parallel()
	ctx, w, address := open(t, many(1000))
	same(t, "checks shown", value[int](t, ctx, shown), 1000)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#f-text"), "check-777"))
	settle(t, ctx)
	same(t, "checks found", value[int](t, ctx, shown), 1)
	// What a filter costs, as the page itself measures it, for whoever reads the log; a busy machine makes no failure of it.
	t.Logf("one filter over 1,000 checks took %.0f ms", value[float64](t, ctx, `(() => { const begin = performance.now(); document.getElementById('f-reset').click(); document.body.offsetHeight; return performance.now() - begin })()`))
	w.quiet(t, address)
}

// TestPageAtEveryWidth takes pictures for a person to look at, and checks what a machine can: nothing runs out of the side.
func TestPageAtEveryWidth(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*verdict.Report{"sample": sample(), "several": several(), "unreachable": unreachable(), "many": many(200), "conformant": conformant()} {
		t.Run(name, func(t *testing.T) {
			ctx, w, address := open(t, r)
			dir := os.Getenv("CONFORM_SCREENSHOTS")
			if dir == "" {
				dir = t.TempDir()
			}
			for _, width := range []int64{400, 1000, 1600} {
				for _, scheme := range []string{"light", "dark"} {
					do(t, ctx, chromedp.EmulateViewport(width, 1200))
					call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
					picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
					if err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)), picture, 0o644); err != nil {
						t.Fatal(err)
					}
					if over := value[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
						t.Errorf("at a width of %d the page is %d pixels too wide", width, over)
					}
				}
			}
			w.quiet(t, address)
		})
	}
}

func conformant() *verdict.Report {
	r := sample()
	r.Runs[0].Checks = r.Runs[0].Checks[:1]
	r.Runs[0].Verdict = ""
	r.Runs[0].Judge()
	return r
}
