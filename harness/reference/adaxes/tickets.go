package adaxes

import (
	"slices"
	"time"

	"example.org/conform/harness/reference/kernel"
)

// Ticket is an authentication ticket: one token, and the id that stands for it on one instance.
type Ticket struct {
	ID, Token string
	Account   Account
	// Session is the identifier of the session that issued the ticket, or the one it was renewed from.
	Session string
	// First is the token at the start of the chain of renewals; the ticket's own where it was issued by a session.
	First string
	// Instance is the instance on which the id is honoured.
	Instance int
	kernel.Life
	IssuedAt time.Time
}

// NewTicket issues a ticket to the session.
func (c *Call) NewTicket(session Session) (Ticket, *Refusal) {
	rules := c.server.rules.Tickets
	ticket := Ticket{
		ID: rules.NewID(), Token: rules.NewToken(), Account: session.Account, Session: session.ID, Instance: c.Instance,
		IssuedAt: c.Now, Life: kernel.Life{ExpiresAt: c.After(c.server.config.TokenLifetime)},
	}
	ticket.First = ticket.Token
	return c.AddTicket(ticket), nil
}

// Renewed issues a ticket in continuation of old, which lives on unchanged.
func (c *Call) Renewed(old Ticket) (Ticket, *Refusal) {
	rules := c.server.rules.Tickets
	ticket := old
	ticket.Token = rules.NewToken()
	ticket.IssuedAt, ticket.Life = c.Now, kernel.Life{ExpiresAt: rules.RenewedExpiry(c, old)}
	if !rules.KeepID {
		ticket.ID, ticket.Instance = rules.NewID(), c.Instance
	}
	return c.AddTicket(ticket), nil
}

// RenewedExpiry is a full lifetime from now, and later than old expires even where answers state times too coarsely to
// show the difference otherwise.
func (c *Call) RenewedExpiry(old Ticket) time.Time {
	at := c.After(c.server.config.TokenLifetime)
	if !at.After(old.ExpiresAt) {
		at = old.ExpiresAt.Add(c.server.rules.Answers.TimeUnit)
	}
	return at
}

// AddTicket stores a ticket under its token and its id, and returns it.
func (c *Call) AddTicket(ticket Ticket) Ticket {
	c.server.tickets.Add(ticket)
	return ticket
}

// TicketByToken is the ticket with this token. Ended and expired ones are found as long as Rules.KeepEnded says.
func (c *Call) TicketByToken(token string) (Ticket, bool) {
	return c.server.tickets.Find(token)
}

// TicketByID is the ticket with this id: where several have it, the newest that lives, or else the newest.
func (c *Call) TicketByID(id string) (Ticket, bool) {
	named := c.TicketsWithID(id)
	for _, ticket := range slices.Backward(named) {
		if ticket.Live(c.Now) {
			return ticket, true
		}
	}
	if len(named) > 0 {
		return named[len(named)-1], true
	}
	return Ticket{}, false
}

// TicketsWithID are the tickets with this id, oldest first: one, unless renewals keep the id.
func (c *Call) TicketsWithID(id string) []Ticket {
	return c.Tickets(func(ticket Ticket) bool { return ticket.ID == id && id != "" })
}

// Tickets are all tickets that match, oldest first.
func (c *Call) Tickets(match func(Ticket) bool) []Ticket { return c.server.tickets.Match(match) }

// EndTicket destroys the ticket's token; the id goes with it unless other tickets have it too.
func (c *Call) EndTicket(ticket Ticket) { c.server.tickets.End(ticket.Token, c.Now) }

// ExpireTicket moves the time at which the ticket expires.
func (c *Call) ExpireTicket(ticket Ticket, at time.Time) { c.server.tickets.Expire(ticket.Token, at) }

// ForgetID takes the id from a ticket that keeps its token. The server itself never does.
func (c *Call) ForgetID(ticket Ticket) {
	c.server.tickets.Change(ticket.Token, func(kept *Ticket) { kept.ID = "" })
}
