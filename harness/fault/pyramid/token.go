package pyramid

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/random"
)

// tokenFaults break the answer to a good login, and what its token opens.
func tokenFaults() overrides {
	const soap = `<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/">`
	// admitting lets calls whose auth is of a kind pass as the administrator's; it is empty where there is none.
	admitting := func(is func(auth string) bool) override {
		return func(c *config) {
			c.Rules.Authorize = func(c *call, auth json.RawMessage) (account, bool) {
				if of, ok := c.Authorize(auth); ok {
					return of, true
				}
				return c.Accounts().Admin, is(string(auth))
			}
		}
	}
	return overrides{
		"viewers-call-answered": func(c *config) {
			c.Rules.Authorize = func(c *call, auth json.RawMessage) (account, bool) {
				of, ok := c.Authorize(auth)
				of.Admin = ok
				return of, ok
			}
		},
		"json-quotes": sent("application/json", strconv.Quote),
		"json-object": sent("application/json", func(text string) string { return `{"data":` + strconv.Quote(text) + `}` }),
		"xml-string":  sent("application/xml", func(text string) string { return soap + text + `</string>` }),
		"hex": texts(func() string {
			text := hex.EncodeToString([]byte(random.Token(24)))
			for i := 2; i < len(text); i += 3 {
				text = text[:i] + "-" + text[i:]
			}
			return text
		}),
		"url-safe":        texts(func() string { return base64.RawURLEncoding.EncodeToString(random.Bytes(64)) }),
		"line-wrapped":    rewritten(func(text string) string { return text[:76] + "\r\n" + text[76:] }),
		"byte-order-mark": rewritten(func(text string) string { return "\ufeff" + text }),
		"empty-token":     issued(func(a *answer) { cookie(a); a.Body = nil }),
		"admins-only": issued(func(a *answer) {
			if !a.Token.Account.Admin {
				a.Status, a.Body = http.StatusForbidden, []byte("administrators only")
			}
		}),

		// Which tokens open the API.
		"dead-token":          finding(func(*call, string) (token, bool) { return token{}, false }),
		"no-auth-accepted":    admitting(func(auth string) bool { return auth == "" }),
		"null-auth-accepted":  admitting(func(auth string) bool { return auth == "null" }),
		"empty-auth-accepted": admitting(func(auth string) bool { return auth == `""` }),
		"made-up-accepted": admitting(func(auth string) bool {
			raw, err := base64.StdEncoding.DecodeString(strings.Trim(auth, `"`))
			return err == nil && len(raw) > 16
		}),
		"any-of-the-right-length": finding(func(c *call, text string) (token, bool) {
			found, known := c.FindToken(text)
			if known || len(c.Tokens(func(t token) bool { return fault.OneApart(t.Text, text) })) > 0 {
				return found, known
			}
			return fault.First(c.Tokens(func(t token) bool { return len(t.Text) == len(text) }))
		}),
	}
}
