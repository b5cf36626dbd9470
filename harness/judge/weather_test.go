package judge_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// The weather of a seed is the same whenever the same requests come, before every system, and is told.
func TestASeedIsItsWeather(t *testing.T) {
	t.Parallel()
	for _, profile := range reference.Profiles() {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			met := func() (all []int, said []string) {
				s := reference.Start(t, profile, reference.Judged, reference.Stormy(7))
				transport := &http.Transport{DisableKeepAlives: true}
				for range 40 {
					r, err := http.NewRequest(http.MethodPut, s.URL()+"/", strings.NewReader("x")) // which nobody sends again by itself
					if err != nil {
						t.Fatal(err)
					}
					resp, err := transport.RoundTrip(r)
					if err != nil {
						all = append(all, 0)
						continue
					}
					_ = resp.Body.Close()
					all = append(all, resp.StatusCode)
				}
				return all, s.Verdict().Weather
			}
			one, said := met()
			other, again := met()
			if !slices.Equal(one, other) || !slices.Equal(said, again) {
				t.Errorf("one seed, and other weather:\n%v\n%v\n%q\n%q", one, other, said, again)
			}
			rough := slices.ContainsFunc(one, func(status int) bool {
				return status == 0 || status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable
			})
			if !rough || len(said) < 2 || !strings.Contains(said[0], "seed 7") {
				t.Errorf("there was no weather: %v, %q", one, said)
			}
		})
	}
}

// Clients of the systems that give one credential for a name and a password get on with the weather, and are blamed for none of it.
func TestNobodyElseIsBlamedForTheWeather(t *testing.T) {
	t.Parallel()
	for profile, of := range map[string]struct {
		login, look, member, before string
		end                         func(p *played, credential string)
	}{
		"aria-operations-8": {"/api/auth/token/acquire", "/api/auth/currentuser", "token", "vRealizeOpsToken ", func(p *played, credential string) {
			p.send("POST", "/api/auth/token/release", "", "Authorization", credential)
		}},
		"vcf-operations-9": {"/api/auth/token/acquire", "/api/auth/currentuser", "token", "OpsToken ", func(p *played, credential string) {
			p.send("POST", "/api/auth/token/release", "", "Authorization", credential)
		}},
		"bluecat-9.5": {"/api/v2/sessions", "/api/v2/sessions/current", "basicAuthenticationCredentials", "Basic ", func(p *played, credential string) {
			p.send("PATCH", "/api/v2/sessions/current", `{"state": "LOGGED_OUT"}`, "Authorization", credential, "Content-Type", "application/merge-patch+json")
		}},
	} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			p := play(t, profile, reference.Stormy(5))
			p.client.Transport = patient{p.client.Transport}
			var made []string
			login := func() string {
				_, answer := p.send("POST", of.login, quoted(map[string]any{"username": p.account.Username, "password": p.account.Password.Reveal()}))
				made = append(made, of.before+answer[of.member])
				return made[len(made)-1]
			}
			credential := login()
			for range 30 {
				if status, _ := p.send("GET", of.look, "", "Authorization", credential); status != http.StatusOK {
					credential = login()
				}
			}
			for _, credential := range made {
				of.end(p, credential)
			}
			if run := p.server.Verdict(); run.Verdict != verdict.Conformant || len(found(run)) > 0 || len(run.Weather) < 2 {
				t.Errorf("%s, %s: %v; %q", run.Verdict, run.Reason, found(run), run.Weather)
			}
		})
	}
}
