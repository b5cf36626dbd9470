package adaxes

import (
	"net/http"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// errorFaults break what refusals look like.
func errorFaults() overrides {
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
	return overrides{
		"error-as-text-now-and-then": func(c *config) {
			nth := fault.Nth(5)
			said(func(a *answer) {
				if nth() {
					header("Content-Type", "text/plain; charset=utf-8")(a)
				}
			})(c)
		},
		"error-without-message":            said(drop("message")),
		"error-with-an-object-for-message": said(func(a *answer) { a.Members.Set("message", map[string]any{"en": a.Refusal.Message}) }),
		"error-without-code":               said(drop("code")),
		"model-state-on-403":               of(http.StatusForbidden, state),
		"model-state-on-404":               of(http.StatusNotFound, state),
		"model-state-on-401":               of(http.StatusUnauthorized, state),
		"model-state-as-a-list":            of(http.StatusBadRequest, set("modelState", []string{"The request is invalid."})),
		"inner-error-on-401":               of(http.StatusUnauthorized, told("The token is not valid.")),
		"inner-error-on-404":               of(http.StatusNotFound, told("The sequence is empty.")),
		"inner-error-on-400":               of(http.StatusBadRequest, told("The value is null.")),
		"inner-error-of-unknown-code": refused(ofLogin(adaxes.InvalidCredentials), func(r *refusal) {
			r.Inner.Code, r.Inner.AttemptsLeft = "wrongPassword", nil
		}),
		"inner-error-without-message": of(http.StatusForbidden, func(a *answer) {
			if in := a.Refusal.Inner; in != nil {
				inner(adaxes.Member{Name: "code", Value: in.Code})(a)
			}
		}),
		"attempts-left-with-another-code": refuse(func(_ *call, r *refusal) {
			if left := 3; r.Inner != nil {
				r.Inner.AttemptsLeft = &left
			}
		}),
		"attempts-left-as-text": of(http.StatusForbidden, func(a *answer) {
			if in := a.Refusal.Inner; in != nil && in.Code == adaxes.InvalidCredentials {
				a.Members.Set("innerError", adaxes.Members{{Name: "message", Value: in.Message}, {Name: "code", Value: in.Code},
					{Name: "attemptsLeft", Value: "four"}})
			}
		}),
	}
}

// refusalFaults are those of one kind of refusal alone, as where one handler of many was written apart.
func refusalFaults() overrides {
	all := overrides{}
	for name, kind := range map[string]adaxes.Kind{
		"refused-login": adaxes.Forbidden, "malformed-request": adaxes.BadRequest, "unauthorized-request": adaxes.Unauthorized,
		"unknown-session": adaxes.UnknownSession,
	} {
		of := func(change func(*answer)) override {
			return said(func(a *answer) {
				if a.Refusal.Kind == kind {
					change(a)
				}
			})
		}
		all[name+"-undescribed"] = of(body(func(string) string { return "" }))
		all[name+"-as-text"] = of(header("Content-Type", "text/plain; charset=utf-8"))
	}
	return all
}
