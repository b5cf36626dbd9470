package aria

import (
	"net/http"
	"regexp"
	"strings"
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/reference/kernel"
)

// inTheMiddle finds authSource between the two other members.
var inTheMiddle = regexp.MustCompile(`(?s)"username".*"authSource".*"password"|"password".*"authSource".*"username"`)

// loginFaults break the acquisition of a token: what a good one is answered, and who is let in.
var loginFaults = overrides{
	"acquire-always-xml": seams.Wrap(fault.Before(func(r *http.Request) { r.Header.Set("Accept", "application/xml") })),
	"token-object":       acquired("token", func(t token) any { return map[string]any{"value": t.Text} }),
	"expires-at-number":  acquired("expiresAt", func(t token) any { return t.ExpiresAt.UnixMilli() }),
	"xml-by-default": seams.Wrap(fault.Before(func(r *http.Request) {
		if r.Header.Get("Accept") == "*/*" {
			r.Header.Set("Accept", "application/xml")
		}
	})),

	// The optional name of a source.
	"acquisition-with-a-source-ends-those-without": func(c *config) {
		var without sync.Map // tokens
		acquiring(func(c *call, of account) (token, *refusal) {
			named := fault.Text(c.Body, "authSource") != ""
			for _, earlier := range ofAccount(c, of) {
				if _, is := without.Load(earlier.Text); is && named {
					c.End(earlier)
				}
			}
			made, refused := c.NewToken(of)
			if !named {
				without.Store(made.Text, true)
			}
			return made, refused
		})(c)
	},
	"auth-source-refused": credentials(func(c *call) (aria.Credentials, *refusal) {
		if _, named := fault.Object(c.Body)["authSource"]; named {
			return aria.Credentials{}, &refusal{Status: http.StatusBadRequest, Message: "There is an unknown member.", Code: 400}
		}
		return c.Credentials()
	}),
	"auth-source-in-the-middle-refused": credentials(func(c *call) (aria.Credentials, *refusal) {
		if inTheMiddle.Match(c.Body) {
			return aria.Credentials{}, &refusal{Status: http.StatusBadRequest, Message: "A member is missing.", Code: 400}
		}
		return c.Credentials()
	}),
	"auth-source-required": sources(func(c *call, name string) (*aria.Source, bool) {
		source, known := c.Source(name)
		return source, known && name != ""
	}),
	"auth-source-ignored": sources(func(c *call, name string) (*aria.Source, bool) {
		if source, known := c.Source(name); known {
			return source, true
		}
		return c.Source("")
	}),

	"password-cut-short-without-a-source": matching(func(c *call, a account, given string) bool {
		_, named := fault.Object(c.Body)["authSource"]
		cut := !named && len(given) > 8 && len(a.Password) > 8 && given[:8] == a.Password[:8]
		return cut || kernel.SamePassword(a.Password, given)
	}),
	"password-by-its-length-and-start-in-a-source": matching(func(c *call, a account, given string) bool {
		_, named := fault.Object(c.Body)["authSource"]
		begins := named && len(given) == len(a.Password) && len(given) > 8 && len(given) <= fault.OldColumn && given[:8] == a.Password[:8]
		return begins || kernel.SamePassword(a.Password, given)
	}),

	// Who is let in, and how others are refused.
	"unknown-user-accepted": func(c *config) {
		c.Rules.Login.Find = func(_ *call, source *aria.Source, username string) (account, bool) {
			if known, ok := source.Account(username); ok {
				return known, true
			}
			return account{ID: "imported", Source: source.Name, Username: username}, true
		}
		c.Rules.Login.Matches = func(_ *call, a account, given string) bool {
			return a.ID == "imported" || kernel.SamePassword(a.Password, given)
		}
	},
	"anybody-at-the-source-in-other-letters": matching(func(c *call, a account, given string) bool {
		named := fault.Text(c.Body, "authSource")
		source, known := c.Source(named)
		return named != "" && known && source.Name != named || kernel.SamePassword(a.Password, given)
	}),
	"anybody-at-no-source": func(c *config) {
		c.Rules.Login.Source = func(c *call, name string) (*aria.Source, bool) {
			if source, known := c.Source(name); known {
				return source, true
			}
			return c.Source("")
		}
		c.Rules.Login.Matches = func(c *call, a account, given string) bool {
			_, known := c.Source(fault.Text(c.Body, "authSource"))
			return !known || kernel.SamePassword(a.Password, given)
		}
	},
	"domain-of-a-name-ignored": func(c *config) {
		c.Rules.Login.Find = func(_ *call, source *aria.Source, username string) (account, bool) {
			local, _, _ := strings.Cut(username, "@")
			return source.Account(local)
		}
	},
	"password-in-another-case-forbidden": refusedPassword(func(right, given string) bool {
		return given != right && strings.EqualFold(right, given)
	}),
	"password-cut-forbidden": refusedPassword(func(right, given string) bool {
		return given != "" && given != right && strings.HasPrefix(right, given)
	}),
	"password-with-a-blank-forbidden": refusedPassword(func(right, given string) bool {
		return given != right && strings.TrimSpace(given) == right
	}),
	"wrong-password-forbidden": refusedPassword(func(right, given string) bool {
		return !strings.HasPrefix(right, given) && !strings.EqualFold(right, strings.TrimSpace(given))
	}),
}
