package aria

import (
	"net/http"
	"sync"

	"example.org/conform/harness/reference/aria"
)

// releaseFaults break the end of a token.
var releaseFaults = overrides{
	"release-not-found": routes(func(c *call) (aria.Operation, *refusal) {
		operation, refused := c.Route()
		if operation == aria.ReleaseToken {
			return aria.NoOperation, &refusal{Status: http.StatusNotFound, Message: "There is no such resource.", Code: 404}
		}
		return operation, refused
	}),
	"released-token-cached": func(c *config) {
		var honoured sync.Map
		live(func(c *call, t token) bool {
			if t.EndedAt.IsZero() {
				return t.Live(c.Now)
			}
			_, before := honoured.LoadOrStore(t.Text, true)
			return !before
		})(c)
	},
}
