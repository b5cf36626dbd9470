package aria

import (
	"strconv"
	"time"

	"example.org/conform/harness/reference/aria"
)

// validityFaults state another end of a token than the true one, or state it in another way.
func validityFaults() []Fault {
	stated := func(write func(ends time.Time) any) override {
		return granted(aria.AcquireToken, func(a *answer) { a.Members["validity"] = write(a.Token.ExpiresAt) })
	}
	return []Fault{
		{
			Name: "validity-string", Requirement: "ARO-VAL-01", Reason: "/validity",
			Story: "Long integers are written as strings, for the sake of JavaScript.",
			Apply: stated(func(ends time.Time) any { return strconv.FormatInt(ends.UnixMilli(), 10) }),
		},
		{
			Name: "validity-date", Requirement: "ARO-VAL-01", Reason: "/validity",
			Story: "The JSON library was changed, and the new one writes dates its own way.",
			Apply: stated(func(ends time.Time) any { return ends.UTC().Format(time.RFC3339) }),
		},
		{
			Name: "validity-missing", Requirement: "ARO-VAL-01", Reason: "missing",
			Story: "The member is left out, since expiresAt says it too.",
			Apply: granted(aria.AcquireToken, drop("validity")),
		},
		{
			Name: "validity-fraction", Requirement: "ARO-VAL-01", Reason: "/validity",
			Story: "Milliseconds come from a clock with more digits, and nobody cuts them.",
			Apply: stated(func(ends time.Time) any { return float64(ends.UnixMilli()) + 0.5 }),
		},
		{
			Name: "validity-seconds", Requirement: "ARO-VAL-02", Reason: "as seconds it would be",
			Story: "The number is of seconds, as in other vendors' tokens.",
			Apply: stated(func(ends time.Time) any { return ends.Unix() }),
		},
		{
			Name: "validity-duration", Requirement: "ARO-VAL-02", Reason: "later than the moment of the response",
			Story: "The number is how long the token lives, not until when.",
			Apply: granted(aria.AcquireToken, func(a *answer) {
				a.Members["validity"] = a.Token.ExpiresAt.Sub(a.Token.AcquiredAt).Milliseconds()
			}),
		},
		{
			Name: "validity-local-time", Requirement: "ARO-VAL-02", Reason: "later than the moment of the response",
			Story: "The wall clock of a server eight hours west of Greenwich is taken for UTC.",
			Apply: stated(func(ends time.Time) any { return ends.Add(-8 * time.Hour).UnixMilli() }),
		},
		{
			Name: "validity-too-far", Requirement: "ARO-VAL-03", Reason: "a whole lifetime",
			Story: "The setting is shortened, and the answer goes on stating the old one.",
			Apply: granted(aria.AcquireToken, func(a *answer) {
				a.Members["validity"] = a.Token.ExpiresAt.Add(a.Token.ExpiresAt.Sub(a.Token.AcquiredAt)).UnixMilli()
			}),
		},
		{
			Name: "validity-is-now", Requirement: "ARO-VAL-03", Reason: "a whole lifetime",
			Story: "The moment of the acquisition is sent, and clients are left to add the lifetime.",
			Apply: granted(aria.AcquireToken, func(a *answer) {
				a.Members["validity"] = a.Token.AcquiredAt.Add(a.Token.ExpiresAt.Sub(a.Token.AcquiredAt) / 8).UnixMilli()
			}),
		},
	}
}

// slidingFaults break what use and time do to a token.
func slidingFaults() []Fault {
	return []Fault{
		{
			Name: "fixed-from-acquisition", Requirement: "ARO-VAL-04", Reason: "a token that was used",
			Story: "The token is signed with its end in it, and no use can move that.",
			Apply: used(func(*call, token) {}),
		},
		{
			Name: "use-extends-by-half", Requirement: "ARO-VAL-04", Reason: "shortly before a full lifetime from that use",
			Story: "A use gives half of the lifetime, to have forgotten tokens go sooner.",
			Apply: used(func(c *call, t token) { c.Extend(t, c.Lifetime()/2) }),
		},
		{
			Name: "late-use-does-not-extend", Requirement: "ARO-VAL-04", Reason: "a token that was used shortly before its first end",
			Story: "In the last quarter of its life a token is handed to the job that ends it, and no use takes it back.",
			Apply: used(func(c *call, t token) {
				if t.ExpiresAt.Sub(c.Now) > c.Lifetime()/4 {
					c.Extend(t, c.Lifetime())
				}
			}),
		},
		{
			Name: "only-first-use-extends", Requirement: "ARO-VAL-05", Reason: "used again and again",
			Story: "A token may be extended once, against clients that keep one for ever.",
			Apply: used(func(c *call, t token) {
				if t.Uses == 0 {
					c.Extend(t, c.Lifetime())
				}
			}),
		},
		{
			Name: "idle-token-lives-on", Requirement: "ARO-VAL-06", Reason: "left unused for longer than its lifetime",
			Story: "The job that clears expired tokens away has stopped, and nobody else looks at the time.",
			Apply: live(func(_ *call, t token) bool { return t.EndedAt.IsZero() }),
		},
		{
			Name: "used-token-never-ends", Requirement: "ARO-VAL-07", Reason: "left idle for longer than its lifetime since its use",
			Story: "A use moves the token to a cache that knows no end.",
			Apply: live(func(c *call, t token) bool { return t.EndedAt.IsZero() && (t.Uses > 0 || c.Now.Before(t.ExpiresAt)) }),
		},
		{
			Name: "use-extends-too-far", Requirement: "ARO-VAL-07", Reason: "left idle for longer than its lifetime since its use",
			Story: "A use adds a lifetime to what is left, in place of starting a new one.",
			Apply: used(func(c *call, t token) { c.Extend(t, t.ExpiresAt.Add(c.Lifetime()).Sub(c.Now)) }),
		},
		{
			Name: "rejected-call-extends", Requirement: "ARO-VAL-08", Reason: "second probe with an expired token",
			Story: "The last call is noted before anybody looks whether the token still lives.",
			Apply: live(func(c *call, t token) bool {
				if !t.EndedAt.IsZero() {
					return false
				}
				alive := t.Live(c.Now)
				c.Extend(t, c.Lifetime())
				return alive
			}),
		},
	}
}
