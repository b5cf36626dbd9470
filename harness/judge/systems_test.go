package judge_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// A client of BlueCat that keeps the document is conformant, by its own rules of Basic; one that sends its password with each request is not.
func TestClientsOfBasic(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]struct {
		authorizes func(r *http.Request, server *reference.Server, ready string)
		want       verdict.Outcome
	}{
		"ready-made": {func(r *http.Request, _ *reference.Server, ready string) {
			r.Header.Set("Authorization", "Basic "+ready)
		}, verdict.Conformant},
		"bearer": {func(r *http.Request, _ *reference.Server, ready string) {
			r.Header.Set("Authorization", "Bearer "+ready)
		}, verdict.Nonconformant},
		"nothing": {func(*http.Request, *reference.Server, string) {}, verdict.Nonconformant},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := reference.Start(t, "bluecat-9.5", reference.Judged, func(o *reference.Options) { o.Lifetimes = reference.Lifetimes{} })
			a := s.Target().Account
			send := func(method, path, media, body, ready string) []byte {
				r, err := http.NewRequest(method, s.URL()+path, strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				if body != "" {
					r.Header.Set("Content-Type", media)
				}
				if ready != "" && method == "GET" {
					of.authorizes(r, s, ready)
				} else if ready != "" {
					r.Header.Set("Authorization", "Basic "+ready)
				}
				resp, err := http.DefaultClient.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = resp.Body.Close() }()
				data, err := io.ReadAll(resp.Body)
				if err != nil {
					t.Fatal(err)
				}
				return data
			}
			var session struct{ BasicAuthenticationCredentials string }
			login := quoted(map[string]any{"username": a.Username, "password": a.Password.Reveal()})
			if err := json.Unmarshal(send("POST", "/api/v2/sessions", "application/json", login, ""), &session); err != nil {
				t.Fatal(err)
			}
			ready := session.BasicAuthenticationCredentials
			send("GET", "/api/v2/configurations", "", "", ready)
			send("PATCH", "/api/v2/sessions/current", "application/merge-patch+json", `{"state": "LOGGED_OUT"}`, ready)
			run := s.Verdict()
			all := found(run)
			if run.Verdict != of.want || (of.want == verdict.Nonconformant) != (all["BCT-CLI-03"] != "") {
				t.Errorf("%s (%s): %v", run.Verdict, run.Reason, all)
			}
			if delete(all, "BCT-CLI-03"); len(all) > 0 {
				t.Errorf("what else: %v", all)
			}
		})
	}
}
