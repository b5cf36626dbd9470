package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
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
}

// The faults of a whole body, with their titles.
func bodyFaults() map[string]string {
	return map[string]string{
		"empty":     "an empty body",
		"truncated": "malformed JSON, cut before its end",
		"array":     "a JSON array around the object",
	}
}

// memberFault is what takes the place of a member.
type memberFault struct {
	title string
	value any
}

func memberFaults() map[string]memberFault {
	return map[string]memberFault{
		"missing": {title: "missing"},
		"null":    {"as null", nil},
		"blank":   {"as an empty string", ""},
		"string":  {"as a string", "text"},
		"number":  {"as a number", 1},
		"boolean": {"as a boolean", true},
		"array":   {"as an array", []any{}},
		"object":  {"as an object", map[string]any{}},
	}
}

// newMalformed reads x-refused-when-malformed. A word that it does not know, and a member that the body does not have,
// are errors: a fault that is never sent proves nothing.
func newMalformed(described any, members []Member) ([]Malformed, error) {
	if described == nil {
		return nil, nil
	}
	raw, err := json.Marshal(described)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", extMalformed, err)
	}
	var form struct {
		Requirement string              `json:"requirement"`
		Bodies      []string            `json:"bodies"`
		Members     map[string][]string `json:"members"`
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&form); err != nil {
		return nil, fmt.Errorf("%s: %w", extMalformed, err)
	}
	if form.Requirement == "" {
		return nil, errors.New(extMalformed + ": no requirement")
	}
	var list []Malformed
	for _, fault := range form.Bodies {
		title := bodyFaults()[fault]
		if title == "" {
			return nil, fmt.Errorf("%s: no fault %q of a body", extMalformed, fault)
		}
		list = append(list, Malformed{Name: "body-" + fault, Title: title, Requirement: form.Requirement, fault: fault})
	}
	for _, name := range slices.Sorted(maps.Keys(form.Members)) {
		if !slices.ContainsFunc(members, func(m Member) bool { return m.Name == name }) {
			return nil, fmt.Errorf("%s: the body has no member %q", extMalformed, name)
		}
		for _, fault := range form.Members[name] {
			f, known := memberFaults()[fault]
			if !known {
				return nil, fmt.Errorf("%s: no fault %q of a member", extMalformed, fault)
			}
			list = append(list, Malformed{
				Name: name + "-" + fault, Title: name + " " + f.title, Member: name,
				Requirement: form.Requirement, fault: fault,
			})
		}
	}
	return list, nil
}

// Malformed lists the malformed bodies that the contract wants refused: those of the whole body in the order of the
// document, then those of the members, sorted by member.
func (o *Operation) Malformed() []Malformed { return slices.Clone(o.malformed) }

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
	case m.fault == "array" && m.Member == "":
		whole = []any{body}
	case m.fault == "missing":
		delete(body, m.Member)
	case m.Member != "":
		body[m.Member] = memberFaults()[m.fault].value
		if m.fault == "array" {
			body[m.Member] = []any{good[m.Member]} // the good value within reach, for a server that takes any type
		}
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
