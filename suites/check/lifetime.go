package check

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/client"
)

const (
	// ClockSlack is what two clocks may differ by where nothing is known of one of them, or where a moment is stated in
	// whole seconds.
	ClockSlack = time.Second
	// reach is how close to a moment the checks look, beside the time that an exchange takes: timers are not exact, on
	// either side.
	reach = 50 * time.Millisecond
	// patience bounds how long a credential that outlives its time is asked again.
	patience = 30 * time.Second
)

// Lifetime is when a credential ends: by the server's clock as it said, and by this machine's as its target says how long
// such a credential lives. The one knows nothing of how far the clocks are apart, and the other nothing of what was
// promised; where they do not agree, neither is believed.
type Lifetime struct {
	// Ends is what the server said; zero when it said nothing that could be read.
	Ends time.Time
	// step is how closely it said so, by the digits of the fraction: the true end may be as far off, on either side.
	step time.Duration
	// given is the answer that gave the credential, and configured how long it lives by the target's account, zero where
	// that does not say.
	given      *client.Answer
	configured time.Duration
}

// LifetimeOf reads an RFC 3339 date-time of an answer; what is none, or nil, is not known. The configured lifetime is the
// target's, zero for none.
func LifetimeOf(expires any, answer *client.Answer, configured time.Duration) Lifetime {
	text, _ := expires.(string)
	l := Lifetime{given: answer, configured: configured}
	if ends, err := ParseTime(text); err == nil {
		l.Ends, l.step = ends, step(text)
		if configured > 0 && l.step <= time.Millisecond {
			answer.Clock.Given(ends, configured, answer.Sent, answer.Received)
		}
	}
	return l
}

// ParseTime reads an RFC 3339 date-time. Its T and Z may be small letters (RFC 3339, 5.6).
func ParseTime(text string) (time.Time, error) {
	return time.Parse(time.RFC3339Nano, strings.ToUpper(text))
}

// step is the unit of the last digit of a date-time, a second where there is no fraction.
func step(text string) time.Duration {
	_, fraction, _ := strings.Cut(text, ".")
	unit := time.Second
	for _, digit := range fraction {
		if digit < '0' || digit > '9' {
			break
		}
		unit /= 10
	}
	return unit
}

// Known reports whether anybody said when the credential ends.
func (l Lifetime) Known() bool { return !l.Ends.IsZero() || l.configured > 0 }

// Whole reports whether the server states the moment in whole seconds, so that it is known to a second and no better.
func (l Lifetime) Whole() bool { return l.step == time.Second }

// blind says that nothing is known of the clock by which the server said when the credential ends.
func (l Lifetime) blind() bool { return !l.Ends.IsZero() && !l.given.Clock.Known() }

// bounds are the moments by the local clock between which the credential ends: as the server's clock has it, and as its
// target has it. What lies between the two is not judged.
func (l Lifetime) bounds() (earliest, latest time.Time) {
	earliest, latest = l.given.Sent.Add(l.configured), l.given.Received.Add(l.configured)
	if l.blind() && l.configured == 0 {
		return l.Ends.Add(-ClockSlack), l.Ends.Add(ClockSlack)
	}
	if l.Ends.IsZero() || l.blind() {
		return earliest, latest
	}
	from, to := l.given.Clock.Local(l.Ends)
	from, to = from.Add(-l.step), to.Add(l.step)
	switch {
	case l.configured == 0:
		return from.Add(-ClockSlack), to // some servers write a Date that is up to a second old
	case l.step <= time.Millisecond:
		// Other credentials tell how long this one took to be given, where its own exchange took long.
		if first, last, ok := l.given.Clock.Ends(l.Ends, l.configured); ok {
			earliest, latest = first, last
		}
	case l.Whole() && from.Before(earliest) && to.After(latest):
		// A short life would be all doubt: where the target agrees with the server, it is believed to a quarter.
		return Later(from, earliest.Add(-min(ClockSlack, l.configured/4))), to
	}
	return Earlier(from, earliest), Later(to, latest)
}

// Earlier is the earlier of two moments.
func Earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Later is the later of two moments.
func Later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// Written bounds the moment at which an answer was written: by its Date, and by this machine's clock, since a proxy may
// write the Date. Without one the local clock alone is left, by which nobody is blamed.
func (c *Case) Written(answer *client.Answer) (earliest, latest time.Time) {
	c.ByClock(answer.Date.IsZero())
	if answer.Date.IsZero() {
		return answer.Sent.Add(-ClockSlack), answer.Received.Add(ClockSlack)
	}
	return Earlier(answer.Date, answer.Sent), Later(answer.Date.Add(2*ClockSlack), answer.Received.Add(ClockSlack))
}

// over reports whether the credential has ended by what is said of it.
func (l Lifetime) over() bool {
	if !l.Known() {
		return false
	}
	_, latest := l.bounds()
	return time.Now().After(latest)
}

// aged reports whether the credential may have ended of itself by the time of an answer.
func (l Lifetime) aged(answer *client.Answer) bool {
	earliest, _ := l.bounds()
	return l.Known() && answer.Received.After(earliest)
}

// doubt says why nobody knows well when the credential ends, for a report; "" where that is known.
func (l Lifetime) doubt() string {
	switch {
	case l.Ends.IsZero() || l.blind():
		return ""
	case l.given.Clock.Apart():
		return "the Dates of the server's answers contradict each other, so that its clock is not known: several servers or a proxy write them, or a clock was set anew"
	case l.configured == 0:
		return ""
	}
	from, to := l.given.Clock.Local(l.Ends)
	stated := from.Add(to.Sub(from) / 2).Sub(l.given.Sent)
	if apart := (stated - l.configured).Abs(); apart > 2*ClockSlack {
		return fmt.Sprintf("by its Date the server says that it lives for %s, and the target says %s: one of them is wrong, or the Date is another clock's",
			stated.Round(100*time.Millisecond), l.configured)
	}
	return ""
}

// Lives records when a credential ends, for Fresh.
func (c *Case) Lives(credential string, l Lifetime) {
	if c.lives == nil {
		c.lives = map[string]Lifetime{}
	}
	c.lives[credential] = l
}

// Fresh voids the attempt when a credential that was expected to work may have ended of itself by the time of the
// answer: a slow machine must not be taken for a broken server. That no answer came is not a matter of age.
func (c *Case) Fresh(answer *client.Answer, credentials ...string) {
	if answer.Err != nil {
		return
	}
	for _, credential := range credentials {
		l, ok := c.lives[credential]
		if !ok || !l.Known() {
			continue
		}
		if l.aged(answer) {
			reason := "the check took longer than what it was made with lives"
			if doubt := l.doubt(); doubt != "" {
				reason += "; " + doubt
			}
			c.Void(reason)
		}
		c.lost = true
	}
	c.Unshared(credentials...)
}

// Shared reports whether more than one answer of the run gave a session or token, by its value or its key.
func (c *Case) Shared(credential string) bool { return c.Ledger.Given(credential) > 1 }

// Aged is Fresh for whatever the check was made with: a good request was refused, and why is not known yet.
func (c *Case) Aged(answer *client.Answer) {
	c.Fresh(answer, slices.Collect(maps.Keys(c.lives))...)
}

// Unshared ends the check when a credential that was expected to work has been given to others too: a server that hands
// the same session or token out again, which it may, has its check for that, and the run's own checks end them.
func (c *Case) Unshared(credentials ...string) {
	if slices.ContainsFunc(credentials, c.Shared) {
		c.Inconclusive("the server has handed out the same session or token more than once, so another check may have ended it")
	}
}

// UntilJustBefore waits until shortly before a credential ends, while it surely has not ended yet: as close as an exchange
// can come, by what the one took that gave the credential. An attempt that came too late is made again with more time.
func (c *Case) UntilJustBefore(ctx context.Context, l Lifetime, what string) {
	c.waitable(l, what)
	margin := (reach + 2*l.given.Received.Sub(l.given.Sent)) * time.Duration(1+c.attempt)
	c.await(ctx, l, what+" to come close to its expiry", func() time.Time {
		earliest, _ := l.bounds()
		return earliest.Add(-margin)
	})
}

// UntilAfter waits until a credential has surely ended, while others surely live that are to be used then.
func (c *Case) UntilAfter(ctx context.Context, l Lifetime, what string, living ...Lifetime) {
	c.waitable(l, what)
	_, latest := l.bounds()
	for _, other := range living {
		if earliest, _ := other.bounds(); earliest.Before(latest.Add(2 * reach)) {
			c.Skip("the lifetimes are too short to tell one end from the other: moments are stated in whole seconds, or clocks contradict each other",
				"configure longer lifetimes on the server")
		}
	}
	c.await(ctx, l, what+" to expire", func() time.Time {
		_, latest := l.bounds()
		return latest.Add(reach)
	})
}

const (
	// soundings is how many requests a run spends at most on the clock of a server whose other answers do not tell enough
	// of it, and sounded how closely it is to be known.
	soundings = 12
	sounded   = 60 * time.Millisecond
)

// await waits for a moment that is known the better the more is known of the server's clock. In each run one of the checks
// that wait sees to it that this is enough: it asks for nothing, over a second, so that the server's Date passes from one
// second to the next.
func (c *Case) await(ctx context.Context, l Lifetime, what string, moment func() time.Time) {
	clock := l.given.Clock
	base := c.Target.URL
	for _, instance := range c.Target.Instances {
		if strings.HasPrefix(l.given.URL, instance) {
			base = instance
		}
	}
	sounds := 0
	if !l.Ends.IsZero() && clock.Known() && clock.Width() > sounded && c.Ledger.Own.First("the clock of "+base) {
		sounds = soundings
	}
	for remaining := time.Until(moment()); remaining > 0; remaining = time.Until(moment()) {
		c.waitable(l, what) // what is known now may be less than before
		step := min(remaining, max(remaining/2, reach))
		sound := sounds > 0 && clock.Width() > sounded && remaining > 4*(reach+l.given.Received.Sub(l.given.Sent))
		if sound {
			step = time.Second / (soundings - 2)
			sounds--
		}
		c.wait(ctx, step, moment(), what)
		if sound {
			_, _ = c.Client.Do(ctx, client.Request{Operation: "probe", Base: base})
		}
	}
}

// ExpectOver expects, between its controls, that a credential is refused whose time is up: ask uses it, and reports
// whether it was. One that was not is asked again until it is, so that the report tells a leeway from a forgotten end.
func (c *Case) ExpectOver(ctx context.Context, l Lifetime, promise string, ask func() (over bool, answer *client.Answer)) {
	over, first := ask()
	if over {
		return
	}
	if first.Err != nil || c.local {
		c.Fail(promise, Describe(first))
	}
	_, end := l.bounds()
	late := func(t time.Time) time.Duration { return max(t.Sub(end), 0).Round(100 * time.Millisecond) }
	last, wait := first, 2*reach
	for deadline := end.Add(min(patience, max(c.Target.MaxWait, ClockSlack))); time.Now().Add(wait).Before(deadline); wait += wait / 2 {
		c.WaitUntil(ctx, time.Now().Add(wait), "a late end")
		over, answer := ask()
		if over {
			c.Fail(promise, fmt.Sprintf("%s; it lived on for %s at least, and %s at most", Describe(first), late(last.Sent), late(answer.Received)))
		}
		if answer.Err == nil {
			last = answer
		}
	}
	c.Fail(promise, fmt.Sprintf("%s; it did not end in %s", Describe(first), late(last.Sent)))
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

// waitable ends the check when nobody knows how long to wait, or it is longer than the target's operator allows. A few
// seconds of clocks that differ come on top of what is allowed.
func (c *Case) waitable(l Lifetime, what string) {
	c.ByClock(l.blind())
	if !l.Known() {
		c.Inconclusive("the expiry of %s cannot be read, so nobody knows when to look", what)
	}
	earliest, latest := l.bounds()
	doubt := l.doubt()
	if time.Until(latest) > c.Target.MaxWait+5*ClockSlack {
		if doubt != "" {
			c.Inconclusive("when %s ends is not known: %s", what, doubt)
		}
		c.Skip("the server gives "+what+" a longer life than the run may wait for",
			"set maxWait to more than the server's lifetimes, or configure shorter ones on the server")
	}
	if doubt != "" && earliest.Before(l.given.Received) {
		c.Inconclusive("when %s ends is not known: %s", what, doubt)
	}
}
