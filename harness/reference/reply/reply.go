// Package reply is how the reference servers write JSON: objects whose members keep their order.
package reply

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Member is a member of a JSON object.
type Member struct {
	Name  string
	Value any
}

// Of is the member of this name with this value.
func Of(name string, value any) Member { return Member{Name: name, Value: value} }

// Members are a JSON object whose members keep their order.
type Members []Member

// Get is the value of the first member with this name, nil where there is none.
func (m Members) Get(name string) any {
	if i := m.index(name); i >= 0 {
		return m[i].Value
	}
	return nil
}

func (m Members) index(name string) int {
	return slices.IndexFunc(m, func(member Member) bool { return member.Name == name })
}

// Set replaces the value of a member, or adds the member at the end.
func (m *Members) Set(name string, value any) {
	if i := m.index(name); i >= 0 {
		(*m)[i].Value = value
		return
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

// Without is the object without a member, at any depth.
func (m Members) Without(name string) Members {
	var kept Members
	for _, member := range m {
		switch value := member.Value.(type) {
		case Members:
			member.Value = value.Without(name)
		case []Members:
			var list []Members
			for _, one := range value {
				list = append(list, one.Without(name))
			}
			member.Value = list
		}
		if member.Name != name {
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
			text, err := JSON(part)
			if err != nil {
				return nil, fmt.Errorf("writing member %q: %w", member.Name, err)
			}
			b.Write(text)
			if j == 0 {
				b.WriteByte(':')
			}
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// JSON writes a value without the escapes that Go adds for HTML, and without a line break behind it.
func JSON(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
