package aria

import (
	"net/http"
	"slices"
	"sync"

	"example.org/conform/harness/reference/aria"
)

// releaseFaults break the end of a token.
func releaseFaults() []Fault {
	return slices.Concat(
		breaks("ARO-REL-01", "",
			Fault{Name: "release-no-content", Reason: "204", Story: "a release has nothing to say, and says so",
				Apply: granted(aria.ReleaseToken, status(http.StatusNoContent))},
			Fault{Name: "release-not-found", Reason: "404", Story: "the release was moved to another path",
				Apply: routes(func(c *call) (aria.Operation, *refusal) {
					operation, refused := c.Route()
					if operation == aria.ReleaseToken {
						return aria.NoOperation, &refusal{Status: http.StatusNotFound, Message: "There is no such resource.", Code: 404}
					}
					return operation, refused
				})}),
		breaks("ARO-REL-02", "released token", ends("release-does-nothing")...),
		breaks("ARO-REL-02", "released token", Fault{Name: "released-token-cached",
			Story: "a node that has seen the token goes on honouring it once from its cache",
			Apply: func(c *config) {
				var honoured sync.Map
				live(func(c *call, t token) bool {
					if t.EndedAt.IsZero() {
						return t.Live(c.Now)
					}
					_, before := honoured.LoadOrStore(t.Text, true)
					return !before
				})(c)
			}}),
		breaks("ARO-REL-03", "the released one", ends("release-ends-all")...),
	)
}

// errorFaults fall over credentials that nobody thought of.
func errorFaults() []Fault {
	return slices.Concat(
		breaks("ARO-ERR-01", "5xx", strange("quote-crashes", "percent-crashes", "long-token-crashes")...),
		breaks("ARO-ERR-01", "5xx", Fault{Name: "release-without-token-crashes",
			Story: "the release reads the user of a token that is not there",
			Apply: refusedToken(func(c *call, r *refusal) {
				if c.Operation == aria.ReleaseToken {
					crash(r)
				}
			})}),
	)
}
