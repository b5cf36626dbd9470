package bluecat

import (
	"net/http"

	"example.org/conform/harness/reference/bluecat"
)

// currentFaults break the reading of the current session (BCT-AUT-09).
var currentFaults = overrides{
	"current-unknown": refusedFor(bluecat.GetCurrentSession, http.StatusNotFound, bluecat.ResourceNotFound),
	"current-is-the-newest": onAnswer(func(c *call, a *answer) {
		var newest int64
		for _, s := range c.Sessions(func(session) bool { return true }) {
			newest = max(newest, s.ID)
		}
		if c.Operation == bluecat.GetCurrentSession && a.Refusal == nil {
			a.Members.Set("id", newest)
		}
	}),
	"current-without-type": granted(bluecat.GetCurrentSession, drop("type")),
}

// logoutFaults break logging out (BCT-OUT-01 to BCT-OUT-04).
var logoutFaults = overrides{
	"logout-not-allowed":   refusedFor(bluecat.PatchCurrentSession, http.StatusMethodNotAllowed, bluecat.MethodNotAllowed),
	"logout-by-id-unknown": refusedFor(bluecat.PatchSession, http.StatusNotFound, bluecat.ResourceNotFound),
}
