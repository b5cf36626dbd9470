package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// A server that a proxy alone reaches is judged through it. What needs the server's own bytes is skipped with the reason where the proxy lets
// no connection through, and a proxy that wants credentials is the whole of what is said.
func TestAServerBehindAProxy(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "bluecat-9.5"})
	to, err := url.Parse(server.Target().URL)
	if err != nil {
		t.Fatal(err)
	}
	var requests atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Proxy-Authorization") == "":
			w.Header().Set("Proxy-Authenticate", "Basic")
			w.WriteHeader(http.StatusProxyAuthRequired)
		case r.Method == http.MethodConnect:
			w.WriteHeader(http.StatusForbidden)
		default:
			requests.Add(1)
			(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(&url.URL{Scheme: "http", Host: to.Host}) }}).ServeHTTP(w, r)
		}
	}))
	t.Cleanup(proxy.Close)
	description := *server.Target()
	description.URL = "http://address-manager.invalid" + to.Path
	data, err := description.MarshalFile()
	if err != nil {
		t.Fatal(err)
	}
	run := func(proxy string) outcome {
		return conform(t, []string{"HTTP_PROXY=" + proxy, "http_proxy=" + proxy}, "run", "--target-file", write(t, "target.yaml", string(data)),
			"--label-filter", "BCT-SES-01 || RFC-SPL-07 || RFC-SPL-08")
	}
	o := run(proxy.URL)
	if o.code != verdict.ExitIncomplete || !strings.Contains(o.stdout, "wants credentials (407)") || !strings.Contains(o.stdout, "http://user:password@host:port") {
		t.Errorf("without credentials: exit code %d\n%s", o.code, o.stdout)
	}
	o = run(strings.Replace(proxy.URL, "//", "//robot:hunter2-of-the-proxy@", 1))
	if o.code != 0 || requests.Load() < 20 {
		t.Fatalf("with credentials: exit code %d after %d requests\n%s%s", o.code, requests.Load(), o.stdout, o.stderr)
	}
	skipped := 0
	for _, c := range o.report.Runs[0].Checks {
		if c.Status == verdict.Skipped && strings.Contains(c.Reason, "lets no connection through") {
			skipped++
		}
	}
	if skipped == 0 {
		t.Error("no check says that the proxy lets no connection through")
	}
	var c canaries
	c.note("hunter2-of-the-proxy")
	c.expectNone(t, o)
	if o = run("http://robot:hunter2-of-the-proxy@[::1"); o.code != verdict.ExitUsage || strings.Count(o.stderr, "\n") != 1 {
		t.Errorf("an impossible proxy: exit code %d\n%s", o.code, o.stderr)
	}
	c.expectNone(t, o)
}
