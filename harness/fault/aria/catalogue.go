// Package aria is the catalogue of faults and variants of the VMware Aria Operations reference server.
package aria

import (
	_ "embed" // the catalogue itself
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/reference/kernel"
)

//go:embed faults.yaml
var text []byte

var read = sync.OnceValue(func() fault.Catalogue[aria.Config] {
	return seams.Must(text, []overrides{loginFaults, tokenFaults(), endFaults, variants()}, kinds()...)
})

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[aria.Config] { return read() }

// login is the body of an acquisition.
var login = fault.Form{Operation: aria.AcquireToken, Members: []string{"username", "password"}}

// kinds are what goes wrong with every vendor, as it does here.
func kinds() []fault.Kind[config] {
	return []fault.Kind[config]{
		seams.Statuses("acquire", aria.AcquireToken, 7),
		seams.Bodies("acquire", func(change func(*answer)) override { return seams.Granted(aria.AcquireToken, change) }),
		fault.Passwords(passwords), seams.Overruns(aria.AcquireToken, passwords),
		fault.Names(func(like func(own, given string) bool) override {
			return func(c *config) {
				c.Rules.Login.Find = func(_ *call, source *aria.Source, name string) (account, bool) {
					if found, known := source.Account(name); known {
						return found, true
					}
					return fault.FirstWhere(source.Accounts, func(a account) bool { return fault.NearlyNamed(a.Username, name, like) })
				}
			}
		}),
		seams.Rows("login", aria.AcquireToken),
		seams.Echoes("token", aria.AcquireToken, func(c *call, _ string) bool { _, known := userOf(c); return known }),
		seams.Crashes(login),
		seams.Mends(login, func(before func(*call)) override {
			return credentials(func(c *call) (aria.Credentials, *refusal) { before(c); return c.Credentials() })
		}, func(c *call, member string) any {
			if user, _ := userOf(c); member == "password" {
				return user.Password
			}
			local, _ := c.Source("")
			return local.Accounts[0].Username
		}),
		seams.Methods("/token/acquire"),
		fault.Births("token", acquiring, (*call).NewToken, ofAccount, (*call).End),
		fault.Returns("token", acquiring, (*call).NewToken, released, (*call).End),
		fault.Lifetimes("token", live, recordOf),
		fault.Again("token", acquiring, (*call).NewToken, ofAccount, (*call).End),
		seams.Races("token", aria.AcquireToken),
		seams.Twins("call", aria.CurrentUser),
		fault.Orders("release", released, (*call).End, func(c *call, t token) []token { return ofAccount(c, t.Account) },
			func(a, b token) bool { return a.Text == b.Text }),
		fault.Memories("token", live, recordOf),
		fault.Lookups("token", nearly),
		seams.StrangeTokens(aria.CurrentUser, "Authorization"),
		seams.Statuses("probe", aria.CurrentUser, 4),
		seams.Statuses("release", aria.ReleaseToken, 2),
		fault.Ends("release", released, (*call).End, func(c *call, t token) []token { return ofAccount(c, t.Account) }),
		fault.Lookups("released-token", func(like func(real, text string) bool) override {
			return finding(fault.Near((*call).Token, (*call).Tokens, func(c *call, t token, text string) bool {
				return c.Operation == aria.ReleaseToken && like(t.Text, text)
			}))
		}),
		seams.Wire(), seams.Spellings(), seams.Sticks(fault.InField("Authorization")), seams.Mixups(fault.InField("Authorization")), seams.Pauses("Authorization"),
		seams.Hostile("acquire", aria.AcquireToken), seams.Hostile("probe", aria.CurrentUser), seams.Hostile("release", aria.ReleaseToken),
		seams.Manners(nil, []string{"username", "password", "authSource"}, []string{
			"POST /suite-api/api/auth/token/acquire", "POST /suite-api/api/auth/token/release", "GET /suite-api/api/auth/currentuser",
		}),
	}
}

// authorized lets requests pass whose Authorization is of a kind, as the server's first own user.
func authorized(pass func(authorization string) bool) override {
	const guest = "conform-guest"
	return func(c *config) {
		c.Rules.Requests.Route = func(c *call) (aria.Operation, *refusal) {
			if operation, _ := c.Route(); operation == aria.CurrentUser && pass(c.Request.Header.Get("Authorization")) {
				c.Request.Header.Set("Authorization", aria.SchemeVRealizeOpsToken+" "+guest)
			}
			return c.Route()
		}
		c.Rules.Tokens.Find = func(c *call, text string) (token, bool) {
			if text == guest {
				source, _ := c.Source("")
				return token{Text: guest, Account: source.Accounts[0], Life: kernel.Life{ExpiresAt: c.Now.Add(c.Lifetime())}}, true
			}
			return c.Token(text)
		}
	}
}

// recordOf is a token as the kinds see it.
func recordOf(c *call, t token) fault.Record {
	return fault.Record{Name: t.Text, Account: t.Account.Username, Since: t.AcquiredAt, Now: c.Now, Life: t.Life}
}

// passwords replaces what tells whether a password is right.
func passwords(same func(right, given string) bool) override {
	return matching(func(_ *call, a account, given string) bool { return same(a.Password, given) })
}
