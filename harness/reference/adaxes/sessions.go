package adaxes

import (
	"time"

	"example.org/conform/harness/reference/reply"
)

// Session is an authentication session: the right to have tokens issued.
type Session struct {
	ID      string
	Account Account
	// EndedAt is zero until the session is terminated.
	CreatedAt, ExpiresAt, EndedAt time.Time
}

// Live tells whether the session may issue tokens: it has not been terminated, and expires after now.
func (s Session) Live(now time.Time) bool { return s.EndedAt.IsZero() && now.Before(s.ExpiresAt) }

// NewSession gives the account a session of its own.
func (c *Call) NewSession(account Account) (Session, *Refusal) {
	rules := c.server.rules.Sessions
	session := Session{ID: rules.NewID(), Account: account, CreatedAt: c.Now, ExpiresAt: rules.Expiry(c)}
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	if !store.closed {
		store.sessions[session.ID] = &session
	}
	return session, nil
}

// Session is the session with this identifier. Ended and expired ones are found as long as Rules.KeepEnded says.
func (c *Call) Session(id string) (Session, bool) {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	session, found := store.sessions[id]
	if !found {
		return Session{}, false
	}
	return *session, true
}

// Sessions are all sessions that match, in no order.
func (c *Call) Sessions(match func(Session) bool) []Session {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	var found []Session
	for _, session := range store.sessions {
		if match(*session) {
			found = append(found, *session)
		}
	}
	return found
}

// EndSession ends the session, and nothing else: its tokens go on working.
func (c *Call) EndSession(session Session) {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	kept, found := store.sessions[session.ID]
	if !found {
		return
	}
	if kept.EndedAt.IsZero() {
		kept.EndedAt = c.Now
	}
	if store.keep == 0 {
		delete(store.sessions, session.ID)
	}
}

// ExpireSession moves the time at which the session expires.
func (c *Call) ExpireSession(session Session, at time.Time) {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	if kept, found := store.sessions[session.ID]; found {
		kept.ExpiresAt = at
	}
}

// After is the time d from now, rounded up to the precision in which answers state times.
func (c *Call) After(d time.Duration) time.Time {
	return reply.RoundUp(c.Now.Add(d), c.server.rules.Answers.TimeUnit)
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
	c.server.activity.count(func(a *Activity) { a.SessionsCreated++ })
	members := Members{reply.Of("sessionId", session.ID)}
	if c.server.config.Profile == Profile20232 {
		members = append(members, reply.Of("totpState", nil), reply.Of("changePasswordReason", account.State.changePasswordReason()))
	}
	members = append(members, reply.Of("expiresAtUtc", c.server.rules.Answers.FormatTime(session.ExpiresAt)))
	return &Answer{Status: 200, Members: members, Session: &session}, nil
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
		c.server.activity.count(func(a *Activity) { a.SessionsTerminated++ })
	}
	return &Answer{Status: 204}, nil
}
