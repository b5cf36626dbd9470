package clock

import (
	"math/rand/v2"
	"testing"
	"time"
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

func TestUnknownClock(t *testing.T) {
	t.Parallel()
	var c Clock
	c.Observe(time.Time{}, time.Now(), time.Now())
	if earliest, latest := c.Local(time.Now()); c.Known() || c.Apart() || !earliest.IsZero() || !latest.IsZero() {
		t.Error("something is known of a clock that nobody named")
	}
}
