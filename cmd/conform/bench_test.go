package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference"
)

// What the command costs, beside what no way of judging could do without: the floor of a run is its own exchanges, sent
// by a bare loop. The goals stand beside the figures and are not asserted: a busy machine is no defect.
//
// Processor time and memory are those of the command alone. Where it judges what is built in, that is with the servers.
func BenchmarkAgainstFloor(b *testing.B) {
	var table strings.Builder
	row := func(name, costs, requests, wait, goal string) {
		line := fmt.Sprintf("%-36s%s%10s%16s  %s", name, costs, requests, wait, goal)
		fmt.Fprintln(&table, strings.TrimRight(line, " "))
	}
	row("", fmt.Sprintf("%8s%8s%11s", "wall s", "cpu s", "memory MB"), "requests", "longest wait s", "goal")
	conformBinary(b)
	for _, latency := range []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond} {
		b.Run(fmt.Sprintf("latency=%dms", latency.Milliseconds()), func(b *testing.B) {
			server := serve(b, reference.Options{
				Profile: "adaxes-2025.1", Instances: 2, Lifetimes: reference.ShortLifetimes(), Latency: latency,
			})
			var run, floor cost
			var longest time.Duration
			for b.Loop() {
				run, floor, longest = againstFloor(b, server)
			}
			ratio, goal := run.Wall.Seconds()/floor.Wall.Seconds(), ""
			if latency == 50*time.Millisecond {
				goal = "at most 1.5"
			}
			name := fmt.Sprintf("%d ms an answer: ", latency.Milliseconds())
			row(name+"this run", run.String(), fmt.Sprint(run.Requests), "", "memory 100 MB")
			row(name+"the floor", floor.String(), fmt.Sprint(floor.Requests), fmt.Sprintf("%.2f", longest.Seconds()), "")
			row(name+"run / floor", fmt.Sprintf("%8.2f%19s", ratio, ""), "", "", goal)
			run.report(b, "run-")
			floor.report(b, "floor-")
			b.ReportMetric(ratio, "run/floor")
		})
	}
	b.Run("all-profiles", func(b *testing.B) {
		var all cost
		for b.Loop() {
			all = measure(b, conformBinary(b), "run", "--out", b.TempDir())
		}
		row("all embedded profiles", all.String(), "", "", "wall 6 s, cpu 3 s, memory 100 MB")
		all.report(b, "")
	})
	b.Run("one-check", func(b *testing.B) {
		var calls []cost
		for b.Loop() {
			for range 9 {
				calls = append(calls, measure(b, conformBinary(b), "run", "--out", b.TempDir(),
					"--profile", "adaxes-2025.1", "--label-filter", "ADX-SES-07"))
			}
		}
		slices.SortFunc(calls, func(x, y cost) int { return cmp.Compare(x.Wall, y.Wall) })
		best, median := calls[0], calls[len(calls)/2]
		row("one check, call to verdict: best", best.String(), "", "", "wall 0.06 s")
		row("one check, call to verdict: median", median.String(), "", "", "")
		best.report(b, "best-")
		median.report(b, "median-")
	})
	// Not b.Log, which cuts what a benchmark says after ten lines.
	fmt.Printf("\nadaxes-2025.1, %d checks at once, beside its floor:\n%s\n", atOnce, table.String())
}

// What many targets in one run cost, each a server of its own on loopback: time and memory, which are to grow by no more than the targets do.
func BenchmarkTargets(b *testing.B) {
	var table strings.Builder
	conformBinary(b)
	for _, n := range []int{10, 50, 200} {
		b.Run(fmt.Sprintf("targets=%d", n), func(b *testing.B) {
			args := []string{"run", "--explore", "0", "--evidence", "broken", "--label-filter", "!sweep", "--out", b.TempDir()}
			for range n {
				args = append(args, describe(b, serve(b, reference.Options{Profile: "aria-operations-8", Lifetimes: reference.ShortLifetimes()})))
			}
			var all cost
			for b.Loop() {
				all = measure(b, conformBinary(b), args...)
			}
			fmt.Fprintf(&table, "%-12d%s%12.0f\n", n, all, all.CPU.Seconds()*1000/float64(n))
			all.report(b, "")
		})
	}
	fmt.Printf("\naria-operations-8 without the sweeps, a server each:\n%-12s%8s%8s%11s%12s\n%s\n", "targets", "wall s", "cpu s", "memory MB", "cpu ms each", table.String())
}

// The time from the call to the verdict on one check: what a process costs before it judges anything.
func BenchmarkOneCheck(b *testing.B) {
	server := serve(b, reference.Options{Profile: "adaxes-2025.1"})
	file := describe(b, server)
	conformBinary(b)
	for b.Loop() {
		o := conform(b, nil, "run", "--target-file", file, "--procs", "1", "--label-filter", "ADX-SES-04", "--reports", "report.json")
		if o.code != 0 {
			b.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
		}
	}
}
