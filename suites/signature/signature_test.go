package signature

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"example.org/conform/harness/verdict"
)

// What differs from run to run, and what was seen in passing, is no mark.
func TestMarks(t *testing.T) {
	t.Parallel()
	checks := []verdict.Check{
		{ID: "p/R-2/near", Status: verdict.Failed, Actual: "200 OK with a body of 57 bytes: something"},
		{ID: "p/R-1/moment", Status: verdict.Warned, Actual: "‹token-17› until 2026-11-27T22:02:35.03Z of 1234567 more"},
		{ID: "p/R-3/passing", Status: verdict.Failed, Actual: "401", SeenBy: "p/R-1/other"},
		{ID: "p/R-4/sweep", Status: verdict.Failed, Actual: "401"},
		{ID: "p/R-5/well", Status: verdict.Passed},
	}
	got := Marks(checks, func(c verdict.Check) bool { return c.ID == "p/R-4/sweep" })
	if want := []string{"R-1/moment|‹› until T of N more", "R-2/near|200 OK"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestBest(t *testing.T) {
	t.Parallel()
	set := NewSet([]Signature{
		{"in-any-case", "letter case is not regarded", []string{"A-1/other-case|200", "A-1/first-other-case|200"}},
		{"cut-short", "the end is not compared", []string{"A-1/cut-short|200", "A-1/one-more|200"}},
		{"any", "nothing is compared", []string{"A-1/cut-short|200", "A-1/one-more|200", "A-1/other-case|200", "A-1/first-other-case|200", "A-2/wrong|200"}},
		{"first", "the first is lost", []string{"A-3/first|401"}},
		{"second", "the second is lost", []string{"A-3/first|401"}},
	})
	for _, c := range []struct {
		shown     []string
		name      string
		exact, ok bool
	}{
		{[]string{"A-1/first-other-case|200", "A-1/other-case|200"}, "in-any-case", false, true}, // in another order
		{[]string{"A-1/cut-short|200", "A-1/one-more|200"}, "cut-short", true, true},
		{[]string{"B-9/other-case|200", "B-9/first-other-case|200"}, "in-any-case", false, true}, // of another system
		{[]string{"A-3/first|401"}, "", false, false},                                            // of two alike
		{[]string{"C-1/something|500"}, "", false, false},
		{nil, "", false, false},
	} {
		best, exact, ok := set.Best(c.shown)
		if best.Name != c.name || exact != c.exact || ok != c.ok {
			t.Errorf("%q is %q, exactly %t, well %t", c.shown, best.Name, exact, ok)
		}
	}
}

func TestEncoding(t *testing.T) {
	t.Parallel()
	all := []Signature{{"one", "why it <is>", []string{"A/1|200", "B/2|"}}, {"two", "another", []string{"B/2|"}}}
	var b bytes.Buffer
	if err := Encode(&b, all); err != nil {
		t.Fatal(err)
	}
	if got, err := Decode(b.Bytes()); err != nil || !reflect.DeepEqual(got, all) {
		t.Errorf("%v, %v from\n%s", got, err, b.String())
	}
	if _, err := Decode(bytes.ReplaceAll(b.Bytes(), []byte("[0,1]"), []byte("[7]"))); err == nil {
		t.Error("a mark that is none is read")
	}
}
