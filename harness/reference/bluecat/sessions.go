package bluecat

import (
	"net"
	"net/http"
	"strconv"
	"time"

	"example.org/conform/harness/reference/kernel"
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
	kernel.Life
	LoginAt time.Time
}

func (s Session) name() string { return strconv.FormatInt(s.ID, 10) }

// NewSession gives the user a session of its own.
func (c *Call) NewSession(user User) Session {
	rules, answers := c.server.rules.Sessions, c.server.rules.Answers
	remote, _, err := net.SplitHostPort(c.Request.RemoteAddr)
	if err != nil {
		remote = c.Request.RemoteAddr
	}
	session := Session{
		ID: rules.FirstID + c.server.issued.Add(1) - 1, User: user, Token: rules.NewToken(c, user), RemoteAddress: remote,
		LoginAt: c.Now.Truncate(answers.TimeUnit), Life: kernel.Life{ExpiresAt: answers.Ends(c.Now, c.server.config.TokenLifetime)},
	}
	if older, found := c.SessionByToken(session.Token); found {
		c.server.sessions.Change(older.name(), func(kept *Session) { kept.Token = "" }) // it is that of one session, the newest
	}
	c.server.sessions.Add(session)
	return session
}

// Session is the session with this id. Ended and expired ones are found as long as Rules.KeepEnded says.
func (c *Call) Session(id int64) (Session, bool) {
	return c.server.sessions.Find(Session{ID: id}.name())
}

// SessionByToken is the session with this token. Ended and expired ones are found as long as Rules.KeepEnded says.
func (c *Call) SessionByToken(token string) (Session, bool) {
	found := c.Sessions(func(session Session) bool { return session.Token == token && token != "" })
	if len(found) == 0 {
		return Session{}, false
	}
	return found[0], true
}

// Sessions are all sessions that match, oldest first.
func (c *Call) Sessions(match func(Session) bool) []Session { return c.server.sessions.Match(match) }

// EndSession logs the session out, and no other.
func (c *Call) EndSession(session Session) { c.server.sessions.End(session.name(), c.Now) }

// ExpireSession moves the time at which the session's token expires.
func (c *Call) ExpireSession(session Session, at time.Time) {
	c.server.sessions.Expire(session.name(), at)
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
	answer := answered(http.StatusCreated, c.describe(session,
		reply.Of("apiToken", session.Token),
		reply.Of("apiTokenExpirationDateTime", rules.Answers.Time(session.ExpiresAt)),
		reply.Of("basicAuthenticationCredentials", rules.Sessions.Credentials(session))))
	answer.Session = &session
	answer.Header.Set("Location", c.address("sessions", session.ID))
	return answer, nil
}

// readSession answers GET /api/v2/sessions/current and /{id}. The token was shown once, at the login.
func (c *Call) readSession() (*Answer, *Refusal) {
	session, refusal := c.target()
	if refusal != nil {
		return nil, refusal
	}
	return answered(http.StatusOK, c.describe(session)), nil
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
	return answered(http.StatusOK, c.describe(session)), nil
}

// target is the session that the path names: the request's own, or another one of the same user.
func (c *Call) target() (Session, *Refusal) {
	own, refusal := c.server.rules.Access.Authorize(c)
	if refusal != nil || c.id() == current {
		return own, refusal
	}
	id, err := strconv.ParseInt(c.id(), 10, 64)
	if err != nil {
		return Session{}, notFound()
	}
	session, found := c.Session(id)
	if !found || session.User.ID != own.User.ID || !c.server.rules.Access.Live(c, session) {
		return Session{}, notFound() // the same for a stranger's as for none: ids are easily guessed
	}
	return session, nil
}

// describe is a session in the order of the document's example, with its secrets where they are shown.
func (c *Call) describe(session Session, secrets ...Member) Members {
	state, logout := LoggedIn, any(nil)
	if !session.EndedAt.IsZero() {
		state, logout = LoggedOut, c.server.rules.Answers.Time(session.EndedAt)
	}
	members := append(Members{reply.Of("id", session.ID), reply.Of("type", "UserSession")}, secrets...)
	members = append(members,
		reply.Of("state", state),
		reply.Of("remoteAddress", session.RemoteAddress),
		reply.Of("readOnly", false),
		reply.Of("loginDateTime", c.server.rules.Answers.Time(session.LoginAt)),
		reply.Of("logoutDateTime", logout),
		reply.Of("response", nil),
		reply.Of("user", c.describeResource(session.User.resource())),
		reply.Of("authenticator", c.describeResource(authenticator)),
	)
	return append(members, c.links("sessions", session.ID, false)...)
}
