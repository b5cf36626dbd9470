package pyramid

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/reference/winauth"
)

// variants differ where the document leaves it open.
func variants() []Variant {
	mediaType := func(name string) func(*pyramid.Config) {
		return issued(func(_ *pyramid.Call, a *pyramid.Answer) { a.Header["Content-Type"] = []string{name} })
	}
	return []Variant{
		{Name: "trailing-newline", Story: "the text is written as a line", Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) {
			a.Body = append(a.Body, '\n')
		})},
		{Name: "trailing-crlf", Story: "the text is written as a line of Windows", Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) {
			a.Body = append(a.Body, '\r', '\n')
		})},
		{Name: "text-html", Story: "the framework's default media type stands on the token", Apply: mediaType("text/html; charset=utf-8")},
		{Name: "json-media-type", Story: "every answer is labelled application/json, the bare token too", Apply: mediaType("application/json")},
		{Name: "octet-stream", Story: "the token is sent as bytes", Apply: mediaType("application/octet-stream")},
		{Name: "no-media-type", Story: "the answer has no Content-Type", Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) {
			a.Header["Content-Type"] = nil // present and empty: net/http then guesses none
		})},
		{Name: "cookie", Story: "the token is set as the cookie PyramidAuth as well", Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) {
			a.Header.Set("Set-Cookie", (&http.Cookie{Name: "PyramidAuth", Value: a.Token.Text, Path: "/", HttpOnly: true}).String())
		})},
		{Name: "long-token", Story: "the token holds the user's groups, and is long", Apply: func(config *pyramid.Config) {
			config.Rules.NewToken = func() string { return random.Token(4096) }
		}},
		{Name: "ntlm-only", Story: "Negotiate is taken off the server's list of providers", Apply: func(config *pyramid.Config) {
			config.Rules.Schemes = []string{winauth.SchemeNTLM}
		}},
		{Name: "negotiate-only", Story: "NTLM is taken off the server's list of providers, and lives on under Negotiate", Apply: func(config *pyramid.Config) {
			config.Rules.Schemes = []string{winauth.SchemeNegotiate}
		}},
		{Name: "schemes-in-one-line", Story: "a proxy joins the lines of WWW-Authenticate", Apply: func(config *pyramid.Config) {
			config.Rules.Edit = func(_ *pyramid.Call, a *pyramid.Answer) {
				if lines := a.Header["Www-Authenticate"]; len(lines) > 1 {
					a.Header["Www-Authenticate"] = []string{strings.Join(lines, ", ")}
				}
			}
		}},
		{Name: "stays-logged-in", Story: "a connection that has logged in stays so, as under IIS", Apply: func(config *pyramid.Config) {
			config.Rules.Persistent = true
		}},
		{Name: "closes-connection", Story: "the connection is closed behind the token", Apply: issued(func(_ *pyramid.Call, a *pyramid.Answer) {
			a.Header.Set("Connection", "close")
		})},
		{Name: "empty-refusal", Story: "a refusal has no body", Apply: func(config *pyramid.Config) {
			config.Rules.Edit = func(_ *pyramid.Call, a *pyramid.Answer) {
				if a.Status/100 == 4 {
					a.Body = nil
					delete(a.Header, "Content-Type")
				}
			}
		}},
		{Name: "null-body-only", Story: "a strict reader takes the sample's null and no other body", Apply: func(config *pyramid.Config) {
			config.Rules.Body = func(c *pyramid.Call) bool { return string(c.Body) == "null" }
		}},
		{Name: "case-sensitive-path", Story: "a proxy before the server tells API2 and api2 apart", Apply: func(config *pyramid.Config) {
			config.Rules.Route = func(c *pyramid.Call) pyramid.Operation {
				if !strings.HasPrefix(c.Request.URL.Path, pyramid.BasePath+"/") {
					return pyramid.NoOperation
				}
				return c.Route()
			}
		}},
		{Name: "non-admin-calls", Story: "the call is open to accounts that are no administrators", Apply: func(config *pyramid.Config) {
			config.Rules.Issue = func(c *pyramid.Call, account pyramid.Account) pyramid.Token {
				account.Admin = true
				return c.Issue(account)
			}
		}},
		{Name: "chunked", Story: "answers are sent in chunks, without a length", Apply: func(config *pyramid.Config) {
			config.Rules.Wrap = fault.Chunked(func(body []byte) [][]byte { return slices.Collect(slices.Chunk(body, 7)) })
		}},
		{Name: "password-a-plain-word", Story: "the account of a laboratory has a password that stands in many texts without being repeated",
			Apply: func(config *pyramid.Config) { config.Password = func() string { return "password" } }},
		{Name: "password-a-number", Story: "the account has a number for a password, as kiosks and telephones do",
			Apply: func(config *pyramid.Config) { config.Password = func() string { return "20251" } }},
		{Name: "slow", Story: "the domain controller is far away", Apply: func(config *pyramid.Config) {
			config.Latency += 40 * time.Millisecond
		}},
	}
}
