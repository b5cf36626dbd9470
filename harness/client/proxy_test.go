package client

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// forward is a forward proxy that alone knows where the name server.invalid leads. It answers CONNECT with a status, and lets a connection
// through for 200; where it wants credentials, nothing goes without them.
type forward struct {
	*httptest.Server
	passed, tunnels atomic.Int32
}

func forwardTo(t *testing.T, server string, connect int, credentials string) *forward {
	t.Helper()
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	f := &forward{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if credentials != "" && r.Header.Get("Proxy-Authorization") != credentials {
			w.Header().Set("Proxy-Authenticate", "Basic")
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		if r.Method != http.MethodConnect {
			f.passed.Add(1)
			(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(&url.URL{Scheme: "http", Host: to.Host}) }}).ServeHTTP(w, r)
			return
		}
		w.WriteHeader(connect)
		if connect != http.StatusOK {
			return
		}
		f.tunnels.Add(1)
		here, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = here.Close() }()
		there, err := net.Dial("tcp", to.Host)
		if err != nil {
			return
		}
		defer func() { _ = there.Close() }()
		go func() { _, _ = io.Copy(there, buffered); _ = there.Close() }()
		_, _ = io.Copy(here, there)
	}))
	t.Cleanup(f.Close)
	return f
}

// by is a client that reaches a made-up name through a proxy.
func by(t *testing.T, address, base string, roots *x509.CertPool) *Client {
	t.Helper()
	proxy, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c := New(newTestClient(t, base).Document(), Options{
		Base: base, Timeout: ample, TLS: &tls.Config{RootCAs: roots, ServerName: "example.com"}, // httptest's certificate is for that
		Proxies: func(*url.URL) (*url.URL, error) { return proxy, nil },
	})
	t.Cleanup(c.Close)
	return c
}

// Every kind of request goes through the proxy, and those whose bytes are read or written by themselves through its CONNECT.
func TestThroughAProxy(t *testing.T) {
	t.Parallel()
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_, _ = io.WriteString(w, r.RequestURI)
	})
	plain, secure := httptest.NewServer(answer), httptest.NewTLSServer(answer)
	t.Cleanup(plain.Close)
	t.Cleanup(secure.Close)
	roots := x509.NewCertPool()
	roots.AddCert(secure.Certificate())
	same := func(head []byte) []byte { return head }
	for name, c := range map[string]struct {
		server, base string
		connect      int
		passed       bool // the proxy passes plain requests on
		refused      bool // what needs the bytes cannot be had
	}{
		"http":                    {plain.URL, "http://server.invalid/restApi", 200, true, false},
		"http without CONNECT":    {plain.URL, "http://server.invalid/restApi", 403, true, true},
		"an international name":   {plain.URL, "http://bücher.invalid/restApi", 200, true, false},
		"https":                   {secure.URL, "https://server.invalid/restApi", 200, false, false},
		"https at another number": {secure.URL, "https://server.invalid:8443/restApi", 200, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := forwardTo(t, c.server, c.connect, "")
			client := by(t, f.URL, c.base, roots)
			if a := do(t, client, Request{Operation: "createSession", JSON: map[string]any{}}); a.Err != nil || a.Status != 200 || c.passed != (f.passed.Load() > 0) {
				t.Errorf("a request: %v, %d, passed on %d times", a.Err, a.Status, f.passed.Load())
			}
			spelt := do(t, client, Request{Operation: "createSession", JSON: map[string]any{}, Head: same})
			wire, err := client.OnWire(t.Context(), Request{Operation: "terminateSession"}, Request{Operation: "probe"})
			if err != nil {
				t.Fatal(err)
			}
			for what, a := range map[string]*Answer{"a spelt head": spelt, "on the wire": wire.First} {
				if reason, _ := Unreadable(a); (a.Err != nil) != c.refused || (reason != "") != c.refused {
					t.Errorf("%s: error %v, unreadable: %q", what, a.Err, reason)
				}
			}
			if !c.refused && (string(spelt.Body) != "/restApi/api/authSessions/create" || wire.Next == nil || wire.Next.Err != nil) {
				t.Errorf("the server saw %q; behind the first answer came %+v", spelt.Body, wire.Next)
			}
		})
	}
}

// A proxy that wants credentials is named, and no message tells those that it was given.
func TestAProxyWantsCredentials(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(s.Close)
	f := forwardTo(t, s.URL, 200, "Basic dXNlcjpodW50ZXIyLXByb3h5") // user:hunter2-proxy
	for base, name := range map[string]string{"http://server.invalid": "http", "https://server.invalid": "https"} {
		wrong := by(t, strings.Replace(f.URL, "//", "//user:hunter3-proxy@", 1), base, nil)
		answers := []*Answer{do(t, wrong, Request{Operation: "probe"}), do(t, wrong, Request{Operation: "probe", Head: func(h []byte) []byte { return h }})}
		for _, a := range answers {
			p, ok := errors.AsType[*ProxyError](a.Err)
			if !ok || p.Status != http.StatusProxyAuthRequired || strings.Contains(a.Err.Error(), "hunter") {
				t.Errorf("%s: error %v", name, a.Err)
			}
		}
	}
	right := by(t, strings.Replace(f.URL, "//", "//user:hunter2-proxy@", 1), "http://server.invalid", nil)
	if a := do(t, right, Request{Operation: "probe"}); a.Err != nil || a.Status != http.StatusNotFound {
		t.Errorf("with the right ones: %d, %v", a.Status, a.Err)
	}
	if secrets := right.opts.Proxies.Secrets(); len(secrets) == 0 || secrets[0] != "hunter2-proxy" {
		t.Errorf("the secrets are %q", secrets)
	}
}

func TestProxiesOfTheEnvironment(t *testing.T) {
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"} {
		t.Setenv(name, "")
	}
	t.Setenv("HTTPS_PROXY", "http://user:hunter2@proxy.example.com:3128")
	t.Setenv("NO_PROXY", ".inside.example.com")
	p, err := ProxiesOf()
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"https://a.example.com": "proxy.example.com:3128", "http://a.example.com": "", "https://a.inside.example.com": "", "https://127.0.0.1:1": "",
	} {
		u, _ := url.Parse(address)
		got := ""
		if proxy := p.of(u); proxy != nil {
			got = proxy.Host
		}
		if got != want {
			t.Errorf("%s goes by %q, want %q", address, got, want)
		}
	}
	t.Setenv("HTTP_PROXY", "http://user:hunter2@[::1")
	if _, err := ProxiesOf(); err == nil || !strings.HasPrefix(err.Error(), "HTTP_PROXY in the environment") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v", err)
	}
}
