package adaxes

import (
	"net/http"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
)

// Session is an authentication session: the right to have tokens issued.
type Session struct {
	ID      string
	Account Account
	kernel.Life
	CreatedAt time.Time
}

// NewSession gives the account a session of its own.
func (c *Call) NewSession(account Account) (Session, *Refusal) {
	session := Session{
		ID: c.server.rules.Sessions.NewID(), Account: account, CreatedAt: c.Now,
		Life: kernel.Life{ExpiresAt: c.After(c.server.config.SessionLifetime)},
	}
	c.server.sessions.Add(session)
	return session, nil
}

// Session is the session with this identifier. Ended and expired ones are found as long as Rules.KeepEnded says.
func (c *Call) Session(id string) (Session, bool) { return c.server.sessions.Find(id) }

// Sessions are all sessions that match, oldest first.
func (c *Call) Sessions(match func(Session) bool) []Session { return c.server.sessions.Match(match) }

// EndSession ends the session, and nothing else: its tokens go on working.
func (c *Call) EndSession(session Session) { c.server.sessions.End(session.ID, c.Now) }

// ExpireSession moves the time at which the session expires.
func (c *Call) ExpireSession(session Session, at time.Time) { c.server.sessions.Expire(session.ID, at) }

// After is the time d from now, rounded up to the precision in which answers state times.
func (c *Call) After(d time.Duration) time.Time {
	return c.server.rules.Answers.Ends(c.Now, d)
}

// createSession answers POST /api/authSessions/create.
func (c *Call) createSession() (*Answer, *Refusal) {
	username, password, refusal := c.server.rules.Requests.Credentials(c)
	if refusal != nil {
		return nil, refusal
	}
	account, refusal := c.logIn(username, password)
	if refusal != nil {
		return nil, refusal
	}
	session, refusal := c.server.rules.Sessions.Create(c, account)
	if refusal != nil {
		return nil, refusal
	}
	members := Members{reply.Of("sessionId", session.ID)}
	if c.server.config.Profile == Profile20232 {
		members = append(members, reply.Of("totpState", nil), reply.Of("changePasswordReason", states[account.State].changePasswordReason))
	}
	members = append(members, reply.Of("expiresAtUtc", c.server.rules.Answers.Time(session.ExpiresAt)))
	answer := answered(http.StatusOK, members)
	answer.Session = &session
	return answer, nil
}

// terminateSession answers DELETE /api/authSessions. No credential is asked for: whoever knows the id may end it.
func (c *Call) terminateSession() (*Answer, *Refusal) {
	rules := c.server.rules.Sessions
	id, given := rules.Target(c)
	if (!given || id == "") && rules.RequireID {
		return nil, badRequest("id", "The id parameter is required.")
	}
	if session, found := rules.Find(c, id); found {
		rules.End(c, session)
	}
	return answered(http.StatusNoContent, nil), nil
}
