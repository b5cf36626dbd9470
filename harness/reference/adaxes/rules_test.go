package adaxes_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
)

type requestRules = kernel.RequestRules[adaxes.Call, adaxes.Refusal]

// Each rule changes its own decision. That the server's own decision is another is what every other test shows.
func TestRules(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		rules adaxes.Rules
		see   func(b bench)
	}{
		"Requests.Admit refuses before the credential is looked at, and sees a number that counts up": {
			adaxes.Rules{Requests: adaxes.RequestRules{RequestRules: requestRules{Admit: func(c *adaxes.Call) *adaxes.Refusal {
				if c.Operation == adaxes.Probe && c.Number%2 == 0 {
					return &adaxes.Refusal{Status: http.StatusTooManyRequests, Code: "tooMany", Message: "Later.", Header: http.Header{"Retry-After": {"7"}}}
				}
				return nil
			}}}},
			func(b bench) {
				for i := range 4 {
					answer := b.do("GET", "/api/directoryObjects", "").expect([]int{401, 429}[i%2])
					if i%2 == 1 && (answer.header.Get("Retry-After") != "7" || answer.fault().Code != "tooMany") {
						b.Errorf("refused with %v %s", answer.header, answer.body)
					}
				}
			},
		},
		"Requests.Type sees the member as it was sent": {
			adaxes.Rules{Requests: adaxes.RequestRules{Type: func(_ *adaxes.Call, raw json.RawMessage) bool { return string(raw) == `{"a":1}` }}},
			func(b bench) {
				id := b.logIn().SessionID
				b.do("POST", "/api/auth", `{"sessionId":"`+id+`","type":{"a":1}}`).expect(200)
				b.do("POST", "/api/auth", `{"sessionId":"`+id+`","type":0}`).expectBadRequest("type")
				b.do("POST", "/api/auth", `{"sessionId":"`+id+`"}`).expectBadRequest("type")
			},
		},
		"Requests.Query, here without decoding": {
			adaxes.Rules{Requests: adaxes.RequestRules{Query: (*adaxes.Call).RawQuery}},
			func(b bench) {
				got := b.issue(b.logIn())
				b.renew(got.Token, got.Token).expect(404)
				b.do("PATCH", "/api/auth?token="+got.Token, "", "Adm-Authorization", got.Token).expect(200)
			},
		},
		"Login.Admit lets a disabled account in": {
			adaxes.Rules{Login: adaxes.LoginRules{Admit: func(*adaxes.Call, adaxes.Account) *adaxes.Refusal { return nil }}},
			func(b bench) {
				disabled := b.server.Accounts()[adaxes.Disabled]
				b.attempt(disabled.Username, disabled.Password).expect(200)
				b.expectAttempt(disabled.Username, "wrong", "invalidCredentials", kernel.DefaultLockoutAfter-1)
			},
		},
		"Sessions.End also ends the tokens": {
			adaxes.Rules{Sessions: adaxes.SessionRules{End: func(c *adaxes.Call, s adaxes.Session) {
				for _, ticket := range c.Tickets(func(t adaxes.Ticket) bool { return t.Session == s.ID }) {
					c.EndTicket(ticket)
				}
			}}},
			func(b bench) {
				made, other := b.logIn(), b.logIn()
				got, kept := b.issue(made), b.issue(other)
				b.terminate(made)
				b.expectRead("a token of the session", got.Token, 401)
				b.expectRead("a token of another", kept.Token, 200)
				b.obtain(made).expect(200) // it did not fall back on the server's own decision
			},
		},
		"Sessions.RequireID answers 400": {
			adaxes.Rules{Sessions: adaxes.SessionRules{RequireID: true}},
			func(b bench) {
				b.do("DELETE", "/api/authSessions", "").expectBadRequest("id")
				b.do("DELETE", "/api/authSessions?id=", "").expectBadRequest("id")
				b.do("DELETE", "/api/authSessions?id=made-up", "").expect(204)
			},
		},
		"Tickets.KeepID names all renewals, until the last has gone": {
			adaxes.Rules{Tickets: adaxes.TicketRules{KeepID: true}},
			func(b bench) {
				old := b.on(0).issue(b.logIn())
				renewed := b.on(1).renew(old.Token, old.Token).ticket()
				if renewed.ID != old.ID || renewed.Token == old.Token || renewed.service != b.server.Service(0) {
					b.Errorf("renewed into id %q of %q, the old one is %q", renewed.ID, renewed.service, old.ID)
				}
				b.destroy(renewed.Token, old.Token)
				b.on(0).expectRead("the id of both", old.ID, 200)
				b.on(1).expectRead("the id away", old.ID, 401)
				b.on(0).destroy(old.ID, old.ID)
				b.on(0).expectRead("the id of none", old.ID, 401)
				b.expectRead("the renewed token", renewed.Token, 401)
				b.expectKept(1, 0)
			},
		},
		"Tickets.Renew takes the old token back": {
			adaxes.Rules{Tickets: adaxes.TicketRules{Renew: func(c *adaxes.Call, old adaxes.Ticket, _ adaxes.Credential) (adaxes.Ticket, *adaxes.Refusal) {
				c.EndTicket(old)
				return c.Renewed(old)
			}}},
			func(b bench) {
				old := b.issue(b.logIn())
				renewed := b.renew(old.Token, old.Token).ticket()
				b.expectRead("the old token", old.Token, 401)
				b.expectRead("the renewed token", renewed.Token, 200)
			},
		},
		"Tickets.Honour, here ids everywhere": {
			adaxes.Rules{Tickets: adaxes.TicketRules{Honour: func(*adaxes.Call, adaxes.Credential) bool { return true }}},
			func(b bench) {
				got := b.on(0).issue(b.logIn())
				b.on(1).expectRead("an id away", got.ID, 200)
			},
		},
		"Tickets.Live with KeepEnded brings ended tokens back": {
			adaxes.Rules{Seams: adaxes.Seams{KeepEnded: time.Hour}, Tickets: adaxes.TicketRules{
				Live: func(c *adaxes.Call, credential adaxes.Credential) bool { return credential.Ticket.EndedAt.IsZero() },
			}},
			func(b bench) {
				made := b.logIn()
				expired, ended := b.issue(made), b.issue(made)
				b.destroy(ended.Token, ended.Token)
				b.clock.Add(adaxes.DefaultTokenLifetime + time.Second)
				b.expectRead("an expired token", expired.Token, 200)
				b.expectRead("a destroyed token", ended.Token, 401)
			},
		},
		"Tickets.RequireToken and RefuseUnauthorized refuse what is answered 204 otherwise": {
			adaxes.Rules{Tickets: adaxes.TicketRules{RequireToken: true, RefuseUnauthorized: true}},
			func(b bench) {
				b.do("DELETE", "/api/auth", "").expectBadRequest("token")
				b.do("DELETE", "/api/auth?token=x", "").expect(401)
			},
		},
		"Refuse and Edit change what goes out, and Service leaves its header out": {
			adaxes.Rules{Answers: adaxes.AnswerRules{
				Service: func(*adaxes.Call, *adaxes.Answer) string { return "" },
			}, Seams: adaxes.Seams{
				Refuse: func(_ *adaxes.Call, r *adaxes.Refusal) { r.Status, r.Code = http.StatusTeapot, "teapot" },
				Edit: func(_ *adaxes.Call, a *adaxes.Answer) {
					a.Header.Set("X-Edited", "yes")
					if a.Session != nil {
						a.Members.Rename("sessionId", "id")
						a.Members.Drop("expiresAtUtc")
						a.Members.Set("added", 1)
					}
				},
			}},
			func(b bench) {
				if code := b.do("GET", "/nothing", "").expect(418).fault().Code; code != "teapot" {
					b.Errorf("the code is %s", code)
				}
				account := b.server.Accounts()[adaxes.Ordinary]
				answer := b.attempt(account.Username, account.Password).expect(200)
				answer.expectNames("id", "added")
				if _, given := answer.header["Adm-Service"]; given || answer.header.Get("X-Edited") != "yes" {
					b.Errorf("header %v", answer.header)
				}
			},
		},
		"Wrap stands before each address once, and Pick chooses the instance": {
			adaxes.Rules{
				Seams: adaxes.Seams{Wrap: func(next http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						w.Header().Add("X-Wrapped", "once")
						next.ServeHTTP(w, r)
					})
				}},
				Pick: func(_ *http.Request, services []string) (int, bool) { return len(services) - 1, true },
			},
			func(b bench) {
				for _, at := range []bench{b, b.on(0), b.on(1), b} {
					answer := at.do("GET", "/nothing", "", "Adm-Service", b.server.Service(0)).expect(404)
					if got := strings.Join(answer.header["X-Wrapped"], " "); got != "once" {
						b.Errorf("wrapped %q", got)
					}
					want := b.server.Service(1)
					if at.url == b.instances[0] {
						want = b.server.Service(0)
					}
					if got := answer.header.Get("Adm-Service"); got != want {
						b.Errorf("instance %q, want %q", got, want)
					}
				}
			},
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			c.see(start(t, adaxes.Config{Config: kernel.Config{Instances: 2}, Rules: c.rules}))
		})
	}
}

// A rule that sets a member without a JSON form is told of it, with a body that is not half written.
func TestUnwritableMember(t *testing.T) {
	t.Parallel()
	b := start(t, adaxes.Config{Rules: adaxes.Rules{Seams: adaxes.Seams{Edit: func(_ *adaxes.Call, a *adaxes.Answer) {
		a.Members.Set("odd", func() {})
	}}}})
	if answer := b.do("GET", "/nothing", "").expect(500); !strings.Contains(answer.body, `"odd"`) || strings.Contains(answer.body, "{") {
		t.Errorf("body %q", answer.body)
	}
}
