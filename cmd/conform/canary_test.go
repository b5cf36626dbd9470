package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// canaries are the secrets of a test: what went over the wire, and the passwords.
type canaries struct {
	mu sync.Mutex
	searcher
}

func (c *canaries) note(values ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range values {
		// Words for nobody, and the account's name, are sent in the place of secrets and are none.
		if !slices.Contains(check.Nobodys, v) && v != "Conform.Service" && v != "Conform.Service@example.com" {
			c.add(v)
		}
	}
}

// noteJSON notes the members of a JSON object that are secret by the document.
func (c *canaries) noteJSON(data []byte) {
	var members map[string]any
	if json.Unmarshal(data, &members) != nil {
		return
	}
	for _, name := range []string{"password", "sessionId", "token", "id"} {
		if value, isText := members[name].(string); isText {
			c.note(value)
		}
	}
}

// expectNone fails the test for each secret in what a command printed and in every file that it left, whatever the file.
func (c *canaries) expectNone(t *testing.T, o outcome) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	texts := map[string]string{"stdout": o.stdout, "stderr": o.stderr}
	err := filepath.WalkDir(o.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		texts[strings.TrimPrefix(path, o.dir)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range texts {
		for _, place := range c.find(text) {
			t.Errorf("a secret is in %s, %s", name, place)
		}
	}
}

// proxy stands in front of a server and notes every secret that passes. With echo it also sends the secrets of a
// request back, in the header of each answer and in the body of each refusal, under every encoding.
func (c *canaries) proxy(t *testing.T, server string, echo bool) string {
	t.Helper()
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: address.Scheme, Host: address.Host}) },
		ModifyResponse: func(answer *http.Response) error {
			data, err := io.ReadAll(answer.Body)
			if err != nil {
				return err
			}
			c.noteJSON(data)
			if secrets, _ := answer.Request.Context().Value(echoed{}).([]string); len(secrets) > 0 {
				data = echoInto(answer, data, secrets)
			}
			answer.Body = io.NopCloser(bytes.NewReader(data))
			return nil
		},
	}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		c.noteJSON(data)
		secrets := secretsOf(r, data)
		c.note(secrets...)
		r.Body = io.NopCloser(bytes.NewReader(data))
		if echo {
			r = r.WithContext(context.WithValue(r.Context(), echoed{}, secrets))
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	return front.URL + address.Path
}

// echoed is the key of the secrets that an answer has to send back.
type echoed struct{}

// secretsOf are the secrets that a request carries: credential, token in the query, members of the body.
func secretsOf(r *http.Request, body []byte) []string {
	secrets := []string{r.Header.Get("Adm-Authorization"), r.URL.Query().Get("token")}
	var members map[string]any
	if json.Unmarshal(body, &members) == nil {
		for _, name := range []string{"password", "sessionId"} {
			if value, isText := members[name].(string); isText {
				secrets = append(secrets, value)
			}
		}
	}
	var long []string
	for _, s := range secrets {
		scheme, _, _ := strings.Cut(s, " ") // tokens have none: what has one is nobody's, and is sent to see what becomes of it
		if len(s) >= keyLength && !slices.Contains([]string{"Basic", "Bearer", "Digest"}, scheme) {
			long = append(long, s)
		}
	}
	return long
}

// echoInto sends secrets back: some encoding of each in a header, and all of them in the message of a refusal.
func echoInto(answer *http.Response, body []byte, secrets []string) []byte {
	var all []string
	for _, secret := range secrets {
		for name, text := range encodings(secret) {
			answer.Header.Add("X-Echo", name+" "+text)
			all = append(all, text)
		}
	}
	if answer.StatusCode < 400 {
		return body
	}
	message, err := json.Marshal(map[string]any{"message": strings.Join(all, " | "), "code": "echo"})
	if err != nil {
		return body
	}
	answer.Header.Set("Content-Type", "application/json")
	answer.ContentLength = int64(len(message))
	answer.Header.Del("Content-Length")
	return message
}

// behind describes a server for a run that reaches it through proxies alone.
func behind(t *testing.T, c *canaries, server *reference.Server, echo bool) string {
	t.Helper()
	description := *server.Target()
	description.URL = c.proxy(t, description.URL, echo)
	description.Instances = nil
	for _, instance := range server.Target().Instances {
		description.Instances = append(description.Instances, c.proxy(t, instance, echo))
	}
	for _, secret := range description.Secrets() {
		c.note(secret.Value)
	}
	data, err := description.MarshalFile()
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "target.yaml", string(data))
}

func TestNoSecretIsInWhatARunLeaves(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, profile, fault string
		echo                 bool
		flags                []string
	}{
		{"conformant", "adaxes-2025.1", "", false, nil},
		{"older profile", "adaxes-2023.2", "", false, []string{"--label-filter", "!sweep"}},
		{"password in an error", "adaxes-2025.1", "password-in-error-for-wrong-password", false, []string{"--label-filter", "!sweep"}},
		{"echo under every encoding", "adaxes-2025.1", "", true, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c canaries
			server := serve(t, reference.Options{Profile: test.profile, Fault: test.fault, Instances: 2})
			o := conform(t, nil, append([]string{"run", "--target-file", behind(t, &c, server, test.echo), "--annotations", "github"}, test.flags...)...)
			if o.report == nil || len(o.report.Runs[0].Checks) == 0 {
				t.Fatalf("nothing was judged: exit code %d\n%s%s", o.code, o.stdout, o.stderr)
			}
			if test.fault == "" && !test.echo && o.code != 0 {
				t.Errorf("through a proxy the exit code is %d:\n%s", o.code, o.stdout)
			}
			if c.secrets < 100 {
				t.Errorf("only %d secrets passed: that proves little", c.secrets)
			}
			c.expectNone(t, o)
		})
	}
}

// nasty is a password that every encoding changes.
const nasty = `Can"ary\pä+ss/w=o&r<d>'%41 ünd `

// Also what goes wrong must not tell the password: an unusable target file, no server, one that refuses everything
// and quotes the request, one that is no API at all.
func TestNoSecretIsInWhatAFailureLeaves(t *testing.T) {
	t.Parallel()
	quoting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		for name, text := range encodings(nasty) {
			w.Header().Add("X-Echo", name+" "+text)
		}
		w.Header().Set("X-Request", strings.NewReplacer("\r", "", "\n", "").Replace(string(data)))
		switch {
		case strings.HasPrefix(r.URL.Path, "/page"):
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<p>You sent " + encodings(nasty)["as HTML"] + " and " + string(data)))
		case strings.HasPrefix(r.URL.Path, "/crash"):
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write(data)
		default:
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write(data)
		}
	}))
	t.Cleanup(quoting.Close)
	described := func(address string, change func(string) string) string {
		d := target.Target{
			Profile: "adaxes-2025.1", URL: address, Account: target.Account{Username: "svc@example.com", Password: nasty},
			Limits: target.Limits{BadLogins: 2, Timeout: target.DefaultTimeout},
		}
		data, err := d.MarshalFile()
		if err != nil {
			t.Fatal(err)
		}
		return write(t, "target.yaml", change(string(data)))
	}
	same := func(s string) string { return s }
	environment := []string{"CONFORM_USERNAME=svc@example.com", "CONFORM_PASSWORD=" + nasty}
	for _, test := range []struct {
		name string
		env  []string
		args []string
		code int
	}{
		{"unknown key", nil, []string{"--target-file", described("http://127.0.0.1:1", func(s string) string { return s + "pasword: x\n" })}, verdict.ExitUsage},
		{"password in wrong quotes", nil, []string{"--target-file", write(t, "t.yaml", "url: http://127.0.0.1:1\naccount:\n  username: x\n  password: '"+nasty+"'\n")}, verdict.ExitUsage},
		{"password in the URL", environment, []string{"--target", "http://svc:" + url.QueryEscape(nasty) + "@127.0.0.1:1"}, verdict.ExitUsage},
		{"unknown profile", environment, []string{"--target", "http://127.0.0.1:1", "--profile", "no"}, verdict.ExitUsage},
		{"no server", nil, []string{"--target-file", described("http://127.0.0.1:1", same)}, verdict.ExitIncomplete},
		{"no server, credentials from the environment", environment, []string{"--target", "http://127.0.0.1:1/restApi"}, verdict.ExitIncomplete},
		{"refused and quoted", nil, []string{"--target-file", described(quoting.URL+"/restApi", same)}, verdict.ExitIncomplete},
		{"a page that quotes", environment, []string{"--target", quoting.URL + "/page"}, verdict.ExitIncomplete},
		{"a crash that quotes", environment, []string{"--target", quoting.URL + "/crash"}, verdict.ExitIncomplete},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var c canaries
			c.note(nasty, strings.TrimSpace(nasty), nasty[:12], nasty[len(nasty)-14:])
			o := conform(t, test.env, append([]string{"run", "--annotations", "github"}, test.args...)...)
			if o.code != test.code {
				t.Errorf("exit code %d, want %d:\n%s%s", o.code, test.code, o.stdout, o.stderr)
			}
			c.expectNone(t, o)
		})
	}
}
