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
		passwords("ARO-ACQ-08", "a wrong password gives no token", "any-password"),
		passwords("ARO-ACQ-09", "a password that nearly matches", "password-in-any-case", "password-cut-short", "password-without-its-end",
			"password-trimmed", "empty-password"),
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
	failed := seams.Refusals("failed-login", func(change func(*refusal)) override {
		return refusedLogin(func(_ *call, r *refusal) { change(r) })
	})
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
				})}),
		failed("ARO-ACQ-11", "", "failed-login-403", "failed-login-400", "failed-login-answered-200"),
		seams.Refusals("unknown-user", refusedUnknown)("ARO-ACQ-11", "", "unknown-user-404"),
		breaks("ARO-ACQ-16", "apiErrorCode 1503", Fault{Name: "unknown-user-other-code",
			Story: "the error code says that the user does not exist, which helps users and those who guess names",
			Apply: refusedUnknown(func(r *refusal) { r.Code = 1503 })}),
	)
}

// malformedFaults take malformed requests for good ones, or fall over them.
func malformedFaults() []Fault {
	return slices.Concat(
		crashes("ARO-ACQ-13", "", "username-missing-crashes", "username-null-crashes", "username-number-crashes", "username-boolean-crashes",
			"username-array-crashes", "username-object-crashes", "password-missing-crashes", "password-null-crashes", "password-number-crashes",
			"password-boolean-crashes", "password-array-crashes", "password-object-crashes", "empty-body-crashes", "malformed-json-crashes"),
		breaks("ARO-ACQ-13", "500", Fault{Name: "missing-password-crashes",
			Story: "the password is used before anybody has looked whether there is one",
			Apply: refused(func(c *call, r *refusal) {
				form := fault.Object(c.Body)
				if _, given := form["password"]; c.Operation == aria.AcquireToken && !given && len(form) > 0 {
					seams.Restate(r, http.StatusInternalServerError)
				}
			})}),
		mends("ARO-ACQ-13", "", "body-cut-accepted", "array-accepted", "password-array-accepted", "password-null-accepted",
			"username-blank-accepted"),
	)
}

// methodFaults give tokens to other methods than POST.
func methodFaults() []Fault {
	return methods("ARO-ACQ-14", "", "put-accepted", "patch-accepted", "delete-accepted", "get-accepted")
}

// disclosureFaults tell what nobody should be told.
func disclosureFaults() []Fault {
	const answer = "the answer to "
	return slices.Concat(
		echoes("ARO-ACQ-17", answer+"a good login does not repeat the password", "password-in-token"),
		echoes("ARO-ACQ-17", answer+"an unknown account does not repeat the password", "password-in-error"),
		echoes("ARO-ACQ-17", "the password, in its body", "password-in-every-answer"),
		echoes("ARO-ACQ-17", "the password, in its header X-Debug", "password-in-header"),
	)
}
