package redact_test

import (
	"testing"

	"example.org/conform/harness/redact"
)

// A header loses the blanks around its value, and what comes back in one is still the secret.
func TestASecretIsFoundWithoutTheBlanksAroundIt(t *testing.T) {
	t.Parallel()
	var r redact.Redactor
	r.Add("password-1", "  correct horse ")
	r.Add("password-2", " a ")
	for text, want := range map[string]string{
		"X-Echo: correct horse":    "X-Echo: ‹password-1›",
		"[  correct horse ]":       "[‹password-1›]",
		"Y29ycmVjdCBob3JzZQ":       "‹password-1›",
		"correct%20horse and more": "‹password-1› and more",
		"(a)":                      "(a)", // what is left of the second is no secret: it would be found everywhere
	} {
		if got := r.Scrub(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if name, known := r.Name("correct horse"); !known || name != "password-1" {
		t.Errorf("its name is %q, %v", name, known)
	}
}

// Two secrets that differ in a blank and a plus sign alone, which either may be sent as, are told apart where they stand in JSON.
func TestABlankIsToldFromAPlusInJSON(t *testing.T) {
	t.Parallel()
	var r redact.Redactor
	r.Add("right", "pä+ss <word")
	r.Add("near", "pä ss <word")
	r.Add("other", "pä+ss+<word")
	for text, want := range map[string]string{
		`{"p":"pä+ss \u003cword"}`: `{"p":"‹right›"}`, `{"p":"p\u00e4 ss \u003Cword"}`: `{"p":"‹near›"}`, `{"p":"pä+ss+\u003cword"}`: `{"p":"‹other›"}`,
		"pä ss <word": "‹near›", "p%C3%A4+ss+%3Cword": "‹right›",
	} {
		if got := r.Scrub(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
