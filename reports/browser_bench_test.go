package reports_test

import (
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"

	"github.com/chromedp/chromedp"

	"example.org/conform/harness/verdict"
)

// nodes counts what the browser holds of the page, texts too.
const nodes = `(() => { const all = document.createTreeWalker(document); let n = 1; while (all.nextNode()) n++; return n })()`

// typed answers how long the page takes from a word in the filter to the picture of what it leaves, in milliseconds.
const typed = `new Promise(done => {
	const f = document.getElementById('f-text'), begin = performance.now();
	f.value = 'check-1';
	f.dispatchEvent(new Event('input', {bubbles: true}));
	requestAnimationFrame(() => { document.body.offsetHeight; setTimeout(() => done(performance.now() - begin)) });
})`

// BenchmarkPage opens the page of twenty targets in a browser, and that of two hundred, and types into its filter.
func BenchmarkPage(b *testing.B) {
	for name, r := range map[string]*verdict.Report{"targets=20": wide(20, 190), "targets=200": aFleet(200)} {
		b.Run(name, func(b *testing.B) { benchmarkPage(b, r) })
	}
}

func benchmarkPage(b *testing.B, r *verdict.Report) {
	ctx, w, address := open(b, r)
	var opened, worked, filtered float64
	n, held := 0, 0
	call(b, ctx, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
	for b.Loop() {
		do(b, ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(address))
		settle(b, ctx)
		opened += value[float64](b, ctx, `performance.now()`)
		held = value[int](b, ctx, nodes)
		m, err := chromedp.Call(ctx, performance.GetMetrics, cdp.Empty{})
		if err != nil {
			b.Fatal(err)
		}
		for _, x := range m.Metrics {
			if x.Name == "TaskDuration" {
				worked += x.Value * 1000
			}
		}
		f, err := chromedp.Run(ctx, chromedp.Evaluate[float64](typed, chromedp.EvalAwaitPromise))
		if err != nil {
			b.Fatal(err)
		}
		filtered += f
		n++
	}
	b.ReportMetric(opened/float64(n), "ms/open")
	b.ReportMetric(worked/float64(n), "thread-ms/open") // of the page's own thread, which a busy machine makes no longer
	b.ReportMetric(filtered/float64(n), "ms/filter")
	b.ReportMetric(float64(held), "nodes")
	w.quiet(b, address)
}
