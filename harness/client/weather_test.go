package client

import (
	"net/http"
	"strings"
	"testing"
)

// What gateways and caches in use send is theirs, and what an API says is not, whatever its status.
func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status        int
		header, value string
		by            string
	}{
		"nginx":             {503, "Content-Type", "text/html", "gateway"},
		"Envoy":             {503, "Content-Type", "text/plain", "gateway"},
		"IIS ARR":           {502, "Content-Type", "text/html; charset=utf-8", "gateway"},
		"the API":           {503, "Content-Type", "application/json", ""},
		"the API's crash":   {500, "Content-Type", "text/html", ""},
		"a refusal":         {403, "Content-Type", "text/html", ""},
		"Squid":             {200, "X-Cache", "HIT from proxy.example.com", "cache"},
		"CloudFront":        {200, "X-Cache", "Hit from cloudfront", "cache"},
		"a cache that asks": {200, "X-Cache", "MISS", ""},
		"Varnish":           {200, "Age", "12", "cache"},
		"fetched now":       {200, "Age", "0", ""},
		"no number":         {200, "Age", "old", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := serving(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set(c.header, c.value)
				w.WriteHeader(c.status)
			})
			a := do(t, client, Request{Operation: "probe", Once: true})
			by := InStead(a)
			if (by == "") != (c.by == "") || !strings.Contains(by, c.by) {
				t.Errorf("answered by %q", by)
			}
			if by != "" && len(a.Differences) > 0 {
				t.Errorf("held against the contract: %v", a.Differences)
			}
		})
	}
}
