package check

import (
	"context"
	"fmt"
	"strings"
	"time"

	"example.org/conform/harness/client"
)

// UntilJustBefore waits until shortly before a credential ends, while it surely has not ended yet: as close as an exchange
// can come, by what the one took that gave the credential. An attempt that came too late is made again with more time.
func (c *Case) UntilJustBefore(ctx context.Context, l Lifetime, what string) {
	c.waitable(l, what)
	margin := (reach + 2*l.given.Received.Sub(l.given.Sent)) * time.Duration(1+c.attempt)
	c.await(ctx, l, what+" to come close to its expiry", func() time.Time {
		return l.bounds().earliest.Add(-margin)
	})
}

// UntilAfter waits until a credential has surely ended, while others surely live that are to be used then.
func (c *Case) UntilAfter(ctx context.Context, l Lifetime, what string, living ...Lifetime) {
	c.waitable(l, what)
	told := l.bounds().latest.Add(2 * reach)
	for _, other := range living {
		if other.bounds().earliest.Before(told) {
			c.Skip("the lifetimes are too short to tell one end from the other: "+
				"moments are stated in whole seconds, or clocks contradict each other",
				"configure longer lifetimes on the server")
		}
	}
	c.await(ctx, l, what+" to expire", func() time.Time { return l.bounds().latest.Add(reach) })
}

const (
	// reach is how close to a moment the checks look, beside the time that an exchange takes: timers are not exact, on
	// either side.
	reach = 50 * time.Millisecond
	// patience bounds how long a credential that outlives its time is asked again.
	patience = 30 * time.Second
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
			_, _ = c.Client.Do(ctx, client.Request{Operation: Probe, Base: base})
		}
	}
}

// ExpectOver expects, between its controls, that a credential is refused whose time is up: ask uses it. One that is not is
// asked again until it is, so that the report tells a leeway from a forgotten end.
func (c *Case) ExpectOver(ctx context.Context, l Lifetime, promise string, ask func() *client.Answer) {
	first := ask()
	if Refused(first) {
		return
	}
	if first.Err != nil || c.local {
		c.Fail(promise, Shown(first))
	}
	end := l.bounds().latest
	c.Fail(promise, Shown(first)+"; "+c.livesOn(ctx, first, end, end.Add(min(patience, max(c.Target.MaxWait, ClockSlack))), ask))
}

// lingering bounds how long a credential is asked again that was ended: as long as most caches keep what they know.
const lingering = 3 * time.Second

// LivesOn asks a credential again that was ended shortly before the first answer, and works yet, until it works no more or has lingered long
// enough, and says how long it did.
func (c *Case) LivesOn(ctx context.Context, first *client.Answer, ask func() *client.Answer) string {
	return c.livesOn(ctx, first, first.Sent, first.Sent.Add(lingering), ask)
}

// livesOn says how long what should have ended at a moment lives on, after its first answer, up to a deadline.
func (c *Case) livesOn(ctx context.Context, first *client.Answer, end, deadline time.Time, ask func() *client.Answer) string {
	late := func(t time.Time) time.Duration { return max(t.Sub(end), 0).Round(100 * time.Millisecond) }
	last := first
	for wait := 2 * reach; time.Now().Add(wait).Before(deadline); wait += wait / 2 {
		c.WaitUntil(ctx, time.Now().Add(wait), "a late end")
		answer := ask()
		if Refused(answer) {
			return fmt.Sprintf("it lived on for %s at least, and %s at most", late(last.Sent), late(answer.Received))
		}
		if answer.Err == nil {
			last = answer
		}
	}
	return fmt.Sprintf("it did not end in %s", late(last.Sent))
}

// waitable ends the check when nobody knows how long to wait, or it is longer than the target's operator allows. A few
// seconds of clocks that differ come on top of what is allowed.
func (c *Case) waitable(l Lifetime, what string) {
	c.ByClock(l.blind())
	if !l.Known() {
		c.Inconclusive("the expiry of %s cannot be read, so nobody knows when to look", what)
	}
	bounds, doubt := l.bounds(), l.doubt()
	if time.Until(bounds.latest) > c.Target.MaxWait+5*ClockSlack {
		if doubt != "" {
			c.Inconclusive("when %s ends is not known: %s", what, doubt)
		}
		c.Skip("the server gives "+what+" a longer life than the run may wait for",
			"set maxWait to more than the server's lifetimes, or configure shorter ones on the server")
	}
	if doubt != "" && bounds.earliest.Before(l.given.Received) {
		c.Inconclusive("when %s ends is not known: %s", what, doubt)
	}
}
