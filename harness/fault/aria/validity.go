package aria

import (
	"strconv"
	"time"
)

// validityFaults state another end of a token than the true one, or state it in another way.
func validityFaults() overrides {
	validity := member("validity")
	stated := func(write func(ends time.Time) any) override {
		return validity.From(func(a *answer) any { return write(a.Token.ExpiresAt) })
	}
	lifetime := func(a *answer) time.Duration { return a.Token.ExpiresAt.Sub(a.Token.AcquiredAt) }
	return overrides{
		"validity-string":     stated(func(ends time.Time) any { return strconv.FormatInt(ends.UnixMilli(), 10) }),
		"validity-date":       stated(func(ends time.Time) any { return ends.UTC().Format(time.RFC3339) }),
		"validity-fraction":   stated(func(ends time.Time) any { return float64(ends.UnixMilli()) + 0.5 }),
		"validity-seconds":    stated(func(ends time.Time) any { return ends.Unix() }),
		"validity-local-time": stated(func(ends time.Time) any { return ends.Add(-8 * time.Hour).UnixMilli() }),
		"validity-missing":    validity.Missing(),
		"validity-duration":   validity.From(func(a *answer) any { return lifetime(a).Milliseconds() }),
		"validity-too-far":    validity.From(func(a *answer) any { return a.Token.ExpiresAt.Add(lifetime(a)).UnixMilli() }),
		"validity-is-now":     validity.From(func(a *answer) any { return a.Token.AcquiredAt.Add(lifetime(a) / 8).UnixMilli() }),
	}
}

// slidingFaults break what use and time do to a token.
var slidingFaults = overrides{
	"fixed-from-acquisition": used(func(*call, token) {}),
	"use-extends-by-half":    used(func(c *call, t token) { c.Extend(t, c.Lifetime()/2) }),
	"late-use-does-not-extend": used(func(c *call, t token) {
		if t.ExpiresAt.Sub(c.Now) > c.Lifetime()/4 {
			c.Extend(t, c.Lifetime())
		}
	}),
	"only-first-use-extends": used(func(c *call, t token) {
		if t.Uses == 0 {
			c.Extend(t, c.Lifetime())
		}
	}),
	"used-token-never-ends": live(func(c *call, t token) bool { return t.EndedAt.IsZero() && (t.Uses > 0 || c.Now.Before(t.ExpiresAt)) }),
	"use-extends-too-far":   used(func(c *call, t token) { c.Extend(t, t.ExpiresAt.Add(c.Lifetime()).Sub(c.Now)) }),
	"rejected-call-extends": live(func(c *call, t token) bool {
		if !t.EndedAt.IsZero() {
			return false
		}
		alive := t.Live(c.Now)
		c.Extend(t, c.Lifetime())
		return alive
	}),
}
