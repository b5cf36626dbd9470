package check

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"

	"github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/incident"
)

// Expect begins an expectation in Gomega's words. One that does not hold ends the check, with what was expected and
// what was seen kept apart.
func (c *Case) Expect(actual any) types.Assertion {
	plain := gomega.NewGomega(func(message string, _ ...int) {
		expected, seen := split(message)
		c.Fail(expected, seen)
	}).Expect(actual)
	return expectation{plain}
}

// expectation is one of Gomega's, whose description is a text as it stands: what was sent may hold a verb of fmt.
type expectation struct{ types.Assertion }

func (e expectation) To(matcher types.GomegaMatcher, description ...any) bool {
	return e.Assertion.To(matcher, literal(description)...)
}

func (e expectation) NotTo(matcher types.GomegaMatcher, description ...any) bool {
	return e.Assertion.NotTo(matcher, literal(description)...)
}

func literal(description []any) []any {
	if len(description) != 1 {
		return description
	}
	if text, ok := description[0].(string); ok {
		return []any{func() string { return text }}
	}
	return description
}

var (
	// ours is a message of this package's matchers, behind the description that was given with the expectation.
	ours = regexp.MustCompile(`(?s)^(.*?)Expected: (.*?)\nActual: (.*)$`)
	// gomegas is one of Gomega's own: the actual value, indented, and the relation with the value that was expected.
	gomegas = regexp.MustCompile(`^((?s:.*?))Expected\n((?: {4}.*\n)*)((?s:.*))$`)
)

// split takes one of Gomega's messages apart.
func split(message string) (expected, actual string) {
	if m := ours.FindStringSubmatch(message); m != nil {
		return of(evidence.OneLine(m[1]), evidence.OneLine(m[2])), evidence.OneLine(m[3])
	}
	if m := gomegas.FindStringSubmatch(message); m != nil {
		return join(evidence.OneLine(m[1]), evidence.OneLine(m[3])), evidence.OneLine(m[2])
	}
	return evidence.OneLine(message), "it does not hold"
}

func join(description, rest string) string {
	if description == "" || rest == "" {
		return description + rest
	}
	return description + " (" + rest + ")"
}

// of is what was expected and, behind it, of what: "status 401 (with no token)".
func of(description, rest string) string {
	if description == "" {
		return rest
	}
	return rest + " (" + description + ")"
}

// answerMatcher judges an answer and says both sides in words.
type answerMatcher struct {
	expected string
	holds    func(*client.Answer) bool
}

func (m answerMatcher) Match(actual any) (bool, error) {
	a, ok := actual.(*client.Answer)
	if !ok {
		return false, fmt.Errorf("expected an answer, got %T", actual)
	}
	return m.holds(a), nil
}

func (m answerMatcher) FailureMessage(actual any) string {
	return fmt.Sprintf("Expected: %s\nActual: %s", m.expected, Shown(actual.(*client.Answer)))
}

func (m answerMatcher) NegatedFailureMessage(actual any) string {
	return fmt.Sprintf("Expected: anything but %s\nActual: %s", m.expected, Shown(actual.(*client.Answer)))
}

// Describe says in a few words what an answer was.
func Describe(a *client.Answer) string {
	switch {
	case a.Err != nil:
		return "no answer: " + evidence.OneLine(a.Err.Error())
	case len(a.Body) == 0:
		return evidence.OneLine(fmt.Sprintf("%d %s with an empty body", a.Status, a.Reason))
	}
	return evidence.OneLine(fmt.Sprintf("%d %s with a body of %d bytes", a.Status, a.Reason, len(a.Body)))
}

// Shown is Describe with the body itself where it is short: what came in the place of what was expected.
func Shown(a *client.Answer) string {
	if a.Err == nil && a.Brief() != "" {
		return Describe(a) + ": " + a.Brief()
	}
	return Describe(a)
}

// OrMissing is a text that was seen, or that there was none.
func OrMissing(text string) string { return cmp.Or(text, "missing") }

// HaveStatus holds for an answer with the status.
func HaveStatus(status int) types.GomegaMatcher {
	return answerMatcher{fmt.Sprintf("status %d", status), func(a *client.Answer) bool { return a.Err == nil && a.Status == status }}
}

// Succeed holds for an answer with the status that the operation documents for success.
func Succeed() types.GomegaMatcher {
	return answerMatcher{"the documented success", Succeeded}
}

// NotBeServerError holds for any answer but 5xx; no answer at all does not hold either.
func NotBeServerError() types.GomegaMatcher {
	return answerMatcher{"an answer that is not 5xx", func(a *client.Answer) bool { return a.Err == nil && a.Status < 500 }}
}

// Succeeded reports whether an answer has the status that its operation documents for success.
func Succeeded(a *client.Answer) bool { return a.Err == nil && a.Status == a.Operation.Success() }

// Granted reports whether an answer is 2xx, or what else its operation says that it grants by: what was asked for was done, be it as documented
// or not.
func Granted(a *client.Answer) bool {
	return a.Err == nil && (a.Status/100 == 2 && !a.Operation.NeedsMore() || a.Works) && !a.Denied
}

// Incident is an answer as the log of incidents keeps it.
func Incident(a *client.Answer) incident.Request {
	return incident.Request{Operation: a.Operation.ID(), Sent: a.Sent, Received: a.Received, Granted: Granted(a)}
}

// Refused reports whether an answer is a refusal: a 4xx, or what else is one where the document promises no status.
func Refused(a *client.Answer) bool {
	return a.Err == nil && (a.Status >= 400 && a.Status < 500 && !a.Works || a.Denied)
}

// Require expects that something holds, and says in words what that is and what was seen in its place.
func (c *Case) Require(holds bool, expected, actual string) {
	if !holds {
		c.Fail(expected, actual)
	}
}

// ExpectRefused expects a refusal. It stands inside Against: without its controls a refusal proves nothing.
func (c *Case) ExpectRefused(a *client.Answer, what string) {
	if !c.controlled {
		c.Inconclusive("the check itself is at fault: it expects a refusal outside its controls")
	}
	if !Refused(a) {
		c.FailGranted(what+" is refused with a 4xx status", Shown(a))
	}
	if c.answeredAll(a) {
		c.FailGranted(what+NothingOfIt, Describe(a)+", the same as that of the good answer")
	}
}

// NothingOfIt ends what is expected of a refusal by whose content others get what is refused.
const NothingOfIt = " gives nothing of what is refused"

// contentful is the length in bytes from which a body is more than a word for how a request went.
const contentful = 32

// answeredAll says whether the body of a refusal holds that of a good answer to the operation, which the check got before: by its status alone
// nobody is kept from what is in it.
func (c *Case) answeredAll(a *client.Answer) bool {
	if a.Status < http.StatusBadRequest { // it is its content that refuses
		return false
	}
	return len(a.Body) >= contentful && slices.ContainsFunc(c.saw.Answers, func(good *client.Answer) bool {
		return good != a && Granted(good) && good.Operation == a.Operation && gave(good) && holds(a.Body, good.Body)
	})
}

// gave says that an answer has what its operation hands out, if it does: an error with the status of a success has nothing.
func gave(good *client.Answer) bool {
	h := good.Operation.HandsOut()
	if h == nil {
		return true
	}
	_, ok := h.Value.Read(good.Exchange())
	return ok
}

// holds says whether one body is another, or in JSON has the other for a member, or every member that the other has.
func holds(body, other []byte) bool {
	if bytes.Equal(body, other) {
		return true
	}
	var members, others map[string]any
	var whole any
	if len(other) < contentful || len(body) < len(other) || json.Unmarshal(body, &members) != nil || json.Unmarshal(other, &whole) != nil {
		return false
	}
	for _, value := range members {
		if reflect.DeepEqual(value, whole) {
			return true
		}
	}
	others, _ = whole.(map[string]any)
	for name, value := range others {
		if same, has := members[name]; !has || !reflect.DeepEqual(same, value) {
			return false
		}
	}
	return len(others) > 0
}

// ExpectDescribed expects that an answer differs in nothing from what the contract says under a requirement.
func (c *Case) ExpectDescribed(a *client.Answer, requirement string) {
	for _, v := range c.saw.Seen {
		if v.Answer == a && v.Violation.Requirement == requirement {
			c.fail(End{Expected: v.Violation.Place + ": " + v.Violation.Expected, Actual: v.Violation.Actual, Body: v.Violation.Place == evidence.WholeBody})
		}
	}
}
