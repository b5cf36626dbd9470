// Package pyramid is the catalogue of faults and variants of the Pyramid Analytics reference server.
package pyramid

import (
	_ "embed" // the catalogue itself
	"net/http"
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/pyramid"
)

//go:embed faults.yaml
var text []byte

var read = sync.OnceValue(func() fault.Catalogue[pyramid.Config] {
	return seams.Must(text, []overrides{nameFormFaults(), tokenFaults(), credentialFaults, negotiateFaults, identityFaults, namelessFaults, methodFaults, variants()}, kinds()...)
})

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[pyramid.Config] { return read() }

// kinds are what goes wrong with every vendor, as it does here.
func kinds() []fault.Kind[config] {
	return []fault.Kind[config]{
		seams.Statuses("token", pyramid.Authenticate, 3),
		births(),
		fault.Again("token", giving, newToken, ofAccount, (*call).End),
		seams.Races("token", pyramid.Authenticate),
		seams.Twins("call", pyramid.Probe),
		fault.Memories("token", func(live func(*call, token) bool) override {
			return finding(func(c *call, text string) (token, bool) {
				found, known := c.FindToken(text)
				return found, known && live(c, found)
			})
		}, func(c *call, t token) fault.Record { return fault.Record{Name: t.Text, Now: c.Now, Life: t.Life} }),
		seams.Methods("/authenticateuserwindows"),
		// A proof tells no password. It is held against those that are nearly right.
		fault.Passwords(func(same func(right, given string) bool) override {
			var all sync.Map // passwords of accounts that were named
			return proven(func(_ *http.Request, p *ntlm.Proof, a account) bool {
				all.Store(a.Password, true)
				for _, given := range append([]string{a.Password, "", fault.OtherCase(a.Password), a.Password + " "}, fault.NearlyRight(a.Password)...) {
					if p.Matches(ntlm.HashOf(given)) {
						return same(a.Password, given)
					}
				}
				for given := range all.Range {
					if p.Matches(ntlm.HashOf(given.(string))) {
						return same(a.Password, given.(string))
					}
				}
				return same(a.Password, "another one")
			})
		}),
		fault.Names(nearlyNamed(func(string) bool { return true })),
		fault.Lookups("token", func(like func(real, text string) bool) override {
			return finding(fault.Near((*call).FindToken, (*call).Tokens, func(_ *call, t token, text string) bool { return like(t.Text, text) }))
		}),
		seams.Wire(), seams.Spellings(), seams.Sticks(taken, put), seams.Mixups(taken, put),
		seams.Hostile("login", pyramid.Authenticate), seams.Hostile("call", pyramid.Probe),
		seams.Manners(nil, []string{"auth", "data"}, []string{
			"POST /API2/auth/authenticateUserWindows", "POST /API2/query/extractQueryResult",
			"POST /API3/authentication/authenticateUserWindows", "POST /API3/access/getMe",
		}),
	}
}

// births are the ways to give tokens. Where all are given one, a whole run lives on it.
func births() fault.Kind[config] {
	all := fault.Births("token", giving, newToken, ofAccount, (*call).End)
	const again = "token-handed-out-again"
	way := all[again]
	apply := way.Apply
	way.Apply = func(c *config) {
		apply(c)
		c.TokenLifetime = time.Hour
	}
	all[again] = way
	return all
}

// giving replaces what a login gives, and newToken is the server's own way.
func giving(give func(*call, account) (token, *pyramid.Refusal)) override {
	return issuing(func(c *call, a account) token { made, _ := give(c, a); return made })
}

func newToken(c *call, a account) (token, *pyramid.Refusal) { return c.Issue(a), nil }

// nearlyNamed finds an account by what is nearly its name, where the name that is given is in such a form.
func nearlyNamed(form func(name string) bool) func(like func(own, given string) bool) override {
	return func(like func(own, given string) bool) override {
		return func(c *config) {
			c.Rules.Find = func(all pyramid.Accounts, domain, name string) (account, bool) {
				found, known := all.Named(domain, name)
				if known || !form(name) {
					return found, known
				}
				name, _, _ = strings.Cut(name, "@")
				return fault.FirstWhere(all.All(), func(a account) bool { return like(a.Name, name) })
			}
		}
	}
}

// nameFormFaults find an account so by one form of its name alone.
func nameFormFaults() overrides {
	inDomain := func(name string) bool { return strings.Contains(name, "@") }
	principal, downLevel := fault.Names(nearlyNamed(inDomain)), fault.Names(nearlyNamed(func(name string) bool { return !inDomain(name) }))
	return overrides{
		"principal-name-by-its-start":  principal["name-by-its-start"].Apply,
		"principal-name-with-a-tag":    principal["name-with-a-tag"].Apply,
		"down-level-name-by-its-start": downLevel["name-by-its-start"].Apply,
		"down-level-name-with-a-tag":   downLevel["name-with-a-tag"].Apply,
	}
}
