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

// What TestRules leaves out: the rules of reading a request, of passwords and of credentials.
func TestSeamsOfRequestsAndCredentials(t *testing.T) {
	t.Parallel()
	type call = adaxes.Call
	for name, seam := range map[string]struct {
		config adaxes.Config
		check  func(b bench)
	}{
		"login compares regardless of letter case": {
			adaxes.Config{Rules: adaxes.Rules{Login: adaxes.LoginRules{
				Matches: func(_ *call, a adaxes.Account, given string) bool { return strings.EqualFold(a.Password, given) },
			}}},
			func(b bench) {
				account := b.server.Accounts()[adaxes.Ordinary]
				b.attempt(account.Username, strings.ToUpper(account.Password)).expect(200)
				b.attempt(account.Username, "wrong").expect(403)
				b.attempt("nobody@example.com", "").expect(403)
			},
		},
		"login finds a lone account": {
			adaxes.Config{Rules: adaxes.Rules{Login: adaxes.LoginRules{
				Find:  func(c *call, _ string) (adaxes.Account, bool) { return c.Accounts()[adaxes.Disabled], true },
				Admit: func(*call, adaxes.Account) *adaxes.Refusal { return nil },
			}}},
			func(b bench) { b.attempt("nobody", b.server.Accounts()[adaxes.Disabled].Password).expect(200) },
		},
		"login has a cap on sessions": {
			adaxes.Config{Rules: adaxes.Rules{Login: adaxes.LoginRules{
				Admit: func(c *call, a adaxes.Account) *adaxes.Refusal {
					if len(c.Sessions(func(s adaxes.Session) bool { return s.Live(c.Now) })) >= 1 {
						return &adaxes.Refusal{Status: 403, Message: "Too many sessions.", Code: "forbidden"}
					}
					return c.AdmitByState(a)
				},
			}}},
			func(b bench) {
				account, made := b.server.Accounts()[adaxes.Ordinary], b.logIn()
				b.attempt(account.Username, account.Password).expect(403)
				b.terminate(made)
				b.logIn()
			},
		},
		"requests take any method, media type and type": {
			adaxes.Config{Config: kernel.Config{Profile: adaxes.Profile20232}, Rules: adaxes.Rules{Requests: adaxes.RequestRules{
				RequestRules: requestRules{
					Route:     func(*call) (adaxes.Operation, *adaxes.Refusal) { return adaxes.IssueToken, nil },
					MediaType: func(*call, string) bool { return true },
				},
				SessionID: func(c *call) (string, *adaxes.Refusal) {
					if _, refusal := c.SessionID(); refusal != nil {
						return "", refusal
					}
					return "any", nil
				},
				Type: func(_ *call, raw json.RawMessage) bool { return string(raw) == "1" },
			}, Sessions: adaxes.SessionRules{
				Find: func(_ *call, id string) (adaxes.Session, bool) { return adaxes.Session{ID: id}, true },
				Live: func(*call, adaxes.Session) bool { return true },
			}}},
			func(b bench) {
				b.do("PUT", "/elsewhere", `{"sessionId":"s","type":1}`, "Content-Type", "text/plain").expect(200)
				b.do("PUT", "/elsewhere", `{"sessionId":"s","type":0}`).expect(400)
			},
		},
		"destruction takes one name of the ticket": {
			adaxes.Config{Rules: adaxes.Rules{Tickets: adaxes.TicketRules{
				Destroy: func(c *call, target, _ adaxes.Credential) { c.ForgetID(target.Ticket) },
			}}},
			func(b bench) {
				made := b.issue(b.logIn())
				b.destroy(made.Token, made.Token)
				b.expectRead("the token", made.Token, 200)
				b.expectRead("the id", made.ID, 401)
				b.clock.Add(time.Hour)
				b.expectRead("the token of an expired ticket", made.Token, 401)
				if sessions, tickets := b.server.Kept(); sessions+tickets != 0 {
					b.Errorf("%d sessions and %d tickets kept", sessions, tickets)
				}
			},
		},
		"destruction takes the credential of the header": {
			adaxes.Config{Rules: adaxes.Rules{Tickets: adaxes.TicketRules{
				Destroy:            func(c *call, _, header adaxes.Credential) { c.Destroy(header) },
				RefuseUnauthorized: true, RequireToken: true,
			}}},
			func(b bench) {
				made := b.logIn()
				first, second := b.issue(made), b.issue(made)
				b.do("DELETE", "/api/auth?token=x", "").expect(401)
				b.do("DELETE", "/api/auth", "", "Adm-Authorization", first.Token).expect(400)
				b.destroy(first.Token, second.Token)
				b.expectRead("the token of the header", first.Token, 401)
				b.expectRead("the token of the query", second.Token, 200)
			},
		},
		"use lengthens a life": {
			adaxes.Config{Rules: adaxes.Rules{Tickets: adaxes.TicketRules{
				Used: func(c *call, used adaxes.Credential) { c.ExpireTicket(used.Ticket, c.Now.Add(time.Hour)) },
			}}},
			func(b bench) {
				made := b.issue(b.logIn())
				b.expectRead("the token", made.Token, 200)
				b.clock.Add(time.Hour - 1)
				b.expectRead("the token an hour later", made.Token, 200)
			},
		},
		"no credential is asked for": {
			adaxes.Config{Rules: adaxes.Rules{Tickets: adaxes.TicketRules{
				Authorize: func(*call) (adaxes.Credential, *adaxes.Refusal) { return adaxes.Credential{}, nil },
			}}},
			func(b bench) { b.expectRead("nothing", "", 200) },
		},
		"the connection is taken over": {
			adaxes.Config{Rules: adaxes.Rules{Seams: adaxes.Seams{Wrap: func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method != "DELETE" {
						next.ServeHTTP(w, r)
						return
					}
					if connection, _, err := http.NewResponseController(w).Hijack(); err == nil {
						defer func() { _ = connection.Close() }()
						_, _ = connection.Write([]byte("HTTP/1.1 200 OK\r\nConnection: close\r\nX-Taken: yes\r\n\r\nrest"))
					}
				})
			}}}},
			func(b bench) {
				if r := b.do("DELETE", "/api/auth", "").expect(200); r.header.Get("X-Taken") != "yes" || r.body != "rest" {
					b.Errorf("%v %q", r.header, r.body)
				}
				b.logIn()
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seam.check(start(t, seam.config))
		})
	}
}
