package check

import (
	"cmp"
	"context"
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
func (c *Case) enter(ctx context.Context, operation string) (leave func(answered bool)) {
	op, err := c.Client.Document().Operation(operation)
	guard := c.Guard()
	switch {
	case c.asking: // about the door
		return func(bool) {}
	case err != nil || !logsIn(op):
		if shut := guard.Shut(); shut != nil && shut.Silent {
			c.turnedAway(shut)
		}
		return func(bool) {}
	}
	leave, shut, err := guard.Enter(ctx, c.abreast)
	if err != nil {
		c.Inconclusive("waiting for other logins: %v", err)
	}
	c.turnedAway(shut)
	return leave
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
		guard.Granted(answer.Sent)
		return false
	case !right && Refused(answer):
		guard.Failed(c.def.ID, answer.Sent)
	}
	if !(paced || answer.Err != nil || right && Refused(answer)) {
		return false
	}
	settle, mine := guard.Doubt(ctx, answer.Sent)
	if !mine {
		c.turnedAway(guard.Shut())
		return paced
	}
	var shut *ledger.Shut
	defer func() { settle(shut) }()
	last := answer
	if last.Times < 2 || !right { // else it was sent again in vain
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

// pacing is how long a login waits that was one too many, where the server does not say how long.
const pacing = time.Second

// turnedAway ends the check where the server has shut its door.
func (c *Case) turnedAway(shut *ledger.Shut) {
	if shut != nil {
		c.saw.Spared = true
		c.Inconclusive("%s", shut)
	}
}
