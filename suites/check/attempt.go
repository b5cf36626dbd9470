package check

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/verdict"
)

// Outcome is what one attempt at a check came to.
type Outcome struct {
	// End is nil where the body came to its own end.
	End *End
	// Note is what a NOTE check saw.
	Note    string
	Answers []*client.Answer
	// Seen are the differences between answers and their contract, also those that the check is not about.
	Seen []Seen
	// Made are the items that it entered in the ledger, in order.
	Made []ledger.Item
	// Lost says that a credential which should work was refused, and Dropped counts connections that broke before an answer.
	Lost bool
	// Shared says that the check could not be judged, since what it was given others were given too.
	Shared  bool
	Dropped int
	// Spared says that the check sent nothing more, since an operation had failed too often.
	Spared bool
	// Weather says that something else has answered in the API's stead.
	Weather bool
}

// Seen is a difference between an answer and its contract.
type Seen struct {
	Violation evidence.Violation
	Answer    *client.Answer
}

// End is what ended the body of a check early.
type End struct {
	// Status is failed where an expectation does not hold, whatever the check's level, skipped where the target turned out not
	// to offer what the check needs, and inconclusive where the server could not be judged.
	Status           verdict.Status
	Reason, Remedy   string
	Expected, Actual string
	// Steps are what was sent before it, in order, where that is what it takes.
	Steps []string
	// NotAgain says that the same steps seldom showed it again, or never.
	NotAgain bool
	// Of is the promise that was broken, where the check's own is that a request is understood as others are.
	Of string
	// Granted says that what should have been refused was not: what is in the answer is no success's then.
	Granted bool
	// Body says that it is the last answer's body as a whole that is wrong.
	Body bool
	// Outlived says that the attempt outlived its own credentials and says nothing about the server.
	Outlived bool
	// Again is when a further attempt is worth while: what several are given together grows old for all, and is over by then.
	Again time.Time
	// Stack is of a fault of the suite.
	Stack string
}

// Try makes one attempt at a check, counted from 0 on, and never panics. Before the check waits for time to pass it calls waits,
// which may be nil. What it made is for the caller to end.
func (d Definition) Try(ctx context.Context, env *Env, attempt int, waits Waits) (o Outcome) {
	c := &Case{Env: env, def: d, attempt: attempt, waits: waits, lives: newLives()}
	defer func() {
		o = c.saw
		o.End = endOf(ctx, recover())
	}()
	d.body(ctx, c)
	return o
}

// endOf is how a body came to its end, by what was recovered from it.
func endOf(ctx context.Context, recovered any) *End {
	end, ok := recovered.(*End)
	if !ok && recovered != nil {
		end = FaultOfTheSuite(recovered)
	}
	if end != nil && end.Status == verdict.Failed && ctx.Err() != nil {
		// What fails after an interrupt fails because of it.
		return &End{Status: verdict.Inconclusive, Reason: "interrupted"}
	}
	return end
}

// Unnamed is a check of no requirement, for what a run does around its checks.
func Unnamed(body func(context.Context, *Case)) Definition { return Definition{body: body} }

// FaultOfTheSuite is how a check ends that panicked: it says nothing of the server.
func FaultOfTheSuite(panicked any) *End {
	reason := evidence.OneLine(fmt.Sprintf("a fault of the suite: %v", panicked))
	return &End{Status: verdict.Inconclusive, Reason: reason, Stack: string(debug.Stack())}
}

// ByClock notes whether what follows is judged by the local clock in place of the server's, of which nothing is known. It
// may then show that a promise is kept, and not that it is broken: the two clocks may differ.
func (c *Case) ByClock(local bool) { c.local = c.local || local }

// Fail ends the check: what the document promises was not kept.
func (c *Case) Fail(expected, actual string) { c.fail(End{Expected: expected, Actual: actual}) }

func (c *Case) fail(end End) {
	reason := evidence.OneLine(fmt.Sprintf("expected %s; got %s", end.Expected, end.Actual))
	if c.local {
		c.Skip("the server's answers carry no Date, so its clock is not known; by the local one: "+reason,
			"have the server send Date (RFC 9110, 6.6.1), or set the clocks alike")
	}
	end.Status, end.Reason = verdict.Failed, reason
	panic(&end)
}

// FailOf is Fail where the check's own promise is that a request is understood as others are, and what was broken by it is another.
func (c *Case) FailOf(requirement, expected, actual string) {
	c.fail(End{Expected: expected, Actual: actual, Of: requirement})
}

// FailGranted is Fail where something was granted that should have been refused.
func (c *Case) FailGranted(expected, actual string) {
	c.fail(End{Expected: expected, Actual: actual, Granted: true})
}

// FailAfter is Fail where it takes some steps to come to it; again says whether the same steps showed it most times.
func (c *Case) FailAfter(steps []string, again bool, expected, actual string) {
	c.fail(End{Expected: expected, Actual: actual, Steps: steps, NotAgain: !again})
}

// Inconclusive ends the check: what it needed before it could judge the server was not to be had.
func (c *Case) Inconclusive(format string, args ...any) {
	panic(&End{Status: verdict.Inconclusive, Reason: evidence.OneLine(fmt.Sprintf(format, args...))})
}

// Skip ends the check for a reason that shows only while it runs; remedy says what to change in the target.
func (c *Case) Skip(reason, remedy string) {
	panic(&End{Status: verdict.Skipped, Reason: reason, Remedy: remedy})
}

// Void ends the attempt, not the check: the attempt took longer than the lifetime of what it was made with, so
// what it saw says nothing about the server, and it is made again from the start.
func (c *Case) Void(reason string) { c.voidUntil(reason, time.Time{}) }

func (c *Case) voidUntil(reason string, again time.Time) {
	panic(&End{Status: verdict.Inconclusive, Outlived: true, Reason: reason, Again: again})
}
