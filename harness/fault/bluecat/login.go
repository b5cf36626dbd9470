package bluecat

import (
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

// loginFaults let in who should stay out, and break what is good practice around a login.
var loginFaults = overrides{
	"unknown-user-created": func(c *config) {
		c.Rules.Login.Unknown = func(_ *call, name string) (user, bool) { return user{ID: 100999, Name: name}, true }
	},
	"json-for-anything": negotiating(func(_ *call, accept string) (string, bool) {
		if strings.TrimSpace(accept) == "*/*" || accept == "" {
			return bluecat.JSON, true
		}
		return bluecat.Negotiate(accept)
	}),
	"hal-whatever-is-asked": negotiating(func(*call, string) (string, bool) { return bluecat.HAL, true }),
	"json-refused": negotiating(func(_ *call, accept string) (string, bool) {
		mediaType, ok := bluecat.Negotiate(accept)
		return mediaType, ok && mediaType == bluecat.HAL
	}),
	"json-with-links": func(c *config) { c.Rules.Answers.Links = func(string) bool { return true } },
	"unknown-members-refused": credentials(func(c *call) (string, string, *refusal) {
		if len(fault.Object(c.Body)) > 2 {
			return "", "", &refusal{Status: http.StatusBadRequest, Code: bluecat.InvalidFieldValue, Message: "There is an unknown field."}
		}
		return c.Credentials()
	}),
	"token-of-the-user": func(c *config) {
		token := bluecat.RandomToken()
		c.Rules.Sessions.NewToken = func(*call, user) string { return token }
	},
}
