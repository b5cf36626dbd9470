package check

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/ledger"
	"example.org/conform/openapi"
)

// ClockSlack is what two clocks may differ by where nothing is known of one of them, or where a moment is stated in
// whole seconds.
const ClockSlack = time.Second

// Lifetime is when a credential ends: by the server's clock as it said, and by this machine's as its target says how long
// such a credential lives. The one knows nothing of how far the clocks are apart, and the other nothing of what was
// promised; where they do not agree, neither is believed.
type Lifetime struct {
	// Ends is what the server said; zero when it said nothing that could be read.
	Ends time.Time
	// step is how closely it said so, by the digits of the fraction, or keeps it: the true end may be as far off, on either side.
	step time.Duration
	// given is the answer that gave the credential, and configured how long it lives by the target's account, zero where
	// that does not say.
	given      *client.Answer
	configured time.Duration
	// unread is set where the server's own word, which was promised, is none.
	unread bool
}

// LifetimeOf reads the RFC 3339 date-time by which an answer says when a credential ends. By what is none no end is known,
// whatever the target says: it is that moment which the document promises. The configured lifetime is the target's, zero for
// none; past that a credential may have ended all the same.
func LifetimeOf(expires string, answer *client.Answer, configured time.Duration) Lifetime {
	ends, err := openapi.ParseTime(expires)
	if err != nil {
		return Lifetime{given: answer, configured: configured, unread: true}
	}
	l := Lifetime{Ends: ends, step: step(expires), given: answer, configured: configured}
	if configured > 0 && l.step <= time.Millisecond {
		answer.Clock.Given(ends, configured, answer.Sent, answer.Received)
	}
	return l
}

// LifetimeFrom is that of a credential which lives for so long from an exchange on; the server states no end. Zero is not
// known.
func LifetimeFrom(answer *client.Answer, configured time.Duration) Lifetime {
	return Lifetime{given: answer, configured: configured}
}

// Coarse is a lifetime whose end the server keeps by the unit, so that it may come as much earlier.
func (l Lifetime) Coarse(unit time.Duration) Lifetime {
	l.step = unit
	return l
}

// LifetimeSince is that of a credential which lives for so long from a local moment on.
func LifetimeSince(moment time.Time, configured time.Duration) Lifetime {
	return LifetimeFrom(&client.Answer{Sent: moment, Received: moment}, configured)
}

// Begun is when the credential was given, by the local clock, at the earliest.
func (l Lifetime) Begun() time.Time { return l.given.Sent }

// Stamp writes a moment for a report.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return "which is missing"
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// step is the unit of the last digit of a date-time, a second where there is no fraction.
func step(text string) time.Duration {
	_, fraction, _ := strings.Cut(text, ".")
	unit := time.Second
	for range len(fraction) - len(strings.TrimLeft(fraction, "0123456789")) {
		unit = max(unit/10, time.Nanosecond) // a date may have more digits than there are nanoseconds
	}
	return unit
}

// Known reports whether the end of the credential is known well enough to be waited for: the server said it, or where it need not, the target.
func (l Lifetime) Known() bool { return !l.Ends.IsZero() || l.configured > 0 && !l.unread }

// bounded reports whether anybody said how long the credential lives at least.
func (l Lifetime) bounded() bool { return !l.Ends.IsZero() || l.configured > 0 }

// Step is how closely the server states the moment.
func (l Lifetime) Step() time.Duration { return l.step }

// Whole reports whether the server states the moment in whole seconds, so that it is known to a second and no better.
func (l Lifetime) Whole() bool { return l.step == time.Second }

// blind says that nothing is known of the clock by which the server said when the credential ends.
func (l Lifetime) blind() bool { return !l.Ends.IsZero() && !l.given.Clock.Known() }

// span are the moments between which something happens.
type span struct{ earliest, latest time.Time }

// bounds are the moments by the local clock between which the credential ends: as the server's clock has it, and as its
// target has it. What lies between the two is not judged.
func (l Lifetime) bounds() span {
	earliest, latest := l.given.Sent.Add(l.configured), l.given.Received.Add(l.configured)
	if l.blind() && l.configured == 0 {
		return span{l.Ends.Add(-ClockSlack), l.Ends.Add(ClockSlack)}
	}
	if l.Ends.IsZero() || l.blind() {
		return span{earliest.Add(-l.step), latest.Add(l.step)}
	}
	from, to := l.given.Clock.Local(l.Ends)
	from, to = from.Add(-l.step), to.Add(l.step)
	switch {
	case l.configured == 0:
		return span{from.Add(-ClockSlack), to} // some servers write a Date that is up to a second old
	case l.step <= time.Millisecond:
		// Other credentials tell how long this one took to be given, where its own exchange took long.
		if first, last, ok := l.given.Clock.Ends(l.Ends, l.configured); ok {
			earliest, latest = first, last
		}
	case l.Whole() && from.Before(earliest) && to.After(latest):
		// A short life would be all doubt: where the target agrees with the server, it is believed to a half.
		return span{Later(from, earliest.Add(-min(ClockSlack, l.configured/2))), to}
	}
	return span{Earlier(from, earliest), Later(to, latest)}
}

// Earlier is the earlier of two moments.
func Earlier(a, b time.Time) time.Time { return slices.MinFunc([]time.Time{a, b}, time.Time.Compare) }

// Later is the later of two moments.
func Later(a, b time.Time) time.Time { return slices.MaxFunc([]time.Time{a, b}, time.Time.Compare) }

// over reports whether the credential has ended by what is said of it.
func (l Lifetime) over() bool { return l.Known() && time.Now().After(l.bounds().latest) }

// MayHaveEnded reports whether the credential may have ended of itself by the time of an answer.
func (l Lifetime) MayHaveEnded(answer *client.Answer) bool {
	return l.bounded() && answer.Received.After(l.bounds().earliest)
}

// doubt says why nobody knows well when the credential ends, for a report; "" where that is known.
func (l Lifetime) doubt() string {
	switch {
	case l.Ends.IsZero() || l.blind():
		return ""
	case l.given.Clock.Apart():
		return "the Dates of the server's answers contradict each other, so that its clock is not known: " +
			"several servers or a proxy write them, or a clock was set anew"
	case l.configured == 0:
		return ""
	}
	from, to := l.given.Clock.Local(l.Ends)
	stated := from.Add(to.Sub(from) / 2).Sub(l.given.Sent)
	if apart := (stated - l.configured).Abs(); apart > 2*ClockSlack {
		return fmt.Sprintf("by its Date the server says that it lives for %s, and the target says %s: "+
			"one of them is wrong, or the Date is another clock's",
			stated.Round(100*time.Millisecond), l.configured)
	}
	return ""
}

// Lives records when a credential ends, for Fresh.
func (c *Case) Lives(credential string, l Lifetime) {
	c.lives.mu.Lock()
	defer c.lives.mu.Unlock()
	c.lives.of[credential] = l
}

// Holds reports whether the check was given a credential already.
func (c *Case) Holds(credential string) bool {
	c.lives.mu.Lock()
	defer c.lives.mu.Unlock()
	_, known := c.lives.of[credential]
	return known
}

// lives are the lifetimes of what an attempt was made with, by credential. Its parts share them: one may use what another, or the
// whole, was given.
type lives struct {
	mu sync.Mutex
	of map[string]Lifetime
}

func newLives() *lives { return &lives{of: map[string]Lifetime{}} }

// find is the zero lifetime where nothing is known.
func (l *lives) find(credential string) Lifetime {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.of[credential]
}

func (l *lives) credentials() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.of))
}

// eldest is the life of a credential since it was first given in a run.
type eldest struct {
	mu   sync.Mutex
	life Lifetime
}

func (c *Case) eldest(credential string) *eldest {
	e, _, _ := ledger.Do(context.Background(), &c.Ledger.Own, "eldest "+credential, func() (*eldest, error) { return &eldest{}, nil })
	return e
}

// Given records since when a credential lives that a server may hand out again, to whoever else: it grows old from the first time on.
func (c *Case) Given(credential string, l Lifetime) {
	e := c.eldest(credential)
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.life.bounded() || l.Begun().Before(e.life.Begun()) {
		e.life = l
	}
}

// old reports whether the credential may have ended of itself by the time of an answer, by its life or by that of who got it first, and
// when that one's is over, after which the server has to give another.
func (c *Case) old(answer *client.Answer, credential string) (old bool, over time.Time) {
	e := c.eldest(credential)
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.life.MayHaveEnded(answer) {
		return true, e.life.bounds().latest.Add(reach)
	}
	return c.lives.find(credential).MayHaveEnded(answer), time.Time{}
}

// MayBeOver reports whether a credential may have ended of itself by the time of an answer.
func (c *Case) MayBeOver(answer *client.Answer, credential string) bool {
	old, _ := c.old(answer, credential)
	return old
}

// Fresh voids the attempt when a credential that was expected to work may have ended of itself by the time of the
// answer: a slow machine must not be taken for a broken server. That no answer came is not a matter of age.
func (c *Case) Fresh(answer *client.Answer, credentials ...string) {
	if answer.Err != nil {
		return
	}
	for _, credential := range credentials {
		c.saw.Lost = true
		l := c.lives.find(credential)
		if !l.bounded() {
			continue
		}
		if old, over := c.old(answer, credential); old {
			reason := "the check took longer than what it was made with lives"
			if doubt := l.doubt(); doubt != "" {
				reason += "; " + doubt
			}
			c.voidUntil(reason, over)
		}
	}
	c.Unshared(credentials...)
}

// MayHaveLost says that the check judges by what another part of the run saw, which may have lost a credential.
func (c *Case) MayHaveLost() { c.saw.Lost = true }

// Unlost takes back that the check lost a credential, which need not be looked into.
func (c *Case) Unlost() { c.saw.Lost = false }

// Shared reports whether more than one answer of the run gave a session or token, by its value or its key.
func (c *Case) Shared(credential string) bool { return c.Ledger.Given(credential) > 1 }

// Aged is Fresh for whatever the check was made with: a good request was refused, and why is not known yet.
func (c *Case) Aged(answer *client.Answer) {
	c.Fresh(answer, c.lives.credentials()...)
}

// Unshared ends the check when a credential that was expected to work has been given to others too: a server that hands
// the same session or token out again, which it may, has its check for that, and the run's own checks end them.
func (c *Case) Unshared(credentials ...string) {
	if slices.ContainsFunc(credentials, c.Shared) {
		c.saw.Shared = true
		c.Inconclusive("the server has handed out the same session or token more than once, so another check may have ended it")
	}
}

// Written bounds the moment at which an answer was written: by its Date, and by this machine's clock, since a proxy may
// write the Date. Without one the local clock alone is left, by which nobody is blamed.
func (c *Case) Written(answer *client.Answer) (earliest, latest time.Time) {
	c.ByClock(answer.Date.IsZero())
	return written(answer)
}

// Dated is Written for what is seen in passing: known says whether the server's clock can be relied on.
func Dated(answer *client.Answer) (earliest, latest time.Time, known bool) {
	earliest, latest = written(answer)
	return earliest, latest, !answer.Date.IsZero() && !answer.Clock.Apart()
}

func written(answer *client.Answer) (earliest, latest time.Time) {
	if answer.Date.IsZero() {
		return answer.Sent.Add(-ClockSlack), answer.Received.Add(ClockSlack)
	}
	return Earlier(answer.Date, answer.Sent), Later(answer.Date.Add(2*ClockSlack), answer.Received.Add(ClockSlack))
}

// SameClock ends the check where two moments cannot be compared, since the clock that they were taken from was set anew in
// between or is not one.
func (c *Case) SameClock(lives ...Lifetime) {
	for _, l := range lives {
		if l.given.Clock.Apart() {
			c.Inconclusive("%s", l.doubt())
		}
	}
}
