package adaxes

import (
	"net/http"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// malformedLoginFaults break what becomes of malformed session creations.
var malformedLoginFaults = overrides{
	"login-array-drops-the-connection": reading(func(c *call) (string, string, *refusal) {
		if fault.IsA[[]any](fault.Value(c.Body), true) {
			panic(http.ErrAbortHandler) // how a handler ends its connection without an answer
		}
		return c.Credentials()
	}),
	"malformed-login-without-model-state": refused(ofKind(adaxes.BadRequest), func(r *refusal) { r.ModelState = nil }),
	"login-media-type-ignored":            func(c *config) { c.Rules.Requests.MediaType = func(*call, string) bool { return true } },
}
