package adaxes

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// DefaultTimeUnit gives expiresAtUtc the seven fraction digits of a .NET date.
const DefaultTimeUnit = 100 * time.Nanosecond

// Answer is a response before it is written.
type Answer struct {
	Status int
	// Header goes out as it is, in its own letter case. Without a Content-Type or a Content-Length of its own, an
	// answer with a body gets both.
	Header http.Header
	// Members are the JSON object of the body; nil means no body.
	Members Members
	// Body is sent in place of Members where it is not nil.
	Body []byte
	// Refusal is what the answer refuses, Session or Ticket what it hands out; nil otherwise.
	Refusal *Refusal
	Session *Session
	Ticket  *Ticket
}

// header is what every answer carries beside its body.
func (c *Call) header(answer *Answer) http.Header {
	header := answer.Header
	if header == nil {
		header = http.Header{}
	}
	if service := c.server.rules.Answers.Service(c, answer); service != "" {
		header.Set("Adm-Service", service)
	}
	if answer.Members != nil {
		header.Set("Content-Type", "application/json; charset=utf-8")
		header.Set("Cache-Control", "no-store") // answers hold credentials
	}
	return header
}

// Service is the Adm-Service value of the instance that answers, or, for an answer with a ticket, of the one that honours
// the ticket's id.
func (c *Call) Service(answer *Answer) string {
	if answer.Ticket != nil {
		return c.server.services[answer.Ticket.Instance]
	}
	return c.server.services[c.Instance]
}

// write sends the answer. A 204 has neither a body nor a Content-Length (RFC 9110, 8.6).
func (a *Answer) write(w http.ResponseWriter) {
	body := a.Body
	if body == nil && a.Members != nil {
		var err error
		if body, err = a.Members.MarshalJSON(); err != nil {
			// A rule set a member that has no JSON form. Saying so beats a broken body.
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	header := w.Header()
	for name, values := range a.Header {
		header[name] = values
	}
	if body != nil && header.Get("Content-Length") == "" && header.Get("Transfer-Encoding") == "" {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(a.Status)
	if len(body) > 0 {
		w.Write(body) // an error means that the client has gone
	}
}

// Member is a member of a JSON object.
type Member struct {
	Name  string
	Value any
}

// Members are a JSON object whose members keep their order.
type Members []Member

// Get is the value of the first member with this name, nil where there is none.
func (m Members) Get(name string) any {
	for _, member := range m {
		if member.Name == name {
			return member.Value
		}
	}
	return nil
}

// Set replaces the value of a member, or adds the member at the end.
func (m *Members) Set(name string, value any) {
	for i := range *m {
		if (*m)[i].Name == name {
			(*m)[i].Value = value
			return
		}
	}
	*m = append(*m, Member{name, value})
}

// Rename gives a member another name, and does nothing where there is no such member.
func (m Members) Rename(from, to string) {
	for i := range m {
		if m[i].Name == from {
			m[i].Name = to
		}
	}
}

// Drop takes out a member.
func (m *Members) Drop(name string) {
	kept := make(Members, 0, len(*m))
	for _, member := range *m {
		if member.Name != name {
			kept = append(kept, member)
		}
	}
	*m = kept
}

// MarshalJSON writes the members in their order, without the escapes that Go adds for HTML.
func (m Members) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, member := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, part := range []any{member.Name, member.Value} {
			encoder := json.NewEncoder(&b)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(part); err != nil {
				return nil, fmt.Errorf("writing member %q: %w", member.Name, err)
			}
			b.Truncate(b.Len() - 1) // the encoder's newline
			if j == 0 {
				b.WriteByte(':')
			}
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// timeLayout states times in UTC with as many fraction digits as the unit needs, so that no multiple of it is cut: two
// for 250 ms.
func timeLayout(unit time.Duration) string {
	digits := 0
	for scale := time.Second; unit%scale != 0; scale /= 10 {
		digits++
	}
	if digits == 0 {
		return "2006-01-02T15:04:05Z"
	}
	return "2006-01-02T15:04:05." + strings.Repeat("0", digits) + "Z"
}
