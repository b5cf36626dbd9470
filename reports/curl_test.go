package reports_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/evidence"
	"example.org/conform/reports"
)

// hostile is a secret with everything in it that a shell, a URL or JSON could trip over.
const hostile = `a'b"c\d $HOME %41+/=&?#;|<>` + "`id`" + `{x}[y]é@~`

// received is what a server got from a repeated request.
type received struct {
	method, path, query, body string
	header                    http.Header
}

// inShell runs a command in a POSIX shell, with the secrets in its environment.
func inShell(t *testing.T, command string, secrets map[string]string) {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh on this machine: the commands cannot be run")
	}
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl on this machine: the commands cannot be run")
	}
	run := exec.CommandContext(t.Context(), shell, "-c", command)
	run.Dir = t.TempDir()
	run.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nowhere", "NO_PROXY=*"}
	for name, value := range secrets {
		run.Env = append(run.Env, name+"="+value)
	}
	if output, err := run.CombinedOutput(); err != nil {
		t.Fatalf("the command failed: %v\n%s\n%s", err, command, output)
	}
}

// repeat runs the command of an exchange against a server, and gives what arrived there.
func repeat(t *testing.T, e evidence.Exchange, secrets map[string]string) (received, []string) {
	t.Helper()
	got := make(chan received, 4)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- received{r.Method, strings.SplitN(r.RequestURI, "?", 2)[0], r.URL.RawQuery, string(body), r.Header}
	}))
	defer server.Close()
	e.Request.URL = strings.Replace(e.Request.URL, "https://api.example.com", server.URL, 1)

	command, variables := reports.Curl(e)
	inShell(t, command, secrets)
	if n := len(got); n != 1 {
		t.Fatalf("%d requests arrived, want 1:\n%s", n, command)
	}
	return <-got, variables
}

func exchange(method, address, body string, headers ...string) evidence.Exchange {
	e := evidence.Exchange{Request: evidence.Request{Method: method, URL: address}}
	for i := 0; i < len(headers); i += 2 {
		e.Request.Headers = append(e.Request.Headers, evidence.Header{Name: headers[i], Value: headers[i+1]})
	}
	if body != "" {
		e.Request.Body = &evidence.Body{Text: body, Size: len(body)}
	}
	return e
}

func TestCurlSendsTheRequestAgain(t *testing.T) {
	t.Parallel()
	secrets := map[string]string{"CONFORM_TOKEN_2": hostile, "CONFORM_PASSWORD_1": hostile, "CONFORM_BASIC_1": "dXNlcjpwYXNz"}
	for _, test := range []struct {
		name      string
		exchange  evidence.Exchange
		variables []string
		check     func(*testing.T, received)
	}{
		{"a secret in the query of a DELETE", exchange("DELETE", "https://api.example.com/restApi/api/auth?token=‹token-2›", "", "Adm-Authorization", "x"),
			[]string{"CONFORM_TOKEN_2"}, func(t *testing.T, r received) {
				same(t, "method", r.method, "DELETE")
				same(t, "path", r.path, "/restApi/api/auth")
				same(t, "token", query(t, r).Get("token"), hostile)
				same(t, "body", r.body, "")
			}},
		{"a name that a URL library encoded", exchange("PATCH", "https://api.example.com/api/auth?a=1%2B&token=%E2%80%B9token-2%E2%80%BA&z=%26", "", "A", "b"),
			[]string{"CONFORM_TOKEN_2"}, func(t *testing.T, r received) {
				same(t, "token", query(t, r).Get("token"), hostile)
				same(t, "what stands before", strings.EqualFold(strings.Split(r.query, "token=")[0], "a=1%2B&"), true) // some curls write %2b
				same(t, "what stands behind", r.query[strings.LastIndex(r.query, "&"):], "&z=%26")
				same(t, "Content-Length", r.header.Get("Content-Length"), "0")
			}},
		{"a part of a value", exchange("GET", "https://api.example.com/x?token=ab%20c‹token-2›d", ""),
			[]string{"CONFORM_TOKEN_2"}, func(t *testing.T, r received) {
				same(t, "token", query(t, r).Get("token"), "ab c"+hostile+"d")
			}},
		{"a query that is all secret", exchange("GET", "https://api.example.com/x?‹token-2›", ""),
			[]string{"CONFORM_TOKEN_2"}, func(t *testing.T, r received) {
				plain, err := url.QueryUnescape(r.query) // curl writes a blank as +, as forms do
				same(t, "error", err, nil)
				same(t, "query", plain, hostile)
			}},
		{"secrets in a query and in a body", exchange("POST", "https://api.example.com/x?a=b&token=‹token-2›", `{"password":"‹password-1›"}`, "Content-Type", "application/json"),
			[]string{"CONFORM_PASSWORD_1", "CONFORM_TOKEN_2"}, func(t *testing.T, r received) {
				same(t, "token", query(t, r).Get("token"), hostile)
				same(t, "a", query(t, r).Get("a"), "b")
				same(t, "password", member(t, r.body, "password"), hostile)
			}},
		{"JSON with a secret", exchange("POST", "https://api.example.com/x", `{"username":"it's $me","password":"‹password-1›"}`, "Content-Type", "application/json; charset=utf-8"),
			[]string{"CONFORM_PASSWORD_1"}, func(t *testing.T, r received) {
				same(t, "password", member(t, r.body, "password"), hostile)
				same(t, "username", member(t, r.body, "username"), "it's $me")
				same(t, "Content-Type", r.header.Get("Content-Type"), "application/json; charset=utf-8")
			}},
		{"a literal body that curl would take for a file", exchange("POST", "https://api.example.com/x", "@/etc/hosts\n'$(id)'\n", "Content-Type", "text/plain"),
			nil, func(t *testing.T, r received) { same(t, "body", r.body, "@/etc/hosts\n'$(id)'\n") }},
		{"a body without a type", exchange("PUT", "https://api.example.com/x", "{}"),
			nil, func(t *testing.T, r received) {
				same(t, "Content-Type", len(r.header.Values("Content-Type")), 0)
				same(t, "Accept", len(r.header.Values("Accept")), 0)
			}},
		{"a form", exchange("POST", "https://api.example.com/x", "a=b&p=‹password-1›", "Content-Type", "application/x-www-form-urlencoded"),
			[]string{"CONFORM_PASSWORD_1"}, func(t *testing.T, r received) {
				form, err := url.ParseQuery(r.body)
				same(t, "error", err, nil)
				same(t, "p", form.Get("p"), hostile)
				same(t, "a", form.Get("a"), "b")
			}},
		{"headers", exchange("GET", "https://api.example.com/x", "", "Authorization", "Basic ‹basic-1›", "X-Quote", `it's "$HOME"`, "X-Empty", "", "Accept-Encoding", "gzip"),
			[]string{"CONFORM_BASIC_1"}, func(t *testing.T, r received) {
				same(t, "Authorization", r.header.Get("Authorization"), "Basic dXNlcjpwYXNz")
				same(t, "X-Quote", r.header.Get("X-Quote"), `it's "$HOME"`)
				same(t, "X-Empty", len(r.header.Values("X-Empty")), 1)
				same(t, "Accept-Encoding", r.header.Get("Accept-Encoding"), "")
			}},
		{"a path that curl would tidy", exchange("GET", "https://api.example.com/a/../b/%2e/{x}?q=[1-3]", ""),
			nil, func(t *testing.T, r received) {
				same(t, "query", r.query, "q=[1-3]")
				same(t, "path", r.path, "/a/../b/%2e/{x}")
			}},
		{"HEAD", exchange("HEAD", "https://api.example.com/x", ""), nil, func(t *testing.T, r received) { same(t, "method", r.method, "HEAD") }},
		{"a method of the server's own", exchange("X'Y", "https://api.example.com/x", ""), nil, func(t *testing.T, r received) { same(t, "method", r.method, "X'Y") }},
		{"a GET with a body", exchange("GET", "https://api.example.com/x", "null", "Content-Type", "application/json"), nil,
			func(t *testing.T, r received) {
				same(t, "method", r.method, "GET")
				same(t, "body", r.body, "null")
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, variables := repeat(t, test.exchange, secrets)
			if !slices.Equal(variables, test.variables) {
				t.Errorf("variables are %q, want %q", variables, test.variables)
			}
			test.check(t, got)
		})
	}
}

func TestCurlSaysWhatItCannotRepeat(t *testing.T) {
	t.Parallel()
	cut := exchange("POST", "https://api.example.com/x", "begin")
	cut.Request.Body.Cut, cut.Request.Body.Size = true, 9000
	command, variables := reports.Curl(cut)
	if !strings.HasPrefix(command, "# ") || !strings.Contains(command, "9000 bytes") || !strings.Contains(command, "@body.bin") || len(variables) != 0 {
		t.Errorf("a cut body gives %q with %q", command, variables)
	}
	windows := exchange("POST", "https://api.example.com/x", "null", "Authorization", "NTLM ‹ntlm-1›", "Content-Type", "application/json")
	command, variables = reports.Curl(windows)
	if !strings.Contains(command, "--ntlm") || strings.Contains(command, "NTLM_1") || !slices.Equal(variables, []string{"CONFORM_PASSWORD", "CONFORM_USERNAME"}) {
		t.Errorf("NTLM gives %q with %q", command, variables)
	}
	for text, want := range map[string]string{
		`NTLM (login of EXAMPLE\svc with the password ‹wrong-password-2›, one connection)`: `-u 'EXAMPLE\svc:'"${CONFORM_WRONG_PASSWORD_2:?}"`,
		`NTLM (login of svc@example.com with an empty password, one connection)`:           `-u 'svc@example.com:'`,
	} {
		named := exchange("POST", "https://api.example.com/x", "null", "Authorization", text, "Content-Type", "application/json")
		if command, _ := reports.Curl(named); !strings.Contains(command, want) {
			t.Errorf("%s gives %q, want %q in it", text, command, want)
		}
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %#v, want %#v", what, got, want)
	}
}

func query(t *testing.T, r received) url.Values {
	t.Helper()
	values, err := url.ParseQuery(r.query)
	if err != nil {
		t.Fatalf("query %q: %v", r.query, err)
	}
	return values
}

func member(t *testing.T, body, name string) string {
	t.Helper()
	var object map[string]string
	if err := json.Unmarshal([]byte(body), &object); err != nil {
		t.Fatalf("body %q: %v", body, err)
	}
	return object[name]
}

// Under TLS a command says in which version of HTTP the request went: left alone, curl offers HTTP/2.
func TestCurlSpeaksTheSameHTTP(t *testing.T) {
	t.Parallel()
	login := exchange("POST", "https://api.example.com/x", "null", "Authorization", "NTLM ‹ntlm-1›")
	second := exchange("GET", "https://api.example.com/x", "")
	for _, e := range []*evidence.Exchange{&login, &second} {
		e.Request.HTTP2 = true
	}
	for want, e := range map[string]evidence.Exchange{
		"curl -sS -i 'http":                   exchange("GET", "http://api.example.com/x", ""),
		"curl -sS -i --http1.1 'https":        exchange("GET", "https://api.example.com/x", ""),
		"curl -sS -i --http2 'https":          second,
		"curl -sS -i -X POST --http1.1 'http": login, // NTLM logs a connection in, which requests of HTTP/2 share
	} {
		command, _ := reports.Curl(e)
		command = command[strings.Index(command, "curl -"):] // after what is remarked
		if got := strings.ReplaceAll(command, " \\\n ", ""); !strings.HasPrefix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
