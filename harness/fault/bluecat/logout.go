package bluecat

import (
	"net/http"

	"example.org/conform/harness/reference/bluecat"
)

// currentFaults break the reading of the current session, and logging out.
var currentFaults = overrides{
	"current-unknown": refusedFor(bluecat.GetCurrentSession, http.StatusNotFound, bluecat.ResourceNotFound),
	"current-is-the-newest": seams.Edit(func(c *call, a *answer) {
		var newest int64
		for _, s := range c.Sessions(func(session) bool { return true }) {
			newest = max(newest, s.ID)
		}
		if c.Operation == bluecat.GetCurrentSession && a.Refusal == nil {
			a.Members.Set("id", newest)
		}
	}),
	"logout-not-allowed":   refusedFor(bluecat.PatchCurrentSession, http.StatusMethodNotAllowed, bluecat.MethodNotAllowed),
	"logout-by-id-unknown": refusedFor(bluecat.PatchSession, http.StatusNotFound, bluecat.ResourceNotFound),
}
