package pyramid

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/pyramid"
)

// moment is how long a login is under way with them.
const moment = 5 * time.Millisecond

// identityFaults take one user for another, or a later login on a connection for something else than the first.
var identityFaults = overrides{
	"second-login-on-a-connection-refused": onLoggedIn(func(c *call, a *answer, _ int) {
		if c.Operation == pyramid.Authenticate && c.Login.Continues {
			a.Header["Www-Authenticate"] = []string{"Negotiate", "NTLM"}
		}
	}),
	"later-tokens-of-a-connection-in-quotes": onLoggedIn(func(c *call, a *answer, _ int) {
		if c.Operation == pyramid.Authenticate && a.Status == http.StatusOK {
			a.Body = []byte(strconv.Quote(string(a.Body)))
		}
	}),
	"another-user-on-a-connection-refused": func(c *config) {
		var users sync.Map // names, by connection
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			if !p.Matches(ntlm.HashOf(a.Password)) {
				return false
			}
			first, _ := users.LoadOrStore(r.RemoteAddr, a.Name)
			return first == a.Name
		}
	},
	"role-of-the-connections-first-user": func(c *config) {
		var roles sync.Map // by connection
		giving(func(c *call, of account) (token, *pyramid.Refusal) {
			first, _ := roles.LoadOrStore(c.Request.RemoteAddr, of.Admin)
			of.Admin, _ = first.(bool)
			return c.Issue(of), nil
		})(c)
	},
	"user-under-negotiate-is-the-services": giving(func(c *call, of account) (token, *pyramid.Refusal) {
		of.Admin = of.Admin || strings.HasPrefix(c.Request.Header.Get("Authorization"), "Negotiate")
		return c.Issue(of), nil
	}),
	"user-of-the-moment": func(c *config) {
		var admins atomic.Int64 // whose logins are under way
		giving(func(c *call, of account) (token, *pyramid.Refusal) {
			if of.Admin {
				admins.Add(1)
				defer admins.Add(-1)
			}
			time.Sleep(moment)
			of.Admin = of.Admin || admins.Load() > 0
			return c.Issue(of), nil
		})(c)
	},
	"viewer-with-a-domain-is-an-administrator": func(c *config) {
		c.Rules.Find = func(a pyramid.Accounts, domain, user string) (account, bool) {
			found, known := a.Named(domain, user)
			if domain != "" && found.Name == a.Viewer.Name {
				found.Name = a.Admin.Name
			}
			return found, known
		}
	},
	"token-of-a-name-with-an-at-dead": func(c *config) {
		var written sync.Map // requests
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			if strings.Contains(p.User, "@") {
				written.Store(r, true)
			}
			return p.Matches(ntlm.HashOf(a.Password))
		}
		giving(func(c *call, of account) (token, *pyramid.Refusal) {
			made := c.Issue(of)
			if _, is := written.LoadAndDelete(c.Request); is && of.Name == c.Accounts().Admin.Name {
				c.End(made)
			}
			return made, nil
		})(c)
	},
	"third-call-of-a-viewer-answered": func(c *config) {
		var calls sync.Map // counters, by token
		c.Rules.Authorize = func(c *call, auth json.RawMessage) (account, bool) {
			of, ok := c.Authorize(auth)
			count, _ := calls.LoadOrStore(string(auth), new(atomic.Int64))
			if count.(*atomic.Int64).Add(1) > 2 {
				of.Admin = ok
			}
			return of, ok
		}
	},
	"call-in-the-name-of-the-connection": func(c *config) {
		var admins sync.Map // connections
		c.Rules.Authorize = func(c *call, auth json.RawMessage) (account, bool) {
			of, ok := c.Authorize(auth)
			if of.Admin {
				admins.Store(c.Request.RemoteAddr, true)
			}
			_, known := admins.Load(c.Request.RemoteAddr)
			of.Admin = ok && known
			return of, ok
		}
	},
}

// onLoggedIn changes the answers on a connection that has logged in before, so many times.
func onLoggedIn(change func(c *call, a *answer, before int)) override {
	return func(c *config) {
		var mu sync.Mutex
		logins := map[string]int{}
		seams.Edit(func(c *call, a *answer) {
			mu.Lock()
			defer mu.Unlock()
			before := logins[c.Request.RemoteAddr]
			if c.Operation == pyramid.Authenticate && a.Status == http.StatusOK {
				logins[c.Request.RemoteAddr]++
			}
			if before > 0 {
				change(c, a, before)
			}
		})(c)
	}
}
