package adaxes

import (
	"slices"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// granting are the operations that hand out what expires, by what it is called.
var granting = map[string]adaxes.Operation{
	"session": adaxes.CreateSession, "token": adaxes.IssueToken, "renewal": adaxes.RenewToken,
}

// kinds are what goes wrong with every vendor, as it does here.
func kinds() []fault.Kind[config] {
	all := slices.Concat(answerKinds(), loginKinds(), sessionKinds(), tokenKinds(), refusalKinds())
	return append(all, seams.Wire())
}

func answerKinds() []fault.Kind[config] {
	all := []fault.Kind[config]{
		seams.Statuses("termination", adaxes.TerminateSession, 2),
		seams.Statuses("destruction", adaxes.DestroyToken, 2),
		seams.Bodies("error", said),
	}
	for word, operation := range granting {
		all = append(all,
			seams.Statuses(word, operation, 7),
			seams.Bodies(word, func(change func(*answer)) override { return granted(operation, change) }),
			fault.Dates(word+"-expiry", func(write func(time.Time) any) override {
				return granted(operation, func(a *answer) { a.Members.Set("expiresAtUtc", write(expiry(a))) })
			}))
	}
	return all
}

func loginKinds() []fault.Kind[config] {
	return []fault.Kind[config]{
		fault.Passwords(func(same func(right, given string) bool) override {
			return matching(func(_ *call, of account, given string) bool { return same(of.Password, given) })
		}),
		seams.Echoes("session", adaxes.CreateSession, func(c *call, _ string) bool { _, is := known(c); return is }),
		fault.Methods(func(method string) override {
			return routing(func(c *call) (adaxes.Operation, *refusal) {
				if c.Request.Method == method && at(c.Request, adaxes.CreateSession) {
					return adaxes.CreateSession, nil
				}
				return c.Route()
			})
		}),
		seams.Crashes(login),
		fault.Mends(login, func(mend fault.Mend) override {
			return reading(func(c *call) (string, string, *refusal) {
				right := func(member string) any {
					if of, _ := known(c); member == "password" {
						return of.Password
					}
					return c.Accounts()[adaxes.Ordinary].Username
				}
				name, password, refused := c.Credentials()
				if refused != nil && fault.Mended(mend, &c.Body, right) {
					return c.Credentials()
				}
				return name, password, refused
			})
		}),
	}
}

func sessionKinds() []fault.Kind[config] {
	return []fault.Kind[config]{
		fault.Births("session", func(before func([]session, func(session)) (session, bool)) override {
			return creating(func(c *call, of account) (session, *refusal) {
				if again, found := before(sessionsOf(c, of), c.EndSession); found {
					return again, nil
				}
				return c.NewSession(of)
			})
		}),
		fault.Lifetimes("session", liveSession, func(c *call, s session) fault.Record {
			return fault.Record{Name: s.ID, Since: s.CreatedAt, Now: c.Now, Life: s.Life}
		}),
		fault.Ends("termination", ending, (*call).EndSession, func(c *call, s session) []session { return sessionsOf(c, s.Account) }),
		fault.Lookups("session-id", func(like func(id, text string) bool) override {
			return findingID(func(c *call, text string) (session, bool) {
				if found, ok := c.Session(text); ok || c.Operation != adaxes.IssueToken {
					return found, ok
				}
				return fault.First(c.Sessions(func(s session) bool { return s.Live(c.Now) && like(s.ID, text) }))
			})
		}),
	}
}

func tokenKinds() []fault.Kind[config] {
	return []fault.Kind[config]{
		seams.Crashes(issue),
		fault.Mends(issue, func(mend fault.Mend) override {
			return readingID(func(c *call) (string, *refusal) {
				some, _ := fault.First(c.Sessions(func(s session) bool { return s.Live(c.Now) }))
				id, refused := c.SessionID()
				if refused != nil && fault.Mended(mend, &c.Body, func(string) any { return some.ID }) {
					return c.SessionID()
				}
				return id, refused
			})
		}),
		fault.Births("token", func(before func([]ticket, func(ticket)) (ticket, bool)) override {
			return issuing(func(c *call, s session) (ticket, *refusal) {
				if again, found := before(ticketsOf(c, s), c.EndTicket); found {
					return again, nil
				}
				return c.NewTicket(s)
			})
		}),
		fault.Lifetimes("token", liveToken, func(c *call, of credential) fault.Record {
			return fault.Record{Name: of.Ticket.Token, Since: of.Ticket.IssuedAt, Now: c.Now, Life: of.Ticket.Life}
		}),
		fault.Lookups("token", near),
		fault.StrangeTokens(func(is func(text string) bool) override {
			return crashesOn(adaxes.Probe, func(c *call) bool { return is(authorization(c)) })
		}),
	}
}

// refusalKinds are the ways to refuse otherwise than the documents say.
func refusalKinds() []fault.Kind[config] {
	all := []fault.Kind[config]{
		seams.Refusals("wrong-password", wrongPassword),
		seams.Refusals("unknown-account", unknownAccount),
		seams.Refusals("wrong-credentials", ofLogin(adaxes.InvalidCredentials)),
		seams.Refusals("malformed-login", ofKind(adaxes.BadRequest, func(c *call) bool { return c.Operation == adaxes.CreateSession })),
		seams.Refusals("anonymous-probe", anonymousProbe),
		seams.Refusals("missing-token", ofKind(adaxes.Unauthorized, func(c *call) bool { return authorization(c) == "" })),
		seams.Refusals("made-up-token", ofKind(adaxes.Unauthorized, func(c *call) bool { return authorization(c) != "" })),
		seams.Refusals("unknown-session", ofKind(adaxes.UnknownSession)),
		seams.Refusals("renewal-of-unknown-token", ofKind(adaxes.UnknownToken)),
	}
	for name, of := range shut {
		all = append(all, seams.Refusals(name, ofLogin(of.code)))
	}
	return all
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

// dateFaults break the expiresAtUtc of what is handed out.
func dateFaults() overrides {
	all := overrides{}
	for word, operation := range granting {
		end, date := member(operation, "expiresAtUtc"), word+"-expiry"
		all[date+"-missing"] = end.Missing()
		all[date+"-renamed"] = end.Renamed("ExpiresAtUtc")
		all[date+"-missing-now-and-then"] = everyGranted(5, operation, drop("expiresAtUtc"))
	}
	return all
}
