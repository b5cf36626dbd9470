package openapi

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Malformed is one way to break a request body that a server has to refuse.
type Malformed struct {
	// Name is a slug that stays the same: "body-empty", "username-missing", "password-number".
	Name string
	// Title says what is wrong: "an empty body", "username missing", "password as a number".
	Title string
	// Member is the member that is broken, or "" when the body as a whole is.
	Member string
	// Requirement is what a server breaks that does not refuse.
	Requirement string
	fault       string
	form        bool
}

// fault is a way to break a body, or a member: its title, and what takes the member's place.
type fault struct {
	title string
	value any
}

func bodyFaults() map[string]fault {
	return map[string]fault{
		"empty":     {title: "an empty body"},
		"truncated": {title: "malformed JSON, cut before its end"},
		"array":     {title: "a JSON array around the object"},
		"nested":    {title: "another object around the object"},
	}
}

func memberFaults() map[string]fault {
	return map[string]fault{
		"missing": {title: "missing"},
		"null":    {"as null", nil},
		"blank":   {"as an empty string", ""},
		"string":  {"as a string", "text"},
		"number":  {"as a number", 1},
		"boolean": {"as a boolean", true},
		"array":   {title: "as an array"},
		"object":  {"as an object", map[string]any{}},
	}
}

// newMalformed reads x-refused-when-malformed. A word that it does not know, and a member that the body does not have,
// are errors: a fault that is never sent proves nothing.
func newMalformed(extensions map[string]any, members []Member) (list []Malformed, err error) {
	var form *struct {
		Requirement string                        `json:"requirement"`
		OtherTypes  struct{ Body, Member string } `json:"otherTypes"`
		Bodies      []string                      `json:"bodies"`
		Members     map[string][]string           `json:"members"`
	}
	if err := read(extensions, map[string]any{extMalformed: &form}); err != nil || form == nil {
		return nil, err
	}
	if form.Requirement == "" {
		return nil, said(extMalformed, "no requirement")
	}
	// of is the requirement that a fault belongs to: many readers take another type of JSON for the right one.
	of := func(name, own string) string {
		if slices.Contains([]string{"string", "number", "boolean", "array", "object"}, name) {
			return cmp.Or(own, form.Requirement)
		}
		return form.Requirement
	}
	for _, name := range form.Bodies {
		f, known := bodyFaults()[name]
		if !known {
			return nil, said(extMalformed, "no fault %q of a body", shown(name))
		}
		list = append(list, Malformed{Name: "body-" + name, Title: f.title, Requirement: of(name, form.OtherTypes.Body), fault: name})
	}
	for _, member := range slices.Sorted(maps.Keys(form.Members)) {
		if !slices.ContainsFunc(members, func(m Member) bool { return m.Name == member }) {
			return nil, said(extMalformed, "the body has no member %q", shown(member))
		}
		for _, name := range form.Members[member] {
			f, known := memberFaults()[name]
			if !known {
				return nil, said(extMalformed, "no fault %q of a member", shown(name))
			}
			list = append(list, Malformed{
				Name: member + "-" + name, Title: member + " " + f.title, Member: member, Requirement: of(name, form.OtherTypes.Member), fault: name,
			})
		}
	}
	return list, nil
}

// Body breaks a good body, which it does not change. The caller chooses the values of the members that stay good: a
// lenient server may read a broken password as a wrong one, so a real account's name is not always wanted.
func (m Malformed) Body(good map[string]any) ([]byte, error) {
	body := maps.Clone(good)
	if body == nil {
		body = map[string]any{}
	}
	var whole any = body
	switch {
	case m.fault == "empty" && m.Member == "":
		return []byte{}, nil
	case m.form:
		if delete(body, m.Member); m.fault == "blank" {
			body[m.Member] = ""
		}
		return EncodeForm(body), nil
	case m.fault == "array" && m.Member == "":
		whole = []any{body}
	case m.fault == "nested":
		whole = map[string]any{"conform": body}
	case m.fault == "missing":
		delete(body, m.Member)
	case m.fault == "array":
		body[m.Member] = []any{good[m.Member]} // the good value within reach, for a server that takes any type
	case m.Member != "":
		body[m.Member] = memberFaults()[m.fault].value
	}
	encoded, err := json.Marshal(whole)
	if err != nil {
		return nil, fmt.Errorf("make malformed body %s: %w", m.Name, err)
	}
	if m.fault == "truncated" {
		encoded = encoded[:len(encoded)-1]
	}
	return encoded, nil
}
