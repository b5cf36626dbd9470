package check

import (
	"maps"
	"slices"
	"time"

	"example.org/conform/harness/client"
)

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
		c.saw.Lost = true
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

// Written bounds the moment at which an answer was written: by its Date, and by this machine's clock, since a proxy may
// write the Date. Without one the local clock alone is left, by which nobody is blamed.
func (c *Case) Written(answer *client.Answer) (earliest, latest time.Time) {
	c.ByClock(answer.Date.IsZero())
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
