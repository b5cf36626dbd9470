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

// variants differ in what answers look like, and in what the server decides where the document leaves it open.
func variants() overrides {
	offering := func(schemes ...string) override { return func(c *config) { c.Schemes = schemes } }
	return overrides{
		"expires-at-iso": acquired("expiresAt", func(t token) any { return t.ExpiresAt.UTC().Format(time.RFC3339) }),
		"ends-in-whole-seconds": func(c *config) {
			c.Rules.Tokens.Acquire = func(c *call, of account) (token, *refusal) { return c.NewTokenFor(of, upToTheSecond(c)) }
			c.Rules.Tokens.Used = func(c *call, t token) { c.Extend(t, upToTheSecond(c)) }
		},
		"json-without-charset": seams.Edit(func(_ *call, a *answer) {
			if a.Members != nil {
				a.Header.Set("Content-Type", "application/json")
			}
		}),
		"release-with-body":     seams.Granted(aria.ReleaseToken, func(a *answer) { a.Members = map[string]any{"released": true} }),
		"ops-token":             offering(aria.SchemeOpsToken),
		"old-word-alone":        offering(aria.SchemeVRealizeOpsToken),
		"uses-lengthen-nothing": used(func(*call, token) {}),
		"short-tokens":          texts(func() string { return hex.EncodeToString(random.Bytes(8)) }),
		"long-tokens":           texts(func() string { return base64.StdEncoding.EncodeToString(random.Bytes(600)) }),
		"tokens-by-their-bytes": func(c *config) {
			texts(func() string { return base64.RawURLEncoding.EncodeToString(random.Bytes(33)) })(c)
			nearly(fault.SameBytes)(c)
		},
		"any-media-type": func(c *config) { c.Rules.Requests.MediaType = func(*call, string) bool { return true } },
		"release-always-ok": seams.Edit(func(c *call, a *answer) {
			if c.Operation == aria.ReleaseToken && a.Refusal != nil {
				a.Status, a.Members, a.Header = http.StatusOK, nil, http.Header{}
			}
		}),
		"json-alone":            seams.Wrap(fault.Before(func(r *http.Request) { r.Header.Del("Accept") })),
		"tokens-end-in-a-tilde": func(c *config) { c.Rules.Tokens.New = func() string { return random.GUID() + "~" } },
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
			seams.Edit(func(c *call, a *answer) { a.Header.Set("Date", c.Now.UTC().Format(http.TimeFormat)) })(c)
		},
	}
}

// upToTheSecond is a lifetime that ends with a whole second.
func upToTheSecond(c *call) time.Duration {
	return c.Now.Add(c.Lifetime()).Truncate(time.Second).Sub(c.Now)
}
