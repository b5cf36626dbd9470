package pyramid

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"

	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/harness/reference/random"
)

// answerFaults break the answer to a good login.
func answerFaults() []Fault {
	const soap = `<string xmlns="http://schemas.microsoft.com/2003/10/Serialization/">`
	return slices.Concat(
		seams.Statuses("token", pyramid.Authenticate, 3)("PYR-TOK-01", "", "token-created-201"),
		breaks("PYR-TOK-02", "a base64 string as it stands",
			Fault{Name: "json-quotes", Reason: "a string in JSON quotes",
				Story: "the framework serializes the string as JSON; a client that uses the text unparsed embeds the quotes",
				Apply: sent("application/json", strconv.Quote)},
			Fault{Name: "json-object", Reason: "a JSON object", Story: "a newer style guide wraps every result in an object with data",
				Apply: sent("application/json", func(text string) string { return `{"data":` + strconv.Quote(text) + `}` })},
			Fault{Name: "xml-string", Reason: "markup", Story: "an older web service stack wraps the string in an XML element",
				Apply: sent("application/xml", func(text string) string { return soap + text + `</string>` })},
			Fault{Name: "login-page", Reason: "markup",
				Story: "behind a balancer, one node of three shows its login page with 200 in place of the answer",
				Apply: seams.EveryGranted(3, pyramid.Authenticate, func(a *answer) {
					a.Header.Set("Content-Type", "text/html")
					a.Body = []byte("<!DOCTYPE html><html><body><form>Log in</form></body></html>")
				})},
			Fault{Name: "hex", Story: "the token is written in hexadecimal, with hyphens as .NET's BitConverter writes it",
				Apply: texts(func() string {
					text := hex.EncodeToString([]byte(random.Token(24)))
					for i := 2; i < len(text); i += 3 {
						text = text[:i] + "-" + text[i:]
					}
					return text
				})},
			Fault{Name: "url-safe", Story: "the token is written in the URL-safe alphabet, which is no base64 to .NET",
				Apply: texts(func() string { return base64.RawURLEncoding.EncodeToString(random.Bytes(64)) })},
			Fault{Name: "line-wrapped", Reason: "white space", Story: "an encoder for mail breaks the string after 76 characters",
				Apply: rewritten(func(text string) string { return text[:76] + "\r\n" + text[76:] })},
			Fault{Name: "byte-order-mark", Reason: "byte order mark",
				Story: "the text is written with an encoding that puts a byte order mark first",
				Apply: rewritten(func(text string) string { return "\ufeff" + text })}),
		breaks("PYR-TOK-03", "not blank", Fault{Name: "empty-token", Story: "the token went into the cookie alone, and the body stays empty",
			Apply: issued(cookie, func(a *answer) { a.Body = nil })}),
		births("PYR-TOK-04", "the token of the first login", "token-ended-by-the-next"),
		breaks("PYR-TOK-06", "no administrator", Fault{Name: "admins-only",
			Story: "the rule for API calls, administrators alone, is applied to the login as well",
			Apply: issued(func(a *answer) {
				if !a.Token.Account.Admin {
					a.Status, a.Body = http.StatusForbidden, []byte("administrators only")
				}
			})}),
	)
}

// methodFaults serve what is not POST.
func methodFaults() []Fault {
	return append(methods("PYR-TOK-05", "", "get-accepted", "put-accepted", "patch-accepted", "delete-accepted"),
		breaks("PYR-TOK-05", "500", Fault{Name: "get-server-error",
			Story: "a request without a body runs into an exception where the method should have been refused",
			Apply: failing(http.StatusInternalServerError, func(c *call, _ *answer) bool { return c.Request.Method == http.MethodGet })})...)
}
