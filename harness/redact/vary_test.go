package redact

import "testing"

// What is odd about a value made from a secret stays to be seen; what hides the secret has a name of its own.
func TestVaryLeavesSignsToBeSeen(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ value, text, want string }{
		{"T0ken-4711-xyzq ", `{"token":"T0ken-4711-xyzq "}`, `{"token":"‹token-1› "}`},
		{"T0ken-4711-xyzq\x00", "/auth?token=T0ken-4711-xyzq%00", "/auth?token=‹token-1›%00"},
		{"T0ken-4711-xyzq!", "T0ken-4711-xyzq!", "‹token-1›!"},
		{":T0ken-4711-xyzq", `{"token":T0ken-4711-xyzq}`, `{"token":‹token-1›}`}, // a sign of JSON is no part of a name
		{"T0ken-4711-xyzQ", "T0ken-4711-xyzQ", "‹near-miss-token-1›"},
		{"T0ken-4711-xyzqT0ken", "T0ken-4711-xyzqT0ken", "‹near-miss-token-1›"},
	} {
		var r Redactor
		r.Call("token", "T0ken-4711-xyzq", 1)
		r.Vary("near-miss-token", test.value)
		if got := r.Scrub(test.text); got != test.want {
			t.Errorf("%q: %q, want %q", test.value, got, test.want)
		}
	}
}
