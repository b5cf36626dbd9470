package bluecat

import (
	"net/http"
	"slices"

	"example.org/conform/harness/reference/bluecat"
)

// currentFaults break the reading of the current session (BCT-AUT-09).
func currentFaults() []Fault {
	return breaks("BCT-AUT-09", "",
		Fault{Name: "current-unknown", Reason: "404", Story: "the word is taken for an id",
			Apply: refusedFor(bluecat.GetCurrentSession, http.StatusNotFound, bluecat.ResourceNotFound)},
		Fault{Name: "current-is-the-newest", Reason: "the current session's id", Story: "the current session is the user's latest",
			Apply: onAnswer(func(c *call, a *answer) {
				var newest int64
				for _, s := range c.Sessions(func(session) bool { return true }) {
					newest = max(newest, s.ID)
				}
				if c.Operation == bluecat.GetCurrentSession && a.Refusal == nil {
					a.Members.Set("id", newest)
				}
			})},
		Fault{Name: "current-without-type", Reason: "/type", Story: "reading uses another serializer than the login",
			Apply: granted(bluecat.GetCurrentSession, drop("type"))})
}

// logoutFaults break logging out (BCT-OUT-01 to BCT-OUT-04).
func logoutFaults() []Fault {
	logout, ofCurrent, byID := ends("logout", ending), ends("logout-of-the-current", endingBy(bluecat.PatchCurrentSession)),
		ends("logout-by-id", endingBy(bluecat.PatchSession))
	return slices.Concat(
		seams.Statuses("logout", bluecat.PatchCurrentSession, 2)("BCT-OUT-01", "", "logout-answered-204"),
		breaks("BCT-OUT-01", "405", Fault{Name: "logout-not-allowed", Story: "a web server in front lets GET and POST pass alone",
			Apply: refusedFor(bluecat.PatchCurrentSession, http.StatusMethodNotAllowed, bluecat.MethodNotAllowed)}),
		seams.Statuses("logout-by-id", bluecat.PatchSession, 2)("BCT-OUT-02", "", "logout-by-id-answered-202"),
		breaks("BCT-OUT-02", "404", Fault{Name: "logout-by-id-unknown", Story: "sessions are found by token alone",
			Apply: refusedFor(bluecat.PatchSession, http.StatusNotFound, bluecat.ResourceNotFound)}),
		logout("BCT-OUT-03", "logged out", "logout-does-nothing"),
		ofCurrent("BCT-OUT-03", "logged out as the current one", "logout-of-the-current-does-nothing"),
		byID("BCT-OUT-03", "logged out by its id", "logout-by-id-does-nothing"),
		logout("BCT-OUT-04", "another session of the user", "logout-ends-all"),
		ofCurrent("BCT-OUT-04", "another session of the user", "logout-of-the-current-ends-all"),
		byID("BCT-OUT-04", "another session of the user", "logout-by-id-ends-all"),
	)
}

// expiryFaults break the end of a token (BCT-EXP-01, BCT-EXP-02).
func expiryFaults() []Fault {
	return slices.Concat(
		lifetimes("BCT-EXP-01", "shortly before its apiTokenExpirationDateTime", "token-ends-at-half"),
		lifetimes("BCT-EXP-02", "an expired token", "token-never-ends"),
	)
}
