package adaxes

import (
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/reference/reply"
)

// defaultTokenLength is above the 400 characters that the document warns of ("Alternative approach").
const defaultTokenLength = 416

// ownRules are the server's own decisions, for answers whose times have this precision.
func ownRules(unit time.Duration) Rules {
	layout := reply.TimeLayout(unit)
	return Rules{
		Seams: kernel.OwnSeams[Call, Answer, Refusal](),
		Requests: RequestRules{
			Route:       (*Call).Route,
			Admit:       func(*Call) *Refusal { return nil },
			MediaType:   func(_ *Call, contentType string) bool { return kernel.IsJSON(contentType) },
			MaxBody:     DefaultMaxBody,
			Query:       (*Call).Query,
			Credentials: (*Call).Credentials,
			SessionID:   (*Call).SessionID,
			Type:        (*Call).AcceptType,
		},
		Login: LoginRules{
			Find:    (*Call).Account,
			Matches: func(_ *Call, account Account, given string) bool { return kernel.SamePassword(account.Password, given) },
			Admit:   (*Call).AdmitByState,
		},
		Sessions: SessionRules{
			NewID:  func() string { return random.ID(24) },
			Expiry: func(c *Call) time.Time { return c.After(c.server.config.SessionLifetime) },
			Create: (*Call).NewSession,
			Find:   (*Call).Session,
			Live:   func(c *Call, session Session) bool { return session.Live(c.Now) },
			Target: func(c *Call) (string, bool) { return c.server.rules.Requests.Query(c, "id") },
			End:    (*Call).EndSession,
		},
		Tickets: TicketRules{
			NewID:         func() string { return random.ID(28) },
			NewToken:      func() string { return random.Token(defaultTokenLength) },
			Expiry:        func(c *Call) time.Time { return c.After(c.server.config.TokenLifetime) },
			RenewedExpiry: (*Call).RenewedExpiry,
			Authorize:     (*Call).Authorize,
			Find:          (*Call).Find,
			Live:          func(c *Call, credential Credential) bool { return credential.Ticket.Live(c.Now) },
			Honour:        func(c *Call, credential Credential) bool { return credential.Local(c.Instance) },
			Used:          func(*Call, Credential) {},
			Issue:         (*Call).NewTicket,
			Target:        func(c *Call) (string, bool) { return c.server.rules.Requests.Query(c, "token") },
			Renew:         func(c *Call, old Ticket, _ Credential) (Ticket, *Refusal) { return c.Renewed(old) },
			Destroy:       func(c *Call, target, _ Credential) { c.Destroy(target) },
		},
		Answers: AnswerRules{
			TimeUnit:   unit,
			FormatTime: func(t time.Time) string { return t.UTC().Format(layout) },
			Service:    (*Call).Service,
		},
		Pick: ByService,
	}
}
