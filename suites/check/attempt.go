package check

import (
	"context"
	"fmt"
	"runtime/debug"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
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
	Lost    bool
	Dropped int
}

// Seen is a difference between an answer and its contract.
type Seen struct {
	Violation evidence.Violation
	Answer    *client.Answer
}

// Try makes one attempt at a check, counted from 0 on, and never panics. Before the check waits for time to pass it calls waits,
// which may be nil. What it made is for the caller to end.
func (d Definition) Try(ctx context.Context, env *Env, attempt int, waits Waits) (o Outcome) {
	c := &Case{Env: env, def: d, attempt: attempt, waits: waits}
	defer func() {
		o.End = endOf(ctx, recover())
		o.Note, o.Answers, o.Seen, o.Made, o.Lost, o.Dropped = c.note, c.answers, c.breaches, c.items, c.lost, c.dropped
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
	if end != nil && end.Kind == Broken && ctx.Err() != nil {
		// What fails after an interrupt fails because of it.
		return &End{Kind: Unjudged, Reason: "interrupted"}
	}
	return end
}

// Unnamed is a check of no requirement, for what a run does around its checks.
func Unnamed(body func(context.Context, *Case)) Definition { return Definition{body: body} }

// FaultOfTheSuite is how a check ends that panicked: it says nothing of the server.
func FaultOfTheSuite(panicked any) *End {
	return &End{Kind: Unjudged, Reason: evidence.OneLine(fmt.Sprintf("a fault of the suite: %v", panicked)), Stack: string(debug.Stack())}
}
