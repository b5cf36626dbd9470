package check

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/ledger"
)

// A Control has shown that something right works, and can show it again. There is none that has not: what makes one shows
// it at once, and ends the check where it does not work.
type Control struct{ again func() }

// Show makes a control. What show finds wrong it says by ending the check as inconclusive: a server that refuses everyone
// keeps no promise by it.
func Show(show func()) Control {
	show()
	return Control{show}
}

// Against judges refusals between two showings of a control: when it was made, and after them.
func (c *Case) Against(control Control, refusals func()) {
	c.controlled = true
	refusals()
	c.controlled = false
	control.again()
}

// Works is the control of a credential: used shows the answer to a request that it should open, called by these words.
// One that it does not open breaks the requirement, found in passing.
func (c *Case) Works(credential, requirement, words string, used func() *client.Answer) Control {
	return Show(func() {
		answer := used()
		if Granted(answer) {
			return
		}
		c.Offered(answer)
		c.Fresh(answer, credential)
		if answer.Err == nil {
			c.Broke(requirement, "2xx for "+words, answer)
		}
		c.Inconclusive("the control failed: %s answered %s", words, Describe(answer))
	})
}

// Tried records what came of the one use of a credential that the check was given and has no use for. A server that gave
// what does not work breaks the requirement, found in passing.
func (c *Case) Tried(credential, requirement, words string, answer *client.Answer) {
	if answer.Err != nil || Granted(answer) || c.lives.find(credential).MayHaveEnded(answer) || c.Shared(credential) {
		return
	}
	c.saw.Lost = true
	c.Broke(requirement, "2xx for "+words, answer)
}

// untried are the items that no request of the check has named after they were made.
func (c *Case) untried() []ledger.Item {
	return slices.DeleteFunc(slices.Clone(c.saw.Made), func(item ledger.Item) bool {
		return item.Key == "" || slices.ContainsFunc(c.saw.Answers, func(a *client.Answer) bool {
			return names(a, item.Key) || len(item.Value) >= shortestSecret && names(a, item.Value)
		})
	})
}

// names reports whether the request of an answer names a credential, wherever in it.
func names(a *client.Answer, credential string) bool {
	query, err := url.QueryUnescape(a.URL)
	if err != nil {
		query = a.URL
	}
	form, _ := url.QueryUnescape(string(a.RequestBody)) // "" where it is none
	sent := append(slices.Concat(slices.Collect(maps.Values(a.RequestHeader))...), query, a.URL, string(a.RequestBody), form)
	return slices.ContainsFunc(sent, func(text string) bool { return strings.Contains(text, credential) })
}

// Arranged ends the check when an arrangement did not come about. Where the server answered otherwise than the contract
// promises for a good request, that is a breach of the operation's own requirement, found in passing. What fails for every
// check is not tried for long: see ledger.Run.Hopeless.
func (c *Case) Arranged(answer *client.Answer, usable bool, what string) {
	operation := answer.Operation
	if !usable {
		c.Offered(answer)
	}
	if answer.Err == nil && !Succeeded(answer) {
		for _, credential := range c.lives.credentials() {
			if !Granted(answer) && names(answer, credential) {
				c.Fresh(answer, credential)
			}
		}
		c.Broke(operation.SuccessRequirement(), fmt.Sprintf("%d for a good request", operation.Success()), answer)
	}
	if !usable {
		c.Ledger.Failed(operation.ID(), why(answer))
		c.Inconclusive("%s gave nothing usable: %s", what, Describe(answer))
	}
	c.Ledger.Worked(operation.ID())
}

// Missing says whether an answer to a good request shows that the server is without its operation, as it may be.
func (c *Case) Missing(answer *client.Answer) bool {
	op := answer.Operation
	none := answer.Err == nil &&
		slices.Contains([]int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented}, answer.Status)
	return none && c.Optional != nil && c.Optional(op) && c.Ledger.LastGranted(op.ID()).IsZero()
}

// Offered ends the check where the server is without the operation of an answer. That the operation does not succeed is for its own
// checks to say; what is promised beyond that is empty for such a server.
func (c *Case) Offered(answer *client.Answer) {
	if c.Missing(answer) && answer.Operation.SuccessRequirement() != c.def.Requirement.ID {
		c.Skip(fmt.Sprintf("the server does not offer %s, which is no MUST: %s", answer.Operation.ID(), Describe(answer)),
			"nothing: the promise is empty for this server")
	}
}

// why says how an answer that should have been good was not, and which requirement's check shows it.
func why(answer *client.Answer) ledger.Why {
	w := ledger.Why{Requirement: answer.Operation.SuccessRequirement(), Reason: "no answer"}
	if answer.Err != nil {
		return w
	}
	w.Reason = strings.TrimSpace(fmt.Sprint(answer.Status, " ", answer.Reason))
	for _, v := range answer.Violations() {
		if v.Requirement != "" && Succeeded(answer) {
			w.Requirement = v.Requirement
			w.Reason += fmt.Sprintf(" with %s %s", v.Place, v.Actual)
			break
		}
	}
	return w
}

// ExpectGranted expects that a request was granted which a credential should open.
func (c *Case) ExpectGranted(answer *client.Answer, credential, expected string) {
	if !Granted(answer) {
		c.Fresh(answer, credential)
		c.Fail(expected, Shown(answer))
	}
}
