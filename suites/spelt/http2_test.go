package spelt_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites"
	"example.org/conform/suites/runner"
)

const inTwo, inOne = "HTTP/2.0", "HTTP/1.1"

// HTTP/2 is judged where it is offered, and only by what is otherwise in HTTP/1.1. The servers of the proof speak plain HTTP, so
// that no fault of theirs shows it.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile string
		plain   bool
		own     http.HandlerFunc // answers requests in HTTP/2 in place of the server, unless it writes nothing
		status  verdict.Status
		says    string
		spoken  string
	}{
		"Adaxes":      {profile: "adaxes-2025.1", status: verdict.Passed, spoken: inTwo},
		"Aria":        {profile: "aria-operations-8", status: verdict.Passed, spoken: inTwo},
		"BlueCat":     {profile: "bluecat-9.5", status: verdict.Passed, spoken: inTwo},
		"not offered": {profile: "pyramid-2018.5", status: verdict.Skipped, says: "does not offer HTTP/2: it answers in HTTP/1.1", spoken: inOne},
		"without TLS": {profile: "adaxes-2025.1", plain: true, status: verdict.Skipped, says: "HTTP/2 is tried over TLS alone"},
		"under Windows Authentication": {
			profile: "pyramid-2018.5", own: func(http.ResponseWriter, *http.Request) {}, status: verdict.Passed, spoken: inTwo,
		},
		"everything refused": {
			profile: "adaxes-2025.1", own: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) },
			status: verdict.Warned, says: "also for requests with HTTP/2", spoken: inTwo,
		},
		"one method refused": {
			profile: "bluecat-9.5", own: func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPatch {
					w.WriteHeader(http.StatusBadRequest)
				}
			}, status: verdict.Warned, says: "400", spoken: inTwo,
		},
		"never answered": {
			profile: "aria-operations-8", own: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			status: verdict.Warned, says: "no answer", spoken: "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := reference.Options{Profile: c.profile, CAFile: filepath.Join(t.TempDir(), "ca.pem"), TLS: !c.plain && c.own == nil}
			server, err := reference.Serve(o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(server.Close)
			to := server.Target()
			if c.own != nil {
				to = instead(t, server, c.own)
			}
			got := inHTTP2(t, to)
			if said := got.Reason + got.Expected + got.Actual; got.Status != c.status || !strings.Contains(said, c.says) {
				t.Errorf("%s: %s; expected %s; actual %s", got.Status, got.Reason, got.Expected, got.Actual)
			}
			if got.Status == verdict.Skipped && got.Remedy == "" {
				t.Error("it does not say what to do")
			}
			asked := slices.IndexFunc(got.Exchanges, func(e evidence.Exchange) bool { return e.Request.HTTP2 })
			if asked < 0 != c.plain {
				t.Fatalf("the evidence is %+v", got.Exchanges)
			}
			if r := got.Exchanges; asked >= 0 && r[asked].Response != nil && r[asked].Response.Proto != c.spoken {
				t.Errorf("spoken is %s", r[asked].Response.Proto)
			}
		})
	}
}

// inHTTP2 is what a run says of HTTP/2.
func inHTTP2(t *testing.T, to *target.Target) verdict.Check {
	t.Helper()
	run, err := runner.New(runner.Options{Targets: []*target.Target{to}, Systems: suites.Systems(), LabelFilter: "RFC-SPL-13"})
	if err != nil {
		t.Fatal(err)
	}
	got := run.Do(t.Context(), nil).Runs[0]
	if len(got.Checks) != 1 {
		t.Fatalf("%s: %s, %d checks", got.Verdict, got.Reason, len(got.Checks))
	}
	return got.Checks[0]
}

// instead serves a server with TLS and HTTP/2. Where the handler answers a request in HTTP/2, that is the answer.
func instead(t *testing.T, server *reference.Server, own http.HandlerFunc) *target.Target {
	t.Helper()
	address, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 2 {
			answered := &noted{ResponseWriter: w}
			if own(answered, r); answered.status != 0 {
				return
			}
		}
		server.Handler().ServeHTTP(w, r)
	}))
	web.EnableHTTP2, web.Config.ConnContext = true, server.ConnContext
	web.StartTLS()
	t.Cleanup(web.Close)
	front := *server.Target()
	front.URL, front.Instances = web.URL+address.Path, nil
	front.TLS.CAFile = filepath.Join(t.TempDir(), "front.pem")
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})
	if err := os.WriteFile(front.TLS.CAFile, authority, 0o600); err != nil {
		t.Fatal(err)
	}
	return &front
}

// noted remembers whether something was answered.
type noted struct {
	http.ResponseWriter
	status int
}

func (n *noted) WriteHeader(status int) {
	n.status = status
	n.ResponseWriter.WriteHeader(status)
}
