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
	return []Variant{
		{Name: "unauthorized-without-body", Story: "the document says that a 401 has no data structure", Apply: refusedWith("", "")},
		{Name: "unauthorized-in-html", Story: "the servlet container writes its own page for a 401",
			Apply: refusedWith("text/html;charset=utf-8", "<!doctype html><html><title>Unauthorized</title><h1>HTTP Status 401</h1></html>")},
		{Name: "unauthorized-in-other-json", Story: "releases differ in how they describe an error",
			Apply: refusedWith("application/json", `{"type":"Error","message":"Unauthorized","moreInformation":[]}`)},
		{Name: "extra-members", Story: "a later release says more than the document; clients ignore what they do not know",
			Apply: acquired(func(a *answer) {
				a.Members["tokenType"] = "opaque"
				a.Members["user"] = map[string]any{"id": "1", "links": []any{nil}}
			})},
		{Name: "no-expires-at", Story: "expiresAt is optional", Apply: acquired(drop("expiresAt"))},
		{Name: "no-roles", Story: "roles is optional", Apply: acquired(drop("roles"))},
		{Name: "token-and-validity-only", Story: "two members are required, and no more are sent", Apply: acquired(drop("roles", "expiresAt"))},
		{Name: "no-role-at-all", Story: "the user has no role, and the list is empty", Apply: acquired(set("roles", []string{}))},
		{Name: "expires-at-iso", Story: "the document leaves open how expiresAt is written",
			Apply: acquired(func(a *answer) { a.Members["expiresAt"] = a.Token.ExpiresAt.UTC().Format(time.RFC3339) })},
		{Name: "validity-whole-seconds", Story: "the end of a token is kept in seconds and stated in milliseconds",
			Apply: acquired(func(a *answer) { a.Members["validity"] = a.Token.ExpiresAt.Truncate(time.Second).UnixMilli() })},
		{Name: "json-without-charset", Story: "JSON needs no charset (RFC 8259, 8.1)",
			Apply: edit(func(_ *call, a *answer) {
				if a.Members != nil {
					a.Header.Set("Content-Type", "application/json")
				}
			})},
		{Name: "release-with-body", Story: "the document of the release does not say that there is no body",
			Apply: granted(aria.ReleaseToken, func(a *answer) { a.Members = map[string]any{"released": true} })},
	}
}

// decisionVariants differ in what the server decides where the document leaves it open.
func decisionVariants() []Variant {
	offering := func(schemes ...string) override { return func(c *config) { c.Schemes = schemes } }
	return []Variant{
		{Name: "both-schemes", Story: "releases of the change-over know the old word and the new one",
			Apply: offering(aria.SchemeVRealizeOpsToken, aria.SchemeOpsToken)},
		{Name: "ops-token", Story: "newer releases know the new word alone", Apply: offering(aria.SchemeOpsToken)},
		{Name: "short-tokens", Story: "nothing is said of a token's length",
			Apply: texts(func() string { return hex.EncodeToString(random.Bytes(8)) })},
		{Name: "long-tokens", Story: "tokens can be signed documents of some length",
			Apply: texts(func() string { return base64.StdEncoding.EncodeToString(random.Bytes(600)) })},
		{Name: "malformed-unauthorized", Story: "without usable credentials nobody is authenticated, and that is answered 401",
			Apply: refused(func(c *call, r *refusal) {
				if c.Operation == aria.AcquireToken && r.Status == http.StatusBadRequest {
					r.Status, r.Failures = http.StatusUnauthorized, nil
				}
			})},
		{Name: "any-media-type", Story: "the server reads a body as JSON whatever it is called",
			Apply: func(c *config) { c.Rules.Requests.MediaType = func(*call, string) bool { return true } }},
		{Name: "release-always-ok", Story: "the release of a token that is not there has nothing left to do",
			Apply: edit(func(c *call, a *answer) {
				if c.Operation == aria.ReleaseToken && a.Refusal != nil {
					a.Status, a.Members, a.Header = http.StatusOK, nil, http.Header{}
				}
			})},
		{Name: "json-alone", Story: "XML is not offered, whatever the client accepts",
			Apply: wrap(fault.Before(func(r *http.Request) { r.Header.Del("Accept") }))},
		{Name: "signed-tokens", Story: "a token carries its own check, and one that fails it is refused unseen",
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
			}},
		{Name: "clock-ahead", Story: "the server's clock is three hours ahead, in its Date too",
			Apply: func(c *config) {
				c.Clock = func() time.Time { return time.Now().Add(3 * time.Hour) }
				edit(func(c *call, a *answer) { a.Header.Set("Date", c.Now.UTC().Format(http.TimeFormat)) })(c)
			}},
	}
}
