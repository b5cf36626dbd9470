package bluecat

import (
	"time"

	"example.org/conform/harness/reference/kernel"
)

// Seams are the decisions that can be replaced in every server.
type Seams = kernel.Seams[Call, Answer, Refusal]

// Rules are the decisions of a server that can be replaced, as the kernel says. Its zero value replaces none.
type Rules struct {
	Seams

	Requests RequestRules
	Login    LoginRules
	Sessions SessionRules
	Access   AccessRules
	Answers  AnswerRules
}

// RequestRules decide how requests are read.
type RequestRules struct {
	kernel.RequestRules[Call, Refusal]
	// Credentials reads the body of a login. Own decision: Call.Credentials.
	Credentials func(*Call) (username, password string, refusal *Refusal)
}

// LoginRules decide who gets a session.
type LoginRules struct {
	// Find is the user of a name. Own decision: Call.User, where the letter case counts.
	Find func(c *Call, name string) (User, bool)
	// Matches compares the password of a user who exists. Own decision: kernel.SamePassword.
	Matches func(c *Call, user User, given string) bool
	// Unknown may give a user for a name and a password that were refused. Own decision: none.
	Unknown func(c *Call, name string) (User, bool)
}

// SessionRules decide what becomes of a session.
type SessionRules struct {
	// NewToken makes an API token. Own decision: RandomToken.
	NewToken func(*Call, User) string
	// FirstID is the id of the first session; the others follow it. Zero means 1.
	FirstID int64
	// Create gives a user a session. Own decision: Call.NewSession.
	Create func(c *Call, user User) Session
	// End is what a logout does to the session that it names. Own decision: Call.EndSession.
	End func(c *Call, session Session)
	// Credentials are what a session shows as basicAuthenticationCredentials. Own decision: BasicCredentials.
	Credentials func(session Session) string
}

// AccessRules decide what a request may do.
type AccessRules struct {
	// Authorize judges the Authorization header of a request that needs one. Own decision: Call.Authorize.
	Authorize func(*Call) (Session, *Refusal)
	// Find is the session of a token, ended or not. Own decision: Call.SessionByToken.
	Find func(c *Call, token string) (Session, bool)
	// Names tells whether a name is that of a session's user. Own decision: they are equal, letter by letter.
	Names func(c *Call, session Session, name string) bool
	// Live tells whether a session's token authorizes. Own decision: Session.Live.
	Live func(c *Call, session Session) bool
}

// AnswerRules decide what answers look like.
type AnswerRules struct {
	// Negotiate chooses the media type of an answer; ok is false where the client accepts none. Own decision:
	// Negotiate of the request's Accept.
	Negotiate func(c *Call, accept string) (mediaType string, ok bool)
	// Links tells whether an answer of a media type shows its links. Own decision: application/hal+json does.
	Links func(mediaType string) bool
	// Base stands before the path in every link. Own decision: nothing.
	Base string
	// TimeUnit zero means a second.
	kernel.TimeRules
}

// ownRules are the server's own decisions. Which media type a body has is for its reader to judge.
func ownRules() Rules {
	requests := kernel.OwnRequests((*Call).Route)
	requests.MediaType = func(*Call, string) bool { return true }
	return Rules{
		Seams:    kernel.OwnSeams[Call, Answer, Refusal](),
		Requests: RequestRules{RequestRules: requests, Credentials: (*Call).Credentials},
		Login: LoginRules{
			Find:    (*Call).User,
			Matches: func(_ *Call, user User, given string) bool { return kernel.SamePassword(user.Password, given) },
			Unknown: func(*Call, string) (User, bool) { return User{}, false },
		},
		Sessions: SessionRules{
			NewToken:    func(*Call, User) string { return RandomToken() },
			FirstID:     1,
			Create:      (*Call).NewSession,
			End:         (*Call).EndSession,
			Credentials: func(s Session) string { return BasicCredentials(s.User.Name, s.Token) },
		},
		Access: AccessRules{
			Authorize: (*Call).Authorize,
			Find:      (*Call).SessionByToken,
			Names:     func(_ *Call, session Session, name string) bool { return session.User.Name == name },
			Live:      func(c *Call, session Session) bool { return session.Live(c.Now) },
		},
		Answers: AnswerRules{
			Negotiate: func(_ *Call, accept string) (string, bool) { return Negotiate(accept) },
			Links:     func(mediaType string) bool { return mediaType == HAL },
			TimeRules: kernel.TimeRules{TimeUnit: time.Second},
		},
	}
}
