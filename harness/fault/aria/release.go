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
		seams.Statuses("release", aria.ReleaseToken, 2)("ARO-REL-01", "", "release-answered-204"),
		breaks("ARO-REL-01", "404", Fault{Name: "release-not-found", Story: "the release was moved to another path",
			Apply: routes(func(c *call) (aria.Operation, *refusal) {
				operation, refused := c.Route()
				if operation == aria.ReleaseToken {
					return aria.NoOperation, &refusal{Status: http.StatusNotFound, Message: "There is no such resource.", Code: 404}
				}
				return operation, refused
			})}),
		ends("ARO-REL-02", "released token", "release-does-nothing"),
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
		ends("ARO-REL-03", "the released one", "release-ends-all"),
	)
}

// errorFaults fall over credentials that nobody thought of.
func errorFaults() []Fault {
	return slices.Concat(
		strange("ARO-ERR-01", "5xx", "quote-crashes", "percent-crashes", "long-token-crashes"),
		seams.Refusals("release-without-token", func(change func(*refusal)) override {
			return refusedToken(func(c *call, r *refusal) {
				if c.Operation == aria.ReleaseToken {
					change(r)
				}
			})
		})("ARO-ERR-01", "5xx", "release-without-token-crashes"),
	)
}
