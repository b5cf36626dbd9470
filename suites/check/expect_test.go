package check

import (
	"testing"

	"github.com/onsi/gomega"
)

func TestSplitTakesMessagesApart(t *testing.T) {
	t.Parallel()
	matcher := gomega.Equal("b")
	_, _ = matcher.Match("a")
	for name, c := range map[string]struct{ message, expected, actual string }{
		"own":             {"Expected: status 204\nActual: 200 OK with an empty body", "status 204", "200 OK with an empty body"},
		"own, described":  {"the second time\nExpected: status 204\nActual: 200", "the second time (status 204)", "200"},
		"Gomega's":        {matcher.FailureMessage("a"), "to equal <string>: b", "<string>: a"},
		"Gomega's, named": {"the name\n" + matcher.FailureMessage("a"), "the name (to equal <string>: b)", "<string>: a"},
		"neither":         {"something else", "something else", "it does not hold"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expected, actual := split(c.message)
			if expected != c.expected || actual != c.actual {
				t.Errorf("got %q and %q, want %q and %q", expected, actual, c.expected, c.actual)
			}
		})
	}
}
