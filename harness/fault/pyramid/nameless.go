package pyramid

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

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

// unnamed takes a request without a step of a login for the administrator's, where it is such a one.
func unnamed(is func(*call) bool) override {
	return func(c *config) {
		c.Rules.Anonymous = func(c *call) (account, bool) {
			return c.Accounts().Admin, c.Request.Method == http.MethodPost && c.Request.Header.Get("Authorization") == "" && is(c)
		}
	}
}
