package pyramid

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"example.org/conform/harness/reference/ntlm"
	"example.org/conform/harness/reference/pyramid"
)

// credentialFaults get wrong who may have a token.
func credentialFaults() []Fault {
	return slices.Concat(
		breaks("PYR-WIN-01", "",
			Fault{Name: "anonymous-token", Reason: "a token in it",
				Story: "anonymous authentication is left on beside Windows Authentication, and the service's own account answers",
				Apply: func(c *config) {
					c.Rules.Anonymous = func(c *call) (account, bool) {
						return c.Accounts().Admin, !c.Login.Tried && !c.Login.Continues
					}
				}},
			Fault{Name: "token-in-refusal", Reason: "which works",
				Story: "the page of the refusal shows the application's configuration, the service's token in it",
				Apply: page(func(c *call, a *answer) {
					a.Body = []byte("<html><script>var config = {token: '" + c.Issue(c.Accounts().Admin).Text + "'}</script></html>")
				})},
			Fault{Name: "cookie-in-refusal", Reason: "cookie", Story: "the cookie is set before the login is judged",
				Apply: page(func(c *call, a *answer) { a.Header.Set("Set-Cookie", "PyramidAuth="+c.Issue(c.Accounts().Viewer).Text) })}),
		passwords("PYR-WIN-02", "a wrong password gives no token", "any-password"),
		passwords("PYR-WIN-02", "a password that nearly matches", "empty-password", "password-in-any-case", "password-trimmed"),
		breaks("PYR-WIN-02", "",
			Fault{Name: "redirect-to-login", Reason: "302", Story: "a form login behind Windows Authentication sends refused users to its page",
				Apply: refused(status(http.StatusFound), header("Location", "/login"))},
			Fault{Name: "refusal-server-error", Reason: "500", Story: "a refused login is an exception that nobody catches",
				Apply: refused(status(http.StatusInternalServerError))}),
		breaks("PYR-WIN-03", "an unknown account gives no token", Fault{Name: "guest",
			Story: "the machine's guest account is enabled, and stands in for names that nobody knows",
			Apply: func(c *config) {
				c.Rules.Find = func(a pyramid.Accounts, domain, user string) (account, bool) {
					if named, known := a.Named(domain, user); known {
						return named, true
					}
					return a.Viewer, true
				}
				c.Rules.Proven = func(_ *http.Request, p *ntlm.Proof, a account) bool {
					return p.Matches(ntlm.HashOf(a.Password)) || !strings.EqualFold(p.User, a.Name)
				}
			}}),
		breaks("PYR-WIN-04", "",
			Fault{Name: "refusal-forbidden", Reason: "401 with Negotiate or NTLM in WWW-Authenticate",
				Story: "wrong credentials are answered 403, and a client sees no way to try others",
				Apply: refused(status(http.StatusForbidden), unchallenging)},
			Fault{Name: "refusal-offers-basic", Reason: "WWW-Authenticate with Basic",
				Story: "after a failed login the server falls back on asking for the password in the clear",
				Apply: refused(header("Www-Authenticate", `Basic realm="pyramid"`))},
			Fault{Name: "wrong-password-unchallenged", Reason: "for a wrong password",
				Story: "who is known and proves nothing is taken to have had the last word", Apply: unchallenged(true)},
			Fault{Name: "unknown-account-unchallenged", Reason: "for an unknown account",
				Story: "the directory's answer for a name that it does not know is passed on", Apply: unchallenged(false)}),
		breaks("PYR-WIN-07", "not 5xx", Fault{Name: "garbage-server-error", Story: "a message of NTLM out of turn is a null reference",
			Apply: failing(http.StatusInternalServerError, func(c *call, _ *answer) bool {
				// A client of the suite begins with nothing, or with the first message on a connection of its own.
				header := c.Request.Header.Get("Authorization")
				return strings.HasPrefix(header, "NTLM !") || header == "Negotiate"
			})}),
	)
}

// unchallenged offers no scheme after a wrong proof, for an account that there is or for one that there is not.
func unchallenged(known bool) override {
	return func(c *config) {
		var judged sync.Map // the requests with such a proof
		c.Rules.Proven = func(r *http.Request, p *ntlm.Proof, a account) bool {
			if (a.Name != "") == known {
				judged.Store(r, true)
			}
			return p.Matches(ntlm.HashOf(a.Password))
		}
		page(func(c *call, a *answer) {
			if _, is := judged.LoadAndDelete(c.Request); is && c.Login.Tried {
				unchallenging(a)
			}
		})(c)
	}
}

// mostKept bounds the challenges that a server of the faults below remembers.
const mostKept = 1024

// proofFaults untie a login from its connection.
func proofFaults() []Fault {
	return breaks("PYR-WIN-05", "a proof on another connection", Fault{Name: "proof-elsewhere",
		Story: "a proxy before the server shares its connections among clients, so the server keeps challenges for all of them",
		Apply: func(c *config) {
			var mu sync.Mutex
			var kept []*ntlm.Exchange
			c.Rules.Begun = func(e *ntlm.Exchange) {
				mu.Lock()
				defer mu.Unlock()
				kept = append(kept, e)
				if len(kept) > mostKept {
					kept = kept[1:]
				}
			}
			c.Rules.Candidates = func(*ntlm.Exchange) []*ntlm.Exchange {
				mu.Lock()
				defer mu.Unlock()
				return append([]*ntlm.Exchange{}, kept...)
			}
		}})
}
