package aria

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/reference/random"
)

// answerVariants differ in what answers look like.
func answerVariants() []Variant {
	refusedWith := func(contentType, text string) override {
		return edit(func(_ *call, a *answer) {
			if a.Status != http.StatusUnauthorized {
				return
			}
			a.Members, a.Body = nil, nil
			if text != "" {
				a.Body = []byte(text)
				a.Header.Set("Content-Type", contentType)
			}
		})
	}
	onToken := func(change func(*answer)) override { return granted(aria.AcquireToken, change) }
	return []Variant{
		{
			Name: "unauthorized-without-body", Story: "The document says that a 401 has no data structure.",
			Apply: refusedWith("", ""),
		},
		{
			Name: "unauthorized-in-html", Story: "The servlet container writes its own page for a 401.",
			Apply: refusedWith("text/html;charset=utf-8", "<!doctype html><html><title>Unauthorized</title><h1>HTTP Status 401</h1></html>"),
		},
		{
			Name: "unauthorized-in-other-json", Story: "Releases differ in how they describe an error.",
			Apply: refusedWith("application/json", `{"type":"Error","message":"Unauthorized","moreInformation":[]}`),
		},
		{
			Name: "extra-members", Story: "A later release says more than the document; clients ignore what they do not know.",
			Apply: onToken(func(a *answer) {
				a.Members["tokenType"] = "opaque"
				a.Members["user"] = map[string]any{"id": "1", "links": []any{nil}}
			}),
		},
		{Name: "no-expires-at", Story: "expiresAt is optional.", Apply: onToken(drop("expiresAt"))},
		{Name: "no-roles", Story: "roles is optional.", Apply: onToken(drop("roles"))},
		{Name: "token-and-validity-only", Story: "Two members are required, and no more are sent.", Apply: onToken(drop("roles", "expiresAt"))},
		{Name: "no-role-at-all", Story: "The user has no role, and the list is empty.", Apply: onToken(set("roles", []string{}))},
		{
			Name: "expires-at-iso", Story: "The document leaves open how expiresAt is written.",
			Apply: onToken(func(a *answer) { a.Members["expiresAt"] = a.Token.ExpiresAt.UTC().Format(time.RFC3339) }),
		},
		{
			Name: "validity-whole-seconds", Story: "The end of a token is kept in seconds and stated in milliseconds.",
			Apply: onToken(func(a *answer) { a.Members["validity"] = a.Token.ExpiresAt.Truncate(time.Second).UnixMilli() }),
		},
		{
			Name: "json-without-charset", Story: "JSON needs no charset (RFC 8259, 8.1).",
			Apply: edit(func(_ *call, a *answer) {
				if a.Members != nil {
					a.Header.Set("Content-Type", "application/json")
				}
			}),
		},
		{
			Name: "media-type-in-capitals", Story: "Media types know no letter case (RFC 9110, 8.3.1).",
			Apply: onToken(header("Content-Type", "Application/JSON; Charset=UTF-8")),
		},
		{
			Name: "release-with-body", Story: "The document of the release does not say that there is no body.",
			Apply: granted(aria.ReleaseToken, func(a *answer) { a.Members = map[string]any{"released": true} }),
		},
		{
			Name: "indented-json", Story: "White space between the tokens of JSON means nothing.",
			Apply: onToken(body(func(text string) string {
				return "\n" + strings.NewReplacer(`{"`, "{\n  \"", `,"`, ",\n  \"", `":`, `" : `).Replace(text) + "\r\n"
			})),
		},
	}
}

// decisionVariants differ in what the server decides where the document leaves it open.
func decisionVariants() []Variant {
	texts := func(make func() string) override { return func(c *config) { c.Rules.Tokens.New = make } }
	return []Variant{
		{
			Name: "both-schemes", Story: "Releases of the change-over know the old word and the new one.",
			Apply: func(c *config) { c.Schemes = []string{aria.SchemeVRealizeOpsToken, aria.SchemeOpsToken} },
		},
		{
			Name: "ops-token", Story: "Newer releases know the new word alone.",
			Apply: func(c *config) { c.Schemes = []string{aria.SchemeOpsToken} },
		},
		{
			Name: "short-tokens", Story: "Nothing is said of a token's length.",
			Apply: texts(func() string { return hex.EncodeToString(random.Bytes(8)) }),
		},
		{
			Name: "long-tokens", Story: "Tokens can be signed documents of some length.",
			Apply: texts(func() string { return base64.StdEncoding.EncodeToString(random.Bytes(600)) }),
		},
		{
			Name: "malformed-unauthorized", Story: "Without usable credentials nobody is authenticated, and that is answered 401.",
			Apply: refused(func(c *call, r *refusal) {
				if c.Operation == aria.AcquireToken && r.Status == http.StatusBadRequest {
					r.Status, r.Failures = http.StatusUnauthorized, nil
				}
			}),
		},
		{
			Name: "any-media-type", Story: "The server reads a body as JSON whatever it is called.",
			Apply: func(c *config) { c.Rules.Requests.MediaType = func(*call, string) bool { return true } },
		},
		{
			Name: "release-always-ok", Story: "The release of a token that is not there has nothing left to do.",
			Apply: edit(func(c *call, a *answer) {
				if c.Operation == aria.ReleaseToken && a.Refusal != nil {
					a.Status, a.Members, a.Header = http.StatusOK, nil, http.Header{}
				}
			}),
		},
		{
			Name: "json-alone", Story: "XML is not offered, whatever the client accepts.",
			Apply: wrap(fault.Before(func(r *http.Request) { r.Header.Del("Accept") })),
		},
		{
			Name: "signed-tokens", Story: "A token carries its own check, and one that fails it is refused unseen.",
			Apply: func(c *config) {
				check := func(text string) string {
					sum := sha256.Sum256([]byte(text))
					return text + "." + hex.EncodeToString(sum[:])
				}
				c.Rules.Tokens.New = func() string { return check(hex.EncodeToString(random.Bytes(16))) }
				c.Rules.Tokens.Find = func(c *call, text string) (token, bool) {
					if before, _, found := strings.Cut(text, "."); !found || check(before) != text {
						return token{}, false
					}
					return c.Token(text)
				}
			},
		},
	}
}

// wireVariants differ in how answers travel.
func wireVariants() []Variant {
	const ahead = 3 * time.Hour
	onAll := func(change func(*fault.Response)) override {
		return wrap(fault.On(fault.Always, func(_ *http.Request, a *fault.Response) { change(a) }))
	}
	return []Variant{
		{
			Name: "chunked", Story: "Bodies are sent in chunks, as servers do that write before they are done.",
			Apply: wrap(fault.Chunked(func(body []byte) [][]byte { return [][]byte{body[:len(body)/2], body[len(body)/2:]} })),
		},
		{
			Name: "connection-close", Story: "The server closes the connection after each answer.",
			Apply: onAll(func(a *fault.Response) { a.Header.Set("Connection", "close") }),
		},
		{
			Name: "password-a-plain-word", Story: "The account of a laboratory has a password that stands in many texts without being repeated.",
			Apply: func(c *config) { c.Password = func() string { return "password" } },
		},
		{
			Name: "password-a-number", Story: "The account has a number for a password, as kiosks and telephones do.",
			Apply: func(c *config) { c.Password = func() string { return "20251" } },
		},
		{
			Name: "latency", Story: "The server is 300 ms away.", Long: true,
			Apply: func(c *config) { c.Latency = 300 * time.Millisecond },
		},
		{
			Name: "no-date", Story: "A server without a clock that it trusts sends no Date (RFC 9110, 6.6.1).",
			Apply: onAll(func(a *fault.Response) { a.Header["Date"] = nil }),
		},
		{
			Name: "clock-ahead", Story: "The server's clock is three hours ahead, in its Date too.",
			Apply: func(c *config) {
				c.Clock = func() time.Time { return time.Now().Add(ahead) }
				onAll(func(a *fault.Response) {
					a.Header.Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
				})(c)
			},
		},
	}
}
