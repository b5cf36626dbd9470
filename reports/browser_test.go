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
func open(t testing.TB, r *verdict.Report) (context.Context, *watch, string) {
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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Minute)
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

func settle(t testing.TB, ctx context.Context) {
	t.Helper()
	do(t, ctx, chromedp.Evaluate[chromedp.Void](painted, chromedp.EvalAwaitPromise))
}
