package pyramid

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"

	"example.org/conform/harness/reference/random"
)

// answerFaults break the answer to a good login, and to what is not POST.
func answerFaults() overrides {
	const soap = `<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/">`
	return overrides{
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
	}
}
