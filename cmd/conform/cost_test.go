package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// helperVariable is the environment variable under which the helpers of the benchmarks, tests by form only, do anything.
const helperVariable = "BENCHMARK_HELPER"

// cost is what a process and its children came to. The memory is the peak of the largest of them.
type cost struct {
	Wall, CPU time.Duration
	MaxKB     int64
	Requests  int
	Code      int
	Output    string
}

// String is the cost as the first three cells of a row of the table.
func (c cost) String() string {
	return fmt.Sprintf("%8.2f%8.2f%11.1f", c.Wall.Seconds(), c.CPU.Seconds(), float64(c.MaxKB)/1024)
}

func (c cost) report(b *testing.B, prefix string) {
	b.ReportMetric(c.Wall.Seconds(), prefix+"s")
	b.ReportMetric(c.CPU.Seconds(), prefix+"cpu-s")
	b.ReportMetric(float64(c.MaxKB)/1024, prefix+"MB")
	b.ReportMetric(0, "ns/op") // the time of the whole comparison says nothing
}

// measure runs a program to its end.
func measure(b *testing.B, name string, args ...string) cost {
	b.Helper()
	c := measured(b, b.TempDir(), 3*time.Minute, name, args...)
	if c.Code != 0 {
		b.Fatalf("exit code %d:\n%s", c.Code, c.Output)
	}
	return c
}

// measured runs a program in a folder, for so long at most, from a small process in between: Linux counts the memory of the process that
// starts another as that one's too, and here it holds the reference server. The code of one that was ended is -1.
func measured(t testing.TB, dir string, limit time.Duration, name string, args ...string) cost {
	t.Helper()
	cmd := exec.Command(testBinary(t), append([]string{"-test.run=^TestHelperMeasures$", "--", name}, args...)...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, helperVariable + "=" + limit.String()}
	output, err := cmd.CombinedOutput()
	var c cost
	if err := errors.Join(err, json.NewDecoder(bytes.NewReader(output)).Decode(&c)); err != nil {
		t.Fatalf("measuring: %v\n%s", err, output)
	}
	return c
}

// TestHelperMeasures is the process in between.
func TestHelperMeasures(t *testing.T) {
	limit, err := time.ParseDuration(os.Getenv(helperVariable))
	if err != nil {
		t.Skip("a helper of others")
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, flag.Arg(0), flag.Args()[1:]...)
	started := time.Now()
	output, err := cmd.CombinedOutput()
	wall, end := time.Since(started), cmd.ProcessState
	if end == nil {
		t.Fatal(err)
	}
	c := cost{Wall: wall, CPU: end.UserTime() + end.SystemTime(), Code: end.ExitCode(), Output: string(output)}
	if usage, ok := end.SysUsage().(*syscall.Rusage); ok {
		c.MaxKB = usage.Maxrss // in KB on Linux
	}
	if err := json.NewEncoder(os.Stdout).Encode(c); err != nil {
		t.Fatal(err)
	}
}

func testBinary(t testing.TB) string {
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return name
}
