package life

import (
	"context"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// lender lends the checks of the contract good requests.
type lender struct{ *API }

func (l lender) Checked() *check.Case { return l.Case }

func (l lender) Good(ctx context.Context, op *openapi.Operation) *client.Answer {
	return l.good(ctx, op)
}

// HandsOut says what an answer hands out, in words; "" for nothing.
func (l lender) HandsOut(ctx context.Context, answer *client.Answer) string {
	return l.Gives(ctx, answer)
}

// Broken sends a good request that is broken, between two good ones.
func (l lender) Broken(ctx context.Context, op *openapi.Operation, attempt string,
	change func(*client.Request), judge func(*client.Answer),
) {
	if len(op.Takes()) > 0 {
		kind := op.Takes()[0].Kind
		c := l.Make(ctx, kind)
		l.Against(l.WorkingNow(ctx, op, kind), func() { judge(l.Present(ctx, op.ID(), c, With(change))) })
		return
	}
	send := func() *client.Answer { return l.LogIn(ctx, l.Target.Account, With(change)) }
	l.Against(l.LoggingIn(ctx), func() {
		if attempt == "" {
			judge(send())
			return
		}
		judge(l.Case.WrongPassword(ctx, l.Target.Account.Username, attempt, func() { l.LoggingIn(ctx) }, send))
	})
}

// Strange sends requests with nobody's credentials in them, each changed otherwise.
func (l lender) Strange(ctx context.Context, op *openapi.Operation, changes []func(*client.Request),
	judge func(i int, own *check.Case, answer *client.Answer),
) {
	l.Spread(ctx, len(changes), func(i int, own *API) {
		if h := op.HandsOut(); h != nil && h.From == "" {
			judge(i, own.Case, own.TryStranger(ctx, With(changes[i])))
			return
		}
		options := []Option{With(changes[i])}
		if takes := op.Takes(); len(takes) > 0 && !takes[0].Authority {
			options = append(options, Instead(own.MadeUp(strings.Repeat("a", 24))))
		}
		judge(i, own.Case, own.Do(ctx, op.ID(), options...))
	})
}

// OnWire sends a request that ends something and then a probe with another credential, on one connection. The one that is ended
// does not authorize its end, unless that is asked for: a server may close the door behind it.
func (l lender) OnWire(ctx context.Context, op *openapi.Operation, state string) *client.Wire {
	takes := op.Takes()
	ended := l.Make(ctx, takes[0].Kind)
	authorized := []Option{As(evidence.Act)}
	switch state {
	case contract.Ended:
		l.EndBy(ctx, ended, op.ID())
	case contract.NeverWas:
		authorized = append(authorized, Instead(l.MadeUp(ended.At(takes[0]))))
	case contract.Expired:
		l.UntilAfter(ctx, ended.Life, Noun(ended.Kind))
	}
	probing := l.Make(ctx, l.Operation(Probe).Takes()[0].Kind)
	if len(takes) > 1 && takes[0].Kind == probing.Kind && state != contract.ByItself {
		authorized = append(authorized, Authorized(probing))
	}
	first := l.request(op, ended, authorized)
	next := l.request(l.Operation(Probe), probing, []Option{As(evidence.Act)})
	wire := l.SendOnWire(ctx, first.Request, next.Request)
	l.enterLife(wire.First, first)
	if wire.Next == nil {
		return wire
	}
	l.enterUse(wire.Next, next)
	if check.Refused(wire.Next) {
		if still := l.Present(ctx, Probe, probing); check.Refused(still) { // then it is no matter of the connection
			l.Fresh(still, probing.key)
			l.ShownElsewhere(l.Operation(Probe).SuccessRequirement(), Noun(probing.Kind)+" that nobody has ended works, also on another connection", still,
				"after "+op.Wire.Words+" "+Noun(probing.Kind)+" that was not ended is refused on any connection, so that nobody can tell what the connection has to do with it")
		}
	}
	return wire
}
