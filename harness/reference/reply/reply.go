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
	*m = slices.DeleteFunc(slices.Clone(*m), func(member Member) bool { return member.Name == name })
}

// MarshalJSON writes the members in their order, without the escapes that Go adds for HTML.
func (m Members) MarshalJSON() ([]byte, error) {
	var parts [][]byte
	for _, member := range m {
		name, _ := JSON(member.Name) // a text can always be written
		value, err := JSON(member.Value)
		if err != nil {
			return nil, fmt.Errorf("writing member %q: %w", member.Name, err)
		}
		parts = append(parts, slices.Concat(name, []byte(":"), value))
	}
	return slices.Concat([]byte("{"), bytes.Join(parts, []byte(",")), []byte("}")), nil
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
