package adaxes

import (
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// What goes wrong with every vendor, as it does here.
var (
	echoes = seams.Echoes("session", adaxes.CreateSession, func(c *call, _ string) bool { _, is := known(c); return is })

	passwords = fault.Passwords(func(same func(right, given string) bool) override {
		return matching(func(_ *call, of account, given string) bool { return same(of.Password, given) })
	})
	methods = fault.Methods(" gives no session", func(method string) override {
		return routing(func(c *call) (adaxes.Operation, *refusal) {
			if c.Request.Method == method && at(c.Request, adaxes.CreateSession) {
				return adaxes.CreateSession, nil
			}
			return c.Route()
		})
	})
	strange = fault.StrangeTokens(func(is func(text string) bool) override {
		return crashesOn(adaxes.Probe, func(c *call) bool { return is(authorization(c)) })
	})
	lookups  = fault.Lookups("token", near)
	sessions = fault.Lookups("session-id", func(like func(id, text string) bool) override {
		return findingID(func(c *call, text string) (session, bool) {
			if found, ok := c.Session(text); ok || c.Operation != adaxes.IssueToken {
				return found, ok
			}
			return fault.First(c.Sessions(func(s session) bool { return s.Live(c.Now) && like(s.ID, text) }))
		})
	})
	sessionLives = fault.Lifetimes("session", func(live func(fault.Record) bool) override {
		return liveSession(func(c *call, s session) bool {
			return live(fault.Record{Name: s.ID, Since: s.CreatedAt, Now: c.Now, Life: s.Life})
		})
	})
	tokenLives = fault.Lifetimes("token", func(live func(fault.Record) bool) override {
		return liveToken(func(c *call, of credential) bool {
			return live(fault.Record{Name: of.Ticket.Token, Since: of.Ticket.IssuedAt, Now: c.Now, Life: of.Ticket.Life})
		})
	})
	sessionBirths = fault.Births("session", func(before func([]session, func(session)) (session, bool)) override {
		return creating(func(c *call, of account) (session, *refusal) {
			if again, found := before(sessionsOf(c, of), c.EndSession); found {
				return again, nil
			}
			return c.NewSession(of)
		})
	})
	tokenBirths = fault.Births("token", func(before func([]ticket, func(ticket)) (ticket, bool)) override {
		return issuing(func(c *call, s session) (ticket, *refusal) {
			if again, found := before(ticketsOf(c, s), c.EndTicket); found {
				return again, nil
			}
			return c.NewTicket(s)
		})
	})
	terminations = fault.Ends("termination", ending, (*call).EndSession, func(c *call, s session) []session {
		return sessionsOf(c, s.Account)
	})
)

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

const given, answered = " gives no session", " is refused with a 4xx status"

var (
	loginCrashes = seams.Crashes(login, answered)
	loginMends   = fault.Mends(login, given, func(mend fault.Mend) override {
		return reading(func(c *call) (string, string, *refusal) {
			right := func(member string) any {
				if of, _ := known(c); member == "password" {
					return of.Password
				}
				return c.Accounts().Ordinary.Username
			}
			name, password, refused := c.Credentials()
			if refused != nil && fault.Mended(mend, &c.Body, right) {
				return c.Credentials()
			}
			return name, password, refused
		})
	})
	issueCrashes = seams.Crashes(issue, answered)
	issueMends   = fault.Mends(issue, " gives no token", func(mend fault.Mend) override {
		return readingID(func(c *call) (string, *refusal) {
			some, _ := fault.First(c.Sessions(func(s session) bool { return s.Live(c.Now) }))
			id, refused := c.SessionID()
			if refused != nil && fault.Mended(mend, &c.Body, func(string) any { return some.ID }) {
				return c.SessionID()
			}
			return id, refused
		})
	})
)

// shapes are the ways in which the answer to an operation is not one JSON object, sent as application/json.
func shapes(requirement, word string, operation adaxes.Operation) []Fault {
	bodies := seams.Bodies(word, func(change func(*answer)) override { return granted(operation, change) })
	return bodies(requirement, "", word+"-as-text", word+"-without-media-type", word+"-without-body", word+"-in-an-array",
		word+"-as-a-string", word+"-with-a-member-twice", word+"-with-trailing-text", word+"-cut-short", word+"-with-byte-order-mark")
}

// written are the ways to write the expiresAtUtc of an operation's answers.
func written(word string, operation adaxes.Operation) fault.Choice[config] {
	return fault.Dates(word+"-expiry", func(write func(time.Time) any) override {
		return granted(operation, func(a *answer) { a.Members.Set("expiresAtUtc", write(expiry(a))) })
	})
}

// dates are the ways in which it is no RFC 3339 date-time.
func dates(requirement, word string, operation adaxes.Operation) []Fault {
	end, date := member(operation, "expiresAtUtc"), word+"-expiry"
	const reason = "/expiresAtUtc"
	wrong := written(word, operation)(requirement, reason, date+"-as-net-date", date+"-as-a-number", date+"-without-zone",
		date+"-with-a-blank", date+"-as-http-date", date+"-impossible", date+"-blank", date+"-null")
	return append(wrong, breaks(requirement, reason,
		end.Missing(date+"-missing", "the expiry is left to the client's knowledge of the settings"),
		end.Renamed("ExpiresAtUtc", date+"-renamed", "the member is written in the case of the class"),
		Fault{Name: date + "-missing-now-and-then", Story: "one node of a farm runs an older release",
			Apply: everyGranted(5, operation, drop("expiresAtUtc"))})...)
}
