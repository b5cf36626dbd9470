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
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// chromium finds a browser. Where there is none the test is skipped, except in CI, which has to have one.
func chromium(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: a browser takes seconds to start")
	}
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

// browser is the one that all tests look through: to start it takes longer than most of them do. TestMain ends it.
var browser struct {
	mu  sync.Mutex
	ctx context.Context
	end func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	if browser.end != nil {
		browser.end()
	}
	os.Exit(code)
}

// started is the context of the browser.
func started(t testing.TB) context.Context {
	t.Helper()
	path := chromium(t)
	browser.mu.Lock()
	defer browser.mu.Unlock()
	if browser.ctx != nil {
		return browser.ctx
	}
	dir, err := os.MkdirTemp("", "conform-browser-")
	if err != nil {
		t.Fatal(err)
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.WindowSize(1000, 800)}
	for _, flag := range []string{
		"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update", "disable-sync", "disable-dev-shm-usage", "hide-scrollbars",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocator, release := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	end := func() {
		_ = chromedp.Cancel(ctx) // waits for the browser, so that it holds no file of its directory
		cancel()
		release()
		_ = os.RemoveAll(dir)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		end()
		t.Fatal(err)
	}
	browser.ctx, browser.end = ctx, end
	return ctx
}

// open writes the report's page to disk and opens it from there, in a window that shares nothing with others.
func open(t testing.TB, r *verdict.Report) (context.Context, *watch, string) {
	t.Helper()
	ctx := started(t)
	dir := t.TempDir()
	if err := reports.Write(dir, r, nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) }) // waits for the window
	w := &watch{}
	if err := chromedp.Listen(ctx, w.note); err != nil { // opens the window
		t.Fatal(err)
	}
	address := (&url.URL{Scheme: "file", Path: filepath.Join(dir, reports.HTMLFile)}).String()
	call(t, ctx, network.Enable, network.EnableParams{})
	call(t, ctx, log.Enable, cdp.Empty{})
	call(t, ctx, runtime.Enable, cdp.Empty{})
	do(t, ctx, chromedp.Navigate(address))
	return ctx, w, address
}

func call[P, R any](t testing.TB, ctx context.Context, command cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(ctx, command, params); err != nil {
		t.Fatal(err)
	}
}

func do(t testing.TB, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// quiet asserts that the page asked for nothing but itself and complained of nothing.
func (w *watch) quiet(t testing.TB, address string) {
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

func value[T any](t testing.TB, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

const shown = `[...document.querySelectorAll('details.check')].filter(c => c.checkVisibility()).length`

// painted waits until the page has drawn a frame after the last input, which is when a filter has been applied.
const painted = `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`

// pressed is a click on a button. By the mouse it would go to where the button stood when it was looked up, while the page scrolls there smoothly.
func pressed(id string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`document.getElementById('` + id + `').click()`)
}

func settle(t testing.TB, ctx context.Context) {
	t.Helper()
	do(t, ctx, chromedp.Evaluate[chromedp.Void](painted, chromedp.EvalAwaitPromise))
}
