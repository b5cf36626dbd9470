package adaxes

import (
	"net/http"

	"example.org/conform/harness/reference/reply"
)

// Place says where a request names a ticket.
type Place string

// The places.
const (
	InHeader Place = "header" // Adm-Authorization: what the request is allowed by
	InQuery  Place = "query"  // the token parameter: what the request is about
)

// Credential is a text that names a ticket, and the ticket that it names.
type Credential struct {
	Ticket Ticket
	// ByID says that the text is the ticket's id, not its token.
	ByID  bool
	Place Place
}

// Find is the ticket that the text names, as a token or as an id.
func (c *Call) Find(text string, place Place) (Credential, bool) {
	ticket, byToken := c.TicketByToken(text)
	if byToken {
		return Credential{Ticket: ticket, Place: place}, true
	}
	ticket, found := c.TicketByID(text)
	return Credential{Ticket: ticket, ByID: true, Place: place}, found
}

// Authorize judges the Adm-Authorization header. The refusal is the same whatever is wrong with it.
func (c *Call) Authorize() (Credential, *Refusal) {
	credential, valid := c.Resolve(c.Request.Header.Get("Adm-Authorization"), InHeader)
	if !valid {
		return Credential{}, refuse(http.StatusUnauthorized, "The request carries no valid security token.")
	}
	return credential, nil
}

// Resolve is the ticket that the text names where it lives and this instance honours the name.
func (c *Call) Resolve(text string, place Place) (Credential, bool) {
	rules := c.server.rules.Tickets
	credential, found := rules.Find(c, text, place)
	if !found || !rules.Live(c, credential) || !rules.Honour(c, credential) {
		return Credential{}, false
	}
	return credential, true
}

// authorize asks the rules, and tells them of a credential that was accepted.
func (c *Call) authorize() (Credential, *Refusal) {
	rules := c.server.rules.Tickets
	credential, refusal := rules.Authorize(c)
	if refusal == nil {
		rules.Used(c, credential)
	}
	return credential, refusal
}

// issueToken answers POST /api/auth.
func (c *Call) issueToken() (*Answer, *Refusal) {
	rules := c.server.rules
	id, refusal := rules.Requests.SessionID(c)
	if refusal != nil {
		return nil, refusal
	}
	session, found := rules.Sessions.Find(c, id)
	if !found || !rules.Sessions.Live(c, session) {
		return nil, unknown(UnknownSession, "There is no such session, or it has ended.")
	}
	ticket, refusal := rules.Tickets.Issue(c, session)
	if refusal != nil {
		return nil, refusal
	}
	return c.ticketInfo(ticket), nil
}

// renewToken answers PATCH /api/auth. Holding a token is the right to renew it: the one in the header need not be the
// same, and no session is asked for.
func (c *Call) renewToken() (*Answer, *Refusal) {
	rules := c.server.rules.Tickets
	header, refusal := c.authorize()
	if refusal != nil {
		return nil, refusal
	}
	text, given := rules.Target(c)
	if !given || text == "" {
		return nil, badRequest("token", "The token parameter is required.")
	}
	old, valid := c.Resolve(text, InQuery)
	if !valid {
		return nil, unknown(UnknownToken, "There is no such token, or it has ended.")
	}
	ticket, refusal := rules.Renew(c, old.Ticket, header)
	if refusal != nil {
		return nil, refusal
	}
	return c.ticketInfo(ticket), nil
}

// destroyToken answers DELETE /api/auth: always 204, as the document says, even where it does nothing for want of a
// valid credential or of a token. Both must be valid for a token to go.
func (c *Call) destroyToken() (*Answer, *Refusal) {
	rules := c.server.rules.Tickets
	done := answered(http.StatusNoContent, nil)
	text, given := rules.Target(c)
	if (!given || text == "") && rules.RequireToken {
		return nil, badRequest("token", "The token parameter is required.")
	}
	header, refusal := c.authorize()
	if refusal != nil && rules.RefuseUnauthorized {
		return nil, refusal
	}
	if refusal != nil {
		return done, nil
	}
	if target, valid := c.Resolve(text, InQuery); valid {
		rules.Destroy(c, target, header)
	}
	return done, nil
}

// Destroy ends what the credential names: the one token, or all tokens of a ticket that is named by its id.
func (c *Call) Destroy(target Credential) {
	if !target.ByID {
		c.EndTicket(target.Ticket)
		return
	}
	for _, ticket := range c.TicketsWithID(target.Ticket.ID) {
		c.EndTicket(ticket)
	}
}

// ticketInfo is the AuthTicketInfo of a ticket.
func (c *Call) ticketInfo(ticket Ticket) *Answer {
	answer := answered(http.StatusOK, Members{
		reply.Of("id", ticket.ID),
		reply.Of("token", ticket.Token),
		reply.Of("sid", ticket.Account.SID),
		reply.Of("expiresAtUtc", c.server.rules.Answers.Time(ticket.ExpiresAt)),
		reply.Of("applications", []string{"REST API"}),
	})
	answer.Ticket = &ticket
	return answer
}
