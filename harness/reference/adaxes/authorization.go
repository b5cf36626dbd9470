package adaxes

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

// Local tells whether the instance honours the credential: a token is honoured on every instance, a ticket id on the one
// that issued the ticket ("Alternative approach").
func (c Credential) Local(instance int) bool { return !c.ByID || c.Ticket.Instance == instance }

// Find is the ticket that the text names, as a token or as an id.
func (c *Call) Find(text string, place Place) (Credential, bool) {
	if ticket, found := c.TicketByToken(text); found {
		return Credential{Ticket: ticket, Place: place}, true
	}
	if ticket, found := c.TicketByID(text); found {
		return Credential{Ticket: ticket, ByID: true, Place: place}, true
	}
	return Credential{}, false
}

// Authorize judges the Adm-Authorization header. The refusal is the same whatever is wrong with it.
func (c *Call) Authorize() (Credential, *Refusal) {
	credential, valid := c.Resolve(c.Request.Header.Get("Adm-Authorization"), InHeader)
	if !valid {
		return Credential{}, unauthorized()
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
