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
		breaks("BCT-OUT-01", "",
			Fault{Name: "logout-answered-204", Reason: "204", Story: "the handler returns nothing",
				Apply: granted(bluecat.PatchCurrentSession, sends(http.StatusNoContent), blank)},
			Fault{Name: "logout-not-allowed", Reason: "405", Story: "a web server in front lets GET and POST pass alone",
				Apply: refusedFor(bluecat.PatchCurrentSession, http.StatusMethodNotAllowed, bluecat.MethodNotAllowed)}),
		breaks("BCT-OUT-02", "",
			Fault{Name: "logout-by-id-answered-202", Reason: "202", Story: "sessions are ended by a queue",
				Apply: granted(bluecat.PatchSession, sends(http.StatusAccepted))},
			Fault{Name: "logout-by-id-unknown", Reason: "404", Story: "sessions are found by token alone",
				Apply: refusedFor(bluecat.PatchSession, http.StatusNotFound, bluecat.ResourceNotFound)}),
		breaks("BCT-OUT-03", "logged out", logout("logout-does-nothing")...),
		breaks("BCT-OUT-03", "logged out as the current one", ofCurrent("logout-of-the-current-does-nothing")...),
		breaks("BCT-OUT-03", "logged out by its id", byID("logout-by-id-does-nothing")...),
		breaks("BCT-OUT-04", "another session of the user", logout("logout-ends-all")...),
		breaks("BCT-OUT-04", "another session of the user", ofCurrent("logout-of-the-current-ends-all")...),
		breaks("BCT-OUT-04", "another session of the user", byID("logout-by-id-ends-all")...),
	)
}

// expiryFaults break the end of a token (BCT-EXP-01, BCT-EXP-02).
func expiryFaults() []Fault {
	return slices.Concat(
		breaks("BCT-EXP-01", "shortly before its apiTokenExpirationDateTime", lifetimes("token-ends-at-half")...),
		breaks("BCT-EXP-02", "an expired token", lifetimes("token-never-ends")...),
	)
}
