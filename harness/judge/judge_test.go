package judge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
)

// played is a client of the Adaxes server that does what a test tells it to.
type played struct {
	t       *testing.T
	base    string
	account target.Account
	probe   string
	profile string
	client  *http.Client
	server  *reference.Server
}

func play(t *testing.T, profile string, options ...func(*reference.Options)) *played {
	t.Helper()
	options = append([]func(*reference.Options){reference.Judged, func(o *reference.Options) { o.Lifetimes = reference.Lifetimes{} }}, options...)
	s := reference.Start(t, profile, options...)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &played{t, s.URL(), s.Target().Account, s.Target().Probe.Path, profile, &http.Client{Transport: transport}, s}
}

// send sends a request with fields, name and value in turn; a body is sent as JSON unless a field says otherwise.
func (p *played) send(method, path, body string, fields ...string) (int, map[string]string) {
	p.t.Helper()
	r, err := http.NewRequest(method, p.base+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(fields); i += 2 {
		if fields[i] == "Content-Type" {
			r.Header.Del(fields[i])
		}
		if fields[i+1] != "" {
			r.Header.Add(fields[i], fields[i+1])
		}
	}
	resp, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	members, texts := map[string]any{}, map[string]string{}
	_ = json.Unmarshal(data, &members) // most answers are empty
	for name, v := range members {
		if text, is := v.(string); is {
			texts[name] = text
		}
	}
	return resp.StatusCode, texts
}

func quoted(members map[string]any) string {
	data, _ := json.Marshal(members) // texts and numbers can always be written
	return string(data)
}

func (p *played) loginAs(a target.Account, fields ...string) string {
	p.t.Helper()
	status, answer := p.send("POST", "/api/authSessions/create", quoted(map[string]any{"username": a.Username, "password": a.Password.Reveal()}), fields...)
	if status != http.StatusOK {
		p.t.Fatalf("the login was answered %d", status)
	}
	return answer["sessionId"]
}

func (p *played) login() string { return p.loginAs(p.account) }

func (p *played) issue(session string) string {
	members := map[string]any{"sessionId": session}
	if p.profile == "adaxes-2023.2" {
		members["type"] = 0
	}
	_, answer := p.send("POST", "/api/auth", quoted(members))
	return answer["token"]
}

func (p *played) look(token string) int {
	status, _ := p.send("GET", p.probe, "", "Adm-Authorization", token)
	return status
}

func (p *played) renew(token string) string {
	_, answer := p.send("PATCH", "/api/auth?token="+url.QueryEscape(token), "", "Adm-Authorization", token)
	return answer["token"]
}

func (p *played) terminate(session string) {
	p.send("DELETE", "/api/authSessions?id="+url.QueryEscape(session), "")
}

func (p *played) destroy(token string) {
	p.send("DELETE", "/api/auth?token="+url.QueryEscape(token), "", "Adm-Authorization", token)
}

// whole is all that a client should do.
func (p *played) whole() {
	session := p.login()
	token := p.issue(session)
	p.look(token)
	renewed := p.renew(token)
	p.look(renewed)
	p.destroy(token)
	p.destroy(renewed)
	p.terminate(session)
}

// found are the requirements that a run has not found kept, with what it says of them.
func found(run verdict.Run) map[string]string {
	all := map[string]string{}
	for _, c := range run.Checks {
		if c.Broken() || c.Status == verdict.Noted {
			all[c.Requirements[0]] = c.Reason
		}
	}
	return all
}

func status(run verdict.Run, requirement string) verdict.Status {
	for _, c := range run.Checks {
		if c.Requirements[0] == requirement {
			return c.Status
		}
	}
	return ""
}

func TestAClientThatDoesAllOfItIsConformant(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"adaxes-2023.2", "adaxes-2025.1"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			p := play(t, profile)
			p.whole()
			run := p.server.Verdict()
			if run.Verdict != verdict.Conformant || len(found(run)) > 0 {
				t.Errorf("%s, %s: %v", run.Verdict, run.Reason, found(run))
			}
			for _, c := range run.Checks {
				if c.Status == verdict.Passed && len(c.Exchanges) == 0 {
					t.Errorf("%s passed and shows nothing", c.ID)
				}
			}
		})
	}
}

// Each requirement is broken by a client that does but that one thing wrong, and by no other; the one before has kept them all.
func TestEachRequirementIsBrokenAlone(t *testing.T) {
	t.Parallel()
	ends := func(p *played, session string, tokens ...string) {
		for _, token := range tokens {
			p.destroy(token)
		}
		p.terminate(session)
	}
	for name, of := range map[string]struct {
		profile, requirement, says string
		lifetimes                  reference.Lifetimes
		does                       func(*played)
	}{
		"no type": {profile: "adaxes-2023.2", requirement: "ADX-CLI-04", says: "missing", does: func(p *played) {
			session := p.login()
			_, answer := p.send("POST", "/api/auth", quoted(map[string]any{"sessionId": session}))
			ends(p, session, answer["token"])
		}},
		"a text as type": {profile: "adaxes-2023.2", requirement: "ADX-CLI-04", says: "type", does: func(p *played) {
			session := p.login()
			_, answer := p.send("POST", "/api/auth", quoted(map[string]any{"sessionId": session, "type": "0"}))
			ends(p, session, answer["token"])
		}},
		"another media type": {requirement: "ADX-CLI-01", says: "text/plain", does: func(p *played) {
			p.send("POST", "/api/authSessions/create", quoted(map[string]any{"username": p.account.Username, "password": p.account.Password.Reveal()}),
				"Content-Type", "text/plain")
			p.whole()
		}},
		"no media type": {requirement: "ADX-CLI-01", says: "no Content-Type", does: func(p *played) {
			session := p.login()
			p.send("POST", "/api/auth", quoted(map[string]any{"sessionId": session}), "Content-Type", "")
			ends(p, session)
		}},
		"single quotes": {requirement: "ADX-CLI-02", says: "single quotes", does: func(p *played) {
			p.send("POST", "/api/authSessions/create", "{ 'username': \""+p.account.Username+"\", 'password': \"not-the-password\" }")
			p.whole()
		}},
		"no session identifier": {requirement: "ADX-CLI-03", says: "missing", does: func(p *played) {
			p.send("POST", "/api/auth", "{}")
			p.whole()
		}},
		"no credential to renew": {requirement: "ADX-CLI-05", says: "no Adm-Authorization", does: func(p *played) {
			session := p.login()
			token := p.issue(session)
			p.send("PATCH", "/api/auth?token="+url.QueryEscape(token), "")
			ends(p, session, token)
		}},
		"a token in another field": {requirement: "ADX-CLI-06", says: "in Authorization", does: func(p *played) {
			session := p.login()
			token := p.issue(session)
			p.send("GET", p.probe, "", "Authorization", "Bearer "+token)
			ends(p, session, token)
		}},
		"a termination of nothing": {requirement: "ADX-CLI-07", says: "id in the query", does: func(p *played) {
			p.whole()
			p.send("DELETE", "/api/authSessions", "")
		}},
		"a session that nobody made": {requirement: "ADX-CLI-08", says: "one that none did", does: func(p *played) {
			p.issue("LBxsm-yOBDNSxwT6o_DLAOf9ocVRtW5")
			p.whole()
		}},
		"a renewal by what was destroyed": {requirement: "ADX-CLI-09", says: "had been ended", does: func(p *played) {
			session := p.login()
			token := p.issue(session)
			p.destroy(token)
			p.renew(token)
			p.terminate(session)
		}},
		"an unencoded token": {requirement: "RFC-CLI-05", says: "read as a blank", does: func(p *played) {
			session := p.login()
			token := p.issue(session)
			for !strings.Contains(token, "+") {
				p.destroy(token)
				token = p.issue(session)
			}
			p.send("PATCH", "/api/auth?token="+token, "", "Adm-Authorization", token)
			ends(p, session, token)
		}},
		"two values": {requirement: "RFC-CLI-06", says: "got 2", does: func(p *played) {
			session := p.login()
			one, other := p.issue(session), p.issue(session)
			p.send("GET", p.probe, "", "Adm-Authorization", one, "Adm-Authorization", other)
			ends(p, session, one, other)
		}},
		"a path in small letters": {requirement: "RFC-CLI-07", says: "another letter case", does: func(p *played) {
			p.base = strings.Replace(p.base, "/restApi", "/restapi", 1)
			p.whole()
		}},
		"a token in the query": {requirement: "RFC-CLI-08", says: "as trace", does: func(p *played) {
			session := p.login()
			token := p.issue(session)
			p.send("GET", p.probe+"&trace="+url.QueryEscape(token), "", "Adm-Authorization", token)
			ends(p, session, token)
		}},
		"the password in the path": {requirement: "RFC-CLI-08", says: "in the path", does: func(p *played) {
			p.whole()
			p.send("GET", "/login/"+url.PathEscape(p.account.Password.Reveal()), "")
		}},
		"a made-up token": {requirement: "RFC-CLI-09", says: "one that none did", does: func(p *played) {
			p.look("TWFkZSB1cCBieSBub2JvZHk")
			p.whole()
		}},
		"a token left behind": {requirement: "RFC-CLI-10", says: "none for 1 of 2 tokens", does: func(p *played) {
			session := p.login()
			token := p.issue(session)
			p.renew(token)
			ends(p, session, token)
		}},
		"a session left behind": {requirement: "RFC-CLI-10", says: "none for 1 of 1 session", does: func(p *played) { p.destroy(p.issue(p.login())) }},
		"a destroyed token": {requirement: "RFC-CLI-11", says: "had been ended", does: func(p *played) {
			session := p.login()
			token := p.issue(session)
			ends(p, session, token)
			p.look(token)
		}},
		"an expired token": {requirement: "RFC-CLI-11", says: "had expired", lifetimes: reference.Lifetimes{Token: 200 * time.Millisecond}, does: func(p *played) {
			session := p.login()
			token := p.issue(session)
			time.Sleep(1500 * time.Millisecond) // until the end, and the second in which nobody is blamed
			p.look(token)
			p.terminate(session)
		}},
		"a login in place of a renewal": {requirement: "RFC-CLI-12", says: "a login after it", lifetimes: reference.Lifetimes{Token: time.Second}, does: func(p *played) {
			session := p.login()
			token, made := p.issue(session), time.Now()
			for time.Since(made) < 800*time.Millisecond {
				p.look(token)
			}
			time.Sleep(time.Until(made.Add(1100 * time.Millisecond))) // until its end
			p.terminate(session)
			p.terminate(p.login())
		}},
		"a login for each request": {requirement: "RFC-CLI-13", says: "another login after each request", does: func(p *played) {
			var sessions, tokens []string
			for range 4 {
				sessions = append(sessions, p.login())
				tokens = append(tokens, p.issue(sessions[len(sessions)-1]))
				p.look(tokens[len(tokens)-1])
			}
			for i := range sessions {
				ends(p, sessions[i], tokens[i])
			}
		}},
		"a wrong password twice": {requirement: "RFC-CLI-14", says: "was refused", does: func(p *played) {
			for range 2 {
				p.send("POST", "/api/authSessions/create", quoted(map[string]any{"username": p.account.Username, "password": "not-the-password"}))
			}
			p.whole()
		}},
		"another account's token": {requirement: "RFC-CLI-15", says: "another account", does: func(p *played) {
			session := p.login()
			token := p.issue(session)
			other := p.loginAs(p.server.Target().Accounts[target.OddPassword], "Adm-Authorization", token)
			ends(p, session, token)
			p.terminate(other)
		}},
		"a token to a termination": {requirement: "RFC-CLI-16", says: "in Adm-Authorization", does: func(p *played) {
			session := p.login()
			token := p.issue(session)
			p.send("DELETE", "/api/authSessions?id="+url.QueryEscape(session), "", "Adm-Authorization", token)
			p.destroy(token)
		}},
		"a renewal by the ticket's id": {requirement: "RFC-CLI-17", says: "another name", does: func(p *played) {
			session := p.login()
			_, ticket := p.send("POST", "/api/auth", quoted(map[string]any{"sessionId": session}))
			_, renewed := p.send("PATCH", "/api/auth?token="+url.QueryEscape(ticket["id"]), "", "Adm-Authorization", ticket["id"])
			ends(p, session, ticket["token"], renewed["token"])
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if of.profile == "" {
				of.profile = "adaxes-2025.1"
			}
			p := play(t, of.profile, func(o *reference.Options) { o.Lifetimes = of.lifetimes })
			of.does(p)
			run := p.server.Verdict()
			all := found(run)
			if !strings.Contains(all[of.requirement], of.says) {
				t.Errorf("%s is not broken for that reason: %q", of.requirement, all[of.requirement])
			}
			delete(all, of.requirement)
			for other, why := range all {
				t.Errorf("%s is broken too: %s", other, why)
			}
			want := verdict.Conformant
			if status(run, of.requirement) == verdict.Failed {
				want = verdict.Nonconformant
			}
			if run.Verdict != want {
				t.Errorf("the verdict is %s (%s), want %s", run.Verdict, run.Reason, want)
			}
		})
	}
}

func TestNothingIsGreenByDefault(t *testing.T) {
	t.Parallel()
	p := play(t, "adaxes-2025.1")
	if run := p.server.Verdict(); run.Verdict != verdict.Incomplete || !strings.Contains(run.Reason, "no request") {
		t.Errorf("without a request: %s, %s", run.Verdict, run.Reason)
	}
	p.send("GET", "/nowhere", "")
	if run := p.server.Verdict(); run.Verdict != verdict.Incomplete || !strings.Contains(run.Reason, "no login was seen") {
		t.Errorf("without a login: %s, %s", run.Verdict, run.Reason)
	}
	p.send("POST", "/api/authSessions/create", quoted(map[string]any{"username": p.account.Username, "password": "not-the-password"}))
	if run := p.server.Verdict(); run.Verdict != verdict.Incomplete || !strings.Contains(run.Reason, "no login was granted") {
		t.Errorf("without a good login: %s, %s", run.Verdict, run.Reason)
	}
}

// Many connections, each with a login and a token of its own, are no client that logs in again and again.
func TestManyConnections(t *testing.T) {
	t.Parallel()
	p := play(t, "adaxes-2025.1")
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			session := p.login()
			token := p.issue(session)
			for range 5 {
				p.look(token)
				p.server.Verdict() // may be asked for at any time
			}
			p.destroy(token)
			p.terminate(session)
		})
	}
	wg.Wait()
	if run := p.server.Verdict(); run.Verdict != verdict.Conformant || len(found(run)) > 0 {
		t.Errorf("%s: %v", run.Verdict, found(run))
	}
}

// patient is a transport that sends again what the weather has broken or turned away, as clients in use do.
type patient struct{ http.RoundTripper }

func (p patient) RoundTrip(r *http.Request) (*http.Response, error) {
	for {
		if r.GetBody != nil {
			r.Body, _ = r.GetBody() // of bytes: there is no error
		}
		resp, err := p.RoundTripper.RoundTrip(r)
		if err != nil || resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
			if err == nil {
				_ = resp.Body.Close()
			}
			continue
		}
		return resp, err
	}
}

// A client that gets on with the weather is blamed for none of it: it sends again what got no answer, and takes another token for one that was
// ended early.
func TestNobodyIsBlamedForTheWeather(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"adaxes-2023.2", "adaxes-2025.1"} {
		for seed := uint64(1); seed <= 12; seed++ {
			t.Run(fmt.Sprintf("%s/%d", profile, seed), func(t *testing.T) {
				t.Parallel()
				p := play(t, profile, reference.Stormy(seed))
				p.client.Transport = patient{p.client.Transport}
				session := p.login()
				token := p.issue(session)
				made := []string{token}
				for range 30 {
					if p.look(token) == http.StatusOK {
						continue
					}
					if token = p.issue(session); token == "" { // a session may be good for one alone
						p.terminate(session)
						session = p.login()
						token = p.issue(session)
					}
					made = append(made, token)
				}
				for _, token := range made {
					p.destroy(token)
				}
				p.terminate(session)
				run := p.server.Verdict()
				if run.Verdict != verdict.Conformant || len(found(run)) > 0 {
					t.Errorf("%s, %s: %v; %q", run.Verdict, run.Reason, found(run), run.Weather)
				}
				if len(run.Weather) < 2 {
					t.Errorf("there was no weather: %q", run.Weather)
				}
			})
		}
	}
}

// What a client sends anywhere stands nowhere in the verdict.
func TestTheClientsSecretsAreWithheld(t *testing.T) {
	t.Parallel()
	p := play(t, "adaxes-2025.1")
	const wrong, odd, cookie, member = "Wrong-7-horse-staple", "q-9-Kd83mXw2", "c00kie-Zq81Lx", "m3mber-Vt55Rp"
	session := p.login()
	token := p.issue(session)
	p.send("POST", "/api/authSessions/create", quoted(map[string]any{"username": p.account.Username, "password": wrong}))
	p.send("POST", "/api/authSessions/create", "{ 'username': 'x', 'password': '"+wrong+"' }")
	p.send("POST", "/api/auth", quoted(map[string]any{"sessionId": session, "note": map[string]any{"deep": []string{member}}}))
	p.send("GET", p.probe+"&key="+odd, "", "Adm-Authorization", token, "Cookie", "SID="+cookie, "X-Key", odd, "Authorization", "Bearer "+wrong)
	p.send("GET", "/"+odd+"/"+token, odd)
	p.send("PATCH", "/api/auth?token="+token, "", "Adm-Authorization", token, "Adm-Authorization", odd)
	report, err := json.Marshal(p.server.Verdict())
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{p.account.Password.Reveal(), wrong, odd, cookie, member, session, token, url.QueryEscape(token)} {
		if text, err := json.Marshal(secret); err != nil || bytes.Contains(report, text[1:len(text)-1]) {
			t.Errorf("the verdict holds %q", secret)
		}
	}
}
