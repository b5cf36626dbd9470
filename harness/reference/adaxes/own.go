package adaxes

import (
	"net/http"
	"time"

	"example.org/conform/harness/reference/reply"
)

// complete fills every rule that is not set with the server's own decision, so that the rest of the code asks the
// rules alone.
func (r Rules) complete() Rules {
	if r.Pick == nil {
		r.Pick = ByService
	}
	if r.Wrap == nil {
		r.Wrap = func(next http.Handler) http.Handler { return next }
	}
	r.Requests.complete()
	r.Login.complete()
	r.Sessions.complete()
	r.Tickets.complete()
	r.Answers.complete()
	return r
}

func (r *RequestRules) complete() {
	if r.Route == nil {
		r.Route = (*Call).Route
	}
	if r.Admit == nil {
		r.Admit = func(*Call) *Refusal { return nil }
	}
	if r.MediaType == nil {
		r.MediaType = func(_ *Call, contentType string) bool { return IsJSON(contentType) }
	}
	if r.MaxBody == 0 {
		r.MaxBody = DefaultMaxBody
	}
	if r.Query == nil {
		r.Query = (*Call).Query
	}
	if r.Credentials == nil {
		r.Credentials = (*Call).Credentials
	}
	if r.SessionID == nil {
		r.SessionID = (*Call).SessionID
	}
	if r.Type == nil {
		r.Type = (*Call).AcceptType
	}
}

func (r *LoginRules) complete() {
	if r.Find == nil {
		r.Find = (*Call).Account
	}
	if r.Matches == nil {
		r.Matches = func(_ *Call, account Account, given string) bool { return SamePassword(account.Password, given) }
	}
	if r.Admit == nil {
		r.Admit = (*Call).AdmitByState
	}
}

func (r *SessionRules) complete() {
	if r.NewID == nil {
		r.NewID = func() string { return RandomID(24) }
	}
	if r.Expiry == nil {
		r.Expiry = func(c *Call) time.Time { return c.After(c.server.config.SessionLifetime) }
	}
	if r.Create == nil {
		r.Create = (*Call).NewSession
	}
	if r.Find == nil {
		r.Find = (*Call).Session
	}
	if r.Live == nil {
		r.Live = func(c *Call, session Session) bool { return session.Live(c.Now) }
	}
	if r.Target == nil {
		r.Target = func(c *Call) (string, bool) { return c.server.rules.Requests.Query(c, "id") }
	}
	if r.End == nil {
		r.End = (*Call).EndSession
	}
}

func (r *TicketRules) complete() {
	if r.NewID == nil {
		r.NewID = func() string { return RandomID(28) }
	}
	if r.NewToken == nil {
		r.NewToken = func() string { return RandomToken(defaultTokenLength) }
	}
	if r.Expiry == nil {
		r.Expiry = func(c *Call) time.Time { return c.After(c.server.config.TokenLifetime) }
	}
	if r.RenewedExpiry == nil {
		r.RenewedExpiry = (*Call).RenewedExpiry
	}
	if r.Authorize == nil {
		r.Authorize = (*Call).Authorize
	}
	if r.Find == nil {
		r.Find = (*Call).Find
	}
	if r.Live == nil {
		r.Live = func(c *Call, credential Credential) bool { return credential.Ticket.Live(c.Now) }
	}
	if r.Honour == nil {
		r.Honour = func(c *Call, credential Credential) bool { return credential.Local(c.Instance) }
	}
	if r.Used == nil {
		r.Used = func(*Call, Credential) {}
	}
	if r.Issue == nil {
		r.Issue = (*Call).NewTicket
	}
	if r.Target == nil {
		r.Target = func(c *Call) (string, bool) { return c.server.rules.Requests.Query(c, "token") }
	}
	if r.Renew == nil {
		r.Renew = func(c *Call, old Ticket, _ Credential) (Ticket, *Refusal) { return c.Renewed(old) }
	}
	if r.Destroy == nil {
		r.Destroy = func(c *Call, target, _ Credential) { c.Destroy(target) }
	}
}

func (r *AnswerRules) complete() {
	if r.TimeUnit == 0 {
		r.TimeUnit = DefaultTimeUnit
	}
	if r.FormatTime == nil {
		layout := reply.TimeLayout(r.TimeUnit)
		r.FormatTime = func(t time.Time) string { return t.UTC().Format(layout) }
	}
	if r.Service == nil {
		r.Service = (*Call).Service
	}
	if r.Refuse == nil {
		r.Refuse = func(*Call, *Refusal) {}
	}
	if r.Edit == nil {
		r.Edit = func(*Call, *Answer) {}
	}
}
