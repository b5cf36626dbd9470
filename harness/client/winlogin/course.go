package winlogin

import (
	"maps"
	"slices"
)

// Course is how far a login came, for whoever has to say why it gave nothing.
type Course struct {
	// Offered are the schemes of Windows Authentication that the server offered to a request without credentials, in order.
	Offered []string
	// Challenged says that the server answered NTLM's first message with a challenge, Proved that the proof was sent, Bound that
	// it named the channel of TLS (Extended Protection), and Ticket that a Kerberos ticket was sent.
	Challenged, Proved, Bound, Ticket bool
}

// begin forgets an earlier try. A nil course is nobody's, and remembers nothing.
func (l Login) begin() *Course {
	if l.Course == nil {
		return &Course{}
	}
	*l.Course = Course{}
	return l.Course
}

func (c *Course) offer(schemes map[string]string) { c.Offered = slices.Sorted(maps.Keys(schemes)) }
