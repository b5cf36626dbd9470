package bluecat

import (
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

// login is the body of a login.
var login = fault.Form{Operation: bluecat.CreateSession, Members: []string{"username", "password"}}

// What goes wrong with every vendor, as it does here.
var (
	echoes        = seams.Echoes("session", bluecat.CreateSession, func(c *call, name string) bool { _, known := c.User(name); return known })
	crashes       = seams.Crashes(login, "")
	sessionBodies = seams.Bodies("session", func(change func(*answer)) override { return onCreated(change) })
	creations     = seams.Statuses("session", bluecat.CreateSession, 2)
	probes        = seams.Statuses("probe", bluecat.Probe, 3)
	errorBodies   = seams.Bodies("error", onErrors)
	dates         = fault.Dates("expiry", func(write func(time.Time) any) override {
		return onCreated(func(a *answer) { a.Members.Set("apiTokenExpirationDateTime", write(a.Session.ExpiresAt)) })
	})

	strange = fault.StrangeTokens(func(is func(text string) bool) override {
		return crashesOn(func(c *call) bool { return is(c.Request.Header.Get("Authorization")) })
	})

	passwords = fault.Passwords(func(same func(right, given string) bool) override {
		return matching(func(_ *call, u user, given string) bool { return same(u.Password, given) })
	})
	mends = fault.Mends(login, " gives no session", func(mend fault.Mend) override {
		return credentials(func(c *call) (string, string, *refusal) {
			right := func(string) any { u, _ := c.User(fault.Text(c.Body, "username")); return u.Password }
			name, password, refused := c.Credentials()
			if refused != nil && fault.Mended(mend, &c.Body, right) {
				return c.Credentials()
			}
			return name, password, refused
		})
	})
	lookups = fault.Lookups("token", func(like func(token, text string) bool) override {
		return finding(func(c *call, text string) (session, bool) {
			if found, ok := c.SessionByToken(text); ok {
				return found, true
			}
			return fault.First(c.Sessions(func(s session) bool { return s.Live(c.Now) && like(s.Token, text) }))
		})
	})
	lifetimes = fault.Lifetimes("token", func(live func(fault.Record) bool) override {
		return func(c *config) {
			seams.KeepEnded(c)
			c.Rules.Access.Live = func(c *call, s session) bool {
				return live(fault.Record{Name: s.Token, Since: s.LoginAt, Now: c.Now, Life: s.Life})
			}
		}
	})
	births = fault.Births("session", func(before func(earlier []session, end func(session)) (session, bool)) override {
		return creating(func(c *call, u user) session {
			if again, found := before(ofUser(c, u), c.EndSession); found {
				return again
			}
			return c.NewSession(u)
		})
	})
)

// ends are the ways in which logouts go wrong: those by one operation, or all.
func ends(word string, ending func(end func(*call, session)) override) fault.Choice[config] {
	return fault.Ends(word, ending, (*call).EndSession, func(c *call, s session) []session { return ofUser(c, s.User) })
}
