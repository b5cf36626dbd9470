package aria

import (
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/reference/kernel"
)

// loginFaults let in who may not come in, answer a failed authentication otherwise than 401, and fall over malformed requests.
var loginFaults = overrides{
	"unknown-user-accepted": func(c *config) {
		c.Rules.Login.Find = func(_ *call, source *aria.Source, username string) (account, bool) {
			if known, ok := source.Account(username); ok {
				return known, true
			}
			return account{ID: "imported", Source: source.Name, Username: username}, true
		}
		c.Rules.Login.Matches = func(_ *call, a account, given string) bool {
			return a.ID == "imported" || kernel.SamePassword(a.Password, given)
		}
	},
	"password-in-another-case-forbidden": refusedPassword(func(right, given string) bool {
		return given != right && strings.EqualFold(right, given)
	}),
	"password-cut-forbidden": refusedPassword(func(right, given string) bool {
		return given != "" && given != right && strings.HasPrefix(right, given)
	}),
	"password-with-a-blank-forbidden": refusedPassword(func(right, given string) bool {
		return given != right && strings.TrimSpace(given) == right
	}),
	"wrong-password-forbidden": refusedPassword(func(right, given string) bool {
		return !strings.HasPrefix(right, given) && !strings.EqualFold(right, strings.TrimSpace(given))
	}),
	"missing-password-crashes": seams.RefuseWhere(func(c *call, _ *refusal) bool {
		form := fault.Object(c.Body)
		_, given := form["password"]
		return c.Operation == aria.AcquireToken && !given && len(form) > 0
	}, restated(http.StatusInternalServerError)),
}
