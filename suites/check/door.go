package check

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/ledger"
)

// Guard lets the logins of the target's account through, of whatever check and run.
func (e *Env) Guard() *ledger.Guard {
	return e.Ledger.Guard(strings.ToLower(e.Target.Account.Username))
}

// Abreast has the case log in beside others, and not after them.
func (c *Case) Abreast() { c.abreast = true }

// enter waits for the turn of a request that logs in. It ends the check where the server has shut its door, and a request would have to
// pass it.
func (c *Case) enter(ctx context.Context, operation string) (leave func(answered time.Time)) {
	op, err := c.Client.Document().Operation(operation)
	guard := c.Guard()
	switch {
	case c.asking: // about the door
		return func(time.Time) {}
	case err != nil || !logsIn(op):
		if shut := guard.Shut(); shut != nil && shut.Silent {
			c.turnedAway(shut)
		}
		return func(time.Time) {}
	case c.inTurn:
		return func(time.Time) {}
	}
	left, shut, err := guard.Enter(ctx, c.abreast)
	if err != nil {
		c.Inconclusive("waiting for other logins: %v", err)
	}
	c.turnedAway(shut)
	return func(answered time.Time) {
		c.release()
		left(answered)
	}
}

// again has a login that broke on the way sent once more as the guard has it, nil for what is none.
func (c *Case) again(operation string) func(context.Context) bool {
	if op, err := c.Client.Document().Operation(operation); err != nil || !logsIn(op) || c.asking {
		return nil
	}
	return func(ctx context.Context) bool {
		c.holding = c.holding || c.Guard().Again(ctx)
		return c.holding
	}
}

// release gives up the question whether the server is shut, where the case holds it.
func (c *Case) release() {
	if c.holding {
		c.holding = false
		c.Guard().Release()
	}
}

// InTurn sends a login and has its answer looked at, as LoggedIn does, before the turn of another comes: that would meet a door which this
// one is about to find shut.
func (c *Case) InTurn(ctx context.Context, operation string, send func() *client.Answer, look func(*client.Answer)) {
	var answer *client.Answer
	leave := c.enter(ctx, operation)
	c.inTurn = true
	defer func() {
		c.inTurn = false
		leave(answered(answer))
	}()
	answer = send()
	look(answer)
}

// answered is when an answer came, zero for none.
func answered(a *client.Answer) time.Time {
	if a == nil || a.Err != nil {
		return time.Time{}
	}
	return a.Received
}

// LoggedIn takes in the answer to a login which should be granted by all that the check knows, or should not. Where one that should is
// refused, or any gets no answer or is one too many, while an earlier one was granted, another is made plainly, as the document has it, and
// nobody else makes one meanwhile: when that is refused too, the server has shut its door, for the reason that why has, and no check logs in
// any more. Again says that the login was one too many for the moment, and is to be made again.
func (c *Case) LoggedIn(ctx context.Context, answer *client.Answer, right bool, plainly func() *client.Answer, why func(*client.Answer) *Problem,
) (again bool) {
	guard := c.Guard()
	paced := answer.Err == nil && answer.Status == http.StatusTooManyRequests
	switch {
	case c.asking:
		return false
	case right && Granted(answer):
		guard.Granted(answer.Sent, form(answer))
		return false
	case !right && Refused(answer):
		guard.Failed(c.def.ID, answer.Sent)
	}
	if !(paced || answer.Err != nil || right && Refused(answer)) {
		return false
	}
	refused := ledger.Refusal{Sent: answer.Sent, Form: form(answer)}
	if right && !paced {
		refused.Status = answer.Status
	}
	settle, sure, mine := guard.Doubt(ctx, refused, c.holding)
	if !mine {
		c.turnedAway(guard.Shut())
		return paced
	}
	c.holding = false
	var shut *ledger.Shut
	defer func() { settle(shut) }()
	last := answer
	if !sure && (last.Times < 2 || !right) { // else it was sent again in vain
		if paced {
			c.WaitUntil(ctx, time.Now().Add(pacing), "the server, which wants fewer logins")
		}
		c.asking = true
		defer func() { c.asking = false }()
		last = plainly()
	}
	if (Refused(last) || last.Err != nil) && ctx.Err() == nil {
		told := last
		if !logsIn(last.Operation) { // nothing else is granted either
			told = answer
		}
		problem := cmp.Or(why(told), &Problem{"a login is answered " + Describe(told), "find out what has shut the door"})
		shut = &ledger.Shut{Reason: problem.Reason, Remedy: problem.Remedy, Silent: last.Err != nil}
	}
	return paced && shut == nil
}

// form is what a request was, as far as it can matter to a server.
func form(a *client.Answer) string {
	return fmt.Sprintf("%s %s\n%v\n%s", a.Method, a.URL, a.RequestHeader, a.RequestBody)
}

// pacing is how long a login waits that was one too many, where the server does not say how long.
const pacing = time.Second

// turnedAway ends the check where the server has shut its door.
func (c *Case) turnedAway(shut *ledger.Shut) {
	if shut != nil {
		c.saw.Spared = true
		c.Inconclusive("%s", shut)
	}
}
