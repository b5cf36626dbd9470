package openapi

import (
	"regexp"
	"testing"
)

// The answers that are made of the contracts of the house are as these describe them.
func TestMadeAnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"adaxes-2023.2", "adaxes-2025.1", "aria-operations-8", "bluecat-9.5"} {
		d, err := Load(profile)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range d.Operations() {
			if op.HandsOut() != nil { // who hands out puts something there
				continue
			}
			if wrong := op.Validate(op.Granting().Answer()); len(wrong) > 0 {
				t.Errorf("%s %s: %+v", profile, op.ID(), wrong)
			}
		}
	}
}

func TestMatchingTexts(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{`^[a-f0-9]{32}$`, `^(ab|cd)+\.x?$`, `; HttpOnly(;|$)`, `^\d{3}-[^a-z]$`, `^v[1-9]\d*$`} {
		text, can := matching(pattern)
		if !can || !regexp.MustCompile(pattern).MatchString(text) {
			t.Errorf("%s: made %q", pattern, text)
		}
	}
	if _, can := matching(`(`); can {
		t.Error("a text was made of what is no pattern")
	}
}

func TestPutsWhereAnExpressionLeads(t *testing.T) {
	t.Parallel()
	for e, value := range map[Expression]any{
		"$response.body#/a/b": "x", "$response.body#/list/0/id": "y", "$response.header.X-Token": "z", "$response.cookie.SID": "c", "$response.body#/n": int64(7),
	} {
		m := &Made{Status: 200, Header: map[string][]string{}, MediaType: "application/json", Body: map[string]any{"list": []any{}}}
		if !m.Put(e, value) {
			t.Errorf("%s: could not be put", e)
		}
		a := m.Answer()
		if text, ok := e.Read(Exchange{Body: a.Body, Header: a.Header}); !ok || text == "" {
			t.Errorf("%s: not found in %s, %v", e, a.Body, a.Header)
		}
	}
}
