package life

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// story is what befalls a credential before it is presented.
type story struct {
	*API
	op *openapi.Operation // at which it is presented
	p  openapi.Promise
	// hero is the credential, others those that have to be as it is.
	hero   *Credential
	others []*Credential
	// original is what the hero was renewed from, and renewal what was made of it.
	original, renewal *Credential
	parent            *Credential
	parentLife        check.Lifetime
	dead, over        bool // by what the contract says, and by its time
	last              func()
	home              []Option
}

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
		"used": {do: func(ctx context.Context, s *story, _ string) { s.Working(ctx, s.op, s.hero) }},
		"works": {do: func(ctx context.Context, s *story, _ string) {
			s.ExpectAccepted(ctx, s.op, s.hero, noun(s.hero.Kind)+" within its lifetime")
		}},
		"tried": {do: func(ctx context.Context, s *story, _ string) {
			if answer := s.Present(ctx, s.op.ID(), s.hero); s.over && check.Granted(answer) {
				s.Inconclusive("%s whose time is up was accepted, so nothing was refused", noun(s.hero.Kind))
			}
		}},
		"ended": {of: "hero", kills: always, do: func(ctx context.Context, s *story, by string) { s.EndBy(ctx, s.hero, by, s.home...) }},
		"ended-by-another": {of: "hero", kills: always, do: func(ctx context.Context, s *story, by string) {
			s.endThrough(ctx, s.hero, s.Make(ctx, s.hero.Kind), by)
		}},
		"ends-another": {of: "hero", reaches: true, kills: spares("others"), do: func(ctx context.Context, s *story, by string) {
			s.endThrough(ctx, s.Make(ctx, s.hero.Kind), s.hero, by)
		}},
		"ends-unknown": {do: func(ctx context.Context, s *story, by string) {
			made := sent{text: s.MadeUp(s.hero.Value)}
			s.Present(ctx, s.ending(s.hero.Kind, by).By.ID(), s.hero, instead(subject, made))
		}},
		"ended-without-authority": {do: func(ctx context.Context, s *story, by string) {
			s.Present(ctx, s.ending(s.hero.Kind, by).By.ID(), s.hero, instead(authority, sent{none: true}))
		}},
		"ended-with-made-up-authority": {do: func(ctx context.Context, s *story, by string) {
			s.Present(ctx, s.ending(s.hero.Kind, by).By.ID(), s.hero, instead(authority, sent{text: s.MadeUp(s.hero.Value)}))
		}},
		"sibling-ended": {of: "hero", reaches: true, kills: spares("siblings"), do: func(ctx context.Context, s *story, by string) { s.siblingEnded(ctx, by) }},
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
		"renewal-ended": {of: "hero", kills: spares("original"), do: func(ctx context.Context, s *story, by string) {
			s.EndBy(ctx, s.renewal, by)
		}},
		"original-ended": {of: "hero", kills: spares("renewal"), do: func(ctx context.Context, s *story, by string) {
			s.EndBy(ctx, s.original, by)
		}},
		"half-spent": {waits: true, do: func(ctx context.Context, s *story, _ string) {
			s.WaitUntil(ctx, s.hero.Life.Begun().Add(s.configured(s.hero.hand)*4/7), "more than half of a "+s.hero.Kind+"'s lifetime")
		}},
		"nearly-expired": {waits: true, do: func(ctx context.Context, s *story, _ string) {
			s.UntilJustBefore(ctx, s.hero.Life, noun(s.hero.Kind))
		}},
		"expired": {waits: true, kills: always, do: func(ctx context.Context, s *story, _ string) {
			s.UntilAfter(ctx, s.hero.Life, noun(s.hero.Kind))
			s.over = true
			if s.hero.hand.Slides {
				s.Unshared(s.hero.key) // others may have used it
			}
		}},
		"original-expired": {waits: true, do: func(ctx context.Context, s *story, _ string) {
			s.UntilAfter(ctx, s.original.Life, noun(s.hero.Kind), s.hero.Life)
		}},
		"parent-nearly-expired": {before: true, waits: true, do: func(ctx context.Context, s *story, _ string) {
			s.UntilJustBefore(ctx, s.parent.Life, noun(s.parent.Kind))
		}},
		"parent-expired": {waits: true, do: func(ctx context.Context, s *story, _ string) {
			s.UntilAfter(ctx, s.parent.Life, noun(s.parent.Kind), s.hero.Life)
		}},
	}
}

// siblingEnded ends one of the hero's siblings, between two others: both are to live, whatever the server answers.
func (s *story) siblingEnded(ctx context.Context, by string) {
	ended, later := s.sibling(ctx), s.sibling(ctx)
	s.others = append(s.others, later)
	answer := s.Present(ctx, s.ending(s.hero.Kind, by).By.ID(), ended, As(evidence.Act))
	s.last = func() { s.Arranged(answer, check.Granted(answer), answer.Operation.ID()) }
}

func (s *story) sibling(ctx context.Context) *Credential {
	if s.parent != nil {
		return s.Child(ctx, s.parent, s.hero.Kind, s.home...)
	}
	return s.Make(ctx, s.hero.Kind, s.home...)
}

// endThrough arranges that a credential is ended by the authority of another.
func (s *story) endThrough(ctx context.Context, c, through *Credential, by string) {
	answer := s.Present(ctx, s.ending(c.Kind, by).By.ID(), c, Authorized(through))
	if answer.Err != nil || answer.Status/100 != 2 {
		s.Inconclusive("ending one %s by the authority of another was answered %s", c.Kind, check.Describe(answer))
	}
}

// live lives the story up to the moment at which the credential is presented.
func (s *story) live(ctx context.Context) {
	kind := s.kind()
	known := steps()
	if s.p.Everywhere {
		s.home = []Option{At(s.Target.Instances[0])}
	}
	if from := s.hand(kind).From; from != "" {
		s.parent = s.Make(ctx, from, s.home...)
	}
	born := false
	for _, name := range s.p.After {
		name, by, _ := strings.Cut(name, " by ")
		if !born && !known[name].before {
			s.born(ctx, kind)
			born = true
		}
		known[name].do(ctx, s, by)
	}
	if !born {
		s.born(ctx, kind)
	}
}

func (s *story) born(ctx context.Context, kind string) {
	if s.parent != nil {
		s.hero = s.Child(ctx, s.parent, kind, s.home...)
		return
	}
	s.hero = s.Make(ctx, kind, s.home...)
}

// kind is the kind of the place that the promise is about.
func (s *story) kind() string { return kindAt(s.op, s.p) }

func kindAt(op *openapi.Operation, p openapi.Promise) string {
	for _, place := range op.Takes() {
		if p.At == "" || role(place) == p.At {
			return place.Kind
		}
	}
	return ""
}

// judge lives the story of a promise and presents its credential: as its life says, it is accepted or not.
func judge(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	s := &story{API: a, op: op, p: p}
	s.dead = dead(a.Client.Document(), op, p)
	s.live(ctx)
	switch {
	case op.Ends() != nil && op.Ends().Always:
		s.alwaysAnswered(ctx)
	case len(p.Sent) > 0 && p.Status != 0:
		s.Against(s.control(ctx, nil), func() {
			for _, name := range p.Sent {
				answer := s.Present(ctx, op.ID(), s.hero, s.sending(ctx, name)...)
				s.Expect(answer).To(check.HaveStatus(p.Status), s.what("with "+words(name, s.kind())))
			}
		})
	case len(p.Sent) > 0:
		for _, name := range p.Sent {
			s.refused(ctx, s.sending(ctx, name), s.what("the "+op.ID()+" request with "+words(name, s.kind())))
		}
	case s.dead:
		s.refused(ctx, s.by(), s.what(strings.Join(p.After, ", ")))
	default:
		s.accepted(ctx)
	}
	if s.last != nil {
		s.last()
	}
}

func (s *story) what(otherwise string) string {
	if s.p.What != "" {
		return s.p.What
	}
	return otherwise
}

func (s *story) by() []Option {
	if s.p.By != "" {
		return []Option{By(s.p.By)}
	}
	return nil
}

// bases are the instances at which the credential is presented, "" for the target's own address.
func (s *story) bases() []string {
	switch {
	case !s.p.Everywhere:
		return []string{""}
	case s.dead:
		return s.Target.Instances[1:]
	}
	return s.Target.Instances
}

// accepted expects that the credential is, and all that are to be as it is.
func (s *story) accepted(ctx context.Context) {
	for _, base := range s.bases() {
		for _, c := range append([]*Credential{s.hero}, s.others...) {
			options := s.by()
			if base != "" {
				options = append(options, At(base))
			}
			if s.p.By != "" && s.op.HandsOut() == nil {
				s.Working(ctx, s.op, c)
			}
			s.ExpectAccepted(ctx, s.op, c, s.what(noun(c.Kind)), options...)
		}
	}
}

// refused expects, between controls, that the credential is not accepted. Where it has ended the control is another one that is
// made after it: the end may have reached any before.
func (s *story) refused(ctx context.Context, options []Option, what string) {
	for _, base := range s.bases() {
		options := options
		var there []Option
		if base != "" {
			there = []Option{At(base)}
			options = append(slices.Clone(options), there...)
		}
		control := s.control(ctx, there)
		s.Against(control, func() { s.isRefused(ctx, options, what) })
	}
}

func (s *story) control(ctx context.Context, there []Option) check.Control {
	if s.dead || s.op.HandsOut() != nil {
		return s.WorkingNow(ctx, s.op, s.kind(), there...)
	}
	return s.Working(ctx, s.op, s.hero, there...)
}

func (s *story) isRefused(ctx context.Context, options []Option, what string) {
	if s.dead && len(s.op.Takes()) > 1 && s.p.At != authority {
		options = append(options, Authorized(s.Make(ctx, s.kind())))
	} else if s.dead && s.p.At == authority && len(s.op.Takes()) > 1 {
		dead := s.hero
		s.hero = s.Make(ctx, s.kind())
		options = append(options, Authorized(dead))
	}
	ask := func() *client.Answer { return s.Present(ctx, s.op.ID(), s.hero, options...) }
	if !slices.Contains(s.p.After, "expired") || len(s.op.Takes()) > 1 || s.hero.hand.Slides {
		s.ExpectNothing(ctx, ask(), what)
		return
	}
	promise := what + " is refused with a 4xx status"
	if h := s.op.HandsOut(); h != nil {
		promise = what + " gives no " + h.Kind
	}
	s.ExpectOver(ctx, s.hero.Life, promise, func() *client.Answer {
		answer := ask()
		if check.Refused(answer) {
			s.ExpectNothing(ctx, answer, what)
		}
		return answer
	})
}

// alwaysAnswered expects the success of an end whatever it is told to end.
func (s *story) alwaysAnswered(ctx context.Context) {
	var options []Option
	for _, name := range s.p.Sent {
		options = s.sending(ctx, name)
	}
	if s.dead && len(s.op.Takes()) > 1 {
		options = append(options, Authorized(s.Make(ctx, s.kind())))
	}
	s.Expect(s.Present(ctx, s.op.ID(), s.hero, options...)).To(check.HaveStatus(s.op.Success()))
}

// dead says whether the credential of a promise has ended by what the contract says.
func dead(d *openapi.Document, op *openapi.Operation, p openapi.Promise) bool {
	gone := false
	for _, name := range p.After {
		name, by, _ := strings.Cut(name, " by ")
		st := steps()[name]
		switch {
		case name == "renewal":
			gone = false
		case name == "renewed":
			hands := d.HandOuts(kindAt(op, p))
			gone = gone || len(hands) > 0 && hands[len(hands)-1].Rotates
		case st.kills == nil:
		case st.of == "":
			gone = true
		default:
			if e := endOf(d, op, p, st.of, by); e != nil && st.kills(e) {
				gone = true
			}
		}
	}
	return gone
}

// endOf is the operation that a step ends by, nil where the contract has none.
func endOf(d *openapi.Document, op *openapi.Operation, p openapi.Promise, of, by string) *openapi.End {
	kind := kindAt(op, p)
	switch hands := d.HandOuts(kind); {
	case of == "parent" && len(hands) > 0:
		kind = hands[0].From
	case of == "child" && op.HandsOut() != nil:
		kind = op.HandsOut().Kind
	}
	for _, e := range d.Ends(kind) {
		if by == "" || e.By.ID() == by {
			return e
		}
	}
	return nil
}

// ruleFor finds what judges a promise, or says why the contract contradicts itself in it.
func ruleFor(d *openapi.Document, op *openapi.Operation, p openapi.Promise) (rule, []check.Option, error) {
	var options []check.Option
	waits, reaches := false, false
	for _, name := range p.After {
		name, by, _ := strings.Cut(name, " by ")
		st, known := steps()[name]
		switch {
		case !known:
			return nil, nil, fmt.Errorf("nothing is called %q that can befall a credential", name)
		case st.of != "" && endOf(d, op, p, st.of, by) == nil:
			return nil, nil, fmt.Errorf("%q: the contract says of no operation that it ends such a credential", name)
		}
		waits, reaches = waits || st.waits, reaches || st.reaches
	}
	if waits {
		options = append(options, check.Waiting())
	}
	if reaches {
		options = append(options, check.Reaching())
	}
	if p.Everywhere {
		options = append(options, check.Needs("instances"))
	}
	if p.At == "password" || p.At == "name" {
		return passwordRule(op, p, options)
	}
	if p.Rule != "" {
		r, known := rules()[p.Rule]
		if !known {
			return nil, nil, fmt.Errorf("there is no rule %q", p.Rule)
		}
		if r.spends != "" {
			options = append(options, check.Spends(r.spends))
		}
		if r.waits {
			options = append(options, check.Waiting())
		}
		if r.reaches {
			options = append(options, check.Reaching())
		}
		return r.judge, options, nil
	}
	if kindAt(op, p) == "" {
		return nil, nil, fmt.Errorf("the operation takes no credential")
	}
	for _, name := range p.Sent {
		if !knownSent(d, name) {
			return nil, nil, fmt.Errorf("nothing is called %q that can be sent in the place of a credential", name)
		}
	}
	if len(p.Sent) == 0 && len(p.After) == 0 && p.By == "" && !p.Everywhere {
		return nil, nil, fmt.Errorf("it says nothing that could be tried")
	}
	return judge, options, nil
}

// rule judges a promise of an operation.
type rule func(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise)
