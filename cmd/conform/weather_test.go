package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/verdict"
)

// reachedThrough puts a handler before a server, which passes on what it does not answer itself, and describes the server as reached through it.
func reachedThrough(t *testing.T, server *reference.Server, front func(w http.ResponseWriter, r *http.Request, pass http.Handler)) (file string) {
	t.Helper()
	to, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: to.Scheme, Host: to.Host})
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { front(w, r, pass) }))
	t.Cleanup(gateway.Close)
	server.Target().URL = gateway.URL + to.Path
	return describe(t, server)
}

// answer is what a gateway says in the API's stead.
func answer(w http.ResponseWriter, status int, media, text string) {
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}

// What a gateway says now and then is asked again and says nothing about the API.
func TestGatewayNowAndThen(t *testing.T) {
	t.Parallel()
	for profile, media := range map[string]string{"adaxes-2025.1": "text/html", "bluecat-9.5": "text/plain", "aria-operations-8": "text/html"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			var n atomic.Int32
			o := conform(t, nil, "run", "--label-filter", "!sweep", "--target-file", reachedThrough(t, serve(t, reference.Options{Profile: profile}),
				func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
					if i := n.Add(1); i > 10 && i%25 < 2 {
						answer(w, http.StatusBadGateway, media, "upstream connect error or disconnect/reset before headers")
						return
					}
					pass.ServeHTTP(w, r)
				}))
			if run := o.report.Runs[0]; run.Totals.Failed+run.Totals.Warned > 0 || !strings.Contains(strings.Join(run.Weather, " "), "sent again") {
				t.Errorf("%+v, %v\n%s", run.Totals, run.Weather, o.stdout)
			}
		})
	}
}

// A gateway that has lost its server for good leaves everything open, in one sentence.
func TestGatewayForGood(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	o := conform(t, nil, "run", "--label-filter", "!sweep", "--target-file", reachedThrough(t, serve(t, reference.Options{Profile: "aria-operations-8"}),
		func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
			if n.Add(1) > 300 {
				answer(w, http.StatusServiceUnavailable, "text/html", "<html><title>503</title></html>")
				return
			}
			pass.ServeHTTP(w, r)
		}))
	if run := o.report.Runs[0]; o.code != verdict.ExitIncomplete || run.Totals.Failed > 0 || !strings.Contains(run.Reason, "503") {
		t.Errorf("exit code %d, %s\n%s", o.code, run.Reason, o.stdout)
	}
}

// A door that is shut for a while is not the API's doing, in whatever words: a limit on logins, or a firewall. Whether it is open again
// before the run gives up is a matter of who comes when.
func TestDoorIsShutForAWhile(t *testing.T) {
	t.Parallel()
	for profile, door := range map[string]struct {
		path  string
		turns int // how many are turned away before it opens again
	}{"adaxes-2025.1": {"/api/authSessions/create", 12}, "aria-operations-8": {"/api/auth/token/acquire", 24}, "bluecat-9.5": {"", 60}} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			asked, shut := 0, 0
			o := conform(t, nil, "run", "--label-filter", "!sweep", "--target-file", reachedThrough(t, serve(t, reference.Options{Profile: profile}),
				func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
					mu.Lock()
					concerned := strings.HasSuffix(r.URL.Path, door.path) && r.Method != http.MethodDelete
					if concerned {
						asked++
					}
					closed := concerned && asked > 60 && shut < door.turns
					if closed {
						shut++
					}
					mu.Unlock()
					if closed {
						answer(w, http.StatusForbidden, "application/json", `{"message":"too many logins from your address","code":"Blocked","status":403,"reason":"Forbidden"}`)
						return
					}
					pass.ServeHTTP(w, r)
				}))
			run := o.report.Runs[0]
			told := strings.Contains(strings.Join(run.Weather, " "), "refused whoever") || strings.Contains(run.Reason, "refused what it had granted before")
			if o.code == verdict.ExitNonconformant || run.Totals.Failed+run.Totals.Warned > 0 || !told {
				t.Errorf("exit code %d, %+v, %v\n%s", o.code, run.Totals, run.Weather, o.stdout)
			}
		})
	}
}

// A shared cache that keeps what it was not asked to keep answers in the API's stead: a token that has ended seems to live.
func TestSharedCache(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	kept := map[string]*httptest.ResponseRecorder{}
	o := conform(t, nil, "run", "--label-filter", "!sweep", "--target-file", reachedThrough(t, serve(t, reference.Options{Profile: "bluecat-9.5"}),
		func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
			if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/configurations") {
				pass.ServeHTTP(w, r)
				return
			}
			key := r.URL.String() + r.Header.Get("Authorization")
			mu.Lock()
			defer mu.Unlock()
			hit := kept[key]
			if hit == nil {
				hit = httptest.NewRecorder()
				pass.ServeHTTP(hit, r)
				if hit.Code == http.StatusOK {
					kept[key] = hit
				}
			} else {
				w.Header().Set("X-Cache", "HIT")
			}
			for name, values := range hit.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(hit.Code)
			_, _ = w.Write(hit.Body.Bytes())
		}))
	if run := o.report.Runs[0]; o.code != verdict.ExitIncomplete || run.Totals.Failed > 0 || !strings.Contains(run.Reason, "shared cache") {
		t.Errorf("exit code %d, %s\n%s", o.code, run.Reason, o.stdout)
	}
}

// A balancer before servers that do not know each other's sessions, but for its cookie, and one before two versions, are named as such.
func TestBalancers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		affinity bool
		says     string
	}{"affinity": {true, "with its cookie sent back (SERVERID)"}, "two versions": {false, "Server: b/2"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fault := ""
			if !c.affinity {
				fault = "user-without-link"
			}
			own := kernel.Login{Username: "svc", Password: "of-both-servers-1"}
			first := serve(t, reference.Options{Profile: "bluecat-9.5", Own: own})
			second := serve(t, reference.Options{Profile: "bluecat-9.5", Own: own, Fault: fault})
			to, err := url.Parse(second.URL())
			if err != nil {
				t.Fatal(err)
			}
			other := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: to.Scheme, Host: to.Host})
			var n atomic.Int32
			made := sync.Map{} // which of them gave a token
			file := reachedThrough(t, first, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
				ways, names := []http.Handler{pass, other}, []string{"a/1", "b/2"}
				i := int(n.Add(1)) % 2
				if cookie, err := r.Cookie("SERVERID"); err == nil && c.affinity {
					i = int(cookie.Value[0] - '0')
				}
				if at, known := made.Load(r.Header.Get("Authorization")); known && !c.affinity {
					i = at.(int)
				}
				answered := httptest.NewRecorder()
				ways[i].ServeHTTP(answered, r)
				var body struct{ BasicAuthenticationCredentials string }
				if json.Unmarshal(answered.Body.Bytes(), &body) == nil && body.BasicAuthenticationCredentials != "" {
					made.Store("Basic "+body.BasicAuthenticationCredentials, i)
				}
				for name, values := range answered.Header() {
					w.Header()[name] = values
				}
				if c.affinity {
					w.Header().Set("Set-Cookie", "SERVERID="+string(rune('0'+i))+"; Path=/")
				} else {
					w.Header().Set("Server", names[i])
				}
				w.WriteHeader(answered.Code)
				_, _ = w.Write(answered.Body.Bytes())
			})
			o := conform(t, nil, "run", "--label-filter", "!sweep", "--target-file", file)
			if run := o.report.Runs[0]; o.code != verdict.ExitIncomplete || run.Totals.Failed > 0 || !strings.Contains(run.Reason, c.says) {
				t.Errorf("exit code %d, %s\n%s", o.code, run.Reason, o.stdout)
			}
		})
	}
}
