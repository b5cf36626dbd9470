package pyramid

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/harness/reference/random"
)

// answerFaults break the answer to a good login.
func answerFaults() []Fault {
	return []Fault{
		{
			Name: "created", Requirement: "PYR-TOK-01", Reason: "201",
			Story: "a framework answers every POST that makes something with 201",
			Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) { a.Status = http.StatusCreated }),
		},
		{
			Name: "json-quotes", Requirement: "PYR-TOK-02", Reason: "a string in JSON quotes",
			Story: "the framework serializes the string as JSON; a client that uses the text unparsed embeds the quotes",
			Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) {
				a.Header.Set("Content-Type", "application/json")
				a.Body = []byte(strconv.Quote(string(a.Body)))
			}),
		},
		{
			Name: "json-object", Requirement: "PYR-TOK-02", Reason: "a JSON object",
			Story: "a newer style guide wraps every result in an object with data",
			Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) {
				a.Header.Set("Content-Type", "application/json")
				a.Body = []byte(`{"data":` + strconv.Quote(string(a.Body)) + `}`)
			}),
		},
		{
			Name: "xml-string", Requirement: "PYR-TOK-02", Reason: "markup",
			Story: "an older web service stack wraps the string in an XML element",
			Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) {
				a.Header.Set("Content-Type", "application/xml")
				a.Body = []byte(`<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/">` + string(a.Body) + `</string>`)
			}),
		},
		{
			Name: "login-page", Requirement: "PYR-TOK-02", Reason: "markup",
			Story: "behind a balancer, one node of three shows its login page with 200 in place of the answer",
			Apply: func(config *pyramid.Config) {
				nth := fault.Nth(3)
				issued(func(_ *pyramid.Call, a *pyramid.Answer) {
					if nth() {
						a.Header.Set("Content-Type", "text/html")
						a.Body = []byte("<!DOCTYPE html><html><body><form>Log in</form></body></html>")
					}
				})(config)
			},
		},
		{
			Name: "hex", Requirement: "PYR-TOK-02", Reason: "a base64 string as it stands",
			Story: "the token is written in hexadecimal, with hyphens as .NET's BitConverter writes it",
			Apply: func(config *pyramid.Config) {
				config.Rules.NewToken = func() string {
					text := hex.EncodeToString([]byte(random.Token(24)))
					for i := 2; i < len(text); i += 3 {
						text = text[:i] + "-" + text[i:]
					}
					return text
				}
			},
		},
		{
			Name: "url-safe", Requirement: "PYR-TOK-02", Reason: "a base64 string as it stands",
			Story: "the token is written in the URL-safe alphabet, which is no base64 to .NET",
			Apply: func(config *pyramid.Config) {
				config.Rules.NewToken = func() string {
					raw, err := base64.StdEncoding.DecodeString(random.Token(88))
					if err != nil {
						return "" // what RandomToken makes decodes
					}
					return base64.RawURLEncoding.EncodeToString(raw)
				}
			},
		},
		{
			Name: "line-wrapped", Requirement: "PYR-TOK-02", Reason: "white space",
			Story: "an encoder for mail breaks the string after 76 characters",
			Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) {
				a.Body = append(append(append([]byte{}, a.Body[:76]...), '\r', '\n'), a.Body[76:]...)
			}),
		},
		{
			Name: "byte-order-mark", Requirement: "PYR-TOK-02", Reason: "byte order mark",
			Story: "the text is written with an encoding that puts a byte order mark first",
			Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) { a.Body = append([]byte("\ufeff"), a.Body...) }),
		},
		{
			Name: "empty-token", Requirement: "PYR-TOK-03", Reason: "not blank",
			Story: "the token went into the cookie alone, and the body stays empty",
			Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) {
				a.Header.Set("Set-Cookie", "PyramidAuth="+string(a.Body))
				a.Body = nil
			}),
		},
		{
			Name: "latest-login-only", Requirement: "PYR-TOK-04", Reason: "the token of the first login",
			Story: "the server keeps one token a user, and a new login overwrites it",
			Apply: func(config *pyramid.Config) {
				config.Rules.Issue = func(c *pyramid.Call, account pyramid.Account) pyramid.Token {
					for _, old := range c.Tokens() {
						if old.Account.Name == account.Name {
							c.End(old)
						}
					}
					return c.Issue(account)
				}
			},
		},
		{
			Name: "admins-only", Requirement: "PYR-TOK-06", Reason: "no administrator",
			Story: "the rule for API calls, administrators alone, is applied to the login as well",
			Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) {
				if !a.Token.Account.Admin {
					a.Status, a.Body = http.StatusForbidden, []byte("administrators only")
				}
			}),
		},
	}
}

// methodFaults serve what is not POST.
func methodFaults() []Fault {
	accept := func(methods ...string) func(*pyramid.Config) {
		return func(config *pyramid.Config) {
			config.Rules.Method = func(c *pyramid.Call) bool {
				for _, method := range append(methods, http.MethodPost) {
					if c.Request.Method == method {
						return true
					}
				}
				return false
			}
		}
	}
	return []Fault{
		{
			Name: "get-accepted", Requirement: "PYR-TOK-05", Reason: "GET on the path",
			Story: "the route is registered for every method, and a link on a page logs its reader in",
			Apply: accept(http.MethodGet),
		},
		{
			Name: "put-accepted", Requirement: "PYR-TOK-05", Reason: "PUT on the path",
			Story: "the route is registered for every method with a body",
			Apply: accept(http.MethodPut, http.MethodPatch),
		},
		{
			Name: "patch-accepted", Requirement: "PYR-TOK-05", Reason: "PATCH on the path",
			Story: "a proxy that knows no PATCH passes it on as POST",
			Apply: accept(http.MethodPatch),
		},
		{
			Name: "delete-accepted", Requirement: "PYR-TOK-05", Reason: "DELETE on the path",
			Story: "the route is registered for every method, and a client's logout logs it in",
			Apply: accept(http.MethodDelete),
		},
		{
			Name: "get-server-error", Requirement: "PYR-TOK-05", Reason: "500",
			Story: "a request without a body runs into an exception where the method should have been refused",
			Apply: func(config *pyramid.Config) {
				config.Rules.Edit = func(c *pyramid.Call, a *pyramid.Answer) {
					if c.Request.Method == http.MethodGet {
						a.Status = http.StatusInternalServerError
					}
				}
			},
		},
	}
}
