package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// atOnce is how many checks are under way at once, in a run and in its floor.
const atOnce = 32

// longestWork is the longest gap between two exchanges of a check that is not a wait.
const longestWork = 100 * time.Millisecond

// againstFloor judges the server, and then sends it the same exchanges from a bare loop.
func againstFloor(b *testing.B, server *reference.Server) (run, floor cost, longest time.Duration) {
	dir, before := b.TempDir(), server.Answered()
	run = measure(b, conformBinary(b), "run", "--target-file", describe(b, server), "--out", dir,
		"--reports", "report.json", "--procs", strconv.Itoa(atOnce))
	run.Requests = server.Answered() - before
	report, err := reports.Read(filepath.Join(dir, "report.json"))
	if err != nil {
		b.Fatal(err)
	}
	ending := evidence.Request{Method: http.MethodDelete, URL: server.URL() + "/api/auth?token=ended"}
	p, longest := planOf(report.Runs[0], run.Requests, ending)
	data, err := json.Marshal(p)
	if err != nil {
		b.Fatal(err)
	}
	before = server.Answered()
	floor = measure(b, testBinary(b), "-test.run=^TestHelperReplays$", "--", write(b, "plan.json", string(data)))
	floor.Requests = server.Answered() - before
	return run, floor, longest
}

// plan is what the floor of a run sends: the steps before the checks, and those of each check, one after the other.
type plan struct {
	Preflight []step
	Checks    [][]step
}

// step is one request, and the wait before it.
type step struct {
	evidence.Request
	Wait time.Duration
}

// planOf makes the floor of a run whose server saw so many requests, and tells the longest wait in it. A gap between
// two exchanges of a check counts as a wait when it is too long to be work. Most are for a lifetime to pass; those that
// a busy machine makes, or a check that waits for no reason, raise the floor too. The requests that the report does not
// hold ended sessions and tokens; they are spread over the checks. The checks with the longest waits go first, as the
// best order would have them.
func planOf(run verdict.Run, answered int, ending evidence.Request) (p plan, longest time.Duration) {
	for _, e := range run.Preflight {
		p.Preflight = append(p.Preflight, step{Request: e.Request})
	}
	missing := answered - len(p.Preflight)
	sent := map[string]bool{} // a check may show what another one sent
	for _, c := range run.Checks {
		var steps []step
		var end time.Time
		for _, e := range c.Exchanges {
			key := e.Started.String() + e.Request.URL
			if e.Purpose == evidence.Passing || e.Started.Before(c.Started) || sent[key] {
				continue
			}
			sent[key] = true
			s := step{Request: e.Request}
			if pause := e.Started.Sub(end); !end.IsZero() && pause > longestWork {
				s.Wait = pause
			}
			steps = append(steps, s)
			end = e.Started.Add(time.Duration(e.DurationMs * float64(time.Millisecond)))
		}
		if len(steps) > 0 {
			p.Checks = append(p.Checks, steps)
			missing -= len(steps)
			longest = max(longest, waits(steps))
		}
	}
	missing = max(missing, 0)
	for i, n := 0, len(p.Checks); i < n; i++ {
		for range missing*(i+1)/n - missing*i/n {
			p.Checks[i] = append(p.Checks[i], step{Request: ending})
		}
	}
	slices.SortStableFunc(p.Checks, func(x, y []step) int {
		return cmp.Or(cmp.Compare(waits(y), waits(x)), cmp.Compare(len(y), len(x)))
	})
	return p, longest
}

func waits(steps []step) (sum time.Duration) {
	for _, s := range steps {
		sum += s.Wait
	}
	return sum
}

// TestHelperReplays is the floor as a process of its own, so that its costs can be told from the server's. Secrets are
// sent by the names that the report has for them, and the server refuses many of these requests. That costs both sides
// the same exchange.
func TestHelperReplays(t *testing.T) {
	if os.Getenv(helperVariable) == "" {
		t.Skip("a helper of BenchmarkAgainstFloor")
	}
	data, err := os.ReadFile(flag.Arg(0))
	if err != nil {
		t.Fatal(err)
	}
	var p plan
	if err := json.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: atOnce, DisableCompression: true}
	send := func(steps []step) {
		for _, s := range steps {
			time.Sleep(s.Wait) // the run waited here for time to pass, and so must its floor: there is no event
			if err := s.send(transport); err != nil {
				t.Errorf("%s %s: %v", s.Method, s.URL, err)
			}
		}
	}
	send(p.Preflight)
	slots := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for _, steps := range p.Checks {
		slots <- struct{}{}
		wg.Go(func() {
			send(steps)
			<-slots
		})
	}
	wg.Wait()
}

// marks are those around a secret's name, for where only ASCII is allowed.
var marks = strings.NewReplacer("‹", "%E2%80%B9", "›", "%E2%80%BA")

func (s step) send(transport http.RoundTripper) error {
	var body io.Reader
	if s.Body != nil {
		body = strings.NewReader(s.Body.Text)
	}
	req, err := http.NewRequest(s.Method, marks.Replace(s.URL), body)
	if err != nil {
		return err
	}
	for _, h := range s.Headers {
		req.Header[h.Name] = append(req.Header[h.Name], marks.Replace(h.Value))
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body) // to the end, so that the connection is kept
	return errors.Join(err, resp.Body.Close())
}
