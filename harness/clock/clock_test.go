package clock

import (
	"math/rand/v2"
	"testing"
	"time"
	"unsafe"
)

// answer is one exchange with a server whose clock is ahead: its Date names the second in which it was written.
func answer(c *Clock, sent time.Time, took, ahead time.Duration) {
	c.Observe(sent.Add(took/2).Add(ahead).Round(0).Truncate(time.Second), sent, sent.Add(took))
}

// Each answer knows its second alone; a few dozen of them know the clock to some hundredths.
func TestAnswersBoundTheClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{0, 3 * time.Second, -3 * time.Minute, 417 * time.Millisecond} {
		var c Clock
		start := time.Now()
		random := rand.New(rand.NewPCG(1, 2))
		for range 60 {
			answer(&c, start.Add(time.Duration(random.Int64N(int64(5*time.Second)))), 4*time.Millisecond, ahead)
		}
		moment := start.Add(time.Minute)
		earliest, latest := c.Local(moment.Add(ahead))
		if earliest.After(moment) || latest.Before(moment) {
			t.Errorf("%s ahead: %s to %s does not hold the moment", ahead, earliest.Sub(moment), latest.Sub(moment))
		}
		if width := latest.Sub(earliest); width > 150*time.Millisecond {
			t.Errorf("%s ahead: known to %s", ahead, width)
		}
		if c.Apart() {
			t.Errorf("%s ahead: one clock is taken for several", ahead)
		}
	}
}

// Answers that contradict each other make the bounds as wide as what was seen.
func TestSeveralClocks(t *testing.T) {
	t.Parallel()
	var c Clock
	start := time.Now()
	for i := range 20 {
		answer(&c, start.Add(time.Duration(i)*70*time.Millisecond), 0, time.Duration(i%2)*5*time.Second)
	}
	if !c.Apart() {
		t.Fatal("two clocks, five seconds apart, are taken for one")
	}
	earliest, latest := c.Local(start.Add(10 * time.Second))
	if earliest.After(start.Add(5*time.Second)) || latest.Before(start.Add(10*time.Second)) {
		t.Errorf("%s to %s, of 5 to 10 s", earliest.Sub(start), latest.Sub(start))
	}
}

// stepped is a moment as time.Now gives it behind a local clock that was set anew by so much: the hands are elsewhere, and the monotonic clock
// goes on as before. Nothing in package time makes one; its representation is that of time.Time with a monotonic reading: a flag, 33 bits of
// seconds, and 30 of nanoseconds.
func stepped(t *testing.T, moment time.Time, by time.Duration) time.Time {
	t.Helper()
	behind := moment
	*(*uint64)(unsafe.Pointer(&behind)) += uint64(by/time.Second) << 30
	if behind.Sub(moment) != 0 || behind.Round(0).Sub(moment.Round(0)) != by {
		t.Fatal("time.Time is no longer what it was")
	}
	return behind
}

// A local clock that is set anew during a run, to and fro, changes nothing of what is known of the server's: ends are where they were.
func TestLocalClockIsStepped(t *testing.T) {
	t.Parallel()
	for _, step := range []time.Duration{time.Hour, -time.Hour, 2 * time.Second, -30 * time.Second} {
		var c Clock
		start := time.Now()
		const ahead = 3 * time.Second
		for i := range 60 {
			sent := start.Add(time.Duration(i) * 70 * time.Millisecond)
			received := sent.Add(4 * time.Millisecond)
			date := sent.Add(2 * time.Millisecond).Add(ahead).Round(0).Truncate(time.Second)
			if i >= 20 && i < 40 {
				sent, received = stepped(t, sent, step), stepped(t, received, step)
			}
			c.Observe(date, sent, received)
			c.Given(date.Add(time.Minute), time.Minute, sent.Add(-time.Second), received)
		}
		if c.Apart() || c.Width() > 150*time.Millisecond {
			t.Errorf("%s: the server's clock is said to leap, or is known to %s", step, c.Width())
		}
		moment := start.Add(time.Minute)
		earliest, latest := c.Local(moment.Add(ahead))
		if earliest.After(moment) || latest.Before(moment) {
			t.Errorf("%s: %s to %s does not hold the moment", step, earliest.Sub(moment), latest.Sub(moment))
		}
		behind := stepped(t, moment, step)
		if until := earliest.Sub(behind); until > 0 || until < -150*time.Millisecond {
			t.Errorf("%s: the moment is waited for by %s too long", step, until)
		}
		if from, to := c.Theirs(behind); from.After(moment.Add(ahead).Round(0)) || to.Before(moment.Add(ahead).Round(0)) {
			t.Errorf("%s: the server's clock is said to show %s to %s", step, from, to)
		}
		if _, _, ok := c.Ends(moment.Add(ahead), time.Minute); !ok {
			t.Errorf("%s: stated ends are said to contradict each other", step)
		}
	}
}

func TestUnknownClock(t *testing.T) {
	t.Parallel()
	var c Clock
	c.Observe(time.Time{}, time.Now(), time.Now())
	if earliest, latest := c.Local(time.Now()); c.Known() || c.Apart() || !earliest.IsZero() || !latest.IsZero() {
		t.Error("something is known of a clock that nobody named")
	}
}
