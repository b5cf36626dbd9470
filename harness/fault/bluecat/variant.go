package bluecat

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
	"example.org/conform/harness/reference/random"
)

// answerVariants write the same in another way.
func answerVariants() []Variant {
	return []Variant{
		{Name: "more-members", Story: "later releases add members, and HAL allows more relations",
			Apply: onCreated(func(a *answer) {
				a.Members.Set("userDefinedFields", members{{Name: "site", Value: nil}})
				if links, ok := a.Members.Get("_links").(members); ok {
					links.Set("up", members{{Name: "href", Value: "/api/v2"}, {Name: "title", Value: "API"}})
					a.Members.Set("_links", links)
				}
			})},
		{Name: "members-in-another-order", Story: "the members of a JSON object have no order",
			Apply: onAnswer(func(_ *call, a *answer) { slices.Reverse(a.Members) })},
		{Name: "charset", Story: "some frameworks add a charset to every JSON media type",
			Apply: onAnswer(func(_ *call, a *answer) { a.Header.Set("Content-Type", a.Header.Get("Content-Type")+";charset=UTF-8") })},
		{Name: "fraction-digits", Story: "RFC 3339 leaves the number of fraction digits open",
			Apply: func(c *config) { c.Rules.Answers.TimeUnit = time.Millisecond }},
		{Name: "offset-in-figures", Story: "RFC 3339 writes UTC as +00:00 too",
			Apply: formatting(func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") })},
		{Name: "absolute-links", Story: "HAL lets a link be a whole URL",
			Apply: func(c *config) { c.Rules.Answers.Base = "https://bam.example.com" }},
		{Name: "links-behind-a-prefix", Story: "a proxy puts the API below a path of its own",
			Apply: func(c *config) { c.Rules.Answers.Base = "/bam" }},
		{Name: "authenticated-by-a-directory", Story: "there are authenticators of several types",
			Apply: within("authenticator", func(m *members) {
				m.Set("id", 17)
				m.Set("type", "LDAPAuthenticator")
				m.Set("name", "corp.example.com")
			})},
		{Name: "remote-address-of-six", Story: "clients come by IPv6 too", Apply: onCreated(set("remoteAddress", "2001:db8:0:0:0:0:0:17"))},
	}
}

// decisionVariants decide what the document leaves open.
func decisionVariants() []Variant {
	return []Variant{
		{Name: "token-lives-twenty-minutes", Story: "a recorded server gives a token this long",
			Apply: func(c *config) { c.TokenLifetime = 20 * time.Minute }},
		{Name: "token-lives-a-day", Story: "the document's example gives a token this long",
			Apply: func(c *config) { c.TokenLifetime = 24 * time.Hour }},
		{Name: "use-lengthens-a-token", Story: "the document does not say that a token's life is fixed",
			Apply: func(c *config) {
				life := c.TokenLifetime
				c.Rules.Access.Live = func(c *call, s session) bool {
					live := s.Live(c.Now)
					if live {
						c.ExpireSession(s, c.Now.Add(max(life, s.ExpiresAt.Sub(s.LoginAt))))
					}
					return live
				}
			}},
		{Name: "large-ids", Story: "ids are 64-bit integers, beyond what a double can hold",
			Apply: func(c *config) { c.Rules.Sessions.FirstID = 1<<53 + 1 }},
		{Name: "long-tokens", Story: "nothing is said of the length of a token",
			Apply: func(c *config) {
				c.Rules.Sessions.NewToken = func(*call, user) string { return base64.StdEncoding.EncodeToString(random.Bytes(600)) }
			}},
		{Name: "names-in-any-case", Story: "nothing is said of the letter case of names",
			Apply: func(c *config) {
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
			}},
		{Name: "other-refusals", Story: "the status of a malformed request, and which of two codes a wrong token gets, are not said",
			Apply: func(c *config) {
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
			}},
		{Name: "numbers-as-texts", Story: "some parsers take a number or a boolean for its text, which is then a wrong name or password",
			Apply: credentials(func(c *call) (string, string, *refusal) {
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
			})},
	}
}
