package judge_test

import (
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/specs"
)

// asking is one request of a client: method, path, body, and fields, name and value in turn. What stands in braces is replaced by the account's
// name and password, and by what the login gave.
type asking struct {
	method, path, body string
	fields             []string
}

// What each vendor's document asks of clients is found broken by a request that does it wrong, and kept by one that does it right.
func TestEachDutyIsBrokenAndKept(t *testing.T) {
	t.Parallel()
	token := asking{"POST", "/api/auth/token/acquire", `{"username": "{name}", "password": "{password}"}`, nil}
	current := func(word string) asking {
		return asking{"GET", "/api/auth/currentuser", "", []string{"Authorization", word + "{token}"}}
	}
	session := asking{"POST", "/api/v2/sessions", `{"username": "{name}", "password": "{password}"}`, nil}
	merge := []string{"Authorization", "Basic {basicAuthenticationCredentials}", "Content-Type", "application/merge-patch+json"}
	query := func(body string) asking { return asking{"POST", "/API2/query/extractQueryResult", body, nil} }
	cases := map[string]struct {
		profiles   []string
		login      asking // made first; its method is "" for none
		wrong      asking
		right      asking
		wantsLevel verdict.Status
	}{
		"ARO-CLI-01": {profiles: []string{"aria-operations-8", "vcf-operations-9"}, wrong: asking{"POST", token.path, `{"username": "{name}"}`, nil}, right: token, wantsLevel: verdict.Failed},
		"ARO-CLI-02": {profiles: []string{"aria-operations-8", "vcf-operations-9"}, wrong: asking{"POST", token.path, token.body, []string{"Content-Type", "text/plain"}}, right: token, wantsLevel: verdict.Failed},
		"ARO-CLI-03": {profiles: []string{"aria-operations-8"}, login: token, wrong: current("Bearer "), right: current("vRealizeOpsToken "), wantsLevel: verdict.Warned},
		"ARO-CLI-04": {profiles: []string{"vcf-operations-9"}, login: token, wrong: current("Bearer "), right: current("OpsToken "), wantsLevel: verdict.Failed},
		"BCT-CLI-01": {profiles: []string{"bluecat-9.5"}, wrong: asking{"POST", session.path, `{"username": "{name}"}`, nil}, right: session, wantsLevel: verdict.Failed},
		"BCT-CLI-02": {profiles: []string{"bluecat-9.5"}, wrong: asking{"POST", session.path, session.body, []string{"Content-Type", "text/plain"}}, right: session, wantsLevel: verdict.Warned},
		"BCT-CLI-03": {
			profiles: []string{"bluecat-9.5"}, login: session, wrong: asking{"GET", "/api/v2/configurations", "", nil},
			right: asking{"GET", "/api/v2/configurations", "", merge[:2]}, wantsLevel: verdict.Failed,
		},
		"BCT-CLI-04": {
			profiles: []string{"bluecat-9.5"}, login: session, wrong: asking{"PATCH", "/api/v2/sessions/current", `{"state": "GONE"}`, merge},
			right: asking{"PATCH", "/api/v2/sessions/current", `{"state": "LOGGED_OUT"}`, merge}, wantsLevel: verdict.Warned,
		},
		"PYR-CLI-01": {profiles: []string{"pyramid-2018.5"}, wrong: query(`{"data": {}}`), right: query(`{"auth": "a-token", "data": {}}`), wantsLevel: verdict.Failed},
		"PYR-CLI-02": {
			profiles: []string{"pyramid-2018.5"}, wrong: asking{"GET", "/API2/auth/authenticateUserWindows", "", nil},
			right: asking{"POST", "/API2/auth/authenticateUserWindows", "", nil}, wantsLevel: verdict.Failed,
		},
		"PYR-CLI-03": {profiles: []string{"pyramid-2018.5"}, wrong: query(`{"auth": "a-token"}`), right: query(`{"auth": "a-token", "data": {}}`), wantsLevel: verdict.Warned},
		"PYR-CLI-04": {
			profiles: []string{"pyramid-2018.5"}, wrong: asking{"POST", "/api2/auth/authenticateUserWindows", "", nil},
			right: asking{"POST", "/API2/auth/authenticateUserWindows", "", nil}, wantsLevel: verdict.Noted,
		},
	}
	for id, of := range cases {
		for _, profile := range of.profiles {
			for name, of := range map[string]struct {
				last asking
				want verdict.Status
			}{"wrong": {of.wrong, of.wantsLevel}, "right": {of.right, verdict.Passed}} {
				login := cases[id].login
				t.Run(id+"/"+profile+"/"+name, func(t *testing.T) {
					t.Parallel()
					p := play(t, profile)
					given := map[string]string{}
					send := func(a asking) {
						words := []string{"{name}", p.account.Username, "{password}", p.account.Password.Reveal()}
						for name, value := range given {
							words = append(words, "{"+name+"}", value)
						}
						fill := strings.NewReplacer(words...)
						fields := make([]string, len(a.fields))
						for i, f := range a.fields {
							fields[i] = fill.Replace(f)
						}
						_, given = p.send(a.method, fill.Replace(a.path), fill.Replace(a.body), fields...)
					}
					if login.method != "" {
						send(login)
					}
					send(of.last)
					if got := status(p.server.Verdict(), id); got != of.want {
						t.Errorf("%s is %s, want %s", id, got, of.want)
					}
				})
			}
		}
	}
	adaxes := 0
	for _, profile := range reference.Profiles() {
		catalogue, err := specs.ForProfile(profile)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range catalogue.OfClient(profile) {
			switch own := strings.HasPrefix(r.ID, "RFC-"); {
			case own:
			case strings.HasPrefix(r.ID, "ADX-"):
				adaxes++ // of which another test has each
			case len(cases[r.ID].profiles) == 0:
				t.Errorf("nothing breaks %s", r.ID)
			}
		}
	}
	if adaxes == 0 {
		t.Error("the catalogues ask nothing of clients")
	}
}
