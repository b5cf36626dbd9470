package bluecat

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Answer is a response before it is written.
type Answer struct {
	Status int
	// Header goes out as it is. Without a Content-Length of its own, an answer with a body gets one.
	Header http.Header
	// Members are the JSON object of the body; nil means no body.
	Members Members
	// Body is sent in place of Members where it is not nil.
	Body []byte
	// Refusal is what the answer refuses, Session what it hands out; nil otherwise.
	Refusal *Refusal
	Session *Session
}

// header is the answer's header, made where there is none.
func (a *Answer) header() http.Header {
	if a.Header == nil {
		a.Header = http.Header{}
	}
	return a.Header
}

// write sends the answer.
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
	header.Set("Cache-Control", "no-store") // answers hold credentials
	if a.Status != http.StatusNoContent && header.Get("Content-Length") == "" && header.Get("Transfer-Encoding") == "" {
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

// insertAfter puts members behind the one with this name.
func (m *Members) insertAfter(name string, more ...Member) {
	for i := range *m {
		if (*m)[i].Name == name {
			*m = append((*m)[:i+1:i+1], append(more, (*m)[i+1:]...)...)
			return
		}
	}
}

// withoutLinks is the object without _links, at any depth.
func (m Members) withoutLinks() Members {
	var kept Members
	for _, member := range m {
		switch value := member.Value.(type) {
		case Members:
			member.Value = value.withoutLinks()
		case []Members:
			var list []Members
			for _, one := range value {
				list = append(list, one.withoutLinks())
			}
			member.Value = list
		}
		if member.Name != "_links" {
			kept = append(kept, member)
		}
	}
	return kept
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

// timeLayout states times in UTC with as many fraction digits as the unit needs.
func timeLayout(unit time.Duration) string {
	digits := 0
	for scale := time.Second; scale > unit && digits < 9; scale /= 10 {
		digits++
	}
	if digits == 0 {
		return "2006-01-02T15:04:05Z"
	}
	return "2006-01-02T15:04:05." + strings.Repeat("0", digits) + "Z"
}
