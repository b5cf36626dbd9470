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
	// dates is what the Dates tell, and seen all that they name one by one; zero where dated is not set.
	dated       bool
	dates, seen span
	// lives is what stated ends tell, by the lifetime that they are after.
	lives map[time.Duration]span
}

// span is a range of how far the server's clock is ahead of this machine's.
type span struct{ least, most time.Duration }

func (s span) and(o span) span { return span{max(s.least, o.least), min(s.most, o.most)} }
func (s span) empty() bool     { return s.least > s.most }

// Observe takes in the Date of an answer, with the local moments between which it was written. A zero date is ignored.
func (c *Clock) Observe(date, sent, received time.Time) {
	if date.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := span{c.ahead(date, received), c.ahead(date, sent) + resolution}
	if !c.dated {
		c.dated, c.dates, c.seen = true, now, now
	}
	c.dates = c.dates.and(now)
	c.seen = span{min(c.seen.least, now.least), max(c.seen.most, now.most)}
}

// Given takes in the end, by the server's clock, of what was given between two local moments and lives for so long: it tells
// the clock as a Date does, and as closely as it is stated.
func (c *Clock) Given(ends time.Time, lifetime time.Duration, sent, received time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := span{c.ahead(ends, received) - lifetime, c.ahead(ends, sent) - lifetime}
	if known, ok := c.lives[lifetime]; ok {
		now = now.and(known)
	} else if c.lives == nil {
		c.lives = map[time.Duration]span{}
	}
	c.lives[lifetime] = now
}

// Ends bounds the local moment of an end that is stated after a lifetime, as all such ends together tell. It is not ok where
// they contradict each other, or none is known.
func (c *Clock) Ends(ends time.Time, lifetime time.Duration) (earliest, latest time.Time, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	offset, known := c.lives[lifetime]
	if !known || offset.empty() {
		return time.Time{}, time.Time{}, false
	}
	earliest, latest = c.local(ends, offset)
	return earliest, latest, true
}

// ahead is how far a moment of the server's is ahead of a local one.
func (c *Clock) ahead(theirs, ours time.Time) time.Duration {
	if c.start.IsZero() {
		c.start = ours
	}
	return theirs.Sub(c.start.Round(0).Add(ours.Sub(c.start)))
}

// Known reports whether any answer named its Date.
func (c *Clock) Known() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dated
}

// Apart reports whether the answers contradict each other: several clocks answer, or the one was set anew.
func (c *Clock) Apart() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dates.empty()
}

// offset is what is known of how far the server's clock is ahead: all that was seen, where answers contradict each other.
func (c *Clock) offset() span {
	if c.dates.empty() {
		return c.seen
	}
	return c.dates
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
	if !c.dated {
		return time.Time{}, time.Time{}
	}
	return c.local(theirs, c.offset())
}

func (c *Clock) local(theirs time.Time, offset span) (earliest, latest time.Time) {
	ahead := c.ahead(theirs, c.start)
	return c.start.Add(ahead - offset.most), c.start.Add(ahead - offset.least)
}

// Theirs bounds what the server's clock shows at a moment of this machine's. Of a clock that is not known it gives the
// moment itself.
func (c *Clock) Theirs(local time.Time) (earliest, latest time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.dated {
		return local, local
	}
	local = c.start.Round(0).Add(local.Sub(c.start))
	return local.Add(c.offset().least), local.Add(c.offset().most)
}
