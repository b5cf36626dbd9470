package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// advised judges a target, and expects an exit code, words that the output has, and words that it has not.
func advised(t *testing.T, file string, code int, want, never []string) outcome {
	t.Helper()
	o := conform(t, nil, "run", "--target-file", file)
	if o.code != code {
		t.Errorf("exit code %d, want %d:\n%s%s", o.code, code, o.stdout, o.stderr)
	}
	for _, w := range want {
		if !strings.Contains(o.stdout, w) {
			t.Errorf("the output does not say %q:\n%s", w, o.stdout)
		}
	}
	for _, w := range never {
		if strings.Contains(o.stdout, w) {
			t.Errorf("the output says %q:\n%s", w, o.stdout)
		}
	}
	if code == verdict.ExitIncomplete && (o.report == nil || len(o.report.Runs) != 1 || len(o.report.Runs[0].Checks) > 0) {
		t.Error("the report is missing, or lists checks that did not run")
	}
	return o
}

// at writes the description of a target, with lines of its own.
func at(t *testing.T, profile, url string, lines ...string) string {
	t.Helper()
	head := fmt.Sprintf("profile: %s\nurl: %s\naccount: {username: svc@example.com, password: Pass-word-1}\n", profile, url)
	return write(t, "target.yaml", head+strings.Join(lines, "\n")+"\n")
}

// page answers with an HTML page of a title.
func page(status int, title string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, "<html><head><title>%s</title></head><body></body></html>", title)
	}
}

func answerJSON(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// What answers in the place of a first login is named for what it is, and what may be one thing or another is not named as one.
func TestAdviceOnTheFirstAnswer(t *testing.T) {
	t.Parallel()
	const url, credentials = "base path", "refused the credentials"
	for name, c := range map[string]struct {
		answer      http.HandlerFunc
		want, never []string
	}{
		"a gateway's page":   {page(503, "503 Service Temporarily Unavailable"), []string{"503", "Service Temporarily", "not in order"}, []string{url, credentials}},
		"a page of a crash":  {page(500, "Runtime Error"), []string{"500", "Runtime Error", "not in order"}, []string{url, credentials}},
		"a gateway's answer": {answerJSON(504, `{"fault": "upstream"}`, "Content-Type", "application/problem+json"), []string{"504", "not in order"}, []string{url}},
		"a page of a refusal": {page(401, "401 - Unauthorized", "WWW-Authenticate", `Basic realm="proxy"`),
			[]string{credentials, "or what stands before it", "asks for Basic", "password"}, []string{url}},
		"a page of a prohibition": {page(403, "403 - Forbidden: Access is denied."),
			[]string{credentials, "Access is denied", "firewall"}, []string{url}},
		"an unknown host":    {page(400, "Bad Request - Invalid Hostname"), []string{"Invalid Hostname", "host name in the URL"}, []string{credentials}},
		"a page of a 404":    {page(404, "404 Not Found"), []string{"404", url}, []string{credentials}},
		"a login page":       {page(200, "Sign in"), []string{"Sign in", "login page"}, []string{credentials}},
		"no API":             {answerJSON(404, `{"message": "no such path"}`), []string{"404", url}, []string{credentials}},
		"another place":      {page(302, "Moved", "Location", "/login"), []string{"redirected", "scheme, host and base path"}, nil},
		"TLS at this port":   {page(400, "400 The plain HTTP request was sent to HTTPS port"), []string{"speaks TLS", "use https://"}, []string{url}},
		"nginx's client TLS": {page(400, "400 No required SSL certificate was sent"), []string{"tls.certFile"}, []string{url, credentials}},
		"refused with 400":   {answerJSON(400, `{"code": "InvalidUsernameOrPassword"}`), []string{credentials, "password"}, []string{url}},
		"refused with 401":   {answerJSON(401, `{"code": "InvalidUsernameOrPassword"}`), []string{credentials, "password"}, []string{url, "stands before"}},
		"throttled": {answerJSON(429, `{}`, "Retry-After", "3600"),
			[]string{"throttles the run from its first requests on", "requestsPerSecond"}, []string{url, credentials, "is running"}},
		"throttled by 503": {answerJSON(503, `{}`, "Retry-After", "3600"),
			[]string{"throttles the run from its first requests on"}, []string{url, credentials}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(c.answer)
			t.Cleanup(s.Close)
			advised(t, at(t, "bluecat-9.5", s.URL), verdict.ExitIncomplete, c.want, c.never)
		})
	}
}

func TestAdviceToUseTLS(t *testing.T) {
	t.Parallel()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are what is tested
	secure.StartTLS()
	t.Cleanup(secure.Close)
	moved := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://127.0.0.1"+r.URL.Path, http.StatusMovedPermanently)
	}))
	t.Cleanup(moved.Close)
	alerting := raw(t, func(c net.Conn) { _, _ = c.Write([]byte("\x15\x03\x01\x00\x02\x02\x46")) })
	for name, url := range map[string]string{
		"a server that says so": strings.Replace(secure.URL, "https", "http", 1), "a redirect to it": moved.URL, "an alert of TLS": "http://" + alerting,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			advised(t, at(t, "adaxes-2025.1", url), verdict.ExitIncomplete, []string{"use https://"}, nil)
		})
	}
	t.Run("a server that hangs up", func(t *testing.T) {
		t.Parallel()
		mute := raw(t, func(net.Conn) {})
		advised(t, at(t, "adaxes-2025.1", "http://"+mute), verdict.ExitIncomplete, []string{"closes the connection", "https", "firewall"}, nil)
	})
}

// raw serves connections, whose first bytes are read, by a function; it returns the address.
func raw(t *testing.T, answer func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				_, _ = conn.Read(make([]byte, 1<<16))
				answer(conn)
				_ = conn.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		wg.Wait()
	})
	return l.Addr().String()
}

// before stands before a reference server, and answers in its place where it wants to.
func before(t *testing.T, server *reference.Server, answer func(http.ResponseWriter, *http.Request) bool) (file string) {
	t.Helper()
	return reachedThrough(t, server, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if !answer(w, r) {
			pass.ServeHTTP(w, r)
		}
	})
}

// The documented request for a login, refused as a request, is a breach, which is judged and named.
func TestDocumentedLoginNotUnderstood(t *testing.T) {
	t.Parallel()
	for profile, refusal := range map[string]string{
		"adaxes-2025.1":     `{"message": "The request is invalid.", "code": 0, "modelState": {"domain": ["The domain field is required."]}}`,
		"aria-operations-8": `{"message": "Invalid request", "httpStatusCode": 400, "apiErrorCode": 400}`,
	} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			file := before(t, serve(t, reference.Options{Profile: profile}), func(w http.ResponseWriter, r *http.Request) bool {
				login := strings.HasSuffix(r.URL.Path, "/authSessions/create") || strings.HasSuffix(r.URL.Path, "/token/acquire")
				if login {
					answerJSON(http.StatusBadRequest, refusal)(w, r)
				}
				return login
			})
			o := advised(t, file, verdict.ExitNonconformant, []string{"NOT CONFORMANT"}, []string{"refused the credentials"})
			if o.report == nil || !slices.ContainsFunc(o.report.Runs[0].Checks, func(c verdict.Check) bool { return c.Status == verdict.Failed }) {
				t.Error("no check is failed")
			}
		})
	}
}

// A gateway that has let the login through and answers for the rest is no breach of the API.
func TestGatewayBehindTheLogin(t *testing.T) {
	t.Parallel()
	file := before(t, serve(t, reference.Options{Profile: "bluecat-9.5"}), func(w http.ResponseWriter, r *http.Request) bool {
		probe := r.Method == http.MethodGet
		if probe {
			page(http.StatusBadGateway, "502 Bad Gateway")(w, r)
		}
		return probe
	})
	advised(t, file, verdict.ExitIncomplete, []string{"502", "not in order"}, nil)
}

// A word before the token is called wrong where it is refused each time and the other is taken each time. A balancer between nodes that
// do not share their tokens has nothing to do with words, however it takes turns.
func TestWordBeforeTheToken(t *testing.T) {
	t.Parallel()
	refused := answerJSON(http.StatusUnauthorized, `{"message": "The token is invalid.", "httpStatusCode": 401, "apiErrorCode": 1512}`)
	t.Run("the other one", func(t *testing.T) {
		t.Parallel()
		file := before(t, serve(t, reference.Options{Profile: "aria-operations-8"}), func(w http.ResponseWriter, r *http.Request) bool {
			word, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
			if word == "vRealizeOpsToken" {
				refused(w, r)
				return true
			}
			if word == "OpsToken" {
				r.Header.Set("Authorization", "vRealizeOpsToken "+token)
			}
			return false
		})
		advised(t, file, verdict.ExitIncomplete, []string{"set authorizationScheme in the target file to OpsToken"}, nil)
	})
	for nodes := range 3 {
		t.Run(fmt.Sprintf("a balancer between %d nodes", nodes+2), func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			file := before(t, serve(t, reference.Options{Profile: "aria-operations-8"}), func(w http.ResponseWriter, r *http.Request) bool {
				elsewhere := requests.Add(1)%int64(nodes+2) != 1 && r.Header.Get("Authorization") != "" // acquired by the first
				if elsewhere {
					refused(w, r)
				}
				return elsewhere
			})
			o := conform(t, nil, "run", "--target-file", file, "--label-filter", "ARO-ACQ-01 && !sweep")
			if o.report == nil || strings.Contains(o.stdout, "set authorizationScheme") {
				t.Errorf("%s%s", o.stdout, o.stderr)
			}
		})
	}
}
