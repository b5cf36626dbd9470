package hostile

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const grant = `{"token":"a-token-of-some-length","expiresAtUtc":"2026-01-02T03:04:05.678Z"}`

// start serves a kind before a server that grants a token to each POST, and refuses the rest.
func start(t *testing.T, name string) (address string) {
	t.Helper()
	kind, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method != http.MethodPost {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"message":"no"}`)
			return
		}
		_, _ = io.WriteString(w, grant)
	})
	server := httptest.NewUnstartedServer(kind.Over(inner))
	server.Config.BaseContext = func(net.Listener) context.Context { return ctx }
	server.Start()
	t.Cleanup(func() { cancel(); server.Close() })
	return server.Listener.Addr().String()
}

// ask sends a login and reads so many bytes of what comes, or all there is.
func ask(t *testing.T, address string, most int64) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	body := `{"password":"Pass/word 1é"}`
	if _, err := fmt.Fprintf(conn, "POST /login?token=another-token HTTP/1.1\r\nHost: a\r\nAuthorization: Basic dXNlcjpvdGhlcndvcmQ=\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		t.Fatal(err)
	}
	got, _ := io.ReadAll(io.LimitReader(conn, most)) // a reset is an end too
	return string(got)
}

// A name is said once, in words, and each kind has its story.
func TestKindsAreNamed(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[a-z0-9]+(-[A-Za-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, k := range Kinds() {
		if !form.MatchString(k.Name) && !strings.HasPrefix(k.Name, "status--") || seen[k.Name] || k.Story == "" || strings.ContainsAny(k.Story, "\n\r") {
			t.Errorf("%q: %q", k.Name, k.Story)
		}
		seen[k.Name] = true
	}
	if len(seen) < 80 {
		t.Errorf("%d kinds", len(seen))
	}
	if _, err := Find("none-such"); err == nil || !strings.Contains(err.Error(), "conform list hostile") {
		t.Errorf("%v", err)
	}
}

// Kinds do what their names say, as far as bytes show it.
func TestKindsAnswerSo(t *testing.T) {
	t.Parallel()
	const much = 3 << 20
	for name, is := range map[string]func(got string) bool{
		"status-line-endless":     func(got string) bool { return len(got) == much && !strings.Contains(got, "\n") },
		"reason-of-900-kB":        func(got string) bool { return strings.Index(got, "\r\n") > 900_000 && strings.HasSuffix(got, grant) },
		"status-1000":             func(got string) bool { return strings.HasPrefix(got, "HTTP/1.1 1000 ") },
		"interim-endless-103":     func(got string) bool { return len(got) == much && strings.Count(got, "HTTP/1.1 103") > 1000 },
		"interim-some-dozens":     func(got string) bool { return strings.Count(got, " 103 ") == 50 && strings.HasSuffix(got, grant) },
		"fields-a-thousand":       func(got string) bool { return strings.Contains(got, "\r\nX-999: v\r\n") },
		"field-without-colon":     func(got string) bool { return strings.Contains(got, "\r\nthis is no field\r\n") },
		"content-length-twice":    func(got string) bool { return strings.Count(got, "Content-Length:") == 2 },
		"chunk-extension-endless": func(got string) bool { return len(got) == much && strings.Contains(got, "\r\n5;a=aaaa") },
		"trailers-garbage":        func(got string) bool { return strings.HasSuffix(got, "0\r\nno field\r\n\r\n") },
		"json-number-long": func(got string) bool {
			return strings.Contains(got, `{"padding":9999999`) && strings.Contains(got, "a-token")
		},
		"body-endless":           func(got string) bool { return len(got) == much },
		"closes":                 func(got string) bool { return got == "" },
		"resets-before-reading":  func(got string) bool { return got == "" },
		"answers-before-reading": func(got string) bool { return strings.HasPrefix(got, "HTTP/1.1 400 ") },
		"closes-in-body": func(got string) bool {
			return strings.Contains(got, "Content-Length: 76") && !strings.Contains(got, "678Z")
		},
		"moved-to-itself": func(got string) bool { return strings.Contains(got, "\r\nLocation: /login?token=another-token\r\n") },
		"answers-twice":   func(got string) bool { return strings.Count(got, grant) == 2 },
		"moments-in-9999": func(got string) bool { return strings.Contains(got, `"expiresAtUtc":"9999-12-31T`) },
		"gzip-bomb":       func(got string) bool { return len(got) == much && strings.Contains(got, "Content-Encoding: gzip") },
		"fresh-in-reason-granting": func(got string) bool {
			return strings.HasPrefix(got, "HTTP/1.1 200 a-token-of-some-length\r\n")
		},
		"echo-in-field": func(got string) bool {
			for _, secret := range []string{"Pass/word 1é", "another-token", "otherword"} {
				for _, form := range forms(secret) {
					if !strings.Contains(got, form) {
						return false
					}
				}
			}
			return true
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := ask(t, start(t, name), much); !is(got) {
				t.Errorf("%d bytes: %.300q", len(got), got)
			}
		})
	}
}

// Every kind answers something or ends the connection, and none outlives its server: what goes on is ended with it.
func TestKindsEndWithTheirServer(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"never-answers", "head-slow", "status-line-endless", "switching-protocols", "never-reads"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, err := Find(name)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			ended := make(chan struct{})
			over := kind.Over(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(ended)
				over.ServeHTTP(w, r)
			}))
			server.Config.BaseContext = func(net.Listener) context.Context { return ctx }
			server.Start()
			defer server.Close()
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
			cancel()
			<-ended
		})
	}
}

// A kind that comes later lets what is before alone, on one connection as on many.
func TestLaterIsLater(t *testing.T) {
	t.Parallel()
	conn, err := net.Dial("tcp", start(t, "closes-later"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	in, answered := bufio.NewReader(conn), 0
	for {
		_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
		answer, err := http.ReadResponse(in, nil)
		if err != nil {
			break
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			t.Fatal(err)
		}
		answered++
	}
	if answered != 99 {
		t.Errorf("%d requests were answered", answered)
	}
}

// What a request and an answer hold is found wherever vendors put it.
func TestSecretsAreKnown(t *testing.T) {
	t.Parallel()
	got := Secrets(http.Header{"Adm-Authorization": {"Bearer-less-token"}, "Authorization": {"Basic dXNlcjpvdGhlcndvcmQ="}}, map[string][]string{"token": {"in-the-query"}},
		[]byte(`{"Password":"of-the-body","name":"not-this-one"}`))
	slices.Sort(got)
	if want := []string{"Bearer-less-token", "dXNlcjpvdGhlcndvcmQ=", "in-the-query", "of-the-body", "otherword"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := Handed([]byte(`"a-bare-token"`)); !slices.Equal(got, []string{"a-bare-token"}) {
		t.Errorf("%q", got)
	}
	if got := Handed([]byte(`<html>no token</html>`)); len(got) > 0 {
		t.Errorf("%q", got)
	}
}
