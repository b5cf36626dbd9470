package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// What is wrong with the input is said in one line that names the place and the remedy, and nothing is sent.
func TestWrongUsage(t *testing.T) {
	t.Parallel()
	credentials := []string{"CONFORM_USERNAME=someone@example.com", "CONFORM_PASSWORD=Pass-word-1"}
	const url = "http://127.0.0.1:1/restApi"
	head := "profile: adaxes-2025.1\nurl: " + url + "\n"
	file := func(content string) string { return write(t, "target.yaml", content) }
	for name, c := range map[string]struct {
		env  []string
		args []string
		want []string
	}{
		"no credentials":         {nil, []string{"run", "--target", url}, []string{"CONFORM_USERNAME", "CONFORM_PASSWORD"}},
		"unknown profile":        {credentials, []string{"run", "--target", url, "--profile", "adaxes"}, []string{`"adaxes"`, "adaxes-2025.1"}},
		"unknown key":            {nil, []string{"run", "--target-file", file(head + "acount: {}\n")}, []string{"target.yaml:3:1", `"acount"`, "account"}},
		"unset variable":         {nil, []string{"run", "--target-file", file(head + "account: {username: a, password: \"${NOT_SET_ANYWHERE}\"}\n")}, []string{"target.yaml:3:", "NOT_SET_ANYWHERE"}},
		"unreadable file":        {nil, []string{"run", "--target-file", "/does/not/exist.yaml"}, []string{"/does/not/exist.yaml"}},
		"credentials in the URL": {credentials, []string{"run", "--target", "http://a:b@127.0.0.1/restApi"}, []string{"url"}},
		"a CA file that is none": {nil, []string{"run", "--dry-run", "--target-file", file(head + "account: {username: a, password: b}\ntls: {caFile: '" + write(t, "ca.pem", "none") + "'}\n")},
			[]string{"target.yaml:4:15: tls.caFile", "PEM"}},
		"an encrypted key": {nil, []string{"run", "--target-file", file(head + "account: {username: a, password: b}\ntls: {certFile: '" + write(t, "c.pem", "-----BEGIN CERTIFICATE-----") +
			"', keyFile: '" + write(t, "k.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----") + "'}\n")}, []string{"target.yaml:4:", "tls.keyFile", "encrypted"}},
		"a line break behind a password": {[]string{"CONFORM_USERNAME=a", "CONFORM_PASSWORD=Pass-word-1\n"}, []string{"run", "--target", url}, []string{"password", "line break"}},
		"both targets":                   {credentials, []string{"run", "--target", url, "--target-file", "x"}, []string{"--target", "--target-file"}},
		"unknown label":                  {credentials, []string{"run", "--target", url, "--label-filter", "renewl"}, []string{"renewl"}},
		"broken filter":                  {credentials, []string{"run", "--target", url, "--label-filter", "(renewal"}, []string{"--label-filter"}},
		"unknown flag":                   {nil, []string{"run", "--taget", url}, []string{"--taget (did you mean --target?)"}},
		"a flag of another name":         {nil, []string{"run", "--targetfile=x"}, []string{"--targetfile (did you mean --target-file?)"}},
		"a flag with one dash":           {nil, []string{"run", "-target", url}, []string{"(did you mean --target?)"}},
		"a flag like no other":           {nil, []string{"run", "--qqqqqqqq"}, []string{"--qqqqqqqq; conform run --help"}},
		"unknown command":                {nil, []string{"judge"}, []string{`unknown command "judge"; conform --help lists the commands`}},
		"a command in other letters":     {nil, []string{"comapt"}, []string{"(did you mean compat?)"}},
		"a file in two ways":             {nil, []string{"run", "a.yaml", "--target-file", "b.yaml"}, []string{`"a.yaml" and --target-file are both given`}},
		"a file and a URL":               {credentials, []string{"run", "a.yaml", "--target", url}, []string{"--target and --target-file are both given"}},
		"a profile for a file":           {nil, []string{"run", "bluecat-9.5"}, []string{"did you mean --profile bluecat-9.5?"}},
		"a URL for a file":               {credentials, []string{"run", "http://a:Pass-word-1@127.0.0.1/x"}, []string{"did you mean --target?"}},
		"no such file":                   {nil, []string{"run", "/does/not/exist.yaml"}, []string{"/does/not/exist.yaml"}},
		"again without a target":         {nil, []string{"run", "--again", "x.json"}, []string{"--again", "name the target"}},
		"no report to judge again":       {credentials, []string{"run", "--target", url, "--again", "/does/not/exist.json"}, []string{"--again", "/does/not/exist.json"}},
		"a wrong report to judge again":  {credentials, []string{"run", "--target", url, "--again", write(t, "r.json", "{}")}, []string{"--again", "r.json", "report.json"}},
		"no report to repeat":            {nil, []string{"repeat", "/does/not/exist.json", "x"}, []string{"/does/not/exist.json", "report.json"}},
		"one argument of two":            {nil, []string{"repeat", "x"}, []string{"1 argument,", "conform repeat REPORT CHECK"}},
		"a negative time of progress":    {nil, []string{"run", "--progress", "-1s"}, []string{"--progress"}},
		"no processes":                   {nil, []string{"run", "--procs", "0"}, []string{"--procs"}},
		"unknown level":                  {nil, []string{"run", "--fail-on", "may"}, []string{"--fail-on", "should"}},
		"unknown report":                 {nil, []string{"run", "--reports", "report.pdf"}, []string{"report.pdf", "junit.xml"}},
		"unknown fault":                  {nil, []string{"serve", "--profile", "adaxes-2025.1", "--fault", "nonsense"}, []string{"nonsense", "conform list faults"}},
		"unknown list":                   {nil, []string{"list", "faultz"}, []string{"faultz", "faults"}},
		"unknown requirement":            {nil, []string{"explain", "ADX-TOK-99"}, []string{"ADX-TOK-99"}},
		"no report to compare":           {nil, []string{"diff", "/does/not/exist.json", "x"}, []string{"/does/not/exist.json"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := conform(t, c.env, c.args...)
			if o.code != verdict.ExitUsage {
				t.Errorf("exit code %d, want 2", o.code)
			}
			if o.stdout != "" || strings.Count(o.stderr, "\n") != 1 {
				t.Errorf("want one line on stderr alone, got\n%s---\n%s", o.stdout, o.stderr)
			}
			for _, w := range c.want {
				if !strings.Contains(o.stderr, w) {
					t.Errorf("the line does not say %q: %s", w, o.stderr)
				}
			}
			if strings.Contains(o.stderr, "Pass-word-1") {
				t.Errorf("the line has the password: %s", o.stderr)
			}
		})
	}
}

// What is wrong with the way to the server, or is not the API, is said once: no list of failures.
func TestNotTheAPI(t *testing.T) {
	t.Parallel()
	serveHTTP := func(h http.HandlerFunc) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL
	}
	tlsServer := httptest.NewTLSServer(http.NotFoundHandler())
	tlsServer.Config.ErrorLog = nil
	t.Cleanup(tlsServer.Close)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	ours := serve(t, reference.Options{Profile: "adaxes-2025.1"})
	for name, c := range map[string]struct{ url, want string }{
		"dead port":         {closed.URL, "connection refused"},
		"no such host":      {"http://no-such-host.invalid/restApi", "cannot be resolved"},
		"unknown authority": {tlsServer.URL, "tls.caFile"},
		"TLS on plain HTTP": {strings.Replace(closed.URL, "http", "https", 1), "refused"},
		"never answers":     {"http://" + silent.Addr().String(), "no complete answer"},
		"login page": {serveHTTP(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "<!DOCTYPE html><h1>Sign in</h1>")
		}), "HTML page"},
		"redirect":            {serveHTTP(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) }), "redirected"},
		"another service":     {serveHTTP(http.NotFound), "404"},
		"gateway":             {serveHTTP(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }), "502"},
		"refused credentials": {ours.URL(), "refused the credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := conform(t, []string{"CONFORM_USERNAME=someone@example.com", "CONFORM_PASSWORD=Pass-word-1"}, "run", "--target", c.url)
			if o.code != verdict.ExitIncomplete {
				t.Errorf("exit code %d, want 3:\n%s%s", o.code, o.stdout, o.stderr)
			}
			if !strings.Contains(o.stdout, c.want) {
				t.Errorf("the output does not say %q:\n%s", c.want, o.stdout)
			}
			if o.report == nil || len(o.report.Runs) != 1 || len(o.report.Runs[0].Checks) > 0 {
				t.Error("the report is missing, or lists checks that did not run")
			}
		})
	}
}

// A server that answers one operation badly fails the checks of that operation within the timeout, and the run goes on.
func TestBadAnswersDoNotStopTheRun(t *testing.T) {
	t.Parallel()
	hijack := func(w http.ResponseWriter, text string) net.Conn {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(conn, text)
		return conn
	}
	for name, misbehave := range map[string]func(w http.ResponseWriter, r *http.Request){
		"never": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // a server sees that its client has gone when it has read what that sent
			<-r.Context().Done()
		},
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := io.WriteString(w, strings.Repeat("a", 1<<16)); err != nil {
					return
				}
			}
		},
		"garbage": func(w http.ResponseWriter, _ *http.Request) {
			_ = hijack(w, "\x00\x01 this is not HTTP \r\n\r\n").Close()
		},
		"slow": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusOK)
			tick := time.NewTicker(100 * time.Millisecond)
			defer tick.Stop()
			for {
				_, _ = io.WriteString(w, " ")
				_ = http.NewResponseController(w).Flush()
				select {
				case <-tick.C:
				case <-r.Context().Done():
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, reference.Options{Profile: "adaxes-2025.1"})
			base := server.URL()
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPatch {
					misbehave(w, r)
					return
				}
				forward(w, r, base)
			}))
			t.Cleanup(front.Close)
			server.Target().Limits.Timeout = time.Second
			server.Target().URL = front.URL + "/restApi"
			file := describe(t, server)
			o := conform(t, nil, "run", "--target-file", file, "--procs", "4", "--label-filter", "(renewal || session && MUST) && !sweep")
			if o.code != verdict.ExitNonconformant {
				t.Fatalf("exit code %d, want 1:\n%s%s", o.code, o.stdout, o.stderr)
			}
			for _, c := range o.report.Runs[0].Checks {
				if c.Status == verdict.Failed && c.Subject != "renewal" {
					t.Errorf("%s is blamed: %s", c.ID, c.Reason)
				}
				if c.ID == "adaxes-2025.1/ADX-REN-01/as-described-by-renew-token" && c.Status != verdict.Failed {
					t.Errorf("%s is %s", c.ID, c.Status)
				}
			}
		})
	}
}

// forward passes a request on, as a plain proxy does.
func forward(w http.ResponseWriter, r *http.Request, base string) {
	req, err := http.NewRequestWithContext(r.Context(), r.Method, strings.TrimSuffix(base, "/restApi")+r.URL.RequestURI(), r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	req.Header, req.ContentLength = r.Header.Clone(), r.ContentLength
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	for k, v := range resp.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}

func TestUnwritableOutput(t *testing.T) {
	t.Parallel()
	file := write(t, "file", "")
	o := conform(t, nil, "run", "--profile", "adaxes-2025.1", "--out", file+"/reports")
	if o.code != verdict.ExitUsage || !strings.Contains(o.stderr, "--out") {
		t.Errorf("exit code %d: %s", o.code, o.stderr)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(fmt.Errorf("the file is gone: %w", err))
	}
}
