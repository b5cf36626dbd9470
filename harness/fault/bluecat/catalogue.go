// Package bluecat is the catalogue of faults and variants of the BlueCat Address Manager reference server.
package bluecat

import (
	_ "embed" // the catalogue itself
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

//go:embed faults.yaml
var text []byte

var read = sync.OnceValue(func() fault.Catalogue[bluecat.Config] {
	return seams.Must(text, []overrides{sessionFaults, accessFaults, variants}, kinds()...)
})

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[bluecat.Config] { return read() }

// login is the body of a login.
var login = fault.Form{Operation: bluecat.CreateSession, Members: []string{"username", "password"}}

// kinds are what goes wrong with every vendor, as it does here.
func kinds() []fault.Kind[config] {
	return []fault.Kind[config]{
		fault.Passwords(passwords), seams.Overruns(bluecat.CreateSession, passwords),
		fault.Names(func(like func(own, given string) bool) override {
			return func(c *config) {
				c.Rules.Login.Find = func(c *call, name string) (user, bool) {
					if found, known := c.User(name); known {
						return found, true
					}
					return fault.FirstWhere(c.Users(), func(u user) bool { return fault.NearlyNamed(u.Name, name, like) })
				}
			}
		}),
		seams.Rows("login", bluecat.CreateSession),
		seams.Echoes("session", bluecat.CreateSession, func(c *call, name string) bool { _, known := c.User(name); return known }),
		seams.Crashes(login),
		seams.Mends(login, func(before func(*call)) override {
			return credentials(func(c *call) (string, string, *refusal) { before(c); return c.Credentials() })
		}, func(c *call, member string) any {
			if member == "username" {
				return c.Users()[0].Name
			}
			u, _ := c.User(fault.Text(c.Body, "username"))
			return u.Password
		}),
		seams.Statuses("session", bluecat.CreateSession, 2),
		seams.Bodies("session", func(change func(*answer)) override { return seams.Granted(bluecat.CreateSession, change) }),
		seams.Dates("expiry", bluecat.CreateSession, "apiTokenExpirationDateTime"),
		fault.Births("session", creating, newSession, ofUser, (*call).EndSession),
		fault.Returns("session", creating, newSession, ending, (*call).EndSession),
		fault.Lifetimes("token", living, recordOf),
		fault.Lookups("token", nearAt()),
		fault.Lookups("reading-token", nearAt(bluecat.GetCurrentSession)),
		fault.Lookups("leaving-token", nearAt(bluecat.PatchCurrentSession, bluecat.PatchSession)),
		seams.StrangeTokens(bluecat.Probe, "Authorization"),
		seams.Statuses("probe", bluecat.Probe, 3),
		seams.Statuses("logout", bluecat.PatchCurrentSession, 2),
		seams.Statuses("logout-by-id", bluecat.PatchSession, 2),
		ends("logout", ending),
		ends("logout-of-the-current", endingBy(bluecat.PatchCurrentSession)),
		ends("logout-by-id", endingBy(bluecat.PatchSession)),
		fault.Again("session", creating, newSession, ofUser, (*call).EndSession),
		seams.Races("session", bluecat.CreateSession),
		seams.Twins("call", bluecat.Probe), seams.Twins("look", bluecat.GetCurrentSession),
		fault.Orders("current-logout", endingBy(bluecat.PatchCurrentSession), (*call).EndSession, sessionsBeside, sameSession),
		fault.Orders("logout-by-id", endingBy(bluecat.PatchSession), (*call).EndSession, sessionsBeside, sameSession),
		seams.Races("logout", bluecat.PatchCurrentSession),
		fault.Orders("logout", ending, (*call).EndSession, sessionsBeside, sameSession),
		fault.Memories("token", living, recordOf),
		fault.Memories("token-logged-out-by-id", livingAfter(bluecat.PatchSession), recordOf),
		fault.Memories("current-token", livingAfter(bluecat.PatchCurrentSession), recordOf),
		seams.Bodies("error", seams.Errors),
		seams.Wire(), seams.Spellings(), seams.Sticks(fault.InField("Authorization")), seams.Mixups(fault.InField("Authorization")), seams.Pauses("Authorization"),
		fault.Lookups("credentials", nearCredentials),
		seams.Hostile("login", bluecat.CreateSession), seams.Hostile("current", bluecat.GetCurrentSession),
		seams.Hostile("probe", bluecat.Probe),
		seams.Hostile("logout", bluecat.PatchCurrentSession), seams.Hostile("logout-by-id", bluecat.PatchSession),
		seams.Manners([]string{"limit", "fields"}, nil, []string{"/api/v2/{collection}", "/api/v2/{collection}/{id}"}),
	}
}

// ends are the ways in which logouts go wrong: those by one operation, or all.
func ends(word string, ending func(end func(*call, session)) override) fault.Kind[config] {
	return fault.Ends(word, ending, (*call).EndSession, func(c *call, s session) []session { return ofUser(c, s.User) })
}

// passwords replaces what tells whether a password is right.
func passwords(same func(right, given string) bool) override {
	return matching(func(_ *call, u user, given string) bool { return same(u.Password, given) })
}
