package runner

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

const profile = "adaxes-2025.1"

// runOf runs checks of the test's own against a server that answers nothing but 204, or one for each target that is given.
func runOf(t *testing.T, o Options, declare func(*check.Suite[*check.Case])) (*Run, *verdict.Report) {
	t.Helper()
	return runWith(t, o, func(context.Context, *check.Case) *check.Problem { return nil }, declare)
}

// runWith is runOf with a preflight.
func runWith(t *testing.T, o Options, preflight func(context.Context, *check.Case) *check.Problem,
	declare func(*check.Suite[*check.Case]),
) (*Run, *verdict.Report) {
	t.Helper()
	system := check.System{
		Profiles: []string{profile}, Documents: check.DocumentsOf,
		Checks: func(profile string, declared check.Declared) ([]check.Definition, error) {
			documents, err := check.DocumentsOf(profile)
			if err != nil {
				return nil, err
			}
			s := check.NewSuite(documents, func(c *check.Case) *check.Case { return c }, declared)
			declare(s)
			return s.Definitions()
		},
		Preflight: preflight,
		End:       func(context.Context, *client.Client, ledger.Item) error { return nil },
	}
	if o.Systems = []check.System{system}; len(o.Targets) == 0 {
		o.Targets = []*target.Target{{Account: target.Account{Username: "u@e", Password: "pass-word"}}}
	}
	for _, tgt := range o.Targets {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
		t.Cleanup(server.Close)
		tgt.Profile, tgt.URL = profile, server.URL
		if err := (target.Reader{}).Validate(tgt); err != nil {
			t.Fatal(err)
		}
	}
	run, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return run, run.Do(t.Context(), nil)
}

// A panic in one check is that check's, with its stack; the others are judged.
func TestPanicIsOneChecks(t *testing.T) {
	t.Parallel()
	_, report := runOf(t, Options{}, func(s *check.Suite[*check.Case]) {
		s.Check("panics", "t", func(context.Context, *check.Case) { panic("at the disco") }, check.Proves("ADX-SES-01"))
		s.Check("passes", "t", func(context.Context, *check.Case) {}, check.Proves("ADX-SES-02"), check.Needs())
		s.Check("passes", "t", func(context.Context, *check.Case) {}, check.Proves("ADX-SES-07"))
	})
	run := report.Runs[0]
	if run.Verdict != verdict.Incomplete || run.Totals.Passed != 1 || run.Totals.Inconclusive != 1 {
		t.Errorf("%s: %+v", run.Verdict, run.Totals)
	}
	c := run.Checks[0]
	if c.Reason != "a fault of the suite: at the disco" || !strings.Contains(c.Stack, "TestPanicIsOneChecks") || !strings.HasPrefix(c.Declared, "suites/runner/runner_test.go:") {
		t.Errorf("%q, declared at %s, with the stack\n%s", c.Reason, c.Declared, c.Stack)
	}
}

// So many checks at a time and no more; one that waits gives its place to others, and goes on when its moment has come.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, procs := range []int{1, 3} {
		var now, most atomic.Int32
		waited := make(chan struct{})
		var once sync.Once
		runOf(t, Options{Procs: procs, Seed: 7}, func(s *check.Suite[*check.Case]) {
			for _, slug := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
				s.Check(slug, "t", func(context.Context, *check.Case) {
					most.Store(max(most.Load(), now.Add(1)))
					once.Do(func() { close(waited) })
					now.Add(-1)
				}, check.Proves("ADX-SES-01"))
			}
			s.Check("waits", "t", func(ctx context.Context, c *check.Case) {
				c.WaitUntil(ctx, time.Now().Add(20*time.Millisecond), "a while")
				<-waited // the others run meanwhile
			}, check.Proves("ADX-SES-01"), check.Waiting())
		})
		if got := int(most.Load()); got > procs {
			t.Errorf("%d checks at a time, of %d", got, procs)
		}
	}
}

// A check that outlives what it makes as long as others run beside it is made again when they are over.
func TestWhatIsLateBesideOthersIsMadeAgainAlone(t *testing.T) {
	t.Parallel()
	var beside atomic.Bool
	beside.Store(true)
	late := make(chan struct{})
	times := 0
	_, report := runOf(t, Options{Procs: 2}, func(s *check.Suite[*check.Case]) {
		s.Check("late", "t", func(_ context.Context, c *check.Case) {
			if times++; beside.Load() {
				if times == attempts {
					close(late)
				}
				c.Void("too slow")
			}
		}, check.Proves("ADX-SES-01"))
		s.Check("beside", "t", func(context.Context, *check.Case) {
			<-late
			beside.Store(false)
		}, check.Proves("ADX-SES-01"))
	})
	if run := report.Runs[0]; run.Totals.Passed != 2 || times != attempts+1 {
		t.Errorf("%d attempts: %+v", times, run.Totals)
	}
}

// The seed is the order.
func TestSeedOrders(t *testing.T) {
	t.Parallel()
	order := func(seed uint64) []string {
		var ran []string
		runOf(t, Options{Procs: 1, Seed: seed}, func(s *check.Suite[*check.Case]) {
			for _, slug := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
				s.Check(slug, "t", func(context.Context, *check.Case) { ran = append(ran, slug) }, check.Proves("ADX-SES-01"))
			}
		})
		return ran
	}
	if one, again, other := order(1), order(1), order(2); !slices.Equal(one, again) || slices.Equal(one, other) {
		t.Errorf("%v, again %v, with another seed %v", one, again, other)
	}
}

// What bounds the first login is the target's timeout, as it bounds any exchange.
func TestTimeoutAloneBoundsTheFirstLogin(t *testing.T) {
	t.Parallel()
	bounded := true
	runWith(t, Options{}, func(ctx context.Context, _ *check.Case) *check.Problem {
		_, bounded = ctx.Deadline()
		return nil
	}, func(s *check.Suite[*check.Case]) {
		s.Check("passes", "t", func(context.Context, *check.Case) {}, check.Proves("ADX-SES-01"))
	})
	if bounded {
		t.Error("the preflight has a deadline of its own")
	}
}
