package bluecat

import (
	"net/http"

	"example.org/conform/harness/reference/bluecat"
)

// errorFaults break how a refusal is described.
var errorFaults = overrides{
	"error-without-body":               onErrors(blank),
	"error-as-problem":                 onErrors(header("Content-Type", "application/problem+json")),
	"error-as-hal":                     onErrors(header("Content-Type", bluecat.HAL)),
	"error-status-as-text":             onErrors(set("status", "401 Unauthorized")),
	"error-status-of-another":          onErrors(set("status", http.StatusInternalServerError)),
	"error-without-code":               onErrors(drop("code")),
	"error-without-message":            onErrors(drop("message")),
	"code-of-a-wrong-password-renamed": refuse(loginBy(true), code("InvalidPassword")),
	"code-of-an-unknown-user-renamed":  refuse(loginBy(false), code("UserNotFound")),
	"code-of-a-login-renamed":          refuse(coded(bluecat.InvalidUsernameOrPassword), code("AuthenticationFailed")),
	"code-of-a-token-renamed":          refuse(coded(bluecat.InvalidAuthorizationToken), code("Unauthorized")),
	"code-of-no-header-renamed":        refuse(coded(bluecat.InvalidAuthorizationCredentials), code("Unauthorized")),
	"code-of-an-empty-body-lost":       refuse(coded(bluecat.EmptyRequestBody), code(bluecat.JSONParseError)),
	"code-of-malformed-json-lost":      refuse(coded(bluecat.JSONParseError), code("BadRequest")),
	"code-of-a-missing-field-lost":     refuse(coded(bluecat.MissingRequiredField), code("BadRequest")),
}

// undescribedFaults send one kind of refusal without its body, as where one handler of many was written apart.
func undescribedFaults() overrides {
	only := func(code bluecat.Code) override {
		return onErrors(func(a *answer) {
			if a.Refusal.Code == code {
				blank(a)
			}
		})
	}
	return overrides{
		"refused-login-undescribed":       only(bluecat.InvalidUsernameOrPassword),
		"missing-credentials-undescribed": only(bluecat.InvalidAuthorizationCredentials),
		"wrong-token-undescribed":         only(bluecat.InvalidAuthorizationToken),
		"empty-body-undescribed":          only(bluecat.EmptyRequestBody),
		"malformed-json-undescribed":      only(bluecat.JSONParseError),
		"missing-field-undescribed":       only(bluecat.MissingRequiredField),
	}
}
