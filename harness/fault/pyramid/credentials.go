package pyramid

import (
	"net/http"
	"strings"
	"sync"

	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/pyramid"
)

// credentialFaults get wrong who may have a token, and untie a login from its connection.
var credentialFaults = overrides{
	"anonymous-token": func(c *config) {
		c.Rules.Anonymous = func(c *call) (account, bool) {
			return c.Accounts().Admin, !c.Login.Tried && !c.Login.Continues
		}
	},
	"token-in-refusal": page(func(c *call, a *answer) {
		a.Body = []byte("<html><script>var config = {token: '" + c.Issue(c.Accounts().Admin).Text + "'}</script></html>")
	}),
	"cookie-in-refusal": page(func(c *call, a *answer) { a.Header.Set("Set-Cookie", "PyramidAuth="+c.Issue(c.Accounts().Viewer).Text) }),
	"guest": func(c *config) {
		c.Rules.Find = func(a pyramid.Accounts, domain, user string) (account, bool) {
			if named, known := a.Named(domain, user); known {
				return named, true
			}
			return a.Viewer, true
		}
		c.Rules.Proven = func(_ *http.Request, p *ntlm.Proof, a account) bool {
			return p.Matches(ntlm.HashOf(a.Password)) || !strings.EqualFold(p.User, a.Name)
		}
	},
	"wrong-password-unchallenged":  unchallenged(true),
	"unknown-account-unchallenged": unchallenged(false),
	"proof-on-a-warm-connection-unread": func(c *config) {
		var warm sync.Map // connections, by address
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			if p.Matches(ntlm.HashOf(a.Password)) {
				warm.Store(r.RemoteAddr, true)
				return true
			}
			_, is := warm.Load(r.RemoteAddr)
			return is
		}
	},
	"third-login-on-a-connection-empty": func(c *config) {
		var mu sync.Mutex
		logins := map[string]int{}
		seams.Edit(func(c *call, a *answer) {
			if c.Operation != pyramid.Authenticate || a.Status != http.StatusOK {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if logins[c.Request.RemoteAddr]++; logins[c.Request.RemoteAddr] == 3 {
				a.Body = []byte{}
			}
		})(c)
	},
	"token-for-a-name-in-other-letters-dead": func(c *config) {
		c.Rules.Find = func(a pyramid.Accounts, domain, user string) (account, bool) {
			found, known := a.Named(domain, user)
			if local, _, _ := strings.Cut(user, "@"); known && local != found.Name {
				found.Name = local
			}
			return found, known
		}
		giving(func(c *call, of account) (token, *pyramid.Refusal) {
			made := c.Issue(of)
			if c.Login.Account != of.Name {
				c.End(made)
			}
			return made, nil
		})(c)
	},
	"proof-elsewhere": func(c *config) {
		const most = 1024 // are remembered
		var mu sync.Mutex
		var kept []*ntlm.Exchange
		c.Rules.Begun = func(e *ntlm.Exchange) {
			mu.Lock()
			defer mu.Unlock()
			kept = append(kept, e)
			if len(kept) > most {
				kept = kept[1:]
			}
		}
		c.Rules.Candidates = func(*ntlm.Exchange) []*ntlm.Exchange {
			mu.Lock()
			defer mu.Unlock()
			return append([]*ntlm.Exchange{}, kept...)
		}
	},
}

// unchallenged offers no scheme after a wrong proof, for an account that there is or for one that there is not.
func unchallenged(known bool) override {
	return func(c *config) {
		var judged sync.Map // the requests with such a proof
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			if (a.Name != "") == known {
				judged.Store(r, true)
			}
			return p.Matches(ntlm.HashOf(a.Password))
		}
		page(func(c *call, a *answer) {
			if _, is := judged.LoadAndDelete(c.Request); is && c.Login.Tried {
				delete(a.Header, "Www-Authenticate")
			}
		})(c)
	}
}
