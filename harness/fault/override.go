package fault

import (
	"net/http"
	"sync/atomic"
)

// Nth returns a function that reports true at every nth call of it, beginning with the nth. It may be called by several
// goroutines at once.
func Nth(n int64) func() bool {
	var seen atomic.Int64
	return func() bool { return seen.Add(1)%n == 0 }
}

// Then has a seam do change after what it does already; nil does nothing.
func Then[C, A any](seam *func(C, A), change func(C, A)) {
	before := *seam
	if before == nil {
		*seam = change
		return
	}
	*seam = func(c C, a A) {
		before(c, a)
		change(c, a)
	}
}

// Around puts a middleware around the one that stands at a seam, or around the server where there is none.
func Around(seam *func(http.Handler) http.Handler, m Middleware) {
	inner := *seam
	*seam = func(next http.Handler) http.Handler {
		if inner != nil {
			next = inner(next)
		}
		return m(next)
	}
}
