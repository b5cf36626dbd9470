package winlogin_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/harness/reference/winauth"
	"example.org/conform/openapi"
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

// late is a connection whose writer comes back long after the bytes are out, as that of a loaded machine may.
type late struct{ net.Conn }

func (l late) Write(b []byte) (int, error) {
	defer time.Sleep(100 * time.Millisecond)
	return l.Conn.Write(b)
}

func TestLoginWaitsForItsWriter(t *testing.T) {
	t.Parallel()
	server, url, connections := start(t, pyramid.Config{})
	admin := server.Accounts().Admin
	ctx := winlogin.With(t.Context(), winlogin.Login{Username: admin.Username, Password: admin.Password})
	rt := winlogin.Wrap(nil)(&http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return late{conn}, err
	}})
	if status, _, err := post(ctx, rt, url); err != nil || status != 200 {
		t.Error(status, err)
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// Where a server closes the connection.
const (
	announced   = "behind the challenge, as it said"
	unannounced = "behind the challenge"
	unanswered  = "on the proof"
)

// torn serves a configuration to a client, and closes some connections in the middle of the login. It counts the proofs that
// have come.
func torn(t *testing.T, where string, times int64) (c *client.Client, login winlogin.Login, proofs *atomic.Int64) {
	t.Helper()
	server, err := pyramid.New(pyramid.Config{})
	if err != nil {
		t.Fatal(err)
	}
	var closed atomic.Int64
	proofs = &atomic.Int64{}
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		server.Handler().ServeHTTP(answer, r)
		_, message, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		step := strings.HasPrefix(message, base64.StdEncoding.EncodeToString([]byte("NTLMSSP\x00\x01"))[:12])
		if message != "" && !step {
			proofs.Add(1)
		}
		if message == "" || step != (where != unanswered) || closed.Add(1) > times {
			maps.Copy(w.Header(), answer.Header())
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes())
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		if where != unanswered {
			result := answer.Result()
			result.Close, result.ContentLength = where == announced, int64(answer.Body.Len())
			err = result.Write(conn)
		}
		if err := errors.Join(err, conn.Close()); err != nil {
			t.Error(err)
		}
	}))
	web.Config.ConnContext = server.ConnContext
	web.Start()
	doc, err := openapi.Load("pyramid-2018.5")
	if err != nil {
		t.Fatal(err)
	}
	c = client.New(doc, client.Options{Base: web.URL, Timeout: 10 * time.Second, RoundTripper: winlogin.Wrap(nil)})
	t.Cleanup(func() {
		c.Close()
		server.Close()
		web.Close()
	})
	return c, winlogin.Login{Username: server.Accounts().Admin.Username, Password: server.Accounts().Admin.Password}, proofs
}

func TestTornLoginIsBegunAnew(t *testing.T) {
	t.Parallel()
	for _, where := range []string{announced, unannounced, unanswered} {
		c, login, _ := torn(t, where, 1)
		answer, err := c.Do(winlogin.With(t.Context(), login), client.Request{Operation: "authenticateUserWindows"})
		if err != nil || answer.Err != nil || answer.Status != 200 || answer.First == nil || answer.First.First != nil {
			t.Errorf("%s: status %d, %v, %v", where, answer.Status, answer.Err, err)
		}
	}
}

func TestLoginThatIsAlwaysTornIsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, where := range []string{announced, unannounced} {
		c, login, proofs := torn(t, where, math.MaxInt64)
		answer, err := c.Do(winlogin.With(t.Context(), login), client.Request{Operation: "authenticateUserWindows"})
		if err != nil || !errors.Is(answer.Err, client.ErrMoved) || answer.Status != 0 || proofs.Load() > 0 {
			t.Errorf("%s: %d proofs, status %d, %v, %v", where, proofs.Load(), answer.Status, answer.Err, err)
		}
	}
}

func TestWrongPasswordIsSentOnce(t *testing.T) {
	t.Parallel()
	for where, status := range map[string]int{announced: 401, unanswered: 0} {
		c, login, proofs := torn(t, where, 1)
		login.Password, login.Once = "wrong", true
		answer, err := c.Do(winlogin.With(t.Context(), login), client.Request{Operation: "authenticateUserWindows"})
		if err != nil || answer.Status != status || proofs.Load() != 1 {
			t.Errorf("%s: %d proofs, status %d, %v, %v", where, proofs.Load(), answer.Status, answer.Err, err)
		}
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

// A login is of a connection, so it goes in HTTP/1.1 also where a client offers HTTP/2, in which the other requests go.
func TestLoginIsInHTTP1(t *testing.T) {
	t.Parallel()
	server, err := pyramid.New(pyramid.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	web := httptest.NewUnstartedServer(server.Handler())
	web.Config.ConnContext, web.EnableHTTP2 = server.ConnContext, true
	web.StartTLS()
	t.Cleanup(web.Close)
	doc, err := openapi.Load("pyramid-2018.5")
	if err != nil {
		t.Fatal(err)
	}
	c := client.New(doc, client.Options{
		Base: web.URL, Timeout: time.Minute, TLS: web.Client().Transport.(*http.Transport).TLSClientConfig, RoundTripper: winlogin.Wrap(nil),
	})
	t.Cleanup(c.Close)
	login, admin := client.Request{Operation: "authenticateUserWindows", Body: []byte("null"), HTTP2: true}, server.Accounts().Admin
	ctx := winlogin.With(t.Context(), winlogin.Login{Username: admin.Username, Password: admin.Password})
	other := client.Request{Operation: "probe", JSON: map[string]any{}, HTTP2: true}
	for range 2 {
		if a, err := c.Do(ctx, login); err != nil || a.Status != http.StatusOK || a.Proto != "HTTP/1.1" {
			t.Fatalf("a login: %v, %d %v in %s", err, a.Status, a.Err, a.Proto)
		}
		if a, err := c.Do(t.Context(), other); err != nil || a.Proto != "HTTP/2.0" {
			t.Fatalf("another request: %v, %v in %s", err, a.Err, a.Proto)
		}
	}
}
