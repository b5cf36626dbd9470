package check

import (
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"example.org/conform/harness/client"
)

func TestSplitTakesMessagesApart(t *testing.T) {
	t.Parallel()
	matcher := gomega.Equal("b")
	_, _ = matcher.Match("a")
	for name, c := range map[string]struct{ message, expected, actual string }{
		"own":             {"Expected: status 204\nActual: 200 OK with an empty body", "status 204", "200 OK with an empty body"},
		"own, described":  {"the second time\nExpected: status 204\nActual: 200", "status 204 (the second time)", "200"},
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

// The wrong answer stands in the first line of what failed, while it is short and nothing of it is withheld.
func TestAWrongAnswerIsShown(t *testing.T) {
	t.Parallel()
	answer := func(body string) *client.Answer {
		return &client.Answer{Status: 200, Reason: "OK", Body: []byte(body)}
	}
	withheld := answer(`{"token":"x"}`)
	withheld.Withhold()
	for want, a := range map[string]*client.Answer{
		"200 OK with an empty body":                answer(""),
		"200 OK with a body of 4 bytes: null":      answer("null"),
		"200 OK with a body of 8 bytes: { \"a\" }": answer("{\n\"a\"\n }"),
		"200 OK with a body of 201 bytes":          answer(strings.Repeat("a", 201)),
		"200 OK with a body of 2 bytes":            answer("\xff\xfe"),
		"200 OK with a body of 13 bytes":           withheld,
	} {
		matcher := HaveStatus(204)
		if _, actual := split(matcher.FailureMessage(a)); actual != want {
			t.Errorf("%q, want %q", actual, want)
		}
	}
}

// What is expected may hold what was sent, and that a verb of fmt.
func TestADescriptionStandsAsItIs(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(*Case){
		"To":    func(c *Case) { c.Expect(1).To(gomega.Equal(2), "with %00") },
		"NotTo": func(c *Case) { c.Expect(1).NotTo(gomega.Equal(1), "with %00") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				end, _ := recover().(*End)
				if end == nil || !strings.HasPrefix(end.Expected, "with %00 (") {
					t.Errorf("%+v", end)
				}
			}()
			broken(&Case{})
		})
	}
}
