package check

import (
	"fmt"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
)

// End is what ended the body of a check early.
type End struct {
	Kind             EndKind
	Reason, Remedy   string
	Expected, Actual string
	// Stack is of a fault of the suite.
	Stack string
}

// EndKind is how a body ends early.
type EndKind int

// The kinds.
const (
	Broken   EndKind = iota // an expectation does not hold
	Unjudged                // the server could not be judged
	Left                    // the target turned out not to offer what the check needs
	Outlived                // the attempt outlived its own credentials and says nothing about the server
)

// ByClock notes whether what follows is judged by the local clock in place of the server's, of which nothing is known. It
// may then show that a promise is kept, and not that it is broken: the two clocks may differ.
func (c *Case) ByClock(local bool) { c.local = c.local || local }

// Fail ends the check: what the document promises was not kept.
func (c *Case) Fail(expected, actual string) {
	if c.local {
		c.Skip(fmt.Sprintf("the server's answers carry no Date, so its clock is not known; by the local one: "+
			"expected %s; got %s", expected, actual),
			"have the server send Date (RFC 9110, 6.6.1), or set the clocks alike")
	}
	reason := evidence.OneLine(fmt.Sprintf("expected %s; got %s", expected, actual))
	panic(&End{Kind: Broken, Reason: reason, Expected: expected, Actual: actual})
}

// Inconclusive ends the check: what it needed before it could judge the server was not to be had.
func (c *Case) Inconclusive(format string, args ...any) {
	panic(&End{Kind: Unjudged, Reason: evidence.OneLine(fmt.Sprintf(format, args...))})
}

// Skip ends the check for a reason that shows only while it runs; remedy says what to change in the target.
func (c *Case) Skip(reason, remedy string) {
	panic(&End{Kind: Left, Reason: reason, Remedy: remedy})
}

// Void ends the attempt, not the check: the attempt took longer than the lifetime of what it was made with, so
// what it saw says nothing about the server, and it is made again from the start.
func (c *Case) Void(reason string) {
	panic(&End{Kind: Outlived, Reason: reason})
}

// Arranged ends the check when an arrangement did not come about. Where the server answered otherwise than the contract
// promises for a good request, that is a breach of the operation's own requirement, found in passing. What fails for every
// check is not tried for long: see ledger.Run.Hopeless.
func (c *Case) Arranged(answer *client.Answer, usable bool, what string) {
	operation := answer.Operation
	if answer.Err == nil && !Succeeded(answer) {
		for credential := range c.lives {
			if !Granted(answer) && names(answer, credential) {
				c.Fresh(answer, credential)
			}
		}
		c.Breach(operation.SuccessRequirement(), "status",
			fmt.Sprintf("%d for a good request", operation.Success()), Describe(answer), answer)
	}
	if !usable {
		c.Ledger.Failed(operation.ID(), why(answer))
		c.Inconclusive("%s gave nothing usable: %s", what, Describe(answer))
	}
	c.Ledger.Worked(operation.ID())
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

func cut(id string) (profile, requirement, slug string) {
	profile, rest, _ := strings.Cut(id, "/")
	requirement, slug, _ = strings.Cut(rest, "/")
	return profile, requirement, slug
}
