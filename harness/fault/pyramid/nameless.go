package pyramid

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/pyramid"
)

// namelessFaults give a token to who shows nothing of a login.
var namelessFaults = overrides{
	"login-filter-passed-by-a-slash": func(c *config) {
		c.Rules.Route = func(c *call) (pyramid.Operation, *pyramid.Refusal) {
			if path, cut := strings.CutSuffix(c.Request.URL.Path, "/"); cut {
				defer func(whole string) { c.Request.URL.Path = whole }(c.Request.URL.Path)
				c.Request.URL.Path = path
			}
			return c.Route()
		}
		unnamed(func(c *call) bool { return strings.HasSuffix(c.Request.URL.Path, "/") })(c)
	},
	"user-of-a-proxy-believed":   unnamed(func(c *call) bool { return c.Request.Header.Get("X-Forwarded-User") != "" }),
	"query-takes-the-login-away": unnamed(func(c *call) bool { return c.Request.URL.RawQuery != "" }),
	"token-in-a-cookie-of-a-challenge": seams.Edit(func(c *call, a *answer) {
		if c.Operation == pyramid.Authenticate && c.Login.Continues {
			a.Header.Set("Set-Cookie", "session="+c.Issue(c.Accounts().Admin).Text)
		}
	}),
	"token-in-a-field-of-a-refusal": page(func(c *call, a *answer) {
		if c.Login.Tried {
			a.Header.Set("X-Session", c.Issue(c.Accounts().Admin).Text)
		}
	}),
	"cookie-of-an-administrator-for-a-viewer": seams.Edit(func(c *call, a *answer) {
		if a.Token != nil && !a.Token.Account.Admin {
			a.Header.Set("Set-Cookie", "PyramidAuth="+c.Issue(c.Accounts().Admin).Text)
		}
	}),
	"third-asking-nobody-let-in": func(c *config) {
		var asked sync.Map // counters, by connection
		unnamed(func(c *call) bool {
			count, _ := asked.LoadOrStore(c.Request.RemoteAddr, new(atomic.Int64))
			return count.(*atomic.Int64).Add(1) == 3
		})(c)
	},
	"password-under-basic-unread": func(c *config) {
		c.Rules.Anonymous = func(c *call) (account, bool) {
			user, _, basic := c.Request.BasicAuth()
			domain, name, has := strings.Cut(user, `\`)
			if !has {
				domain, name = "", user
			}
			found, known := c.Accounts().Named(domain, name)
			return found, basic && known
		}
	},
}

// methodFaults take another method for POST.
var methodFaults = overrides{
	"options-accepted": methodTaken(func(r *http.Request) bool { return r.Method == http.MethodOptions }),
	"get-with-a-query-accepted": methodTaken(func(r *http.Request) bool {
		return r.Method == http.MethodGet && r.URL.RawQuery != ""
	}),
	"get-on-a-logged-in-connection-accepted": func(c *config) {
		const mark = "X-Was-Get"
		var logged sync.Map // connections
		seams.Edit(func(c *call, a *answer) {
			if c.Operation == pyramid.Authenticate && a.Status == http.StatusOK {
				logged.Store(c.Request.RemoteAddr, true)
			}
		})(c)
		methodTaken(func(r *http.Request) bool {
			_, in := logged.Load(r.RemoteAddr)
			if in = in && r.Method == http.MethodGet; in {
				r.Header.Set(mark, "1")
			}
			return in
		})(c)
		c.Rules.Anonymous = func(c *call) (account, bool) { return c.Accounts().Admin, c.Request.Header.Get(mark) != "" }
	},
}

// methodTaken takes requests for a login that are none by their method.
func methodTaken(is func(*http.Request) bool) override {
	return seams.Wrap(fault.Before(func(r *http.Request) {
		if strings.HasSuffix(strings.ToLower(r.URL.Path), "/authenticateuserwindows") && is(r) {
			r.Method = http.MethodPost
		}
	}))
}

// unnamed takes a request without a step of a login for the administrator's, where it is such a one.
func unnamed(is func(*call) bool) override {
	return func(c *config) {
		c.Rules.Anonymous = func(c *call) (account, bool) {
			return c.Accounts().Admin, c.Request.Method == http.MethodPost && c.Request.Header.Get("Authorization") == "" && is(c)
		}
	}
}
