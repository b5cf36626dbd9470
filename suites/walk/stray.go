package walk

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// stray sends what is nobody's.
func (w *walker) stray(ctx context.Context, mv move) {
	if mv.of == none {
		w.tell("a login of nobody")
		w.ask(w.promises.strangers)
		w.ExpectNothing(ctx, w.TryStranger(ctx), "an unknown account")
		w.answered()
		return
	}
	c, s := w.held[mv.of], w.model.find(mv.of)
	options := []life.Option{life.As(evidence.Act)}
	if mv.by != none {
		options = append(options, life.Authorized(w.held[mv.by]))
	}
	p := w.promises.sent[mv.op.ID()]
	requirement, what := p.Requirement, p.What
	if s.fate == ended {
		w.tell("%s with %s, which has ended", mv.op.ID(), c.Value)
		requirement, what = w.promises.of(mv.op, s, "")
	} else {
		text, word := w.MadeUp(c.At(mv.op.Takes()[0])), "a made-up "+c.Kind
		switch other := w.misplaced(mv); {
		case other != nil:
			text, word = other.Value, other.Value+" in place of a "+c.Kind
		case mv.op.Ends() != nil && mv.op.Takes()[0].In != "path" && mv.id%2 == 1: // a search for nothing finds everything
			text, word = "", "an empty "+c.Kind
		}
		w.tell("%s with %s", mv.op.ID(), word)
		options = append(options, life.InsteadOf(mv.op, text))
	}
	if mv.op.Ends() != nil || requirement == "" {
		w.Present(ctx, mv.op.ID(), c, options...)
		return // its answer has its own check; what lives is to live on
	}
	names := []string{""}
	if s.fate == ended {
		names = w.namesOf(mv.op, s)
	}
	for i := range insistent {
		if i == insistent-1 {
			options = append(options, w.carried(mv)...)
		}
		named, name := options, names[i%len(names)]
		if name != "" {
			named = append(slices.Clone(options), life.By(name))
		}
		w.ask(requirement)
		answer := w.Present(ctx, mv.op.ID(), c, named...)
		if name != "" && check.Granted(answer) { // what opens everything by that name is no matter of this operation
			opener := w.Opener(c.Kind)
			own, called := w.promises.of(opener, s, name)
			if again := w.Present(ctx, opener.ID(), c, life.By(name)); check.Granted(again) {
				w.ask(own)
				w.ExpectNothing(ctx, again, cmp.Or(called, life.Noun(c.Kind)+" that has ended"))
			}
		}
		w.ExpectNothing(ctx, answer, cmp.Or(what, life.Noun(c.Kind)+" that is not valid"))
		w.answered()
	}
}

// misplaced is what a stray move sends that lives and is of another kind than is wanted; nil where it sends none, or none lives.
func (w *walker) misplaced(mv move) *life.Credential {
	kind := w.held[mv.of].Kind
	for _, s := range w.model.all {
		if c := w.held[s.id]; mv.misplaced && c != nil && s.fate == living && s.hand.Kind != kind && !s.aside {
			return c
		}
	}
	return nil
}

// unauthorized sends what is right by the authority of nobody. Its answer has its own check; where it is refused, or where the contract
// says so whatever is answered, it has done nothing.
func (w *walker) unauthorized(ctx context.Context, mv move) {
	c, text, words := w.held[mv.of], "", "without authority"
	if mv.id%2 == 1 {
		text, words = w.MadeUp(c.Value), "by made-up authority"
	}
	w.tell("%s of %s %s", mv.op.ID(), c.Value, words)
	answer := w.Present(ctx, mv.op.ID(), c, life.As(evidence.Act), life.ByNobody(text))
	_, spared := w.promises.alive[question{at: w.Opener(c.Kind).ID(), step: endedByNobody}]
	if !check.Refused(answer) && !(spared && mv.op.Ends() != nil) {
		w.model.find(mv.of).fate = unknown
	}
}

// breakOff sends a request about a living credential whose body breaks off, or says what nobody knows. What is refused has done nothing;
// of what a lenient server makes of it nobody knows.
func (w *walker) breakOff(ctx context.Context, mv move) {
	c, how := w.held[mv.of], "in JSON that breaks off"
	options := []life.Option{life.As(evidence.Act), life.With(func(r *client.Request) {
		if odd, ok := unknownValues(r.JSON, c); ok && mv.id%2 == 0 {
			how, r.JSON = "with values that nobody knows", odd
		} else if data, err := json.Marshal(r.JSON); err == nil {
			r.Body = data[:len(data)-1]
		}
	})}
	if mv.by != none {
		options = append(options, life.Authorized(w.held[mv.by]))
	}
	answer := w.Present(ctx, mv.op.ID(), c, options...)
	w.tell("%s with %s %s", mv.op.ID(), c.Value, how)
	if s := w.model.find(mv.of); !check.Refused(answer) && mv.op.Ends() != nil {
		w.model.end(s, w.model.find(mv.by), mv.op)
		s.fate = unknown
	} else if !check.Refused(answer) && mv.op.HandsOut() != nil {
		s.fate = unknown // one that was made of it may have taken its place
	}
}

// unknownValues are the members of a body with another text in place of each that is not the credential.
func unknownValues(body any, c *life.Credential) (odd map[string]any, ok bool) {
	members, _ := body.(map[string]any)
	odd = maps.Clone(members)
	for name, value := range members {
		switch v := value.(type) {
		case string:
			if v != c.Value {
				odd[name], ok = "CONFORM_UNKNOWN", true
			}
		case int, float64:
			odd[name], ok = 7919, true
		}
	}
	return odd, ok
}
