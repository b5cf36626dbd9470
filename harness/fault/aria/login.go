package aria

import (
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/reference/kernel"
)

// loginFaults let in who may not come in.
func loginFaults() []Fault {
	return slices.Concat(
		breaks("ARO-ACQ-08", "a wrong password gives no token", passwords("any-password")...),
		breaks("ARO-ACQ-09", "a password that nearly matches", passwords("password-in-any-case", "password-cut-short",
			"password-without-its-end", "password-trimmed", "empty-password")...),
		breaks("ARO-ACQ-10", "an unknown user gives no token", Fault{Name: "unknown-user-accepted",
			Story: "users are imported at their first login, before anybody asks the directory about them",
			Apply: func(c *config) {
				c.Rules.Login.Find = func(_ *call, source *aria.Source, username string) (account, bool) {
					if known, ok := source.Account(username); ok {
						return known, true
					}
					return account{ID: "imported", Source: source.Name, Username: username}, true
				}
				c.Rules.Login.Matches = func(_ *call, a account, given string) bool {
					return a.ID == "imported" || kernel.SamePassword(a.Password, given)
				}
			}}),
	)
}

// refusalFaults answer a failed authentication otherwise than 401.
func refusalFaults() []Fault {
	answered := func(status int) override { return refusedLogin(func(_ *call, r *refusal) { r.Status = status }) }
	return slices.Concat(
		breaks("ARO-ACQ-11", "403",
			Fault{Name: "password-in-another-case-forbidden", Story: "a client with Caps Lock on is told so, in an answer of its own",
				Apply: refusedPassword(func(right, given string) bool { return given != right && strings.EqualFold(right, given) })},
			Fault{Name: "password-cut-forbidden", Story: "a password that is too short for the policy is refused by the policy",
				Apply: refusedPassword(func(right, given string) bool {
					return given != "" && given != right && strings.HasPrefix(right, given)
				})},
			Fault{Name: "password-with-a-blank-forbidden", Story: "a blank at the end is refused by the check of the form, as a slip of the pen",
				Apply: refusedPassword(func(right, given string) bool { return given != right && strings.TrimSpace(given) == right })},
			Fault{Name: "wrong-password-forbidden",
				Story: "who is known and does not come near the password is taken for an attacker, and forbidden to try",
				Apply: refusedPassword(func(right, given string) bool {
					return !strings.HasPrefix(right, given) && !strings.EqualFold(right, strings.TrimSpace(given))
				})},
			Fault{Name: "failed-login-forbidden", Story: "a gateway before the server answers every refusal 403",
				Apply: answered(http.StatusForbidden)},
			Fault{Name: "failed-login-bad-request", Reason: "400", Story: "wrong credentials count as an invalid request",
				Apply: answered(http.StatusBadRequest)},
			Fault{Name: "failed-login-ok", Reason: "200", Story: "errors are reported in the body alone, with a status of 200",
				Apply: answered(http.StatusOK)},
			Fault{Name: "unknown-user-not-found", Reason: "404",
				Story: "the lookup of the user answers for itself, before any password is compared",
				Apply: refusedUnknown(func(r *refusal) { r.Status = http.StatusNotFound })}),
		breaks("ARO-ACQ-16", "apiErrorCode 1503", Fault{Name: "unknown-user-other-code",
			Story: "the error code says that the user does not exist, which helps users and those who guess names",
			Apply: refusedUnknown(func(r *refusal) { r.Code = 1503 })}),
	)
}

// malformedFaults take malformed requests for good ones, or fall over them.
func malformedFaults() []Fault {
	return slices.Concat(
		breaks("ARO-ACQ-13", "", crashes("username-missing-crashes", "username-null-crashes", "username-number-crashes",
			"username-boolean-crashes", "username-array-crashes", "username-object-crashes", "password-missing-crashes",
			"password-null-crashes", "password-number-crashes", "password-boolean-crashes", "password-array-crashes",
			"password-object-crashes", "empty-body-crashes", "malformed-json-crashes")...),
		breaks("ARO-ACQ-13", "500", Fault{Name: "missing-password-crashes",
			Story: "the password is used before anybody has looked whether there is one",
			Apply: refused(func(c *call, r *refusal) {
				form := fault.Object(c.Body)
				if _, given := form["password"]; c.Operation == aria.AcquireToken && !given && len(form) > 0 {
					crash(r)
				}
			})}),
		breaks("ARO-ACQ-13", "", mends("body-cut-accepted", "array-accepted", "password-array-accepted", "password-null-accepted",
			"username-blank-accepted")...),
	)
}

// methodFaults give tokens to other methods than POST.
func methodFaults() []Fault {
	return breaks("ARO-ACQ-14", "", methods("put-accepted", "delete-accepted", "get-accepted")...)
}

// disclosureFaults tell what nobody should be told.
func disclosureFaults() []Fault {
	const answer = "the answer to "
	return slices.Concat(
		breaks("ARO-ACQ-17", answer+"a good login does not repeat the password", echoes("password-in-token")...),
		breaks("ARO-ACQ-17", answer+"an unknown user does not repeat the password", echoes("password-in-error")...),
		breaks("ARO-ACQ-17", "the password, in its body", echoes("password-in-every-answer")...),
		breaks("ARO-ACQ-17", "the password, in its header X-Debug", echoes("password-in-header")...),
	)
}
