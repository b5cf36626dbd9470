package bluecat

import (
	"net/http"
	"slices"

	"example.org/conform/harness/reference/bluecat"
)

// errorFaults break how a refusal is described (BCT-ERR-02 to BCT-ERR-08).
func errorFaults() []Fault {
	return slices.Concat(undescribedFaults(),
		loginRefusals("wrong-password", true)("BCT-ERR-02", "", "wrong-password-403"),
		loginRefusals("stranger", false)("BCT-ERR-02", "", "stranger-404"),
		refusals("wrong-credentials", bluecat.InvalidUsernameOrPassword)("BCT-ERR-02", "", "wrong-credentials-403", "wrong-credentials-400"),
		breaks("BCT-ERR-03", "",
			Fault{Name: "error-without-body", Reason: "a body that is not blank", Story: "errors are raised before the serializer is set up",
				Apply: onErrors(blank)},
			Fault{Name: "error-as-problem", Reason: "application/problem+json", Story: "errors follow RFC 9457 since the last release",
				Apply: onErrors(header("Content-Type", "application/problem+json"))},
			Fault{Name: "error-as-hal", Reason: "application/hal+json", Story: "errors are sent as whatever the client accepts",
				Apply: onErrors(header("Content-Type", bluecat.HAL))},
			Fault{Name: "error-status-as-text", Reason: "/status", Story: "the status is written with its reason",
				Apply: onErrors(set("status", "401 Unauthorized"))},
			Fault{Name: "error-status-of-another", Reason: "that of the answer", Story: "the body is written before the status is decided",
				Apply: onErrors(set("status", http.StatusInternalServerError))},
			Fault{Name: "error-without-code", Reason: "/code", Story: "codes came with a later release", Apply: onErrors(drop("code"))},
			Fault{Name: "error-without-message", Reason: "/message", Story: "messages are kept for the log", Apply: onErrors(drop("message"))}),
		errorBodies("BCT-ERR-03", "", "error-as-page"),
		breaks("BCT-ERR-04", "InvalidUsernameOrPassword",
			Fault{Name: "code-of-a-wrong-password-renamed", Story: "the comparison of passwords has an error of its own",
				Apply: onLogin(true, code("InvalidPassword"))},
			Fault{Name: "code-of-an-unknown-user-renamed", Story: "the look-up of the user has an error of its own",
				Apply: onLogin(false, code("UserNotFound"))},
			Fault{Name: "code-of-a-login-renamed", Story: "the authenticator's own code is passed on",
				Apply: onRefusal(bluecat.InvalidUsernameOrPassword, code("AuthenticationFailed"))}),
		breaks("BCT-ERR-05", "",
			Fault{Name: "code-of-a-token-renamed", Reason: "InvalidAuthorizationToken", Story: "the framework refuses before the API can say why",
				Apply: onRefusal(bluecat.InvalidAuthorizationToken, code("Unauthorized"))},
			Fault{Name: "code-of-no-header-renamed", Reason: "InvalidAuthorizationCredentials",
				Story: "the framework refuses before the API can say why",
				Apply: onRefusal(bluecat.InvalidAuthorizationCredentials, code("Unauthorized"))}),
		breaks("BCT-ERR-06", "EmptyRequestBody", Fault{Name: "code-of-an-empty-body-lost",
			Story: "an empty body goes through the parser like any other",
			Apply: onRefusal(bluecat.EmptyRequestBody, code(bluecat.JSONParseError))}),
		breaks("BCT-ERR-07", "JsonParseError", Fault{Name: "code-of-malformed-json-lost", Story: "the framework's own code is passed on",
			Apply: onRefusal(bluecat.JSONParseError, code("BadRequest"))}),
		breaks("BCT-ERR-08", "MissingRequiredField", Fault{Name: "code-of-a-missing-field-lost", Story: "the framework's own code is passed on",
			Apply: onRefusal(bluecat.MissingRequiredField, code("BadRequest"))}),
	)
}

// undescribedFaults send one kind of refusal without its body, as where one handler of many was written apart.
func undescribedFaults() []Fault {
	var faults []Fault
	for _, kind := range []struct {
		name, story string
		code        bluecat.Code
	}{
		{"refused-login", "the login's own filter answers before the one that describes errors", bluecat.InvalidUsernameOrPassword},
		{"missing-credentials", "the web server asks for credentials before the API is reached", bluecat.InvalidAuthorizationCredentials},
		{"wrong-token", "the check of the token stands in front of the filter that describes errors", bluecat.InvalidAuthorizationToken},
		{"empty-body", "a request without a body never reaches the API's own code", bluecat.EmptyRequestBody},
		{"malformed-json", "the parser's own answer is passed on", bluecat.JSONParseError},
		{"missing-field", "the check of the model answers before the filter that describes errors", bluecat.MissingRequiredField},
	} {
		faults = append(faults, Fault{
			Name: kind.name + "-undescribed", Requirement: "BCT-ERR-03", Reason: "a body that is not blank", Story: kind.story,
			Apply: onErrors(func(a *answer) {
				if a.Refusal.Code == kind.code {
					blank(a)
				}
			}),
		})
	}
	return faults
}
