package adaxes

import (
	"encoding/json"
	"net/http"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
)

// Seams are the decisions that can be replaced in every server.
type Seams = kernel.Seams[Call, Answer, Refusal]

// Rules are the decisions of a server that can be replaced, as the kernel says. Its zero value replaces none.
type Rules struct {
	Seams

	Requests RequestRules
	Login    LoginRules
	Sessions SessionRules
	Tickets  TicketRules
	Answers  AnswerRules

	// Pick chooses the instance for a request to the shared address, by the Adm-Service value of each. Without a
	// choice (false) the balancer goes round. Own decision: ByService.
	Pick func(r *http.Request, services []string) (int, bool)
}

// RequestRules decide how requests are read.
type RequestRules struct {
	kernel.RequestRules[Call, Refusal]
	// Query is the value of a query parameter, and whether there is one. Own decision: Call.Query.
	Query func(c *Call, name string) (string, bool)
	// Credentials reads the body of a session creation. Own decision: Call.Credentials.
	Credentials func(*Call) (username, password string, refusal *Refusal)
	// SessionID reads the body of a token issue. Own decision: Call.SessionID.
	SessionID func(*Call) (string, *Refusal)
	// Type tells whether a token issue with this type goes ahead; raw is nil when there is none. Own decision:
	// Call.AcceptType.
	Type func(c *Call, raw json.RawMessage) bool
}

// LoginRules decide who gets a session.
type LoginRules struct {
	// Find is the account of a logon name. Own decision: Call.Account.
	Find func(c *Call, name string) (Account, bool)
	// Matches compares the password of an account that exists. It must not log in itself. Own decision:
	// kernel.SamePassword.
	Matches func(c *Call, account Account, given string) bool
	// Admit may refuse an account whose password was right. Own decision: Call.AdmitByState.
	Admit func(c *Call, account Account) *Refusal
}

// SessionRules decide what becomes of a session.
type SessionRules struct {
	// NewID makes an identifier. Own decision: 24 random bytes.
	NewID func() string
	// Create gives an account a session. Own decision: Call.NewSession.
	Create func(c *Call, account Account) (Session, *Refusal)
	// Find is the session of an identifier, ended or not. Own decision: Call.Session.
	Find func(c *Call, id string) (Session, bool)
	// Live tells whether a session may issue a token. Own decision: Session.Live.
	Live func(c *Call, session Session) bool
	// Target is the identifier that a termination names. Own decision: the query parameter id.
	Target func(*Call) (string, bool)
	// End is what a termination does to the session that it names. Own decision: Call.EndSession.
	End func(c *Call, session Session)
	// RequireID answers a termination without id 400; otherwise it is answered 204, as "always" says.
	RequireID bool
}

// TicketRules decide what becomes of a ticket: of its token and of its id.
type TicketRules struct {
	// NewID and NewToken make the two names of a ticket. Own decisions: 28 random bytes; random.Token of a little
	// over 400 characters.
	NewID, NewToken func() string
	// RenewedExpiry is when a token that takes the place of old expires. Own decision: Call.RenewedExpiry.
	RenewedExpiry func(c *Call, old Ticket) time.Time
	// KeepID gives a renewed ticket the id of the old one, as the document's examples show it. One id then names
	// several tokens and authorizes as long as one of them lives: "the ticket id of a destroyed token is rejected"
	// (ADX-DST-05) speaks then of an id whose tokens are all destroyed. The ticket stays on its first instance,
	// which the Adm-Service header of a renewal names.
	KeepID bool

	// Authorize judges the Adm-Authorization header of a request that needs one. Own decision: Call.Authorize.
	Authorize func(*Call) (Credential, *Refusal)
	// Find is the ticket that a text names, as a token or as an id, ended or not. Own decision: Call.Find.
	Find func(c *Call, text string, place Place) (Credential, bool)
	// Live tells whether a credential has neither ended nor expired. Own decision: Ticket.Live.
	Live func(*Call, Credential) bool
	// Honour tells whether this instance honours a credential. Own decision: a token is honoured on every instance, a
	// ticket id on the one that issued the ticket ("Alternative approach").
	Honour func(*Call, Credential) bool
	// Used follows every request that a credential authorized. Own decision: nothing changes.
	Used func(*Call, Credential)

	// Issue gives a session a ticket. Own decision: Call.NewTicket.
	Issue func(*Call, Session) (Ticket, *Refusal)
	// Target is the text by which a renewal or a destruction names a token. Own decision: the query parameter token.
	Target func(*Call) (string, bool)
	// Renew takes the old ticket and the one that authorized the request, and gives a new one. Own decision:
	// Call.Renewed.
	Renew func(c *Call, old Ticket, header Credential) (Ticket, *Refusal)
	// Destroy is what a destruction does. The header's credential is the zero value where it was not valid and
	// Authorize let the request pass. Own decision: Call.Destroy of the target.
	Destroy func(c *Call, target, header Credential)
	// RequireToken answers a destruction without token 400, and RefuseUnauthorized one without a valid
	// Adm-Authorization 401; otherwise both are answered 204, as "always" says, and destroy nothing.
	RequireToken, RefuseUnauthorized bool
}

// AnswerRules decide what answers look like.
type AnswerRules struct {
	// TimeUnit zero means DefaultTimeUnit.
	kernel.TimeRules
	// Service is the Adm-Service value of an answer; empty leaves the header out. Own decision: Call.Service.
	Service func(*Call, *Answer) string
}

// defaultTokenLength is above the 400 characters that the document warns of ("Alternative approach").
const defaultTokenLength = 416

// ownRules are the server's own decisions.
func ownRules() Rules {
	return Rules{
		Seams: kernel.OwnSeams[Call, Answer, Refusal](),
		Requests: RequestRules{
			RequestRules: kernel.OwnRequests((*Call).Route),
			Query:        (*Call).Query, Credentials: (*Call).Credentials, SessionID: (*Call).SessionID, Type: (*Call).AcceptType,
		},
		Login: LoginRules{
			Find:    (*Call).Account,
			Matches: func(_ *Call, account Account, given string) bool { return kernel.SamePassword(account.Password, given) },
			Admit:   (*Call).AdmitByState,
		},
		Sessions: SessionRules{
			NewID:  func() string { return random.ID(24) },
			Create: (*Call).NewSession,
			Find:   (*Call).Session,
			Live:   func(c *Call, session Session) bool { return session.Live(c.Now) },
			Target: func(c *Call) (string, bool) { return c.server.rules.Requests.Query(c, "id") },
			End:    (*Call).EndSession,
		},
		Tickets: TicketRules{
			NewID:         func() string { return random.ID(28) },
			NewToken:      func() string { return random.Token(defaultTokenLength) },
			RenewedExpiry: (*Call).RenewedExpiry,
			Authorize:     (*Call).Authorize,
			Find:          (*Call).Find,
			Live:          func(c *Call, credential Credential) bool { return credential.Ticket.Live(c.Now) },
			Honour: func(c *Call, credential Credential) bool {
				return !credential.ByID || credential.Ticket.Instance == c.Instance
			},
			Used:    func(*Call, Credential) {},
			Issue:   (*Call).NewTicket,
			Target:  func(c *Call) (string, bool) { return c.server.rules.Requests.Query(c, "token") },
			Renew:   func(c *Call, old Ticket, _ Credential) (Ticket, *Refusal) { return c.Renewed(old) },
			Destroy: func(c *Call, target, _ Credential) { c.Destroy(target) },
		},
		Answers: AnswerRules{TimeRules: kernel.TimeRules{TimeUnit: DefaultTimeUnit}, Service: (*Call).Service},
		Pick:    ByService,
	}
}
