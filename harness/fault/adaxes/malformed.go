package adaxes

import (
	"net/http"
	"slices"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// malformedLoginFaults break what becomes of malformed session creations (ADX-SES-14 to ADX-SES-16).
func malformedLoginFaults() []Fault {
	malformed := seams.Refusals("malformed-login", func(change func(*refusal)) override {
		return refused(adaxes.BadRequest, change, func(c *call) bool { return c.Operation == adaxes.CreateSession })
	})
	return slices.Concat(
		loginMends("ADX-SES-14", "", "login-body-cut-accepted", "login-array-accepted", "password-missing-accepted",
			"password-null-accepted", "password-boolean-accepted", "password-number-accepted", "password-object-accepted",
			"password-array-accepted", "username-missing-accepted", "username-null-accepted", "username-number-accepted",
			"username-boolean-accepted", "username-object-accepted", "username-array-accepted"),
		loginCrashes("ADX-SES-14", "", "login-empty-body-crashes", "username-null-crashes", "password-object-crashes"),
		breaks("ADX-SES-14", answered, Fault{Name: "login-array-drops-the-connection", Reason: "a JSON array around the object" + answered,
			Story: "the worker process dies on a body that is no object",
			Apply: reading(func(c *call) (string, string, *refusal) {
				if fault.IsA[[]any](fault.Value(c.Body), true) {
					panic(http.ErrAbortHandler) // how a handler ends its connection without an answer
				}
				return c.Credentials()
			})}),
		malformed("ADX-SES-14", answered, "malformed-login-answered-200"),
		malformed("ADX-SES-15", "", "malformed-login-422"),
		breaks("ADX-SES-15", "", Fault{Name: "malformed-login-without-model-state", Reason: "modelState in the error",
			Story: "details are kept from clients in production", Apply: refused(adaxes.BadRequest, func(r *refusal) { r.ModelState = nil })}),
		breaks("ADX-SES-16", "a body sent as text/plain", Fault{Name: "login-media-type-ignored",
			Story: "the body is parsed whatever its media type, which lets other sites' forms log in",
			Apply: func(c *config) { c.Rules.Requests.MediaType = func(*call, string) bool { return true } }}),
	)
}
