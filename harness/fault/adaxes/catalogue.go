// Package adaxes is the catalogue of faults and variants of the Adaxes reference server.
package adaxes

import (
	_ "embed" // the catalogue itself
	"maps"
	"slices"
	"strings"
	"sync"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

//go:embed faults.yaml
var text []byte

var read = sync.OnceValue(func() fault.Catalogue[adaxes.Config] {
	return seams.Must(text, []overrides{
		loginFaults(), nameFormFaults(), issueFaults(), credentialFaults(), renewalFaults, terminationFaults(), destructionFaults(), expiryFaults,
		againFaults(), authorityFaults(), framings("termination", "/api/authsessions"), framings("destruction", "/api/auth"), variants(), wireVariants(),
	}, kinds()...)
})

// Catalogue returns every fault and variant, the faults subject by subject.
func Catalogue() fault.Catalogue[adaxes.Config] { return read() }

// granting are the operations that hand out what expires, by what it is called.
var granting = map[string]adaxes.Operation{
	"session": adaxes.CreateSession, "token": adaxes.IssueToken, "renewal": adaxes.RenewToken,
}

// kinds are what goes wrong with every vendor, as it does here.
func kinds() []fault.Kind[config] {
	all := []fault.Kind[config]{
		seams.Statuses("termination", adaxes.TerminateSession, 2),
		seams.Statuses("destruction", adaxes.DestroyToken, 2),
		seams.Bodies("error", seams.Errors),
		seams.Manners([]string{"id", "token", "directoryObject"}, []string{"username", "password", "sessionId", "type"}, []string{
			"POST /restApi/api/authSessions/create", "DELETE /restApi/api/authSessions", "/restApi/api/auth", "/restApi/api/directoryObjects",
		}),
		seams.Wire(), seams.Spellings(), seams.Sticks(fault.InField("Adm-Authorization")), seams.Mixups(fault.InField("Adm-Authorization")), seams.Pauses("Adm-Authorization"),
	}
	for word, operation := range map[string]adaxes.Operation{
		"login": adaxes.CreateSession, "issue": adaxes.IssueToken, "renewal": adaxes.RenewToken, "destruction": adaxes.DestroyToken,
		"termination": adaxes.TerminateSession, "probe": adaxes.Probe,
	} {
		all = append(all, seams.Hostile(word, operation))
	}
	for word, operation := range granting {
		all = append(all,
			seams.Statuses(word, operation, 7),
			seams.Bodies(word, func(change func(*answer)) override { return seams.Granted(operation, change) }),
			seams.Dates(word+"-expiry", operation, "expiresAtUtc"))
	}
	return slices.Concat(all, loginKinds(), credentialKinds(), againKinds())
}

func loginKinds() []fault.Kind[config] {
	return []fault.Kind[config]{
		fault.Passwords(passwords), seams.Overruns(adaxes.CreateSession, passwords),
		fault.Names(nearlyNamed("")),
		seams.Rows("login", adaxes.CreateSession),
		seams.Echoes("session", adaxes.CreateSession, func(c *call, _ string) bool { _, is := known(c); return is }),
		seams.Methods("/api/authsessions/create"),
		seams.Crashes(login),
		seams.Mends(login, func(before func(*call)) override {
			return reading(func(c *call) (string, string, *refusal) { before(c); return c.Credentials() })
		}, func(c *call, member string) any {
			if of, _ := known(c); member == "password" {
				return of.Password
			}
			return c.Accounts()[adaxes.Ordinary].Username
		}),
	}
}

func credentialKinds() []fault.Kind[config] {
	return []fault.Kind[config]{
		fault.Births("session", creating, (*call).NewSession, sessionsOf, (*call).EndSession),
		fault.Returns("session", creating, (*call).NewSession, ending, (*call).EndSession),
		fault.Lifetimes("session", liveSession, func(c *call, s session) fault.Record {
			return fault.Record{Name: s.ID, Account: s.Account.Username, Since: s.CreatedAt, Now: c.Now, Life: s.Life}
		}),
		fault.Ends("termination", ending, (*call).EndSession, func(c *call, s session) []session { return sessionsOf(c, s.Account) }),
		fault.Lookups("session-id", func(like func(id, text string) bool) override {
			return findingID(fault.Near((*call).Session, (*call).Sessions, func(c *call, s session, text string) bool {
				return c.Operation == adaxes.IssueToken && s.Live(c.Now) && like(s.ID, text)
			}))
		}),
		fault.Lookups("terminated-id", func(like func(id, text string) bool) override {
			return findingID(fault.Near((*call).Session, (*call).Sessions, func(c *call, s session, text string) bool {
				return c.Operation == adaxes.TerminateSession && s.Live(c.Now) && like(s.ID, text)
			}))
		}),
		seams.Crashes(issue),
		seams.Mends(issue, func(before func(*call)) override {
			return readingID(func(c *call) (string, *refusal) { before(c); return c.SessionID() })
		}, func(c *call, _ string) any {
			some, _ := fault.First(c.Sessions(func(s session) bool { return s.Live(c.Now) }))
			return some.ID
		}),
		fault.Births("token", issuing, (*call).NewTicket, ticketsOf, (*call).EndTicket),
		fault.Lifetimes("token", liveToken, func(c *call, of credential) fault.Record {
			return fault.Record{Name: of.Ticket.Token, Account: of.Ticket.Account.Username, Since: of.Ticket.IssuedAt, Now: c.Now, Life: of.Ticket.Life}
		}),
		fault.Lookups("token", near),
		fault.Lookups("ticket-id", nearAt(adaxes.Probe, adaxes.InHeader, true)),
		fault.Lookups("renewing-token", nearAt(adaxes.RenewToken, adaxes.InHeader, false)),
		fault.Lookups("renewed-token", nearAt(adaxes.RenewToken, adaxes.InQuery, false)),
		fault.Lookups("destroyed-token", nearAt(adaxes.DestroyToken, adaxes.InQuery, false)),
		seams.StrangeTokens(adaxes.Probe, "Adm-Authorization"),
	}
}

// sessionsOf are the live sessions of an account, and ticketsOf the live tickets of a session.
func sessionsOf(c *call, of account) []session {
	return c.Sessions(func(s session) bool { return s.Account.Username == of.Username && s.Live(c.Now) })
}

func ticketsOf(c *call, s session) []ticket {
	return c.Tickets(func(t ticket) bool { return t.Session == s.ID && t.Live(c.Now) })
}

// login is the body of a session creation, and issue that of a token issue.
var (
	login = fault.Form{Operation: adaxes.CreateSession, Word: "login-", Members: []string{"username", "password"}}
	issue = fault.Form{Operation: adaxes.IssueToken, Word: "issue-", Members: []string{"sessionId"}}
)

// passwords replaces what tells whether a password is right.
func passwords(same func(right, given string) bool) override {
	return matching(func(_ *call, of account, given string) bool { return same(of.Password, given) })
}

// nearlyNamed finds an account by what is nearly its name, where the name that is given has this in it.
func nearlyNamed(within string) func(like func(own, given string) bool) override {
	return func(like func(own, given string) bool) override {
		return func(c *config) {
			c.Rules.Login.Find = func(c *call, name string) (account, bool) {
				found, known := c.Account(name)
				if known || !strings.Contains(name, within) {
					return found, known
				}
				return fault.FirstWhere(slices.Collect(maps.Values(c.Accounts())), func(a account) bool {
					return fault.NearlyNamed(a.Username, name, like) || fault.NearlyNamed(a.DownLevelName, name, like)
				})
			}
		}
	}
}

// nameFormFaults find an account so by one form of its name alone.
func nameFormFaults() overrides {
	principal, downLevel := fault.Names(nearlyNamed("@")), fault.Names(nearlyNamed(`\`))
	return overrides{
		"principal-name-by-its-start":             principal["name-by-its-start"].Apply,
		"principal-name-with-one-character-more":  principal["name-with-one-character-more"].Apply,
		"down-level-name-by-its-start":            downLevel["name-by-its-start"].Apply,
		"down-level-name-with-one-character-more": downLevel["name-with-one-character-more"].Apply,
	}
}
