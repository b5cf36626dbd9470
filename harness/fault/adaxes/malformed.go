package adaxes

import (
	"net/http"
	"slices"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// malformedLoginFaults break what becomes of malformed session creations (ADX-SES-14 to ADX-SES-16).
func malformedLoginFaults() []Fault {
	return slices.Concat(
		breaks("ADX-SES-14", "", loginMends("login-body-cut-accepted", "login-array-accepted", "login-password-missing-accepted",
			"login-password-null-accepted", "login-password-boolean-accepted", "login-password-number-accepted",
			"login-password-object-accepted", "login-password-array-accepted", "login-username-missing-accepted",
			"login-username-null-accepted", "login-username-number-accepted", "login-username-boolean-accepted",
			"login-username-object-accepted", "login-username-array-accepted")...),
		breaks("ADX-SES-14", "", loginCrashes("login-empty-body-crashes", "login-username-null-crashes", "login-password-object-crashes")...),
		breaks("ADX-SES-14", answered,
			Fault{Name: "login-array-drops-the-connection", Reason: "a JSON array around the object" + answered,
				Story: "the worker process dies on a body that is no object",
				Apply: reading(func(c *call) (string, string, *refusal) {
					if fault.IsA[[]any](fault.Value(c.Body), true) {
						panic(http.ErrAbortHandler) // how a handler ends its connection without an answer
					}
					return c.Credentials()
				})},
			Fault{Name: "malformed-login-answered-200", Story: "errors are sent in a body with status 200",
				Apply: refuse(func(c *call, r *refusal) {
					if c.Operation == adaxes.CreateSession && r.Kind == adaxes.BadRequest {
						r.Status = http.StatusOK
					}
				})}),
		breaks("ADX-SES-15", "",
			Fault{Name: "malformed-login-422", Reason: "422", Story: "the framework answers a failed validation with 422",
				Apply: refused(adaxes.BadRequest, func(r *refusal) { r.Status, r.ModelState = http.StatusUnprocessableEntity, nil })},
			Fault{Name: "malformed-login-without-model-state", Reason: "modelState in the error",
				Story: "details are kept from clients in production",
				Apply: refused(adaxes.BadRequest, func(r *refusal) { r.ModelState = nil })}),
		breaks("ADX-SES-16", "a body sent as text/plain", Fault{Name: "login-media-type-ignored",
			Story: "the body is parsed whatever its media type, which lets other sites' forms log in",
			Apply: func(c *config) { c.Rules.Requests.MediaType = func(*call, string) bool { return true } }}),
	)
}
