package pyramid

import (
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
	mediaType := func(names ...string) override { return issued(header("Content-Type", names...)) }
	providers := func(schemes ...string) override { return func(c *config) { c.Rules.Schemes = schemes } }
	return []Variant{
		{Name: "trailing-newline", Story: "the text is written as a line", Apply: rewritten(func(text string) string { return text + "\n" })},
		{Name: "trailing-crlf", Story: "the text is written as a line of Windows",
			Apply: rewritten(func(text string) string { return text + "\r\n" })},
		{Name: "text-html", Story: "the framework's default media type stands on the token", Apply: mediaType("text/html; charset=utf-8")},
		{Name: "json-media-type", Story: "every answer is labelled application/json, the bare token too", Apply: mediaType("application/json")},
		{Name: "octet-stream", Story: "the token is sent as bytes", Apply: mediaType("application/octet-stream")},
		{Name: "no-media-type", Story: "the answer has no Content-Type", Apply: mediaType()},
		{Name: "cookie", Story: "the token is set as the cookie PyramidAuth as well", Apply: issued(cookie)},
		{Name: "long-token", Story: "the token holds the user's groups, and is long",
			Apply: texts(func() string { return random.Token(4096) })},
		{Name: "ntlm-only", Story: "Negotiate is taken off the server's list of providers", Apply: providers(winauth.SchemeNTLM)},
		{Name: "negotiate-only", Story: "NTLM is taken off the server's list of providers, and lives on under Negotiate",
			Apply: providers(winauth.SchemeNegotiate)},
		{Name: "schemes-in-one-line", Story: "a proxy joins the lines of WWW-Authenticate",
			Apply: edit(func(_ *call, a *answer) {
				if lines := a.Header["Www-Authenticate"]; len(lines) > 1 {
					a.Header["Www-Authenticate"] = []string{strings.Join(lines, ", ")}
				}
			})},
		{Name: "stays-logged-in", Story: "a connection that has logged in stays so, as under IIS",
			Apply: func(c *config) { c.Rules.Persistent = true }},
		{Name: "closes-connection", Story: "the connection is closed behind the token", Apply: issued(header("Connection", "close"))},
		{Name: "empty-refusal", Story: "a refusal has no body",
			Apply: edit(func(_ *call, a *answer) {
				if a.Status/100 == 4 {
					a.Body = nil
					delete(a.Header, "Content-Type")
				}
			})},
		{Name: "null-body-only", Story: "a strict reader takes the sample's null and no other body",
			Apply: func(c *config) { c.Rules.Body = func(c *call) bool { return string(c.Body) == "null" } }},
		{Name: "case-sensitive-path", Story: "a proxy before the server tells API2 and api2 apart",
			Apply: func(c *config) {
				c.Rules.Route = func(c *call) pyramid.Operation {
					if !strings.HasPrefix(c.Request.URL.Path, pyramid.BasePath+"/") {
						return pyramid.NoOperation
					}
					return c.Route()
				}
			}},
		{Name: "non-admin-calls", Story: "the call is open to accounts that are no administrators",
			Apply: issuing(func(c *call, a account) token {
				a.Admin = true
				return c.Issue(a)
			})},
		{Name: "chunked", Story: "answers are sent in chunks, without a length",
			Apply: seams.Wrap(fault.Chunked(func(body []byte) [][]byte { return slices.Collect(slices.Chunk(body, 7)) }))},
		{Name: "slow", Story: "the domain controller is far away", Apply: func(c *config) { c.Latency += 40 * time.Millisecond }},
	}
}
