package life

import (
	"context"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// A use may give a fresh value for the one that it took (x-reissues). Where the old one ends by that, a credential is whatever its last use gave,
// as it is for a browser that keeps a cookie; where the old one lives on, the fresh one is a credential of its own.

// rotates says whether a use of an operation ends the value that it takes.
func rotates(op *openapi.Operation) bool { return op.Reissues() != nil && op.Reissues().Rotates }

// enterUse enters what a request did to credentials, with the fresh value that it was given.
func (a *API) enterUse(answer *client.Answer, r *Request) {
	old, value := r.concerns, ""
	if old != nil && len(r.instead) == 0 && r.authority == nil && check.Granted(answer) {
		value = fresh(answer)
	}
	if value == "" || value == old.Value { // nothing in it may differ yet
		a.enterLife(answer, r)
		return
	}
	h := answer.Operation.Reissues()
	c := &Credential{Kind: old.Kind, Value: value, From: old, Given: answer, hand: h, owner: old.owner}
	a.enter(c, r.Base)
	a.enterLife(answer, r)
	if h.Rotates {
		a.Ledger.Ended(a.item(old, r.Base))
		old.become(c)
	}
}

// fresh is the value that an answer gives for the one that was used, "" for none.
func fresh(answer *client.Answer) string {
	if answer.Operation.Reissues() == nil {
		return ""
	}
	value, _ := answer.Operation.Reissues().Value.Read(answer.Exchange())
	return value
}

// item is a credential as the ledger has it.
func (a *API) item(c *Credential, base string) ledger.Item {
	return ledger.Item{
		Kind: c.Kind, Value: c.identity(a.Client.Document().Ends(c.Kind)), Key: c.key, Base: base, Account: a.accountOf(c.owner).Username,
	}
}

// become has a credential go on as the fresh value that it was given.
func (c *Credential) become(fresh *Credential) {
	c.Value, c.Given, c.hand, c.Life, c.unit, c.key = fresh.Value, fresh.Given, fresh.hand, fresh.Life, fresh.unit, fresh.key
	c.told.Clear()
}

// asItIs is the credential as it is now, whatever it becomes.
func (c *Credential) asItIs() *Credential {
	return &Credential{Kind: c.Kind, Value: c.Value, From: c.From, Life: c.Life, Given: c.Given, hand: c.hand, owner: c.owner, unit: c.unit, key: c.key}
}

// Reissue arranges a use that gives a fresh value, and returns the old value and the fresh one.
func (a *API) Reissue(ctx context.Context, op *openapi.Operation, c *Credential) (old, renewed *Credential) {
	old = c.asItIs()
	answer := a.Present(ctx, op.ID(), c, As(evidence.Arrange))
	a.Arranged(answer, check.Granted(answer), op.ID())
	renewed, given := a.Read(answer)
	switch p, promised := promised(op, "reissue-works"); {
	case given:
		return old, renewed
	case fresh(answer) == old.Value:
		return old, old
	case promised:
		a.ShownElsewhere(p.Requirement, "a fresh "+c.Kind+" with the answer of "+op.ID(), answer, "no fresh "+c.Kind+" came, so that nothing can be said of one")
	}
	a.Inconclusive("%s gave no fresh %s", op.ID(), c.Kind)
	return nil, nil
}

// reissueWorks expects that a use gives a fresh value, and that this one works.
func reissueWorks(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
	c := a.Make(ctx, op.Takes()[0].Kind)
	key := c.key
	answer := a.Present(ctx, op.ID(), c)
	a.ExpectGranted(answer, key, Noun(c.Kind)+" works: "+op.ID()+" answers 2xx")
	a.Require(fresh(answer) != "", "a fresh "+c.Kind+" with the answer of "+op.ID(), "none")
	if made, other := a.Read(answer); other {
		c = made
	}
	a.ExpectWorks(ctx, c, "the fresh "+c.Kind+" that "+op.ID()+" gave")
}
