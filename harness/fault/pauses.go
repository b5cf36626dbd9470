package fault

import (
	"net/http"
	"sync/atomic"
	"time"
)

// Pauses are the ways to break after a while without a request, for who brings a credential in a field.
func (s Seams[C, K, A, R]) Pauses(field string) Kind[C] {
	return bind("pauses", "", map[string]time.Duration{"first-after-a-pause-refused": 1200 * time.Millisecond}, func(pause time.Duration) func(*C) {
		return func(c *C) {
			var last atomic.Int64
			s.Wrap(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					now := time.Now().UnixNano()
					if before := last.Swap(now); before > 0 && now-before > int64(pause) && r.Header.Get(field) != "" {
						w.WriteHeader(http.StatusUnauthorized)
						return
					}
					next.ServeHTTP(w, r)
				})
			})(c)
		}
	})
}
