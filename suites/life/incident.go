package life

import (
	"context"

	"example.org/conform/harness/client"
	"example.org/conform/harness/incident"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// enterLife enters in the log of incidents what a request did to credentials, or how the one fared that it presented. A refusal says something
// only of a request that is written as any client would.
func (a *API) enterLife(answer *client.Answer, r *Request) {
	log, c, op := &a.Ledger.Lives, r.concerns, answer.Operation
	if !check.Granted(answer) && !check.Refused(answer) {
		if c != nil && op.Ends() != nil {
			log.Ended(c.key, check.Incident(answer), op.Ends().Spares, false) // nobody knows
		}
		return
	}
	plain := len(r.instead) == 0 && len(r.own) == 0 && r.by == "" && r.authority == nil && !r.forbidden
	if made, ok := a.given[answer]; ok {
		handed := incident.Credential{Key: made.key, Kind: made.Kind, Owner: made.owner}
		switch {
		case c == nil:
		case made.hand.Renews():
			handed.Original = c.key
		default:
			handed.Parent = c.key
		}
		log.HandedOut(check.Incident(answer), handed, made.hand.Rotates)
	}
	if c == nil {
		return
	}
	h, e := op.HandsOut(), op.Ends()
	if len(r.instead) == 0 && !(check.Refused(answer) && (a.MayBeOver(answer, c.key) || r.Base != "")) {
		log.Used(c.key, check.Incident(answer), plain && (e == nil || !e.Always), h != nil && !h.Renews())
	}
	if e != nil {
		log.Ended(c.key, check.Incident(answer), e.Spares, plain)
	}
}

// rounds are how often a suspect is tried.
const rounds = 2

// suspect has an operation do what it does to a credential while others live that it has to spare, all of them used before and after. What
// comes of it is in the log of incidents.
func (a *API) suspect(ctx context.Context, operation string) {
	op := a.Operation(operation)
	for range rounds {
		switch h, e := op.HandsOut(), op.Ends(); {
		case e != nil:
			all := a.family(ctx, e.Kind)
			a.useAll(ctx, all)
			a.Present(ctx, operation, all[0])
			a.useAll(ctx, all[1:])
		case h != nil && h.From == "":
			all := a.family(ctx, h.Kind)
			a.useAll(ctx, all)
			a.LogIn(ctx, a.Target.Account)
			a.useAll(ctx, all)
		case h != nil:
			all := a.family(ctx, h.From)
			a.useAll(ctx, all)
			a.Present(ctx, operation, all[0])
			a.useAll(ctx, all)
		}
	}
}

// insisting is how often one credential is used that was refused once.
const insisting = 12

// insist uses one credential again and again at an operation: whether it is over when it was refused once, or refused now and then, is in the
// log of incidents.
func (a *API) insist(ctx context.Context, operation string) {
	op := a.Operation(operation)
	if len(op.Takes()) == 0 || op.Ends() != nil {
		return
	}
	c := a.Make(ctx, op.Takes()[0].Kind)
	for range insisting {
		a.Present(ctx, operation, c)
	}
}

// family are a credential of a kind, what lives beside it, what each was handed out for, and what came of each of them.
func (a *API) family(ctx context.Context, kind string) []*Credential {
	all := append(a.Siblings(ctx, kind, 2), a.Make(ctx, kind))
	if all[0].From != nil {
		all = append(all, all[0].From, all[2].From)
	}
	for _, c := range all[:3] {
		for _, op := range a.Client.Document().Operations() {
			if h := op.HandsOut(); h != nil && h.From == kind {
				all = append(all, a.handedOn(ctx, op, c)...)
			}
		}
	}
	return all
}

// handedOn is what a credential hands out, or is renewed by; nothing where that does not come about.
func (a *API) handedOn(ctx context.Context, op *openapi.Operation, c *Credential) []*Credential {
	made, ok := a.Read(a.Present(ctx, op.ID(), c))
	if !ok || op.HandsOut().Rotates {
		return nil
	}
	return []*Credential{made}
}

func (a *API) useAll(ctx context.Context, all []*Credential) {
	for _, c := range all {
		a.Present(ctx, a.Opener(c.Kind).ID(), c)
	}
}
