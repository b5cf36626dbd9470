package life

import (
	"testing"

	"example.org/conform/openapi"
)

// A near miss of a credential is never the credential itself, whatever characters that is made of: a server would rightly let it in.
func TestNearMissesAreNotTheCredential(t *testing.T) {
	t.Parallel()
	for _, right := range []string{
		"4f1d2c3b4a59687f.", "{4f1d2c3b-4a59}", "eyJhbGciOiJub25lIn0.e30.", "token;", "token~", "token|", "token'", "token#", "token?", "a.......", "x=", "4f==",
		"sess:1:", "Größe",
	} {
		for _, in := range []string{"header", "query", "body", "path"} {
			for _, n := range nearOf(right, openapi.Place{In: in}) {
				if n.text == right {
					t.Errorf("%s of %q in the %s is itself", n.words, right, in)
				}
			}
		}
		if lastChanged(right, len(right)) == right || changedAt(right, len(right)*3/4) == right {
			t.Errorf("nothing of %q is changed", right)
		}
	}
	if changedAt("....", 2) != "...." || lastChanged("....", 4) != "...." {
		t.Error("what has no character of a kind is changed")
	}
}
