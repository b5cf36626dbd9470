package check

import (
	"testing"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/clock"
)

// given is an answer of a server whose Date is ahead by so much, and whose clock a run has come to know well.
func given(at time.Time, took, ahead time.Duration, dated bool) *client.Answer {
	a := &client.Answer{Sent: at, Received: at.Add(took), Clock: &clock.Clock{}}
	for i := range 40 {
		if sent := at.Add(time.Duration(i) * 25 * time.Millisecond); dated {
			a.Clock.Observe(sent.Add(ahead).Round(0).Truncate(time.Second), sent, sent)
		}
	}
	return a
}

// A credential ends between what the server's clock says and what the target says; what they contradict each other by is
// not judged.
func TestBoundsOfALifetime(t *testing.T) {
	t.Parallel()
	at := time.Now().Round(0).Truncate(time.Second).Add(300 * time.Millisecond)
	const took, near = 10 * time.Millisecond, 60 * time.Millisecond
	for name, c := range map[string]struct {
		ahead              time.Duration // the Date's
		dated              bool
		stated, configured time.Duration // from the request on; zero for not at all
		whole              bool
		earliest, latest   time.Duration // from the request on
		blind, doubtful    bool
	}{
		"both agree":                  {0, true, 5 * time.Second, 5 * time.Second, false, 5 * time.Second, 5 * time.Second, false, false},
		"a clock that is ahead":       {time.Hour, true, time.Hour + 5*time.Second, 5 * time.Second, false, 5 * time.Second, 5 * time.Second, false, false},
		"a Date that is ahead":        {3 * time.Second, true, 5 * time.Second, 5 * time.Second, false, 2 * time.Second, 5 * time.Second, false, true},
		"a Date that is behind":       {-3 * time.Second, true, 5 * time.Second, 5 * time.Second, false, 5 * time.Second, 8 * time.Second, false, true},
		"no Date":                     {0, false, time.Hour, 5 * time.Second, false, 5 * time.Second, 5 * time.Second, true, false},
		"no Date, nothing configured": {0, false, 5 * time.Second, 0, false, 4 * time.Second, 6 * time.Second, true, false},
		"nothing configured":          {0, true, 5 * time.Second, 0, false, 4 * time.Second, 5 * time.Second, false, false},
		"nothing stated":              {0, true, 0, 5 * time.Second, false, 5 * time.Second, 5 * time.Second, false, false},
		"whole seconds":               {0, true, 5700 * time.Millisecond, 6 * time.Second, true, 5 * time.Second, 6700 * time.Millisecond, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := given(at, took, c.ahead, c.dated)
			l := LifetimeFrom(answer, c.configured)
			if ends := at.Add(c.stated); c.whole {
				l = LifetimeOf(ends.Format(time.RFC3339), answer, c.configured)
			} else if c.stated > 0 {
				l = LifetimeOf(ends.Add(time.Nanosecond).Format(time.RFC3339Nano), answer, c.configured)
			}
			bounds := l.bounds()
			if d := bounds.earliest.Sub(at.Add(c.earliest)).Abs(); d > near {
				t.Errorf("not before %s, want %s", bounds.earliest.Sub(at), c.earliest)
			}
			if d := bounds.latest.Sub(at.Add(c.latest)).Abs(); d > near {
				t.Errorf("not after %s, want %s", bounds.latest.Sub(at), c.latest)
			}
			if l.blind() != c.blind || (l.doubt() != "") != c.doubtful {
				t.Errorf("blind %v, doubt %q", l.blind(), l.doubt())
			}
		})
	}
}

// What has no end is never over.
func TestLifetimeOver(t *testing.T) {
	t.Parallel()
	answer := given(time.Now().Add(-time.Hour), 0, 0, true)
	if !LifetimeFrom(answer, time.Minute).over() || LifetimeFrom(answer, 2*time.Hour).over() || LifetimeOf("tomorrow", answer, time.Minute).over() {
		t.Error("what is over is not told from what lives")
	}
}

// A moment that cannot be read is nothing to wait for, but a credential that is older than such live is not said to have died early.
func TestLifetimeUnread(t *testing.T) {
	t.Parallel()
	answer := given(time.Now(), 0, 0, true)
	early, late := &client.Answer{Received: answer.Sent.Add(time.Second)}, &client.Answer{Received: answer.Sent.Add(3 * time.Second)}
	l := LifetimeOf("tomorrow", answer, 2*time.Second)
	if l.Known() || l.MayHaveEnded(early) || !l.MayHaveEnded(late) {
		t.Errorf("known %v, and it may have ended after one second %v and after three %v", l.Known(), l.MayHaveEnded(early), l.MayHaveEnded(late))
	}
	if LifetimeOf("tomorrow", answer, 0).MayHaveEnded(late) {
		t.Error("nobody says how long it lives, and it may have ended")
	}
}
