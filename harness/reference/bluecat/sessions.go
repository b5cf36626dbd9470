package bluecat

import (
	"net"
	"strconv"
	"time"

	"example.org/conform/harness/reference/reply"
)

// The states of a session.
const (
	LoggedIn  = "LOGGED_IN"
	LoggedOut = "LOGGED_OUT"
)

// Session is a user session with its API token.
type Session struct {
	ID    int64
	User  User
	Token string
	// RemoteAddress is the address from which the user logged in.
	RemoteAddress string
	// EndedAt is zero until somebody logs out.
	LoginAt, ExpiresAt, EndedAt time.Time
}

// Live tells whether the session's token authorizes: nobody has logged out, and it expires after now.
func (s Session) Live(now time.Time) bool { return s.EndedAt.IsZero() && now.Before(s.ExpiresAt) }

// end is when the session ended, or will.
func (s Session) end() time.Time {
	if !s.EndedAt.IsZero() && s.EndedAt.Before(s.ExpiresAt) {
		return s.EndedAt
	}
	return s.ExpiresAt
}

// NewSession gives the user a session of its own.
func (c *Call) NewSession(user User) Session {
	rules := c.server.rules.Sessions
	remote, _, err := net.SplitHostPort(c.Request.RemoteAddr)
	if err != nil {
		remote = c.Request.RemoteAddr
	}
	return c.server.store.add(Session{
		User: user, Token: rules.NewToken(c, user), RemoteAddress: remote,
		LoginAt: c.Now.Truncate(c.server.rules.Answers.TimeUnit), ExpiresAt: rules.Expiry(c),
	}, rules.FirstID)
}

// Session is the session with this id. Ended and expired ones are found as long as Rules.KeepEnded says.
func (c *Call) Session(id int64) (Session, bool) {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	session, found := store.byID[id]
	if !found {
		return Session{}, false
	}
	return *session, true
}

// SessionByToken is the session with this token. Ended and expired ones are found as long as Rules.KeepEnded says.
func (c *Call) SessionByToken(token string) (Session, bool) {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	session, found := store.byToken[token]
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
	for _, session := range store.byID {
		if match(*session) {
			found = append(found, *session)
		}
	}
	return found
}

// EndSession logs the session out, and no other.
func (c *Call) EndSession(session Session) {
	c.change(session, func(store *store, kept *Session) {
		if kept.EndedAt.IsZero() {
			kept.EndedAt = c.Now
		}
		if store.keep == 0 {
			store.remove(kept)
		}
	})
}

// ExpireSession moves the time at which the session's token expires.
func (c *Call) ExpireSession(session Session, at time.Time) {
	c.change(session, func(_ *store, kept *Session) { kept.ExpiresAt = at })
}

// change alters the stored session that a copy stands for.
func (c *Call) change(session Session, alter func(*store, *Session)) {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	if kept, found := store.byID[session.ID]; found {
		alter(store, kept)
	}
}

// RoundUp is a time in the precision in which answers state times, rounded up.
func (c *Call) RoundUp(at time.Time) time.Time {
	return reply.RoundUp(at, c.server.rules.Answers.TimeUnit)
}

// createSession answers POST /api/v2/sessions.
func (c *Call) createSession() (*Answer, *Refusal) {
	rules := c.server.rules
	name, password, refusal := rules.Requests.Credentials(c)
	if refusal != nil {
		return nil, refusal
	}
	user, refusal := c.logIn(name, password)
	if refusal != nil {
		return nil, refusal
	}
	session := rules.Sessions.Create(c, user)
	answer := &Answer{Status: 201, Members: c.describe(session), Session: &session}
	answer.Members.InsertAfter("type",
		reply.Of("apiToken", session.Token),
		reply.Of("apiTokenExpirationDateTime", rules.Answers.FormatTime(session.ExpiresAt)),
		reply.Of("basicAuthenticationCredentials", rules.Sessions.Credentials(session)))
	answer.header().Set("Location", c.address("sessions", session.ID))
	return answer, nil
}

// readSession answers GET /api/v2/sessions/current and /{id}. The token was shown once, at the login.
func (c *Call) readSession() (*Answer, *Refusal) {
	session, refusal := c.target()
	if refusal != nil {
		return nil, refusal
	}
	return &Answer{Status: 200, Members: c.describe(session)}, nil
}

// logOut answers PATCH /api/v2/sessions/current and /{id}: the state is all that can be changed, and LOGGED_OUT all
// that it can be changed to.
func (c *Call) logOut() (*Answer, *Refusal) {
	session, refusal := c.target()
	if refusal != nil {
		return nil, refusal
	}
	if refusal := c.readLogout(); refusal != nil {
		return nil, refusal
	}
	c.server.rules.Sessions.End(c, session)
	session.EndedAt = c.Now
	return &Answer{Status: 200, Members: c.describe(session)}, nil
}

// target is the session that the path names: the request's own, or another one of the same user.
func (c *Call) target() (Session, *Refusal) {
	own, refusal := c.server.rules.Access.Authorize(c)
	if refusal != nil || c.ID == current {
		return own, refusal
	}
	id, err := strconv.ParseInt(c.ID, 10, 64)
	if err != nil {
		return Session{}, notFound()
	}
	session, found := c.Session(id)
	if !found || session.User.ID != own.User.ID || !c.server.rules.Access.Live(c, session) {
		return Session{}, notFound() // the same for a stranger's as for none: ids are easily guessed
	}
	return session, nil
}

// describe is a session without its secrets, in the order of the document's example.
func (c *Call) describe(session Session) Members {
	state, logout := LoggedIn, any(nil)
	if !session.EndedAt.IsZero() {
		state, logout = LoggedOut, c.server.rules.Answers.FormatTime(session.EndedAt)
	}
	return Members{
		reply.Of("id", session.ID),
		reply.Of("type", "UserSession"),
		reply.Of("state", state),
		reply.Of("remoteAddress", session.RemoteAddress),
		reply.Of("readOnly", false),
		reply.Of("loginDateTime", c.server.rules.Answers.FormatTime(session.LoginAt)),
		reply.Of("logoutDateTime", logout),
		reply.Of("response", nil),
		reply.Of("user", c.describeUser(session.User)),
		reply.Of("authenticator", c.describeAuthenticator()),
		reply.Of("_links", c.links("sessions", session.ID)),
	}
}
