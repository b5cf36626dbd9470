package adaxes

import (
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// errorFaults break what refusals look like (ADX-ERR-01 to ADX-ERR-06).
func errorFaults() []Fault {
	of := func(code int, change func(*answer)) override {
		return said(func(a *answer) {
			if a.Status == code {
				change(a)
			}
		})
	}
	inner := func(members ...adaxes.Member) func(*answer) { return set("innerError", adaxes.Members(members)) }
	mediaType := func(value string) func(*answer) { return func(a *answer) { a.Header.Set("Content-Type", value) } }
	state := map[string][]string{"request": {"The request is invalid."}}
	crashesOn := func(strange func(text string) bool) override {
		return admit(func(c *call) *refusal {
			if c.Operation == adaxes.Probe && strange(c.Request.Header.Get("Adm-Authorization")) {
				return crash()
			}
			return nil
		})
	}
	const crashes = "an answer that is not 5xx"
	return append(refusalFaults(), []Fault{
		{Name: "error-without-body", Requirement: "ADX-ERR-01", Story: "the framework's own refusals have no body", Reason: "an empty body",
			Apply: said(body(func(string) string { return "" }))},
		{Name: "error-of-white-space", Requirement: "ADX-ERR-01", Story: "the error page is an empty template", Reason: "nothing but white space",
			Apply: said(body(func(string) string { return "\r\n" }))},
		{Name: "quote-crashes", Requirement: "ADX-ERR-02", Story: "the token is written into a query", Reason: crashes,
			Apply: crashesOn(func(text string) bool { return strings.Contains(text, "'") })},
		{Name: "percent-crashes", Requirement: "ADX-ERR-02", Story: "the token is decoded as if it stood in a URL", Reason: crashes,
			Apply: crashesOn(func(text string) bool { return strings.Contains(text, "%") })},
		{Name: "scheme-crashes", Requirement: "ADX-ERR-02", Story: "what is not base64 is not caught", Reason: crashes,
			Apply: crashesOn(func(text string) bool { return strings.Contains(text, " ") })},
		{Name: "long-token-crashes", Requirement: "ADX-ERR-02", Story: "the column for tokens is too narrow, and the error of the database is not caught", Reason: crashes,
			Apply: crashesOn(func(text string) bool { return len(text) > 4000 })},

		{Name: "error-as-text", Requirement: "ADX-ERR-03", Story: "the message is sent alone", Reason: "media type",
			Apply: said(func(a *answer) {
				a.Body = []byte(a.Refusal.Message)
				mediaType("text/plain; charset=utf-8")(a)
			})},
		{Name: "error-as-page", Requirement: "ADX-ERR-03", Story: "the web server answers in place of the application", Reason: "text/html",
			Apply: said(func(a *answer) {
				a.Body = []byte("<!DOCTYPE html><title>" + a.Refusal.Message + "</title>")
				mediaType("text/html")(a)
			})},
		{Name: "error-as-text-now-and-then", Requirement: "ADX-ERR-03", Story: "every fifth node has an older filter for errors", Reason: "media type",
			Apply: func(c *config) {
				nth := fault.Nth(5)
				said(func(a *answer) {
					if nth() {
						a.Body = []byte(a.Refusal.Message)
						mediaType("text/plain; charset=utf-8")(a)
					}
				})(c)
			}},
		{Name: "error-without-message", Requirement: "ADX-ERR-03", Story: "messages are kept from clients in production", Reason: "/message", Apply: said(drop("message"))},
		{Name: "error-with-an-object-for-message", Requirement: "ADX-ERR-03", Story: "messages come in several languages", Reason: "/message",
			Apply: said(func(a *answer) { a.Members.Set("message", map[string]any{"en": a.Refusal.Message}) })},
		{Name: "error-without-code", Requirement: "ADX-ERR-03", Story: "the status says enough", Reason: "/code", Apply: said(drop("code"))},
		{Name: "error-in-an-array", Requirement: "ADX-ERR-03", Story: "there may be several errors", Reason: "an array", Apply: said(body(func(s string) string { return "[" + s + "]" }))},
		{Name: "error-cut-short", Requirement: "ADX-ERR-03", Story: "the length is counted in characters of another encoding, and the end is lost", Reason: "malformed JSON",
			Apply: said(body(func(s string) string { return s[:len(s)-1] }))},

		{Name: "model-state-on-403", Requirement: "ADX-ERR-04", Story: "the base class of errors has the member", Reason: "/modelState",
			Apply: of(http.StatusForbidden, set("modelState", state))},
		{Name: "model-state-on-404", Requirement: "ADX-ERR-04", Story: "the base class of errors has the member", Reason: "/modelState",
			Apply: of(http.StatusNotFound, set("modelState", state))},
		{Name: "model-state-on-401", Requirement: "ADX-ERR-04", Story: "the base class of errors has the member", Reason: "/modelState",
			Apply: of(http.StatusUnauthorized, set("modelState", state))},
		{Name: "model-state-as-a-list", Requirement: "ADX-ERR-04", Story: "the messages are listed without the members that they are about", Reason: "/modelState",
			Apply: of(http.StatusBadRequest, set("modelState", []string{"The request is invalid."}))},
		{Name: "inner-error-on-401", Requirement: "ADX-ERR-05", Story: "the reason of a refused token is told in the same way", Reason: "/innerError",
			Apply: of(http.StatusUnauthorized, inner(adaxes.Member{Name: "message", Value: "The token is not valid."}, adaxes.Member{Name: "code", Value: "accessDenied"}))},
		{Name: "inner-error-on-404", Requirement: "ADX-ERR-05", Story: "the exception is told with the one inside it", Reason: "/innerError",
			Apply: of(http.StatusNotFound, inner(adaxes.Member{Name: "message", Value: "The sequence is empty."}, adaxes.Member{Name: "code", Value: "accessDenied"}))},
		{Name: "inner-error-on-400", Requirement: "ADX-ERR-05", Story: "the exception is told with the one inside it", Reason: "/innerError",
			Apply: of(http.StatusBadRequest, inner(adaxes.Member{Name: "message", Value: "The value is null."}, adaxes.Member{Name: "code", Value: "accessDenied"}))},
		{Name: "inner-error-of-unknown-code", Requirement: "ADX-ERR-05", Story: "a code of a later release", Reason: "/innerError/code",
			Apply: refusedLogin(adaxes.InvalidCredentials, func(r *refusal) { r.Inner.Code, r.Inner.AttemptsLeft = "wrongPassword", nil })},
		{Name: "inner-error-without-message", Requirement: "ADX-ERR-05", Story: "the message is only logged", Reason: "/innerError/message",
			Apply: of(http.StatusForbidden, func(a *answer) {
				if in := a.Refusal.Inner; in != nil {
					a.Members.Set("innerError", adaxes.Members{{Name: "code", Value: in.Code}})
				}
			})},
		{Name: "attempts-left-with-another-code", Requirement: "ADX-ERR-06", Story: "the counter is told with every refused login", Reason: "/innerError/attemptsLeft",
			Apply: refuse(func(_ *call, r *refusal) {
				if left := 3; r.Inner != nil {
					r.Inner.AttemptsLeft = &left
				}
			})},
		{Name: "attempts-left-as-text", Requirement: "ADX-ERR-06", Story: "numbers are formatted for people", Reason: "/innerError/attemptsLeft",
			Apply: of(http.StatusForbidden, func(a *answer) {
				if in := a.Refusal.Inner; in != nil && in.Code == adaxes.InvalidCredentials {
					inner(adaxes.Member{Name: "message", Value: in.Message}, adaxes.Member{Name: "code", Value: in.Code}, adaxes.Member{Name: "attemptsLeft", Value: "four"})(a)
				}
			})},
	}...)
}

// refusalFaults are those of one kind of refusal alone, as where one handler of many was written apart.
func refusalFaults() []Fault {
	var faults []Fault
	for _, kind := range []struct {
		name, story string
		kind        adaxes.Kind
	}{
		{"refused-login", "the login's own filter answers before the one that describes errors", adaxes.Forbidden},
		{"malformed-request", "the check of the model answers before the filter that describes errors", adaxes.BadRequest},
		{"unauthorized-request", "the check of the token stands in front of the filter that describes errors", adaxes.Unauthorized},
		{"unknown-session", "the store's own answer is passed on", adaxes.UnknownSession},
	} {
		of := func(change func(*answer)) override {
			return said(func(a *answer) {
				if a.Refusal.Kind == kind.kind {
					change(a)
				}
			})
		}
		faults = append(faults,
			Fault{Name: kind.name + "-undescribed", Requirement: "ADX-ERR-01", Story: kind.story, Reason: "an empty body",
				Apply: of(body(func(string) string { return "" }))},
			Fault{Name: kind.name + "-as-text", Requirement: "ADX-ERR-03", Story: kind.story, Reason: "media type",
				Apply: of(func(a *answer) {
					a.Body = []byte(a.Refusal.Message)
					a.Header.Set("Content-Type", "text/plain; charset=utf-8")
				})})
	}
	return faults
}
