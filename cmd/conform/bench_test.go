package main

import (
	"fmt"
	"testing"
	"time"

	"example.org/conform/harness/reference"
)

// The time of a run against a server that takes 50 ms for each answer, by the number of processes. Nothing waits for
// an expiry here: what is measured is how well the requests overlap.
func BenchmarkRunByProcs(b *testing.B) {
	for _, procs := range []int{1, 4, 16} {
		b.Run(fmt.Sprintf("procs=%d", procs), func(b *testing.B) {
			server := serve(b, reference.Options{Profile: "adaxes-2025.1", Instances: 2, Latency: 50 * time.Millisecond})
			server.Target().MaxWait = 0
			file := describe(b, server)
			conformBinary(b)
			for b.Loop() {
				if o := conform(b, nil, "run", "--target-file", file, "--procs", fmt.Sprint(procs)); o.code != 0 {
					b.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
				}
			}
		})
	}
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
