package bluecat

import (
	"net/http"

	"example.org/conform/harness/reference/bluecat"
)

// errorFaults break how a refusal is described (BCT-ERR-02 to BCT-ERR-08).
func errorFaults() []Fault {
	wrongPassword := func(_ *call, r *refusal) bool { return r.KnownUser }
	unknownUser := func(_ *call, r *refusal) bool { return !r.KnownUser }
	login := func(is func(*call, *refusal) bool, change func(*call, *refusal)) override {
		return onRefusal(bluecat.InvalidUsernameOrPassword, func(c *call, r *refusal) {
			if is(c, r) {
				change(c, r)
			}
		})
	}
	return append(undescribedFaults(), []Fault{
		{Name: "wrong-password-403", Requirement: "BCT-ERR-02", Story: "who is known and may not come in is forbidden to", Reason: "403",
			Apply: login(wrongPassword, status(http.StatusForbidden))},
		{Name: "stranger-404", Requirement: "BCT-ERR-02", Story: "the look-up of the user answers for itself", Reason: "404",
			Apply: login(unknownUser, status(http.StatusNotFound))},
		{Name: "code-of-a-wrong-password-renamed", Requirement: "BCT-ERR-04", Story: "the comparison of passwords has an error of its own", Reason: "InvalidUsernameOrPassword",
			Apply: login(wrongPassword, code("InvalidPassword"))},
		{Name: "code-of-an-unknown-user-renamed", Requirement: "BCT-ERR-04", Story: "the look-up of the user has an error of its own", Reason: "InvalidUsernameOrPassword",
			Apply: login(unknownUser, code("UserNotFound"))},
		{Name: "wrong-credentials-403", Requirement: "BCT-ERR-02", Story: "whoever may not log in is forbidden to", Reason: "403",
			Apply: onRefusal(bluecat.InvalidUsernameOrPassword, status(http.StatusForbidden))},
		{Name: "wrong-credentials-400", Requirement: "BCT-ERR-02", Story: "every error of a login is one of its request", Reason: "400",
			Apply: onRefusal(bluecat.InvalidUsernameOrPassword, status(http.StatusBadRequest))},
		{Name: "error-without-body", Requirement: "BCT-ERR-03", Story: "errors are raised before the serializer is set up", Reason: "a body that is not blank",
			Apply: onErrors(func(a *answer) {
				a.Members = nil
				a.Header.Del("Content-Type")
			})},
		{Name: "error-as-html", Requirement: "BCT-ERR-03", Story: "the web server's own page stands in for the error", Reason: "text/html",
			Apply: onErrors(func(a *answer) {
				a.Header.Set("Content-Type", "text/html; charset=utf-8")
				a.Body = []byte("<html><body><h1>" + http.StatusText(a.Status) + "</h1></body></html>")
			})},
		{Name: "error-as-problem", Requirement: "BCT-ERR-03", Story: "errors follow RFC 9457 since the last release", Reason: "application/problem+json",
			Apply: onErrors(func(a *answer) { a.Header.Set("Content-Type", "application/problem+json") })},
		{Name: "error-as-hal", Requirement: "BCT-ERR-03", Story: "errors are sent as whatever the client accepts", Reason: "application/hal+json",
			Apply: onErrors(func(a *answer) { a.Header.Set("Content-Type", bluecat.HAL) })},
		{Name: "error-status-as-text", Requirement: "BCT-ERR-03", Story: "the status is written with its reason", Reason: "/status",
			Apply: onErrors(func(a *answer) { a.Members.Set("status", "401 Unauthorized") })},
		{Name: "error-status-of-another", Requirement: "BCT-ERR-03", Story: "the body is written before the status is decided", Reason: "that of the answer",
			Apply: onErrors(func(a *answer) { a.Members.Set("status", http.StatusInternalServerError) })},
		{Name: "error-without-code", Requirement: "BCT-ERR-03", Story: "codes came with a later release", Reason: "/code",
			Apply: onErrors(func(a *answer) { a.Members.Drop("code") })},
		{Name: "error-without-message", Requirement: "BCT-ERR-03", Story: "messages are kept for the log", Reason: "/message",
			Apply: onErrors(func(a *answer) { a.Members.Drop("message") })},
		{Name: "code-of-a-login-renamed", Requirement: "BCT-ERR-04", Story: "the authenticator's own code is passed on", Reason: "InvalidUsernameOrPassword",
			Apply: onRefusal(bluecat.InvalidUsernameOrPassword, code("AuthenticationFailed"))},
		{Name: "code-of-a-token-renamed", Requirement: "BCT-ERR-05", Story: "the framework refuses before the API can say why", Reason: "InvalidAuthorizationToken",
			Apply: onRefusal(bluecat.InvalidAuthorizationToken, code("Unauthorized"))},
		{Name: "code-of-no-header-renamed", Requirement: "BCT-ERR-05", Story: "the framework refuses before the API can say why", Reason: "InvalidAuthorizationCredentials",
			Apply: onRefusal(bluecat.InvalidAuthorizationCredentials, code("Unauthorized"))},
		{Name: "code-of-an-empty-body-lost", Requirement: "BCT-ERR-06", Story: "an empty body goes through the parser like any other", Reason: "EmptyRequestBody",
			Apply: onRefusal(bluecat.EmptyRequestBody, code(bluecat.JSONParseError))},
		{Name: "code-of-malformed-json-lost", Requirement: "BCT-ERR-07", Story: "the framework's own code is passed on", Reason: "JsonParseError",
			Apply: onRefusal(bluecat.JSONParseError, code("BadRequest"))},
		{Name: "code-of-a-missing-field-lost", Requirement: "BCT-ERR-08", Story: "the framework's own code is passed on", Reason: "MissingRequiredField",
			Apply: onRefusal(bluecat.MissingRequiredField, code("BadRequest"))},
	}...)
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
			Name: kind.name + "-undescribed", Requirement: "BCT-ERR-03", Story: kind.story, Reason: "a body that is not blank",
			Apply: onErrors(func(a *answer) {
				if a.Refusal.Code == kind.code {
					a.Members = nil
					a.Header.Del("Content-Type")
				}
			}),
		})
	}
	return faults
}
