package aria

import (
	"strconv"
	"time"
)

// validityFaults state another end of a token than the true one, or state it in another way.
func validityFaults() overrides {
	stated := func(value func(token) any) override { return acquired("validity", value) }
	lifetime := func(t token) time.Duration { return t.ExpiresAt.Sub(t.AcquiredAt) }
	return overrides{
		"validity-string":     stated(func(t token) any { return strconv.FormatInt(t.ExpiresAt.UnixMilli(), 10) }),
		"validity-date":       stated(func(t token) any { return t.ExpiresAt.UTC().Format(time.RFC3339) }),
		"validity-fraction":   stated(func(t token) any { return float64(t.ExpiresAt.UnixMilli()) + 0.5 }),
		"validity-seconds":    stated(func(t token) any { return t.ExpiresAt.Unix() }),
		"validity-local-time": stated(func(t token) any { return t.ExpiresAt.Add(-8 * time.Hour).UnixMilli() }),
		"validity-duration":   stated(func(t token) any { return lifetime(t).Milliseconds() }),
		"validity-too-far":    stated(func(t token) any { return t.ExpiresAt.Add(lifetime(t)).UnixMilli() }),
		"validity-is-now":     stated(func(t token) any { return t.AcquiredAt.Add(lifetime(t) / 8).UnixMilli() }),
		// A variant: the end is kept in seconds.
		"validity-whole-seconds": stated(func(t token) any { return t.ExpiresAt.Truncate(time.Second).UnixMilli() }),
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
