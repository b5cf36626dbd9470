package reports_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

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
	reset := pressed("f-reset")
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

// landed reports whether the check of an anchor is open, in sight and focused.
func landed(id string) string {
	return `(() => { const c = document.getElementById('` + id + `'), s = c && c.querySelector('summary'), box = s && s.getBoundingClientRect();
		return Boolean(c && c.open && c.querySelector('.about') && document.activeElement === s && box.top >= 0 && box.bottom <= innerHeight) })()`
}

// A link to a check lands on it: also in a page of thousands, where most have no element before, and whatever its status.
func TestPageLandsOnACheck(t *testing.T) {
	t.Parallel()
	r := wide(4, 190)
	ctx, w, address := open(t, r)
	anchors := reports.Anchors(r)
	for _, status := range []verdict.Status{verdict.Failed, verdict.Warned, verdict.Passed, verdict.Skipped} {
		id := ""
		for _, c := range r.Checks(status) {
			id = anchors[c] // the last one
		}
		do(t, ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(address+"#"+id))
		do(t, ctx, chromedp.Poll[chromedp.Void](landed(id)))
		do(t, ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(address), chromedp.Evaluate[chromedp.Void](`location.hash = '#`+id+`'`))
		do(t, ctx, chromedp.Poll[chromedp.Void](landed(id)))
	}
	w.quiet(t, address)
}

// Filters are in the address: a reload, a way back and whoever gets the link have them.
func TestPageKeepsItsFiltersInTheAddress(t *testing.T) {
	t.Parallel()
	ctx, w, address := open(t, sample())
	all := len(sample().Runs[0].Checks)
	id := sample().Runs[0].Checks[1].ID
	want := func(what string, n int, hash string) {
		t.Helper()
		settle(t, ctx)
		same(t, "checks shown "+what, value[int](t, ctx, shown), n)
		same(t, "address "+what, value[string](t, ctx, `location.hash`), hash)
	}
	back := chromedp.Evaluate[chromedp.Void](`new Promise(done => { addEventListener('popstate', () => done(true), {once: true}); history.back() })`, chromedp.EvalAwaitPromise)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#f-text"), "destroy"))
	want("for a text", 1, "#?q=destroy")
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector('input[value=passed]').click()`))
	want("for a text without the passed", 1, "#?q=destroy&status=failed%2Cinconclusive%2Cwarned%2Cwaived%2Cnoted%2Cskipped")
	do(t, ctx, chromedp.Reload())
	want("after a reload", 1, "#?q=destroy&status=failed%2Cinconclusive%2Cwarned%2Cwaived%2Cnoted%2Cskipped")
	same(t, "the text after a reload", value[string](t, ctx, `document.getElementById('f-text').value`), "destroy")
	do(t, ctx, back)
	want("after going back", 1, "#?q=destroy")
	// A link keeps the filters, and so does the way back from it.
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector('a[href$="`+id+`"]').click()`))
	want("after a link", 1, "#"+id+"?q=destroy")
	do(t, ctx, chromedp.Poll[chromedp.Void](landed(id)))
	do(t, ctx, back)
	want("after the way back from it", 1, "#?q=destroy")
	do(t, ctx, back)
	want("where it all began", all, "")
	do(t, ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(address+"#"+id+"?level=SHOULD"))
	want("for a link with filters that hide its check", all, "#"+id)
	do(t, ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(address+"#?level=SHOULD&subject=nonsense"))
	want("for a link with filters, one of which this report has not", 2, "#?level=SHOULD")
	w.quiet(t, address)
}

// ticket is what the button of a check puts on the clipboard.
func ticket(t *testing.T, ctx context.Context, id string) string {
	t.Helper()
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`Object.defineProperty(navigator, 'clipboard', {configurable: true, value: {writeText: async (text) => { window.copied = text }}});
		location.hash = '#`+id+`'`), chromedp.WaitVisible(chromedp.CSS(`[id="`+id+`"] .copy-ticket`)))
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.getElementById('`+id+`').querySelector('.copy-ticket').click()`))
	settle(t, ctx)
	return value[string](t, ctx, `window.copied`)
}

func TestPageCopiesATicket(t *testing.T) {
	t.Parallel()
	ctx, w, address := open(t, sample())
	golden(t, "sample-ticket.md", ticket(t, ctx, sample().Runs[0].Checks[1].ID))
	w.quiet(t, address)
}

// A ticket obeys no server either: what one sent stands in fences that nothing in it closes, or is escaped.
func TestTicketObeysNoServer(t *testing.T) {
	t.Parallel()
	r := hostileReport()
	c := &r.Runs[0].Checks[1]
	c.Exchanges[2].Response.Body = body("```\n````\n# not a heading")
	ctx, _, _ := open(t, r)
	text := ticket(t, ctx, c.ID)
	if !strings.Contains(text, "\n`````http\n") {
		t.Errorf("a fence is no longer than what it holds:\n%s", text)
	}
	fence := ""
	for line := range strings.SplitSeq(text, "\n") {
		run := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(run) >= 3:
			fence = run
		case fence != "" && line == fence:
			fence = ""
		case fence == "":
			for _, live := range []string{"<script", "<img", "](", "@all", "https://evil", "\x1b"} {
				if strings.Contains(line, live) {
					t.Errorf("outside of a fence stands %q: %s", live, line)
				}
			}
		}
	}
	same(t, "fence that is left open", fence, "")
}

// The picture of a check says who came, what was sent and what ended, in words too.
func TestPageDrawsTheSequence(t *testing.T) {
	t.Parallel()
	r := sample()
	c := &r.Runs[0].Checks[1]
	c.Exchanges[2].Effect = evidence.Ends
	refused := destroyToken(began.Add(3300*time.Millisecond), 2)
	refused.Effect, refused.Response.Status, refused.Response.Reason = evidence.Ends, 401, "Unauthorized"
	c.Exchanges = append(c.Exchanges, refused)
	ctx, w, address := open(t, r)
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS(`[id="`+c.ID+`"] .picture svg`)))
	lives := value[string](t, ctx, `[...document.getElementById('`+c.ID+`').querySelectorAll('.lives li')].map(l => l.textContent).join('\n')`)
	same(t, "what the picture says in words", lives, strings.Join([]string{
		"‹session-1› came with 1; sent with 2", "‹ticket-2› came with 2",
		"‹token-2› came with 2; ended with 3; sent with 4, which got 401 Unauthorized",
	}, "\n"))
	same(t, "ends that are drawn", value[int](t, ctx, `document.getElementById('`+c.ID+`').querySelectorAll('.picture .ended').length`), 1)
	same(t, "pictures of closed checks", value[int](t, ctx, `document.querySelectorAll('.check:not([open]) .picture').length`), 0)
	w.quiet(t, address)
}

// A page of twenty targets opens with few elements, and has each check when it is asked for.
func TestPageOfManyIsSmallUntilItIsRead(t *testing.T) {
	t.Parallel()
	r := wide(20, 190)
	ctx, w, address := open(t, r)
	if n := value[int](t, ctx, nodes); n > 20_000 {
		t.Errorf("the page opens with %d nodes", n)
	}
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#f-text"), "check-153"))
	settle(t, ctx)
	same(t, "checks found", value[int](t, ctx, shown), 20)
	do(t, ctx, pressed("f-reset"))
	settle(t, ctx) // what is filtered is drawn anew, closed
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector('.group.passed > summary').click()`))
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS(`.group.passed .check`)))
	same(t, "checks of the group", value[int](t, ctx, `document.querySelectorAll('.group.passed .check').length`), r.Runs[0].Totals.Passed)
	rows := `document.querySelectorAll('.matrix tbody tr').length`
	before := value[int](t, ctx, rows)
	do(t, ctx, pressed("show-alike"))
	if after := value[int](t, ctx, rows); before >= after || after != 190 {
		t.Errorf("the matrix has %d rows, and %d when all are shown", before, after)
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector('.timeline > summary').click()`))
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS(`.timeline svg rect`)))
	same(t, "bars of the timeline", value[int](t, ctx, `document.querySelectorAll('.timeline rect').length`), 190-r.Runs[0].Totals.Skipped)
	w.quiet(t, address)
}

// What stands in the page and what its script makes are the same.
func TestPageShowsTheSameWithAndWithoutScript(t *testing.T) {
	t.Parallel()
	ctx, w, address := open(t, sample())
	id := sample().Runs[0].Checks[1].ID
	text := func() string {
		return value[string](t, ctx, `(() => { const c = document.getElementById('`+id+`'); c.open = true; for (const d of c.querySelectorAll('details')) d.open = true;
			const copy = c.cloneNode(true); for (const made of copy.querySelectorAll('.picture, .copy-ticket')) made.remove();
			return copy.textContent.replace(/\s+/g, '') })()`)
	}
	standing := text()
	// Without its elements, the page has to make them.
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`{const page = document.documentElement.outerHTML;
		const bare = new DOMParser().parseFromString(page, 'text/html');
		for (const c of bare.querySelectorAll('details.check')) c.remove();
		document.body.replaceWith(bare.body);
		const again = document.createElement('script'); again.textContent = document.scripts[document.scripts.length - 1].textContent; document.body.append(again);
		location.hash = '#`+id+`'}`), chromedp.WaitVisible(chromedp.CSS(`[id="`+id+`"] .exchange`)))
	if made := text(); made != standing {
		t.Errorf("what stands in the page and what the script makes differ:\n%s\n%s", standing, made)
	}
	if !strings.Contains(standing, "‹token-2›") || !strings.Contains(standing, "${CONFORM_TOKEN_2:?}") {
		t.Errorf("the check lacks the token or its variable: %s", standing)
	}
	w.quiet(t, address)
}

// Without its script the page says what is broken, with the exchanges, and where the rest is.
func TestPageWithoutScript(t *testing.T) {
	t.Parallel()
	ctx, _, address := open(t, sample())
	call(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	do(t, ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(address))
	same(t, "scripts that ran", value[bool](t, ctx, `document.documentElement.classList.contains('js')`), false)
	text := value[string](t, ctx, `document.body.innerText`)
	for _, want := range []string{"report.json", "200 OK with a body of 2 bytes: {}", "answers 204 when it destroys a token", "DELETE https://adaxes.example.com/restApi/api/auth?token=‹token-2›"} {
		if !strings.Contains(text, want) {
			t.Errorf("without its script the page does not say %q", want)
		}
	}
}

func TestPageObeysNoServer(t *testing.T) {
	t.Parallel()
	ctx, w, address := open(t, hostileReport())
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`for (const d of document.querySelectorAll('details.check')) d.open = true`))
	settle(t, ctx)
	same(t, "exchanges made", value[bool](t, ctx, `document.querySelectorAll('.exchange').length > 5`), true)
	same(t, "code of a server that ran", value[bool](t, ctx, `'broken' in window`), false)
	same(t, "images", value[int](t, ctx, `document.images.length`), 0)
	same(t, "scripts", value[int](t, ctx, `document.scripts.length`), 3)
	w.quiet(t, address)
}

// TestPageAtEveryWidth checks that nothing runs out of the side, and takes pictures for a person who names a folder for them.
func TestPageAtEveryWidth(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*verdict.Report{"sample": sample(), "several": several(), "unreachable": unreachable(), "many": many(200), "conformant": conformant(), "fleet": aFleet(60)} {
		t.Run(name, func(t *testing.T) {
			ctx, w, address := open(t, r)
			for _, width := range []int64{400, 1000, 1600} {
				for _, scheme := range []string{"light", "dark"} {
					do(t, ctx, chromedp.EmulateViewport(width, 1200))
					call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
					if dir := os.Getenv("CONFORM_SCREENSHOTS"); dir != "" {
						picture(t, ctx, filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)))
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

func picture(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	taken, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, taken, 0o644); err != nil {
		t.Fatal(err)
	}
}

func conformant() *verdict.Report {
	r := sample()
	r.Runs[0].Checks = r.Runs[0].Checks[:1]
	r.Runs[0].Verdict = ""
	r.Runs[0].Judge()
	return r
}
