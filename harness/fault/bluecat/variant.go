package bluecat

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/reference/bluecat"
)

// answerVariants write the same in another way.
func answerVariants() []Variant {
	return []Variant{
		{Name: "more-members", Story: "later releases add members, and HAL allows more relations",
			Apply: onMembers(func(m *members) {
				m.Set("userDefinedFields", members{{Name: "site", Value: nil}})
				if links, ok := m.Get("_links").(members); ok {
					links.Set("up", members{{Name: "href", Value: "/api/v2"}, {Name: "title", Value: "API"}})
					m.Set("_links", links)
				}
			})},
		{Name: "members-in-another-order", Story: "the members of a JSON object have no order",
			Apply: onAnswer(func(_ *call, a *answer) { slices.Reverse(a.Members) })},
		{Name: "charset", Story: "some frameworks add a charset to every JSON media type",
			Apply: onAnswer(func(_ *call, a *answer) { a.Header.Set("Content-Type", a.Header.Get("Content-Type")+";charset=UTF-8") })},
		{Name: "media-type-in-capitals", Story: "the letter case of a media type does not matter (RFC 9110, 8.3.1)",
			Apply: onAnswer(func(_ *call, a *answer) {
				a.Header.Set("Content-Type", strings.Replace(a.Header.Get("Content-Type"), "application/", "Application/", 1))
			})},
		{Name: "indented", Story: "white space between the parts of JSON means nothing",
			Apply: onAnswer(func(_ *call, a *answer) {
				if plain, err := a.Members.MarshalJSON(); err == nil {
					var b bytes.Buffer
					if json.Indent(&b, plain, "", "  ") == nil {
						a.Body = append(b.Bytes(), '\n')
					}
				}
			})},
		{Name: "fraction-digits", Story: "RFC 3339 leaves the number of fraction digits open",
			Apply: func(c *config) { c.Rules.Answers.TimeUnit = time.Millisecond }},
		{Name: "offset-in-figures", Story: "RFC 3339 writes UTC as +00:00 too",
			Apply: func(c *config) {
				c.Rules.Answers.FormatTime = func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }
			}},
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
		{Name: "remote-address-of-six", Story: "clients come by IPv6 too", Apply: set("remoteAddress", "2001:db8:0:0:0:0:0:17")},
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
				c.Rules.Sessions.NewToken = func(*call, user) string {
					var b strings.Builder
					for range 20 {
						b.WriteString(bluecat.RandomToken())
					}
					return b.String()
				}
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
			Apply: func(c *config) {
				c.Rules.Requests.Credentials = func(c *call) (string, string, *refusal) {
					var body map[string]any
					if json.Unmarshal(c.Body, &body) == nil {
						for name, value := range body {
							switch value.(type) {
							case float64, bool:
								text, _ := json.Marshal(value) // a number or a boolean always has a text
								body[name] = string(text)
							}
						}
						c.Body, _ = json.Marshal(body) // what was JSON is JSON again
					}
					return c.Credentials()
				}
			}},
	}
}

// wireVariants send the same in another way.
func wireVariants() []Variant {
	header := func(name, value string) override {
		return onAnswer(func(_ *call, a *answer) { a.Header[name] = []string{value} })
	}
	return []Variant{
		{Name: "chunked", Story: "the length is not known when the answer begins", Apply: header("Transfer-Encoding", "chunked")},
		{Name: "connection-close", Story: "a server behind an old proxy closes every connection", Apply: header("Connection", "close")},
		{Name: "no-date", Story: "a server without a clock of its own sends no Date (RFC 9110, 6.6.1)",
			Apply: onAnswer(func(_ *call, a *answer) { a.Header["Date"] = nil })},
		{Name: "password-a-plain-word", Story: "the account of a laboratory has a password that stands in many texts without being repeated",
			Apply: func(c *config) { c.Password = func() string { return "password" } }},
		{Name: "password-a-number", Story: "the account has a number for a password, as kiosks and telephones do",
			Apply: func(c *config) { c.Password = func() string { return "20251" } }},
		{Name: "slow", Story: "a request takes 300 ms", Long: true, Apply: func(c *config) { c.Latency = 300 * time.Millisecond }},
	}
}
