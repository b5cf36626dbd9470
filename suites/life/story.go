package life

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
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
	// siblings is how many there were of the hero's, itself among them, when one of them was ended; 0 where none was.
	siblings int
	// original is what the hero was renewed from, and renewal what was made of it.
	original, renewal *Credential
	parent            *Credential
	// through is what authorized something that befell the hero.
	through    *Credential
	dead, over bool // by what the contract says, and by its time
	aged       bool // time has passed since it was made
	last       func()
	home       []Option
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
		s.aged = s.aged || known[name].waits
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
	s.dead = Dead(a.Client.Document(), op, p)
	s.live(ctx)
	switch {
	case slices.Contains(p.Sent, nearMisses):
		s.nearMissed(ctx)
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
		for _, name := range s.sent() {
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
			answer := s.Present(ctx, s.op.ID(), c, options...)
			if s.siblings > 0 && check.Refused(answer) {
				s.InDoubt(ctx, func(own *API) {
					apart := *s
					apart.API = own
					apart.diedAnyway(ctx)
				})
			}
			s.API.accepted(ctx, answer, c, s.what(Noun(c.Kind)))
		}
	}
}

// diedAnyway ends the check where as many siblings do not all live while none of them is ended: that is another check's matter.
func (s *story) diedAnyway(ctx context.Context) {
	made := func() *Credential { return s.Make(ctx, s.hero.Kind, s.home...) }
	if s.parent != nil {
		parent := s.Make(ctx, s.parent.Kind, s.home...)
		made = func() *Credential { return s.Child(ctx, parent, s.hero.Kind, s.home...) }
	}
	var all []*Credential
	for range s.siblings {
		all = append(all, made())
	}
	for i, c := range all {
		if answer := s.Present(ctx, s.op.ID(), c); check.Refused(answer) {
			s.Fresh(answer, c.Value, c.key)
			s.ShownElsewhere(s.op.SuccessRequirement(), Noun(c.Kind)+" works, also beside others", answer,
				fmt.Sprintf("of %d like it, of which none was ended, number %d does not work, so that nothing about the end of one can be judged", len(all), i+1))
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
	ended := s.hero
	if s.dead && len(s.op.Takes()) > 1 { // the place that is not asked about has one that lives
		through := s.Make(ctx, s.kind())
		if s.p.At == authority {
			s.hero, through = through, s.hero
		}
		options = append(options, Authorized(through))
	}
	ask := func() *client.Answer { return s.Present(ctx, s.op.ID(), s.hero, options...) }
	if !slices.Contains(s.p.After, "expired") || len(s.op.Takes()) > 1 || s.hero.hand.Slides {
		answer := ask()
		s.liveOn(ctx, ended, answer)
		if slices.Contains(s.p.After, "expired") && check.Granted(answer) {
			s.Unshared(ended.key)
		}
		if s.p.After != nil && s.p.After[len(s.p.After)-1] == "ended" && s.op.HandsOut() == nil && check.Granted(answer) {
			s.FailGranted(what+" is refused with a 4xx status", check.Describe(answer)+"; "+s.lingers(ctx, answer, options))
		}
		s.ExpectNothing(ctx, answer, what)
		s.refusedElsewhere(ctx, what)
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
		} else {
			s.Unshared(ended.key) // it lives on as whoever's it is as well
		}
		return answer
	})
	s.refusedElsewhere(ctx, what)
}

// lingers says how long what was ended lives on, as one that ended so was looked at: no cache keeps it for ever, and a forgotten end does.
func (s *story) lingers(ctx context.Context, answer *client.Answer, options []Option) string {
	key := strings.Join(append([]string{"lingers", s.op.ID(), s.hero.Kind, s.p.By}, s.p.After...), " ")
	text, _, err := ledger.Do(ctx, &s.Ledger.Own, key, func() (text string, _ error) {
		s.Together(ctx, 1, func(_ int, own *API) {
			text = own.LivesOn(ctx, answer, func() *client.Answer { return own.Present(ctx, s.op.ID(), s.hero, options...) })
		})
		return text, nil
	})
	if err != nil || text == "" {
		return "how long it lives on was not seen"
	}
	return text
}

// refusedElsewhere expects that what is over is refused by every other operation too that it opened, and that has no promise of its own about it.
func (s *story) refusedElsewhere(ctx context.Context, what string) {
	if !s.dead || s.p.By != "" || s.p.Everywhere || s.op != s.Opener(s.kind()) {
		return
	}
	for _, op := range s.Client.Document().Operations() {
		takes := op.Takes()
		if op == s.op || op.HandsOut() != nil || op.Ends() != nil || op.Clears() || len(takes) != 1 || takes[0].Kind != s.kind() || role(takes[0]) != s.at() {
			continue
		}
		if _, own := plainly(op, openapi.Promise{After: s.p.After}); own || !check.Granted(s.Present(ctx, op.ID(), s.Make(ctx, s.kind()), As(evidence.Control))) {
			continue
		}
		s.ExpectNothing(ctx, s.Present(ctx, op.ID(), s.hero), what+", also at "+op.ID()+",")
	}
}

// liveOn ends the check where what it is about did not come about: what should have ended still opens what it opened before. That is another
// promise, and this one, of what else is refused to it, cannot be judged.
func (s *story) liveOn(ctx context.Context, ended *Credential, answer *client.Answer) {
	opener := s.Opener(ended.Kind)
	own := opener == s.op && s.p.By == "" && s.p.At != authority
	if !s.dead || own || !check.Granted(answer) {
		return
	}
	for _, name := range slices.Compact([]string{s.p.By, ""}) {
		p, ok := plainly(opener, openapi.Promise{By: name, After: s.p.After[len(s.p.After)-1:]})
		if !ok || opener == s.op && name == s.p.By {
			continue
		}
		still := s.Present(ctx, opener.ID(), ended, By(name))
		if s.Gives(ctx, still) == "" && (opener.HandsOut() != nil || !check.Granted(still)) {
			continue
		}
		after := strings.Join(p.After, ", ")
		s.ShownElsewhere(p.Requirement, Noun(ended.Kind)+" that is over is refused ("+after+")", still,
			Noun(ended.Kind)+" still works that should be over ("+after+"), so that nothing else about its end can be judged")
	}
}

// alwaysAnswered expects the success of an end whatever it is told to end.
func (s *story) alwaysAnswered(ctx context.Context) {
	names := s.p.Sent
	if len(names) == 0 {
		names = []string{"itself"}
	}
	for _, name := range names {
		options := s.sending(ctx, name)
		if s.dead && len(s.op.Takes()) > 1 {
			options = append(options, Authorized(s.Make(ctx, s.kind())))
		}
		answer := s.Present(ctx, s.op.ID(), s.hero, options...)
		if !check.Succeeded(answer) && !s.dead {
			s.Fresh(answer, s.hero.Value, s.hero.key) // it may be what authorizes, and over
		}
		if name == "itself" {
			s.Expect(answer).To(check.HaveStatus(s.op.Success()))
		}
		s.Expect(answer).To(check.HaveStatus(s.op.Success()), "for "+words(name, s.kind()))
	}
}

// rule judges a promise of an operation.
type rule func(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise)
