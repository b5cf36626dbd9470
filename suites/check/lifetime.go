package check

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/client"
)

// Lifetime is when a credential ends. The server says it by its own clock, and its Date header, in whole seconds, is
// all that is known of that clock; so the moment by the local clock lies between two bounds.
type Lifetime struct {
	// Ends is what the server said; zero when it could not be read.
	Ends time.Time
	// earliest and latest bound the same moment by the local clock.
	earliest, latest time.Time
	// undated says that nothing is known of the server's clock: its answers carry no Date.
	undated bool
}

// LifetimeOf reads an RFC 3339 date-time of an answer. What is none gives a Lifetime that is not known.
func LifetimeOf(expires any, answer *client.Answer) Lifetime {
	text, _ := expires.(string)
	ends, err := ParseTime(text)
	if err != nil {
		return Lifetime{}
	}
	if answer.Date.IsZero() {
		// Without a Date the two clocks are taken to agree within the slack, and nobody is blamed for it if they do not.
		return Lifetime{Ends: ends, earliest: ends.Add(-ClockSlack), latest: ends.Add(ClockSlack), undated: true}
	}
	return Lifetime{
		Ends: ends,
		// The answer was written at some moment of the second that Date names, and between Sent and Received.
		earliest: answer.Sent.Add(ends.Sub(answer.Date.Add(time.Second))),
		latest:   answer.Received.Add(ends.Sub(answer.Date)),
	}
}

// ParseTime reads an RFC 3339 date-time. Its T and Z may be small letters (RFC 3339, 5.6).
func ParseTime(text string) (time.Time, error) {
	return time.Parse(time.RFC3339Nano, strings.ToUpper(text))
}

// Known reports whether the server said when the credential ends.
func (l Lifetime) Known() bool { return !l.Ends.IsZero() }

// Lives records when a credential ends, for Fresh.
func (c *Case) Lives(credential string, l Lifetime) {
	if c.lives == nil {
		c.lives = map[string]Lifetime{}
	}
	c.lives[credential] = l
}

// margin is how long before the last moment at which a credential surely works UntilJustBefore has it used: what a busy
// machine may take for it.
const margin = 800 * time.Millisecond

// safe is the last moment by the local clock at which the credential surely has not ended yet.
func (l Lifetime) safe() time.Time { return l.earliest.Add(-ClockSlack) }

// Fresh voids the attempt when a credential that was expected to work may have ended of itself by the time of the
// answer: a slow machine must not be taken for a broken server. That no answer came is not a matter of age.
func (c *Case) Fresh(answer *client.Answer, credentials ...string) {
	if answer.Err != nil {
		return
	}
	for _, credential := range credentials {
		if l, ok := c.lives[credential]; ok && l.Known() && answer.Received.After(l.safe()) {
			c.Void("the check took longer than what it was made with lives")
		}
	}
	c.Unshared(credentials...)
}

// Shared reports whether more than one answer of the run gave a session or token, by its value or its key.
func (c *Case) Shared(credential string) bool {
	times, err := c.Coordinator.Given(context.Background(), c.Run, credential)
	return err == nil && times > 1
}

// Aged is Fresh for whatever the check was made with: a good request was refused, and why is not known yet.
func (c *Case) Aged(answer *client.Answer) {
	c.Fresh(answer, slices.Collect(maps.Keys(c.lives))...)
}

// Unshared ends the check when a credential that was expected to work has been given to others too: a server that hands
// the same session or token out again, which it may, has its check for that, and the run's own checks end them.
func (c *Case) Unshared(credentials ...string) {
	for _, credential := range credentials {
		if c.Shared(credential) {
			c.Inconclusive("the server has handed out the same session or token more than once, so another check may have ended it")
		}
	}
}

// UntilJustBefore waits until shortly before a credential ends, while it surely has not ended yet.
func (c *Case) UntilJustBefore(ctx context.Context, l Lifetime, what string) {
	c.waitable(l, what)
	c.WaitUntil(ctx, l.safe().Add(-margin), what+" to come close to its expiry")
}

// UntilAfter waits until a credential has surely ended.
func (c *Case) UntilAfter(ctx context.Context, l Lifetime, what string) {
	c.waitable(l, what)
	c.WaitUntil(ctx, l.latest.Add(ClockSlack), what+" to expire")
}

// waitable ends the check when nobody knows how long to wait, or it is longer than the target's operator allows. The
// few seconds of clocks that differ come on top of what is allowed.
func (c *Case) waitable(l Lifetime, what string) {
	c.ByClock(l.undated)
	if !l.Known() {
		c.Inconclusive("the expiry of %s cannot be read, so nobody knows when to look", what)
	}
	if time.Until(l.latest) > c.Target.MaxWait+3*ClockSlack {
		if configured := c.configured(what); !l.undated && configured > 0 && configured <= c.Target.MaxWait {
			c.Inconclusive("the server says that %s ends in %s, and the target that it lives for %s: one of them is wrong", what,
				time.Until(l.latest).Round(time.Second), configured)
		}
		c.Skip("the server gives "+what+" a longer life than the run may wait for",
			"set maxWait to more than the server's lifetimes, or configure shorter ones on the server")
	}
}

// configured is how long what is waited for lives by the target's own account, zero where it does not say.
func (c *Case) configured(what string) time.Duration {
	if strings.Contains(what, "session") {
		return c.Target.Lifetimes.Session
	}
	return c.Target.Lifetimes.Token
}
