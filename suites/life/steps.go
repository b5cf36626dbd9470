package life

import (
	"context"
	"slices"

	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// step is one thing that befalls it.
type step struct {
	do func(ctx context.Context, s *story, by string)
	// before says that it comes before the hero is made, waits that it takes time, reaches that it concerns others too.
	before, waits, reaches bool
	// kills says whether the contract has the hero end by it.
	kills func(e *openapi.End) bool
	// of is whose end kills it or not: the hero's own kind, its parent's or its child's.
	of string
}

// spares is the part of an end that reaches whoever is not spared.
func spares(relation string) func(*openapi.End) bool {
	return func(e *openapi.End) bool { return !slices.Contains(e.Spares, relation) }
}

func always(*openapi.End) bool { return true }

// steps are what can befall a credential, by the name that a contract calls it.
func steps() map[string]step {
	return map[string]step{
		"used": {do: func(ctx context.Context, s *story, _ string) { s.used(ctx) }},
		"works": {do: func(ctx context.Context, s *story, _ string) {
			s.ExpectAccepted(ctx, s.op, s.hero, Noun(s.hero.Kind)+" within its lifetime")
		}},
		"works-behind-another-word": {do: func(ctx context.Context, s *story, _ string) { s.worksBehindAnotherWord(ctx) }},
		"tried": {do: func(ctx context.Context, s *story, _ string) {
			if answer := s.Present(ctx, s.op.ID(), s.hero); s.over && check.Granted(answer) {
				s.Inconclusive("%s whose time is up was accepted, so nothing was refused", Noun(s.hero.Kind))
			}
		}},
		"ended": {of: "hero", kills: always, do: func(ctx context.Context, s *story, by string) { s.EndBy(ctx, s.hero, by, s.home...) }},
		"ended-by-another": {of: "hero", kills: always, do: func(ctx context.Context, s *story, by string) {
			s.endThrough(ctx, s.hero, s.Make(ctx, s.hero.Kind), by)
		}},
		"ends-another": {of: "hero", reaches: true, kills: spares("others"), do: func(ctx context.Context, s *story, by string) {
			s.endThrough(ctx, s.Make(ctx, s.hero.Kind), s.hero, by)
		}},
		"end-tried": {do: func(ctx context.Context, s *story, by string) {
			s.Present(ctx, s.ending(s.hero.Kind, by).By.ID(), s.hero)
		}},
		"ends-unknown": {do: func(ctx context.Context, s *story, by string) {
			end := s.ending(s.hero.Kind, by).By
			s.Present(ctx, end.ID(), s.hero, instead(subject, sent{text: s.MadeUp(s.hero.At(end.Takes()[0]))}))
		}},
		"ended-without-authority": {do: func(ctx context.Context, s *story, by string) {
			s.Present(ctx, s.ending(s.hero.Kind, by).By.ID(), s.hero, instead(authority, sent{none: true}))
		}},
		"ended-with-made-up-authority": {do: func(ctx context.Context, s *story, by string) {
			s.Present(ctx, s.ending(s.hero.Kind, by).By.ID(), s.hero, instead(authority, sent{text: s.MadeUp(s.hero.Value)}))
		}},
		"sibling-ended": {of: "hero", reaches: true, kills: spares("siblings"), do: func(ctx context.Context, s *story, by string) {
			s.siblingEnded(ctx, by)
		}},
		"parent-ended": {of: "parent", kills: spares("children"), do: func(ctx context.Context, s *story, by string) {
			s.EndBy(ctx, s.parent, by)
		}},
		"child-ended": {of: "child", kills: spares("parent"), do: func(ctx context.Context, s *story, by string) {
			child := s.Child(ctx, s.hero, s.op.HandsOut().Kind)
			s.Child(ctx, s.hero, s.op.HandsOut().Kind) // it hands out several, or this says nothing
			s.EndBy(ctx, child, by)
		}},
		"another-made": {reaches: true, do: func(ctx context.Context, s *story, _ string) {
			s.others = append(s.others, s.Make(ctx, s.hero.Kind))
		}},
		"renewed": {do: func(ctx context.Context, s *story, _ string) { s.renewal = s.Renew(ctx, s.hero) }},
		"renewal": {do: func(ctx context.Context, s *story, _ string) {
			s.original, s.hero = s.hero, s.Renew(ctx, s.hero)
		}},
		"reissued": {do: func(ctx context.Context, s *story, _ string) { s.hero, s.renewal = s.Reissue(ctx, s.op, s.hero) }},
		"reissue": {do: func(ctx context.Context, s *story, _ string) {
			s.original, s.hero = s.Reissue(ctx, s.op, s.hero)
		}},
		"renewal-ended": {of: "hero", kills: spares("original"), do: func(ctx context.Context, s *story, by string) {
			s.EndBy(ctx, s.renewal, by)
		}},
		"original-ended": {of: "hero", kills: spares("renewal"), do: func(ctx context.Context, s *story, by string) {
			s.EndBy(ctx, s.original, by)
		}},
		"renewal-by-another": {do: func(ctx context.Context, s *story, _ string) {
			s.through = s.Make(ctx, s.hero.Kind)
			s.original, s.hero = s.hero, s.renewThrough(ctx, s.hero, s.through)
		}},
		"renewal-by-another-account": {do: func(ctx context.Context, s *story, _ string) {
			s.through = s.MakeOther(ctx, s.hero.Kind)
			s.original, s.hero = s.hero, s.renewThrough(ctx, s.hero, s.through)
		}},
		"renews-another": {do: func(ctx context.Context, s *story, _ string) {
			s.renewThrough(ctx, s.Make(ctx, s.hero.Kind), s.hero)
		}},
		"authority-ended": {of: "hero", kills: spares("others"), do: func(ctx context.Context, s *story, by string) {
			s.EndBy(ctx, s.through, by)
		}},
		"parent-of-authority-ended": {of: "parent", kills: spares("siblings"), do: func(ctx context.Context, s *story, by string) {
			s.EndBy(ctx, s.through.From, by)
		}},
		"half-spent": {waits: true, do: func(ctx context.Context, s *story, _ string) {
			half, _ := s.HalfSpent(s.hero)
			s.WaitUntil(ctx, half, "more than half of a "+s.hero.Kind+"'s lifetime")
		}},
		"sixth-spent": {waits: true, do: func(ctx context.Context, s *story, _ string) {
			s.WaitUntil(ctx, s.hero.Life.Begun().Add(s.configured(s.hero.hand)/6), "a sixth of a "+s.hero.Kind+"'s lifetime")
		}},
		"third-spent": {waits: true, do: func(ctx context.Context, s *story, _ string) {
			s.WaitUntil(ctx, s.hero.Life.Begun().Add(s.configured(s.hero.hand)/3), "a third of a "+s.hero.Kind+"'s lifetime")
		}},
		nearlyExpired: {waits: true, do: func(ctx context.Context, s *story, _ string) {
			s.UntilJustBefore(ctx, s.hero.Life, Noun(s.hero.Kind))
		}},
		"expired": {waits: true, kills: always, do: func(ctx context.Context, s *story, _ string) {
			s.UntilAfter(ctx, s.hero.Life, Noun(s.hero.Kind))
			s.over = true
			if s.hero.hand.Slides {
				s.Unshared(s.hero.key) // others may have used it
			}
		}},
		"original-expired": {waits: true, do: func(ctx context.Context, s *story, _ string) {
			s.UntilAfter(ctx, s.original.Life, Noun(s.hero.Kind), s.hero.Life)
		}},
		"parent-nearly-expired": {before: true, waits: true, do: func(ctx context.Context, s *story, _ string) {
			s.UntilJustBefore(ctx, s.parent.Life, Noun(s.parent.Kind))
		}},
		"parent-expired": {waits: true, do: func(ctx context.Context, s *story, _ string) {
			s.UntilAfter(ctx, s.parent.Life, Noun(s.parent.Kind), s.hero.Life)
		}},
	}
}

// used uses the hero. Where time has passed, that it lives is another check's matter.
func (s *story) used(ctx context.Context) {
	if !s.aged {
		s.Working(ctx, s.op, s.hero)
		return
	}
	if answer := s.Present(ctx, s.op.ID(), s.hero, As(evidence.Act)); !check.Granted(answer) {
		s.Fresh(answer, s.hero.Value, s.hero.key)
		s.Inconclusive("%s ended before its time, which another check judges", Noun(s.hero.Kind))
	}
}

// siblingEnded ends one of the hero's siblings, between two others: both are to live, whatever the server answers.
func (s *story) siblingEnded(ctx context.Context, by string) {
	ended, later := s.sibling(ctx), s.sibling(ctx)
	s.others, s.siblings = append(s.others, later), 3
	answer := s.Present(ctx, s.ending(s.hero.Kind, by).By.ID(), ended, As(evidence.Act))
	s.last = func() { s.Arranged(answer, check.Granted(answer), answer.Operation.ID()) }
}

func (s *story) sibling(ctx context.Context) *Credential {
	if s.parent != nil {
		return s.Child(ctx, s.parent, s.hero.Kind, s.home...)
	}
	return s.Make(ctx, s.hero.Kind, s.home...)
}

// renewThrough arranges the renewal of a credential by the authority of another. That there is such a thing has a check of its own.
func (s *story) renewThrough(ctx context.Context, c, through *Credential) *Credential {
	hands := s.Client.Document().HandOuts(c.Kind)
	answer := s.Present(ctx, hands[len(hands)-1].By.ID(), c, As(evidence.Arrange), Authorized(through))
	made, ok := s.Read(answer)
	if !ok {
		s.Fresh(answer, c.Value, c.key, through.key)
		s.Skip("the server renews none by the authority of another: "+check.Describe(answer), "nothing: the promise is empty for this server")
	}
	return made
}

// endThrough arranges that a credential is ended by the authority of another.
func (s *story) endThrough(ctx context.Context, c, through *Credential, by string) {
	answer := s.Present(ctx, s.ending(c.Kind, by).By.ID(), c, Authorized(through))
	if !check.Granted(answer) {
		s.Fresh(answer, c.Value, c.key, through.key) // one of them may be over
		s.Inconclusive("ending one %s by the authority of another was answered %s", c.Kind, check.Describe(answer))
	}
}
