package life

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// Make arranges a credential of a kind for the target's account, with the parents that it needs.
func (a *API) Make(ctx context.Context, kind string, options ...Option) *Credential {
	if a.isGiven(kind) {
		return a.givenTo(a.Target.Account)
	}
	h := a.hand(kind)
	if h.From == "" {
		return a.arranged(a.LogIn(ctx, a.Target.Account, arranging(options)...), h, "")
	}
	return a.Child(ctx, a.Make(ctx, h.From, options...), kind, options...)
}

// Siblings arranges credentials of a kind, of one parent where it has such.
func (a *API) Siblings(ctx context.Context, kind string, n int) (all []*Credential) {
	var parent *Credential
	if from := a.hand(kind).From; from != "" {
		parent = a.Make(ctx, from)
	}
	for range n {
		if parent == nil {
			all = append(all, a.Make(ctx, kind))
		} else {
			all = append(all, a.Child(ctx, parent, kind))
		}
	}
	return all
}

// hand is the first hand-out of a kind, which is no renewal.
func (a *API) hand(kind string) *openapi.HandOut {
	if a.isGiven(kind) {
		return givenHand(kind)
	}
	hands := a.Client.Document().HandOuts(kind)
	if len(hands) == 0 || hands[0].Renews() {
		a.Inconclusive("the check itself is at fault: nothing hands out %s", Noun(kind))
	}
	return hands[0]
}

func arranging(options []Option) []Option { return append([]Option{As(evidence.Arrange)}, options...) }

// arranged is what an answer handed out, or the end of the check.
func (a *API) arranged(answer *client.Answer, h *openapi.HandOut, words string) *Credential {
	c, ok := a.Read(answer)
	if words == "" {
		words = h.By.ID()
	}
	a.Arranged(answer, ok, words)
	return c
}

// Child arranges a credential that another hands out.
func (a *API) Child(ctx context.Context, parent *Credential, kind string, options ...Option) *Credential {
	h := a.hand(kind)
	answer := a.Present(ctx, h.By.ID(), parent, arranging(options)...)
	c, ok := a.Read(answer)
	if !ok {
		a.Fresh(answer, parent.Value, parent.key)
	}
	// That a parent has several children is no more than a SHOULD, and has a check of its own.
	if first := a.childOf(parent); first != nil && (ok && c.Value == first.Value || check.Refused(answer)) {
		a.Skip(fmt.Sprintf("the %s gives no second %s, so that there is none to keep", parent.Kind, kind),
			"nothing: the promise is empty for this server")
	}
	a.Arranged(answer, ok, h.By.ID())
	c.From = parent
	return c
}

// childOf is one that a parent has handed out already.
func (a *API) childOf(parent *Credential) *Credential {
	for _, c := range a.given {
		if c.From == parent && c.Kind != parent.Kind {
			return c
		}
	}
	return nil
}

// Renew arranges the renewal of a credential.
func (a *API) Renew(ctx context.Context, old *Credential, options ...Option) *Credential {
	hands := a.Client.Document().HandOuts(old.Kind)
	h := hands[len(hands)-1]
	if !h.Renews() {
		a.Inconclusive("the check itself is at fault: nothing renews %s", Noun(old.Kind))
	}
	answer := a.Present(ctx, h.By.ID(), old, arranging(options)...)
	c, ok := a.Read(answer)
	if !ok {
		a.Fresh(answer, old.Value, old.key)
	}
	a.Arranged(answer, ok, h.By.ID())
	c.From = old
	return c
}

// ending finds how a credential is ended: by an operation, or by the first that does.
func (a *API) ending(kind, operation string) *openapi.End {
	ends := a.Client.Document().Ends(kind)
	if i := slices.IndexFunc(ends, func(e *openapi.End) bool { return e.By.ID() == operation }); i >= 0 {
		return ends[i]
	}
	if len(ends) == 0 || operation != "" {
		a.Inconclusive("the check itself is at fault: nothing ends %s by %q", Noun(kind), operation)
	}
	return ends[0]
}

// End arranges the end of a credential, by its own authority and the first operation that ends its kind.
func (a *API) End(ctx context.Context, c *Credential, options ...Option) {
	a.EndBy(ctx, c, "", options...)
}

// EndBy is End by an operation.
func (a *API) EndBy(ctx context.Context, c *Credential, operation string, options ...Option) {
	answer := a.Present(ctx, a.ending(c.Kind, operation).By.ID(), c, arranging(options)...)
	if !check.Granted(answer) {
		a.Fresh(answer, c.key)
	}
	a.Arranged(answer, check.Granted(answer), answer.Operation.ID())
}

// Working is the control of a credential at an operation: it shows that it is accepted there.
func (a *API) Working(ctx context.Context, op *openapi.Operation, c *Credential, options ...Option) check.Control {
	control := append([]Option{As(evidence.Control)}, options...)
	if h := op.HandsOut(); h != nil {
		return check.Show(func() {
			answer := a.Present(ctx, op.ID(), c, control...)
			made, ok := a.Read(answer)
			if !ok {
				a.Fresh(answer, c.Value, c.key)
			}
			a.Arranged(answer, ok, "the control, "+op.ID()+",")
			made.From = c
		})
	}
	return a.Works(c.key, op.SuccessRequirement(), a.valid(c.Kind), func() *client.Answer {
		return a.Present(ctx, op.ID(), c, control...)
	})
}

// WorkingNow is the control of what was ended: one that is made now is accepted now.
func (a *API) WorkingNow(ctx context.Context, op *openapi.Operation, kind string, options ...Option) check.Control {
	return check.Show(func() { a.Working(ctx, op, a.Make(ctx, kind, options...), options...) })
}

// LoggingIn is the control of a password: the right one of the target's account is accepted.
func (a *API) LoggingIn(ctx context.Context) check.Control {
	return check.Show(func() {
		h := a.Client.Document().Login()
		if h == nil {
			a.Inconclusive("the check itself is at fault: nothing logs in")
		}
		a.arranged(a.LogIn(ctx, a.Target.Account, As(evidence.Control)), h, "the control, "+h.By.ID()+" with the right password,")
	})
}

// ExpectAccepted expects that an operation accepts a credential, and returns what it hands out for it, nil for nothing.
func (a *API) ExpectAccepted(ctx context.Context, op *openapi.Operation, c *Credential, what string, options ...Option) *Credential {
	return a.accepted(ctx, a.Present(ctx, op.ID(), c, options...), c, what)
}

func (a *API) accepted(ctx context.Context, answer *client.Answer, c *Credential, what string) *Credential {
	h := answer.Operation.HandsOut()
	if h == nil {
		a.Offered(answer)
		a.ExpectGranted(answer, c.key, what+" works: the probe answers 2xx")
		return nil
	}
	made, ok := a.Read(answer)
	if !ok {
		a.Fresh(answer, c.Value, c.key)
		a.Fail(what+" gives "+Noun(h.Kind), check.Shown(answer))
	}
	if probe := a.Operation(Probe); h.Renews() && probe.Takes()[0].Kind == h.Kind {
		a.ExpectAccepted(ctx, probe, made, "the "+h.Kind+" from "+what)
	}
	return made
}

// ExpectWorks expects that a credential opens the probe. Sent in a way of its own it says nothing where it does not open it as usual
// either: that is another check's matter.
func (a *API) ExpectWorks(ctx context.Context, c *Credential, what string, options ...Option) {
	op := a.Operation(Probe)
	answer := a.Present(ctx, op.ID(), c, options...)
	if len(options) > 0 && check.Refused(answer) {
		if plain := a.Present(ctx, op.ID(), c); check.Refused(plain) {
			a.Fresh(plain, c.Value, c.key)
			a.ShownElsewhere(op.SuccessRequirement(), "2xx for "+a.valid(c.Kind), plain,
				Noun(c.Kind)+" is refused as usual too, so that nothing can be said of "+what)
		}
	}
	a.accepted(ctx, answer, c, what)
}

// ExpectNothing expects, between controls, that a request is refused and hands out nothing.
func (a *API) ExpectNothing(ctx context.Context, answer *client.Answer, what string) {
	if found := a.Gives(ctx, answer); found != "" {
		a.FailGranted(what+" gives no "+answer.Operation.HandsOut().Kind, check.Describe(answer)+", and "+found)
	}
	a.ExpectRefused(answer, what)
}

// Gives says what an answer hands out that should hand out nothing, "" for nothing.
func (a *API) Gives(ctx context.Context, answer *client.Answer) string {
	h := answer.Operation.HandsOut()
	if h == nil || answer.Err != nil {
		return ""
	}
	if c, ok := a.Read(answer); ok && (!a.mereText(answer) || a.Opening(ctx, c.Value)) || check.Carries(answer, h.Value.Member()) {
		return Noun(h.Kind) + " in it"
	}
	if a.dialect.Leak != nil {
		return a.dialect.Leak(ctx, a, answer)
	}
	return ""
}

// mereText says whether an answer is another one than the contract describes, where a credential is the whole of it: a page, perhaps.
func (a *API) mereText(answer *client.Answer) bool {
	return answer.Operation.HandsOut().Value.Member() == "" && (answer.Denied || len(answer.Differences) > 0)
}

// longest is the length from which a text is no credential that anybody could send.
const longest = 16 << 10

// Opening says whether a text that looks like a credential is one: it opens the probe, where a made-up one does not. It is asked once for
// each: checks that share an answer may look at it when the time of what is in it is up.
func (a *API) Opening(ctx context.Context, text string) bool {
	opens := func(text string) bool {
		return check.Granted(a.Do(ctx, Probe, As(evidence.Control), InsteadOf(a.Operation(Probe), text)))
	}
	opening, _, err := ledger.Do(ctx, &a.Ledger.Own, "opening "+text, func() (bool, error) {
		return len(text) < longest && !strings.ContainsFunc(text, unicode.IsControl) && opens(text) && !opens(a.MadeUp(text)), nil
	})
	return err == nil && opening
}
