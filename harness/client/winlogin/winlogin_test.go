package winlogin_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/harness/reference/winauth"
)

// start serves a configuration on loopback, and counts the connections.
func start(t *testing.T, config pyramid.Config) (server *pyramid.Server, url string, connections *atomic.Int64) {
	t.Helper()
	server, err := pyramid.New(config)
	if err != nil {
		t.Fatal(err)
	}
	connections = &atomic.Int64{}
	web := httptest.NewUnstartedServer(server.Handler())
	web.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		connections.Add(1)
		return server.ConnContext(ctx, c)
	}
	web.Start()
	t.Cleanup(func() {
		server.Close()
		web.Close()
	})
	return server, web.URL + "/API2/auth/authenticateUserWindows", connections
}

// post sends a request through the transport under test.
func post(ctx context.Context, rt http.RoundTripper, url string) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader("null"))
	if err != nil {
		return 0, "", err
	}
	resp, err := rt.RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	data, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(data), errors.Join(err, resp.Body.Close())
}

func transport(t *testing.T) http.RoundTripper {
	plain := &http.Transport{}
	t.Cleanup(plain.CloseIdleConnections)
	return winlogin.Wrap(nil)(plain)
}

func TestCredentialsAreOfTheRequest(t *testing.T) {
	t.Parallel()
	// A server that keeps a connection logged in is the trap: no other request may travel on one.
	server, url, _ := start(t, pyramid.Config{Rules: pyramid.Rules{Rules: winauth.Rules{Persistent: true}}})
	admin := server.Accounts().Admin
	good := winlogin.Login{Username: admin.DownLevelName, Password: admin.Password}
	bad := winlogin.Login{Username: admin.DownLevelName, Password: "wrong"}
	elsewhere := good
	elsewhere.Elsewhere = true
	rt := transport(t)
	var wg sync.WaitGroup
	for range 8 {
		for name, kind := range map[string]struct {
			ctx  context.Context
			want int
		}{
			"good": {winlogin.With(t.Context(), good), 200}, "bad": {winlogin.With(t.Context(), bad), 401},
			"none": {t.Context(), 401}, "elsewhere": {winlogin.With(t.Context(), elsewhere), 401},
		} {
			wg.Go(func() {
				if status, _, err := post(kind.ctx, rt, url); err != nil || status != kind.want {
					t.Errorf("%s credentials: %d, %v", name, status, err)
				}
			})
		}
	}
	wg.Wait()
}

func TestLoginIsOneConnection(t *testing.T) {
	t.Parallel()
	server, url, connections := start(t, pyramid.Config{})
	admin := server.Accounts().Admin
	ctx := winlogin.With(t.Context(), winlogin.Login{Username: admin.Username, Password: admin.Password})
	if status, _, err := post(ctx, transport(t), url); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

func TestLoginThatIsTornIsNoAnswer(t *testing.T) {
	t.Parallel()
	server, url, _ := start(t, pyramid.Config{Rules: pyramid.Rules{Seams: pyramid.Seams{
		Edit: func(c *pyramid.Call, a *pyramid.Answer) {
			if c.Login.Continues {
				a.Header.Set("Connection", "close")
			}
		},
	}}})
	admin := server.Accounts().Admin
	ctx := winlogin.With(t.Context(), winlogin.Login{Username: admin.Username, Password: admin.Password})
	if status, _, err := post(ctx, transport(t), url); !errors.Is(err, winlogin.ErrMoved) {
		t.Errorf("status %d, %v", status, err)
	}
}

func TestNoChallengeNoLogin(t *testing.T) {
	t.Parallel()
	for name, challenge := range map[string]string{"none": "", "basic": `Basic realm="x"`, "another mechanism": "Negotiate"} {
		var asked atomic.Int64
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			w.Header().Set("WWW-Authenticate", challenge)
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, "the refusal")
		}))
		t.Cleanup(web.Close)
		ctx := winlogin.With(t.Context(), winlogin.Login{Username: "anna", Password: "secret"})
		status, body, err := post(ctx, transport(t), web.URL)
		if err != nil || status != 401 || body != "the refusal" || asked.Load() > 2 {
			t.Errorf("%s: %d %q after %d requests, %v", name, status, body, asked.Load(), err)
		}
	}
}
