package aria

import (
	"slices"
	"strconv"
	"time"
)

// validityFaults state another end of a token than the true one, or state it in another way.
func validityFaults() []Fault {
	validity := member("validity")
	stated := func(write func(ends time.Time) any, name, story string) Fault {
		return validity.From(func(a *answer) any { return write(a.Token.ExpiresAt) }, name, story)
	}
	lifetime := func(a *answer) time.Duration { return a.Token.ExpiresAt.Sub(a.Token.AcquiredAt) }
	return slices.Concat(
		breaks("ARO-VAL-01", "/validity",
			stated(func(ends time.Time) any { return strconv.FormatInt(ends.UnixMilli(), 10) },
				"validity-string", "long integers are written as strings, for the sake of JavaScript"),
			stated(func(ends time.Time) any { return ends.UTC().Format(time.RFC3339) },
				"validity-date", "the JSON library was changed, and the new one writes dates its own way"),
			stated(func(ends time.Time) any { return float64(ends.UnixMilli()) + 0.5 },
				"validity-fraction", "milliseconds come from a clock with more digits, and nobody cuts them")),
		breaks("ARO-VAL-01", "missing", validity.Missing("validity-missing", "the member is left out, since expiresAt says it too")),
		breaks("ARO-VAL-02", "as seconds it would be", stated(func(ends time.Time) any { return ends.Unix() },
			"validity-seconds", "the number is of seconds, as in other vendors' tokens")),
		breaks("ARO-VAL-02", "later than the moment of the response",
			validity.From(func(a *answer) any { return lifetime(a).Milliseconds() },
				"validity-duration", "the number is how long the token lives, not until when"),
			stated(func(ends time.Time) any { return ends.Add(-8 * time.Hour).UnixMilli() },
				"validity-local-time", "the wall clock of a server eight hours west of Greenwich is taken for UTC")),
		breaks("ARO-VAL-03", "a whole lifetime",
			validity.From(func(a *answer) any { return a.Token.ExpiresAt.Add(lifetime(a)).UnixMilli() },
				"validity-too-far", "the setting is shortened, and the answer goes on stating the old one"),
			validity.From(func(a *answer) any { return a.Token.AcquiredAt.Add(lifetime(a) / 8).UnixMilli() },
				"validity-is-now", "the moment of the acquisition is sent, and clients are left to add the lifetime")),
	)
}

// slidingFaults break what use and time do to a token.
func slidingFaults() []Fault {
	return slices.Concat(
		breaks("ARO-VAL-04", "",
			Fault{Name: "fixed-from-acquisition", Reason: "a token that was used",
				Story: "the token is signed with its end in it, and no use can move that", Apply: used(func(*call, token) {})},
			Fault{Name: "use-extends-by-half", Reason: "shortly before a full lifetime from that use",
				Story: "a use gives half of the lifetime, to have forgotten tokens go sooner",
				Apply: used(func(c *call, t token) { c.Extend(t, c.Lifetime()/2) })},
			Fault{Name: "late-use-does-not-extend", Reason: "a token that was used shortly before its first end",
				Story: "in the last quarter of its life a token is handed to the job that ends it, and no use takes it back",
				Apply: used(func(c *call, t token) {
					if t.ExpiresAt.Sub(c.Now) > c.Lifetime()/4 {
						c.Extend(t, c.Lifetime())
					}
				})}),
		breaks("ARO-VAL-05", "used again and again", Fault{Name: "only-first-use-extends",
			Story: "a token may be extended once, against clients that keep one for ever",
			Apply: used(func(c *call, t token) {
				if t.Uses == 0 {
					c.Extend(t, c.Lifetime())
				}
			})}),
		lifetimes("ARO-VAL-06", "left unused for longer than its lifetime", "token-never-ends"),
		breaks("ARO-VAL-07", "left idle for longer than its lifetime since its use",
			Fault{Name: "used-token-never-ends", Story: "a use moves the token to a cache that knows no end",
				Apply: live(func(c *call, t token) bool { return t.EndedAt.IsZero() && (t.Uses > 0 || c.Now.Before(t.ExpiresAt)) })},
			Fault{Name: "use-extends-too-far", Story: "a use adds a lifetime to what is left, in place of starting a new one",
				Apply: used(func(c *call, t token) { c.Extend(t, t.ExpiresAt.Add(c.Lifetime()).Sub(c.Now)) })}),
		breaks("ARO-VAL-08", "second probe with an expired token", Fault{Name: "rejected-call-extends",
			Story: "the last call is noted before anybody looks whether the token still lives",
			Apply: live(func(c *call, t token) bool {
				if !t.EndedAt.IsZero() {
					return false
				}
				alive := t.Live(c.Now)
				c.Extend(t, c.Lifetime())
				return alive
			})}),
	)
}
