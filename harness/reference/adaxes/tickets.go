package adaxes

import "time"

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
	// EndedAt is zero until the token is destroyed.
	IssuedAt, ExpiresAt, EndedAt time.Time
}

// Live tells whether the ticket authorizes: its token has not been destroyed, and expires after now.
func (t Ticket) Live(now time.Time) bool { return t.EndedAt.IsZero() && now.Before(t.ExpiresAt) }

// NewTicket issues a ticket to the session.
func (c *Call) NewTicket(session Session) (Ticket, *Refusal) {
	rules := c.server.rules.Tickets
	ticket := Ticket{
		ID: rules.NewID(), Token: rules.NewToken(), Account: session.Account, Session: session.ID, Instance: c.Instance,
		IssuedAt: c.Now, ExpiresAt: rules.Expiry(c),
	}
	ticket.First = ticket.Token
	return c.AddTicket(ticket), nil
}

// Renewed issues a ticket in continuation of old, which lives on unchanged.
func (c *Call) Renewed(old Ticket) (Ticket, *Refusal) {
	rules := c.server.rules.Tickets
	ticket := old
	ticket.Token = rules.NewToken()
	ticket.IssuedAt, ticket.ExpiresAt, ticket.EndedAt = c.Now, rules.RenewedExpiry(c, old), time.Time{}
	if !rules.KeepID {
		ticket.ID, ticket.Instance = rules.NewID(), c.Instance
	}
	return c.AddTicket(ticket), nil
}

// RenewedExpiry is a full lifetime from now, and later than old expires even where answers state times too coarsely to
// show the difference otherwise.
func (c *Call) RenewedExpiry(old Ticket) time.Time {
	at := c.server.rules.Tickets.Expiry(c)
	if !at.After(old.ExpiresAt) {
		at = old.ExpiresAt.Add(c.server.rules.Answers.TimeUnit)
	}
	return at
}

// AddTicket stores a ticket under its token and its id, and returns it.
func (c *Call) AddTicket(ticket Ticket) Ticket {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	if store.closed {
		return ticket
	}
	if replaced, found := store.byToken[ticket.Token]; found {
		store.remove(replaced)
	}
	kept := ticket
	store.tickets[&kept] = struct{}{}
	store.byToken[kept.Token] = &kept
	store.byID[kept.ID] = append(store.byID[kept.ID], &kept)
	return ticket
}

// TicketByToken is the ticket with this token. Ended and expired ones are found as long as Rules.KeepEnded says.
func (c *Call) TicketByToken(token string) (Ticket, bool) {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	ticket, found := store.byToken[token]
	if !found {
		return Ticket{}, false
	}
	return *ticket, true
}

// TicketByID is the ticket with this id: where several have it, the newest that lives, or else the newest.
func (c *Call) TicketByID(id string) (Ticket, bool) {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	named := store.byID[id]
	for i := len(named) - 1; i >= 0; i-- {
		if named[i].Live(c.Now) {
			return *named[i], true
		}
	}
	if len(named) > 0 {
		return *named[len(named)-1], true
	}
	return Ticket{}, false
}

// TicketsWithID are the tickets with this id, oldest first: one, unless renewals keep the id.
func (c *Call) TicketsWithID(id string) []Ticket {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	var found []Ticket
	for _, ticket := range store.byID[id] {
		found = append(found, *ticket)
	}
	return found
}

// Tickets are all tickets that match, in no order.
func (c *Call) Tickets(match func(Ticket) bool) []Ticket {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	var found []Ticket
	for ticket := range store.tickets {
		if match(*ticket) {
			found = append(found, *ticket)
		}
	}
	return found
}

// EndTicket destroys the ticket's token; the id goes with it unless other tickets have it too.
func (c *Call) EndTicket(ticket Ticket) {
	c.change(ticket, func(store *store, kept *Ticket) {
		if kept.EndedAt.IsZero() {
			kept.EndedAt = c.Now
		}
		if store.keep == 0 {
			store.remove(kept)
		}
	})
}

// ExpireTicket moves the time at which the ticket expires.
func (c *Call) ExpireTicket(ticket Ticket, at time.Time) {
	c.change(ticket, func(_ *store, kept *Ticket) { kept.ExpiresAt = at })
}

// ForgetToken takes the token from a ticket that keeps its id, and ForgetID the id from one that keeps its token. The
// server itself does neither.
func (c *Call) ForgetToken(ticket Ticket) {
	c.change(ticket, func(store *store, kept *Ticket) { delete(store.byToken, kept.Token) })
}

// ForgetID is described with ForgetToken.
func (c *Call) ForgetID(ticket Ticket) {
	c.change(ticket, func(store *store, kept *Ticket) { store.removeID(kept) })
}

// change alters the stored ticket that a copy stands for.
func (c *Call) change(ticket Ticket, alter func(*store, *Ticket)) {
	store := &c.server.store
	store.mu.Lock()
	defer store.mu.Unlock()
	if kept, found := store.byToken[ticket.Token]; found {
		alter(store, kept)
		return
	}
	for _, kept := range store.byID[ticket.ID] { // its token has been forgotten
		if kept.Token == ticket.Token {
			alter(store, kept)
			return
		}
	}
}
