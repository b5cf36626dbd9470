package pyramid

import (
	"net/http"
	"strings"
	"sync"
	"unicode"

	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/pyramid"
)

// credentialFaults get wrong who may have a token.
func credentialFaults() []Fault {
	return []Fault{
		{
			Name: "anonymous-token", Requirement: "PYR-WIN-01", Reason: "a token in the body",
			Story: "anonymous authentication is left on beside Windows Authentication, and the service's own account answers",
			Apply: func(config *pyramid.Config) {
				config.Rules.Anonymous = func(c *pyramid.Call) (pyramid.Account, bool) {
					return c.Accounts().Admin, !c.Login.Tried && !c.Login.Continues
				}
			},
		},
		{
			Name: "token-in-refusal", Requirement: "PYR-WIN-01", Reason: "which works",
			Story: "the page of the refusal shows the application's configuration, the service's token in it",
			Apply: func(config *pyramid.Config) {
				config.Rules.Edit = func(c *pyramid.Call, a *pyramid.Answer) {
					if c.Operation == pyramid.Authenticate && a.Status == http.StatusUnauthorized && !c.Login.Continues {
						token := c.Issue(c.Accounts().Admin)
						a.Body = []byte("<html><script>var config = {token: '" + token.Text + "'}</script></html>")
					}
				}
			},
		},
		{
			Name: "cookie-in-refusal", Requirement: "PYR-WIN-01", Reason: "cookie",
			Story: "the cookie is set before the login is judged",
			Apply: func(config *pyramid.Config) {
				config.Rules.Edit = func(c *pyramid.Call, a *pyramid.Answer) {
					if c.Operation == pyramid.Authenticate && a.Status == http.StatusUnauthorized && !c.Login.Continues {
						a.Header.Set("Set-Cookie", "PyramidAuth="+c.Issue(c.Accounts().Viewer).Text)
					}
				}
			},
		},
		{
			Name: "any-proof", Requirement: "PYR-WIN-02", Reason: "a wrong password gives no token",
			Story: "the name in the proof is believed, and the proof itself never checked",
			Apply: proven(func(*ntlm.Proof, pyramid.Account) bool { return true }),
		},
		{
			Name: "empty-password", Requirement: "PYR-WIN-02", Reason: "a password that nearly matches",
			Story: "a hash of nothing opens every account, as that of a blank entry in the directory",
			Apply: proven(func(p *ntlm.Proof, a pyramid.Account) bool {
				return p.Matches(ntlm.HashOf(a.Password)) || p.Matches(ntlm.HashOf(""))
			}),
		},
		{
			Name: "case-blind-password", Requirement: "PYR-WIN-02", Reason: "a password that nearly matches",
			Story: "passwords are compared as an old LAN Manager did, without regard to letter case",
			Apply: proven(func(p *ntlm.Proof, a pyramid.Account) bool {
				return p.Matches(ntlm.HashOf(a.Password)) || p.Matches(ntlm.HashOf(otherCase(a.Password)))
			}),
		},
		{
			Name: "trimmed-password", Requirement: "PYR-WIN-02", Reason: "a password that nearly matches",
			Story: "the directory behind the server trims what it is given",
			Apply: proven(func(p *ntlm.Proof, a pyramid.Account) bool {
				return p.Matches(ntlm.HashOf(a.Password)) || p.Matches(ntlm.HashOf(a.Password+" "))
			}),
		},
		{
			Name: "redirect-to-login", Requirement: "PYR-WIN-02", Reason: "302",
			Story: "a form login behind Windows Authentication sends refused users to its page",
			Apply: refused(func(_ *pyramid.Call, a *pyramid.Answer) {
				a.Status = http.StatusFound
				a.Header.Set("Location", "/login")
			}),
		},
		{
			Name: "refusal-server-error", Requirement: "PYR-WIN-02", Reason: "500",
			Story: "a refused login is an exception that nobody catches",
			Apply: refused(func(_ *pyramid.Call, a *pyramid.Answer) { a.Status = http.StatusInternalServerError }),
		},
		{
			Name: "guest", Requirement: "PYR-WIN-03", Reason: "an unknown account gives no token",
			Story: "the machine's guest account is enabled, and stands in for names that nobody knows",
			Apply: func(config *pyramid.Config) {
				config.Rules.Find = func(a pyramid.Accounts, domain, user string) (pyramid.Account, bool) {
					if account, known := a.Named(domain, user); known {
						return account, true
					}
					return a.Viewer, true
				}
				known := func(p *ntlm.Proof, a pyramid.Account) bool {
					return p.Matches(ntlm.HashOf(a.Password)) || !strings.EqualFold(p.User, a.Name)
				}
				proven(known)(config)
			},
		},
		{
			Name: "refusal-forbidden", Requirement: "PYR-WIN-04", Reason: "401 with Negotiate or NTLM in WWW-Authenticate",
			Story: "wrong credentials are answered 403, and a client sees no way to try others",
			Apply: refused(func(_ *pyramid.Call, a *pyramid.Answer) {
				a.Status = http.StatusForbidden
				delete(a.Header, "Www-Authenticate")
			}),
		},
		{
			Name: "refusal-offers-basic", Requirement: "PYR-WIN-04", Reason: "WWW-Authenticate with Basic",
			Story: "after a failed login the server falls back on asking for the password in the clear",
			Apply: refused(func(_ *pyramid.Call, a *pyramid.Answer) {
				a.Header["Www-Authenticate"] = []string{`Basic realm="pyramid"`}
			}),
		},
		{
			Name: "wrong-password-unchallenged", Requirement: "PYR-WIN-04", Reason: "for a wrong password",
			Story: "who is known and proves nothing is taken to have had the last word",
			Apply: unchallenged(true),
		},
		{
			Name: "unknown-account-unchallenged", Requirement: "PYR-WIN-04", Reason: "for an unknown account",
			Story: "the directory's answer for a name that it does not know is passed on",
			Apply: unchallenged(false),
		},
		{
			Name: "garbage-server-error", Requirement: "PYR-WIN-07", Reason: "not 5xx",
			Story: "a message of NTLM out of turn is a null reference",
			Apply: func(config *pyramid.Config) {
				config.Rules.Edit = func(c *pyramid.Call, a *pyramid.Answer) {
					// A client of the suite begins with nothing, or with the first message on a connection of its own.
					if header := c.Request.Header.Get("Authorization"); strings.HasPrefix(header, "NTLM !") || header == "Negotiate" {
						a.Status = http.StatusInternalServerError
					}
				}
			},
		},
	}
}

// unchallenged offers no scheme after a wrong proof, for an account that there is or for one that there is not.
func unchallenged(known bool) func(*pyramid.Config) {
	return func(config *pyramid.Config) {
		var judged sync.Map // the requests with such a proof
		config.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a pyramid.Account) bool {
			if (a.Name != "") == known {
				judged.Store(r, true)
			}
			return p.Matches(ntlm.HashOf(a.Password))
		}
		refused(func(c *pyramid.Call, a *pyramid.Answer) {
			if _, is := judged.LoadAndDelete(c.Request); is {
				delete(a.Header, "Www-Authenticate")
			}
		})(config)
	}
}

// proven replaces the judgement on a proof.
func proven(judge func(*ntlm.Proof, pyramid.Account) bool) func(*pyramid.Config) {
	return func(config *pyramid.Config) {
		config.Rules.Proven = func(_ *http.Request, p *ntlm.Proof, a pyramid.Account) bool { return judge(p, a) }
	}
}

// otherCase changes the case of every letter.
func otherCase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

// mostKept bounds the challenges that a server of the faults below remembers.
const mostKept = 1024

// proofFaults untie a login from its connection.
func proofFaults() []Fault {
	return []Fault{{
		Name: "proof-elsewhere", Requirement: "PYR-WIN-05", Reason: "a proof on another connection",
		Story: "a proxy before the server shares its connections among clients, so the server keeps challenges for all of them",
		Apply: func(config *pyramid.Config) {
			var mu sync.Mutex
			var kept []*ntlm.Exchange
			config.Rules.Begun = func(e *ntlm.Exchange) {
				mu.Lock()
				defer mu.Unlock()
				kept = append(kept, e)
				if len(kept) > mostKept {
					kept = kept[1:]
				}
			}
			config.Rules.Candidates = func(*ntlm.Exchange) []*ntlm.Exchange {
				mu.Lock()
				defer mu.Unlock()
				return append([]*ntlm.Exchange{}, kept...)
			}
		},
	}}
}
