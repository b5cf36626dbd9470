package reports_test

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"example.org/conform/harness/verdict"
)

// axePackage is the checker of accessibility, at the release that was tried.
const axePackage = "axe-core@4.11.0"

// axe is its program, fetched once for all tests.
var axe = sync.OnceValues(func() (program string, err error) {
	dir, err := os.MkdirTemp("", "conform-axe-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "pack", axePackage, "--silent", "--pack-destination", dir)
	npm.Dir, npm.WaitDelay = dir, time.Second
	if said, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w %.300s", err, said)
	}
	archives, _ := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if len(archives) != 1 {
		return "", fmt.Errorf("npm pack left %d archives", len(archives))
	}
	f, err := os.Open(archives[0])
	if err != nil {
		return "", err
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		return "", err
	}
	files := tar.NewReader(plain)
	for {
		entry, err := files.Next()
		if err != nil {
			return "", fmt.Errorf("looking for axe.min.js: %w", err)
		}
		if entry.Name == "package/axe.min.js" {
			text, err := io.ReadAll(files)
			return string(text), err
		}
	}
})

// TestPageIsAccessible has axe look at the page in every state that a reader brings it to: closed, with everything open, narrow, dark.
func TestPageIsAccessible(t *testing.T) {
	t.Parallel()
	chromium(t)
	program, err := axe()
	if err != nil { // as with the linters of contracts, a machine may have no registry of npm's
		t.Skipf("npm does not give %s (%v): whether the page is accessible is not tested", axePackage, err)
	}
	for name, r := range map[string]*verdict.Report{
		"sample": sample(), "several": several(), "unreachable": unreachable(), "wide": wide(2, 30), "conformant": conformant(), "hostile": hostileReport(),
		"fleet": aFleet(25),
	} {
		t.Run(name, func(t *testing.T) {
			ctx, _, _ := open(t, r)
			do(t, ctx, chromedp.Evaluate[chromedp.Void](program+"; undefined"))
			look := func(what string) {
				t.Helper()
				settle(t, ctx)
				found, err := chromedp.Run(ctx, chromedp.Evaluate[string](
					`axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v => [v.id, v.help, ...v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary)])))`,
					chromedp.EvalAwaitPromise))
				if err != nil {
					t.Fatal(err)
				}
				var violations [][]string
				if err := json.Unmarshal([]byte(found), &violations); err != nil {
					t.Fatal(err)
				}
				for _, v := range violations {
					t.Errorf("%s: %q", what, v)
				}
			}
			look("as it opens")
			if name != "sample" && name != "several" {
				return
			}
			do(t, ctx, chromedp.Evaluate[chromedp.Void](`for (const d of document.querySelectorAll('details.group')) d.open = true`))
			settle(t, ctx)
			do(t, ctx, chromedp.Evaluate[chromedp.Void](`for (const d of [...document.querySelectorAll('details.check')].slice(0, 12)) d.open = true`))
			settle(t, ctx)
			do(t, ctx, chromedp.Evaluate[chromedp.Void](`for (const d of document.querySelectorAll('.check[open] details')) d.open = true`))
			look("with everything open")
			call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
			do(t, ctx, chromedp.EmulateViewport(400, 1200))
			look("dark and narrow")
		})
	}
}
