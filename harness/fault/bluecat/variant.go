package bluecat

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/reference/reply"
)

// variants write the same in another way, and decide what the document leaves open.
var variants = overrides{
	"members-in-another-order": seams.Edit(func(_ *call, a *answer) { slices.Reverse(a.Members) }),
	"charset": seams.Edit(func(_ *call, a *answer) {
		a.Header.Set("Content-Type", a.Header.Get("Content-Type")+";charset=UTF-8")
	}),
	"fraction-digits":       func(c *config) { c.Rules.Answers.TimeUnit = time.Millisecond },
	"offset-in-figures":     formatting(func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }),
	"absolute-links":        func(c *config) { c.Rules.Answers.Base = "https://bam.example.com" },
	"links-behind-a-prefix": func(c *config) { c.Rules.Answers.Base = "/bam" },

	"token-lives-twenty-minutes": func(c *config) { c.TokenLifetime = 20 * time.Minute },
	"token-lives-a-day":          func(c *config) { c.TokenLifetime = 24 * time.Hour },
	"use-lengthens-a-token": func(c *config) {
		var lives sync.Map // by token, as they were given
		c.Rules.Access.Live = func(c *call, s session) bool {
			live := s.Live(c.Now)
			if live {
				life, _ := lives.LoadOrStore(s.Token, s.ExpiresAt.Sub(s.LoginAt))
				c.ExpireSession(s, c.Now.Add(life.(time.Duration)))
			}
			return live
		}
	},
	"nothing-beyond-the-document": seams.Wrap(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(strings.ToLower(r.URL.Path), "/sessions/") {
				http.NotFound(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}),
	"large-ids": func(c *config) { c.Rules.Sessions.FirstID = 1<<53 + 1 },
	"long-tokens": func(c *config) {
		c.Rules.Sessions.NewToken = func(*call, user) string { return base64.StdEncoding.EncodeToString(random.Bytes(600)) }
	},
	"session-shows-its-token": seams.Edit(func(c *call, a *answer) {
		if (c.Operation == bluecat.ReadSession || c.Operation == bluecat.GetCurrentSession) && a.Status == http.StatusOK {
			if own, refusal := c.Authorize(); refusal == nil {
				a.Members = append(a.Members, reply.Of("apiToken", own.Token))
			}
		}
	}),
	"tokens-by-their-bytes": func(c *config) { nearAt()(fault.SameBytes)(c); nearCredentials(fault.SameBytes)(c) },
	"names-in-any-case": func(c *config) {
		c.Rules.Login.Find = func(c *call, name string) (user, bool) {
			for _, u := range c.Users() {
				if strings.EqualFold(u.Name, name) {
					u.Name = name
					return u, true
				}
			}
			return user{}, false
		}
		c.Rules.Access.Names = func(_ *call, s session, name string) bool { return strings.EqualFold(s.User.Name, name) }
	},
	"other-refusals": func(c *config) {
		c.Rules.Refuse = func(_ *call, r *refusal) {
			switch r.Code {
			case bluecat.EmptyRequestBody, bluecat.JSONParseError, bluecat.MissingRequiredField:
				r.Status = http.StatusUnprocessableEntity
			case bluecat.InvalidAuthorizationToken:
				r.Code = bluecat.InvalidAuthorizationCredentials
			case bluecat.InvalidAuthorizationCredentials:
				r.Code = bluecat.InvalidAuthorizationToken
			}
		}
	},
	"merge-patch-as-json": seams.Wrap(fault.Before(func(r *http.Request) {
		if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); r.Method == http.MethodPatch && err == nil && media == bluecat.JSON {
			r.Header.Set("Content-Type", bluecat.MergePatch)
		}
	})),
	"numbers-as-texts": credentials(func(c *call) (string, string, *refusal) {
		if body := fault.Object(c.Body); body != nil {
			for name, value := range body {
				switch value.(type) {
				case float64, bool:
					body[name] = fmt.Sprint(value)
				}
			}
			c.Body, _ = json.Marshal(body) // what was JSON is JSON again
		}
		return c.Credentials()
	}),
}
