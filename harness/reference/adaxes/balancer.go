package adaxes

import (
	"net/http"
	"slices"
	"sync/atomic"
)

// balancer is the shared address: it sends a request to the instance that its Adm-Service header names, and goes round
// the instances otherwise.
type balancer struct {
	services  []string
	instances []http.Handler
	pick      func(*http.Request, []string) (int, bool)
	next      atomic.Uint64
}

// ServeHTTP passes the request on to one instance.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i, chosen := b.pick(r, b.services)
	if !chosen || i < 0 || i >= len(b.instances) {
		i = int((b.next.Add(1) - 1) % uint64(len(b.instances)))
	}
	b.instances[i].ServeHTTP(w, r)
}

// ByService is the instance whose Adm-Service value the request sends back.
func ByService(r *http.Request, services []string) (int, bool) {
	i := slices.Index(services, r.Header.Get("Adm-Service"))
	return i, i >= 0
}
