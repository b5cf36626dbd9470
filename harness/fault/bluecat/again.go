package bluecat

import (
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

// creating replaces what a login gives, and newSession is the server's own way.
func creating(create func(*call, user) (session, *refusal)) override {
	return func(c *config) {
		c.Rules.Sessions.Create = func(c *call, u user) session { made, _ := create(c, u); return made }
	}
}

func newSession(c *call, u user) (session, *refusal) { return c.NewSession(u), nil }

// recordOf is a session as the kinds see it.
func recordOf(c *call, s session) fault.Record {
	return fault.Record{Name: s.Token, Account: s.User.Name, Since: s.LoginAt, Now: c.Now, Life: s.Life}
}

// sessionsBeside are the live sessions of the same user.
func sessionsBeside(c *call, s session) []session { return ofUser(c, s.User) }

func sameSession(a, b session) bool { return a.ID == b.ID }

// livingAfter replaces what tells whether a session lives, but for those that another operation has ended.
func livingAfter(operation bluecat.Operation) func(live func(*call, session) bool) override {
	return func(live func(*call, session) bool) override {
		return func(c *config) {
			var by sync.Map // the operation by session
			ending(func(c *call, s session) {
				c.EndSession(s)
				by.Store(s.ID, c.Operation)
			})(c)
			living(func(c *call, s session) bool {
				counts := live(c, s)
				if of, ended := by.Load(s.ID); ended && of != operation {
					return s.Live(c.Now)
				}
				return counts
			})(c)
		}
	}
}
