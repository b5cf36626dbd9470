package bluecat

import (
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

// passwordFaults let in who should stay out (BCT-SES-18, BCT-SES-19).
func passwordFaults() []Fault {
	return slices.Concat(
		passwords("BCT-SES-18", "a wrong password gives no session", "any-password"),
		passwords("BCT-SES-18", "a password that nearly matches gives no session", "empty-password", "password-in-any-case",
			"password-cut-short", "password-without-its-end", "password-trimmed"),
		passwords("BCT-SES-18", "gives no session", "third-wrong-password"),
		breaks("BCT-SES-19", "an unknown user gives no session", Fault{Name: "unknown-user-created",
			Story: "users of a directory are made at their first login, before it has been asked",
			Apply: func(c *config) {
				c.Rules.Login.Unknown = func(_ *call, name string) (user, bool) { return user{ID: 100999, Name: name}, true }
			}}),
	)
}

// malformedFaults break what a request gets that is no login (BCT-SES-20).
func malformedFaults() []Fault {
	return slices.Concat(
		crashes("BCT-SES-20", "", "username-missing-crashes", "username-null-crashes", "username-number-crashes", "username-boolean-crashes",
			"username-array-crashes", "username-object-crashes", "password-missing-crashes", "password-null-crashes", "password-number-crashes",
			"password-boolean-crashes", "password-array-crashes", "password-object-crashes", "empty-body-crashes", "malformed-json-crashes"),
		refusals("missing-field", bluecat.MissingRequiredField)("BCT-SES-20", "", "missing-field-crashes"),
		mends("BCT-SES-20", "", "password-missing-accepted", "array-accepted", "body-cut-accepted"),
	)
}

// habitFaults break what is good practice around a login (BCT-SES-21, BCT-SES-22, BCT-SES-24 to BCT-SES-27).
func habitFaults() []Fault {
	return slices.Concat(
		breaks("BCT-SES-21", "media type application/hal+json", Fault{Name: "json-for-anything",
			Story: "the order of the media types changed, and the first one is the default",
			Apply: negotiating(func(_ *call, accept string) (string, bool) {
				if strings.TrimSpace(accept) == "*/*" || accept == "" {
					return bluecat.JSON, true
				}
				return bluecat.Negotiate(accept)
			})}),
		breaks("BCT-SES-22", "",
			Fault{Name: "hal-whatever-is-asked", Reason: "media type application/json", Story: "nobody looks at Accept",
				Apply: negotiating(func(*call, string) (string, bool) { return bluecat.HAL, true })},
			Fault{Name: "json-refused", Reason: "406", Story: "only one media type is registered for the resource",
				Apply: negotiating(func(_ *call, accept string) (string, bool) {
					mediaType, ok := bluecat.Negotiate(accept)
					return mediaType, ok && mediaType == bluecat.HAL
				})},
			Fault{Name: "json-with-links", Reason: "no _links", Story: "the same object is written under both names",
				Apply: func(c *config) { c.Rules.Answers.Links = func(string) bool { return true } }}),
		breaks("BCT-SES-24", "the members type and conform", Fault{Name: "unknown-members-refused",
			Story: "the parser is set to fail on members that it does not know",
			Apply: credentials(func(c *call) (string, string, *refusal) {
				if len(fault.Object(c.Body)) > 2 {
					return "", "", &refusal{Status: http.StatusBadRequest, Code: bluecat.InvalidFieldValue, Message: "There is an unknown field."}
				}
				return c.Credentials()
			})}),
		births("BCT-SES-25", "two requests of createSession", "session-handed-out-again"),
		breaks("BCT-SES-25", "two requests of createSession give two sessions", Fault{Name: "token-of-the-user",
			Story: "the token is made of the user's name and a secret of the server",
			Apply: func(c *config) {
				token := bluecat.RandomToken()
				c.Rules.Sessions.NewToken = func(*call, user) string { return token }
			}}),
		echoes("BCT-SES-26", "the password, in its body", "password-in-error", "password-in-session"),
		breaks("BCT-SES-27", "also for an unknown account",
			Fault{Name: "unknown-user-404", Story: "the user is looked up as any other resource",
				Apply: onLogin(false, func(_ *call, r *refusal) { r.Status, r.Code = http.StatusNotFound, bluecat.ResourceNotFound })},
			Fault{Name: "wrong-password-named", Story: "the message is meant to help",
				Apply: onLogin(true, func(_ *call, r *refusal) { r.Message = "The password is wrong." })}),
	)
}
