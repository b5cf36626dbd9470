package life

import (
	"context"
	"fmt"
	"slices"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// What an answer says of a credential's time is looked at wherever one is handed out: a server that is wrong every fifth time is seldom
// wrong in the one answer that the check of the promise is about.

// states holds what an answer says of a credential's time against what the contract and the system promise of it.
func (a *API) states(c *Credential) {
	if p, ok := promised(c.hand.By, "ends-later"); ok && !c.Life.Ends.IsZero() {
		if now, _, known := check.Dated(c.Given); known && !c.Life.Ends.After(now) {
			a.Misstated(c, p.Requirement, c.hand.Ends.Member(), "later than the moment of the response, "+check.Stamp(now), c.Life.Ends)
		}
	}
	if a.dialect.States != nil {
		a.dialect.States(a, c)
	}
	a.owned(c)
}

// owned holds what an answer says of the account that was given a credential against what others said of it.
func (a *API) owned(c *Credential) {
	if a.dialect.Owner == nil || c.owner == "" {
		return
	}
	member, text, requirement := a.dialect.Owner(c)
	if text == "" {
		return
	}
	first, _, err := ledger.Do(context.Background(), &a.Ledger.Own, member+" of "+c.owner, func() (string, error) { return text, nil })
	if err == nil && first != text {
		a.Breach(evidence.Violation{
			Requirement: requirement, Place: member, Expected: fmt.Sprintf("%s %s, as with every other %s of the account", member, first, c.Kind), Actual: text,
		}, c.Given)
	}
}

// Misstated records that an answer which handed out a credential states a moment for it that is not what a requirement says.
func (a *API) Misstated(c *Credential, requirement, member, expected string, stated time.Time) {
	a.Breach(evidence.Violation{
		Requirement: requirement, Place: member, Expected: member + " " + expected, Actual: check.Stamp(stated),
	}, c.Given)
}

func promised(op *openapi.Operation, rule string) (openapi.Promise, bool) {
	i := slices.IndexFunc(op.Promises, func(p openapi.Promise) bool { return p.Rule == rule })
	if i < 0 {
		return openapi.Promise{}, false
	}
	return op.Promises[i], true
}

// coarse is how far two moments that a server states one after the other may be from the times between: its clock may stand still for
// a while, and two nodes have clocks of their own.
const coarse = 100 * time.Millisecond

// outlasts holds a renewal against what it renews, where so much lies between the two, or the two ends, that it cannot be the clocks.
func (a *API) outlasts(answer *client.Answer, old *Credential, r *Request) {
	c, ok := a.Read(answer)
	if !ok || old == nil || !c.hand.Renews() || c.Kind != old.Kind || len(r.instead) > 0 || len(r.own) > 0 {
		return
	}
	p, ok := promised(c.hand.By, "ends-later-than-original")
	from, to := old.Life, c.Life
	if !ok || from.Ends.IsZero() || to.Ends.IsZero() || c.Given.Clock != old.Given.Clock || c.Given.Clock.Apart() || a.Shared(c.key) {
		return
	}
	between, lost := c.Given.Sent.Sub(old.Given.Received), from.Ends.Sub(to.Ends)
	if between > to.Step()+coarse && lost >= 0 || lost > to.Step()+check.ClockSlack {
		a.Misstated(c, p.Requirement, c.hand.Ends.Member(), "later than the old "+old.Kind+"'s, "+check.Stamp(from.Ends), to.Ends)
	}
}
