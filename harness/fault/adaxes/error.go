package adaxes

import (
	"net/http"
	"slices"

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
	told := func(message string) func(*answer) {
		return inner(adaxes.Member{Name: "message", Value: message}, adaxes.Member{Name: "code", Value: "accessDenied"})
	}
	state := set("modelState", map[string][]string{"request": {"The request is invalid."}})
	const base, exception = "the base class of errors has the member", "the exception is told with the one inside it"
	bodies := seams.Bodies("error", said)
	return slices.Concat(refusalFaults(),
		bodies("ADX-ERR-01", "", "error-without-body", "error-of-white-space"),
		strange("ADX-ERR-02", "an answer that is not 5xx", "quote-crashes", "percent-crashes", "scheme-crashes", "long-token-crashes"),
		bodies("ADX-ERR-03", "", "error-as-text", "error-as-page", "error-in-an-array", "error-cut-short"),
		breaks("ADX-ERR-03", "/message",
			Fault{Name: "error-as-text-now-and-then", Reason: "media type", Story: "every fifth node has an older filter for errors",
				Apply: func(c *config) {
					nth := fault.Nth(5)
					said(func(a *answer) {
						if nth() {
							header("Content-Type", "text/plain; charset=utf-8")(a)
						}
					})(c)
				}},
			Fault{Name: "error-without-message", Story: "messages are kept from clients in production", Apply: said(drop("message"))},
			Fault{Name: "error-with-an-object-for-message", Story: "messages come in several languages",
				Apply: said(func(a *answer) { a.Members.Set("message", map[string]any{"en": a.Refusal.Message}) })},
			Fault{Name: "error-without-code", Reason: "/code", Story: "the status says enough", Apply: said(drop("code"))}),
		breaks("ADX-ERR-04", "/modelState",
			Fault{Name: "model-state-on-403", Story: base, Apply: of(http.StatusForbidden, state)},
			Fault{Name: "model-state-on-404", Story: base, Apply: of(http.StatusNotFound, state)},
			Fault{Name: "model-state-on-401", Story: base, Apply: of(http.StatusUnauthorized, state)},
			Fault{Name: "model-state-as-a-list", Story: "the messages are listed without the members that they are about",
				Apply: of(http.StatusBadRequest, set("modelState", []string{"The request is invalid."}))}),
		breaks("ADX-ERR-05", "/innerError",
			Fault{Name: "inner-error-on-401", Story: "the reason of a refused token is told in the same way",
				Apply: of(http.StatusUnauthorized, told("The token is not valid."))},
			Fault{Name: "inner-error-on-404", Story: exception, Apply: of(http.StatusNotFound, told("The sequence is empty."))},
			Fault{Name: "inner-error-on-400", Story: exception, Apply: of(http.StatusBadRequest, told("The value is null."))},
			Fault{Name: "inner-error-of-unknown-code", Reason: "/innerError/code", Story: "a code of a later release",
				Apply: refusedLogin(adaxes.InvalidCredentials, func(r *refusal) { r.Inner.Code, r.Inner.AttemptsLeft = "wrongPassword", nil })},
			Fault{Name: "inner-error-without-message", Reason: "/innerError/message", Story: "the message is only logged",
				Apply: of(http.StatusForbidden, func(a *answer) {
					if in := a.Refusal.Inner; in != nil {
						inner(adaxes.Member{Name: "code", Value: in.Code})(a)
					}
				})}),
		breaks("ADX-ERR-06", "/innerError/attemptsLeft",
			Fault{Name: "attempts-left-with-another-code", Story: "the counter is told with every refused login",
				Apply: refuse(func(_ *call, r *refusal) {
					if left := 3; r.Inner != nil {
						r.Inner.AttemptsLeft = &left
					}
				})},
			Fault{Name: "attempts-left-as-text", Story: "numbers are formatted for people",
				Apply: of(http.StatusForbidden, func(a *answer) {
					if in := a.Refusal.Inner; in != nil && in.Code == adaxes.InvalidCredentials {
						a.Members.Set("innerError", adaxes.Members{{Name: "message", Value: in.Message}, {Name: "code", Value: in.Code},
							{Name: "attemptsLeft", Value: "four"}})
					}
				})}),
	)
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
			Fault{Name: kind.name + "-undescribed", Requirement: "ADX-ERR-01", Reason: "an empty body", Story: kind.story,
				Apply: of(body(func(string) string { return "" }))},
			Fault{Name: kind.name + "-as-text", Requirement: "ADX-ERR-03", Reason: "media type", Story: kind.story,
				Apply: of(header("Content-Type", "text/plain; charset=utf-8"))})
	}
	return faults
}
