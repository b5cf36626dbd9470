// Package clock is what a run knows of a server's clock. Each answer bounds it: its Date names a second, and the answer
// was written at some moment of that second, between the sending of the request and the end of the answer. The bounds of
// many answers intersect to an offset that is known to some hundredths of a second.
package clock

import (
	"sync"
	"time"
)

// resolution is that of a Date (RFC 9110, 5.6.7).
const resolution = time.Second

// Clock is the clock of one server. The zero value knows nothing of it. It is safe for concurrent use.
type Clock struct {
	mu sync.Mutex
	// start fixes this machine's own time: what follows is counted from it by the monotonic clock, so that a local
	// clock that is set anew changes nothing.
	start time.Time
	// within is where the offset lies by all answers together, and seen is what they name one by one.
	within, seen span
}

// span is a range of how far the server's clock is ahead of this machine's.
type span struct{ least, most time.Duration }

// Observe takes in the Date of an answer, with the local moments between which it was written. A zero date is ignored.
func (c *Clock) Observe(date, sent, received time.Time) {
	if date.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if first := c.start.IsZero(); first {
		c.start = sent
		c.within = span{c.ahead(date, received), c.ahead(date, sent) + resolution}
		c.seen = c.within
		return
	}
	now := span{c.ahead(date, received), c.ahead(date, sent) + resolution}
	c.within = span{max(c.within.least, now.least), min(c.within.most, now.most)}
	c.seen = span{min(c.seen.least, now.least), max(c.seen.most, now.most)}
}

// ahead is how far a moment of the server's is ahead of a local one.
func (c *Clock) ahead(theirs, ours time.Time) time.Duration {
	return theirs.Sub(c.start.Round(0).Add(ours.Sub(c.start)))
}

// Known reports whether any answer named its Date.
func (c *Clock) Known() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.start.IsZero()
}

// Apart reports whether the answers contradict each other: several clocks answer, or the one was set anew.
func (c *Clock) Apart() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.within.least > c.within.most
}

// offset is what is known of how far the server's clock is ahead: all that was seen, where answers contradict each other.
func (c *Clock) offset() span {
	if c.within.least > c.within.most {
		return c.seen
	}
	return c.within
}

// Width is how closely the clock is known; zero for one of which nothing is.
func (c *Clock) Width() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset().most - c.offset().least
}

// Local bounds the moment, by this machine's time, at which the server's clock shows a time. Of a clock that is not known
// it gives zero times.
func (c *Clock) Local(theirs time.Time) (earliest, latest time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.start.IsZero() {
		return time.Time{}, time.Time{}
	}
	ahead := c.ahead(theirs, c.start)
	return c.start.Add(ahead - c.offset().most), c.start.Add(ahead - c.offset().least)
}

// Theirs bounds what the server's clock shows at a moment of this machine's. Of a clock that is not known it gives the
// moment itself.
func (c *Clock) Theirs(local time.Time) (earliest, latest time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.start.IsZero() {
		return local, local
	}
	local = c.start.Round(0).Add(local.Sub(c.start))
	return local.Add(c.offset().least), local.Add(c.offset().most)
}
