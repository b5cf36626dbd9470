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
func answerVariants() overrides {
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
	return overrides{
		"unauthorized-without-body": refusedWith("", ""),
		"unauthorized-in-html": refusedWith("text/html;charset=utf-8",
			"<!doctype html><html><title>Unauthorized</title><h1>HTTP Status 401</h1></html>"),
		"unauthorized-in-other-json": refusedWith("application/json", `{"type":"Error","message":"Unauthorized","moreInformation":[]}`),
		"extra-members": acquired(func(a *answer) {
			a.Members["tokenType"] = "opaque"
			a.Members["user"] = map[string]any{"id": "1", "links": []any{nil}}
		}),
		"no-expires-at":           acquired(drop("expiresAt")),
		"no-roles":                acquired(drop("roles")),
		"token-and-validity-only": acquired(drop("roles", "expiresAt")),
		"no-role-at-all":          acquired(set("roles", []string{})),
		"expires-at-iso":          acquired(func(a *answer) { a.Members["expiresAt"] = a.Token.ExpiresAt.UTC().Format(time.RFC3339) }),
		"validity-whole-seconds":  acquired(func(a *answer) { a.Members["validity"] = a.Token.ExpiresAt.Truncate(time.Second).UnixMilli() }),
		"json-without-charset": edit(func(_ *call, a *answer) {
			if a.Members != nil {
				a.Header.Set("Content-Type", "application/json")
			}
		}),
		"release-with-body": granted(aria.ReleaseToken, func(a *answer) { a.Members = map[string]any{"released": true} }),
	}
}

// decisionVariants differ in what the server decides where the document leaves it open.
func decisionVariants() overrides {
	offering := func(schemes ...string) override { return func(c *config) { c.Schemes = schemes } }
	return overrides{
		"both-schemes": offering(aria.SchemeVRealizeOpsToken, aria.SchemeOpsToken),
		"ops-token":    offering(aria.SchemeOpsToken),
		"short-tokens": texts(func() string { return hex.EncodeToString(random.Bytes(8)) }),
		"long-tokens":  texts(func() string { return base64.StdEncoding.EncodeToString(random.Bytes(600)) }),
		"malformed-unauthorized": refused(func(c *call, r *refusal) bool {
			return c.Operation == aria.AcquireToken && r.Status == http.StatusBadRequest
		}, func(r *refusal) { r.Status, r.Failures = http.StatusUnauthorized, nil }),
		"any-media-type": func(c *config) { c.Rules.Requests.MediaType = func(*call, string) bool { return true } },
		"release-always-ok": edit(func(c *call, a *answer) {
			if c.Operation == aria.ReleaseToken && a.Refusal != nil {
				a.Status, a.Members, a.Header = http.StatusOK, nil, http.Header{}
			}
		}),
		"json-alone": wrap(fault.Before(func(r *http.Request) { r.Header.Del("Accept") })),
		"signed-tokens": func(c *config) {
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
		"clock-ahead": func(c *config) {
			c.Clock = func() time.Time { return time.Now().Add(3 * time.Hour) }
			edit(func(c *call, a *answer) { a.Header.Set("Date", c.Now.UTC().Format(http.TimeFormat)) })(c)
		},
	}
}
