// Package spelt writes requests in other ways than the rest of the suites do, each as legal as theirs: as HTTP, URIs and JSON let
// every client write them, and as clients in use do. Every life of the contract is lived once in each spelling.
//
// Spellings of different parts of a request are written together first, in one walk for all their checks; where that walk comes to its
// end, each is understood, and where it does not, each is tried alone. Nothing is judged by the walk of several but that all is well.
// That is no weaker than a walk each: every request of such a walk is written in each of its spellings, and a server that
// does not understand one of them does not understand the request, unless another spelling mends for it what the one breaks. For
// that, one reader of the server would have to look at both, and what one reader looks at is one part (see spelling.Groups). What a
// server may decline is tried alone, since there is something to be said of it either way.
package spelt

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/spelling"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/specs"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
	"example.org/conform/suites/walk"
)

// Declare declares a check for each spelling. It belongs to a requirement of any HTTP API, or to the vendor's own where the
// document's samples write so.
func Declare[A life.Living](s *check.Suite[A]) {
	types.MarkAsHelper()
	samples := s.Contract.Samples()
	for _, slug := range slices.Concat(samples.Spellings, samples.First, samples.AnyForm) {
		if _, err := spelling.Of(slug); err != nil {
			s.Fail(fmt.Errorf("%s: x-samples: %w", s.Contract.Place(samples.Requirement), err))
		}
	}
	for _, sp := range spelling.All() {
		if !sp.Changes(s.Contract) {
			continue
		}
		requirement, generated := sp.Requirement, ""
		if own := samples.Of(sp.Slug); own != "" {
			requirement, generated = own, s.Contract.Place(own)
		}
		s.Check(sp.Slug, "understands requests with "+sp.Words, func(ctx context.Context, api A) {
			judge(ctx, api.Life(), sp, requirement, mustOf(s))
			if sp.Slug == spelling.Literals {
				withOddPassword(ctx, api.Life(), sp, requirement, mustOf(s))
			}
		}, check.Proves(requirement), check.Generated("spelt.Declare", generated))
	}
	if orders := spelling.Orders(s.Contract); len(orders) > 0 {
		s.Check(spelling.InAnyOrder, "understands requests with "+orders[0].Words, func(ctx context.Context, api A) {
			for _, sp := range orders {
				judge(ctx, api.Life(), sp, sp.Requirement, mustOf(s))
			}
		}, check.Proves(orders[0].Requirement), check.Generated("spelt.Declare", ""))
	}
	declareStale(s)
	declareNobody(s)
}

// withOddPassword judges a spelling again for an account whose password has what it writes, where the target's own has nothing of it.
func withOddPassword(ctx context.Context, a *life.API, sp spelling.Spelling, requirement string, must func(string) bool) {
	odd, has := a.Target.Accounts[target.OddPassword]
	if !has || strings.ContainsAny(a.Password(), spelling.LiteralCharacters) {
		return
	}
	made := a.Together(ctx, 1, func(_ int, own *life.API) {
		other := *own.Target
		other.Account.Username, other.Account.DownLevelName, other.Account.Password = odd.Username, odd.DownLevelName, odd.Password
		own.Otherwise(func(env *check.Env) { env.Target = &other })
		alone(ctx, own, sp, requirement, must)
	})[0]
	if made.End != nil {
		a.Exhibit(made.Answers)
		a.EndAs(made.End)
	}
}

// judge lives every life in a spelling, unless they were lived in it and others already. Where it does not come to its end, the same
// lives in plain writing tell whether that is the spelling's doing.
func judge(ctx context.Context, a *life.API, sp spelling.Spelling, requirement string, must func(string) bool) {
	if sp.Slug == spelling.HTTP2 {
		spoken(ctx, a, sp)
	}
	if understoodWithOthers(ctx, a, sp) {
		a.Note("requests with %s are understood", sp.Words)
		return
	}
	alone(ctx, a, sp, requirement, must)
}

// mustOf says which promises of a suite are a MUST.
func mustOf[A any](s *check.Suite[A]) func(requirement string) bool {
	return func(requirement string) bool {
		r, known := s.Catalogue.Find(s.Contract.Profile(), requirement)
		return known && r.Level == specs.Must
	}
}

// alone is judge for a spelling of which nothing is known yet. What breaks a promise that is no MUST breaks it in plain writing as well: a
// spelling that comes as far as that one is understood as far as anything is.
func alone(ctx context.Context, a *life.API, sp spelling.Spelling, requirement string, must func(string) bool) {
	spelt := []life.Option{life.With(sp.Write)}
	if slices.Contains(a.Client.Document().Samples().AnyForm, sp.Slug) {
		spelt = append(spelt, life.Undescribed)
	}
	line, broke := walk.Line(ctx, a, spelt...)
	if line.End == nil {
		a.Note("requests with %s are understood", sp.Words)
		return
	}
	if line.End.Status != verdict.Failed {
		a.EndAs(line.End)
	}
	if n := len(line.Answers); requirement == sp.Requirement && n > 0 && sp.Declines(line.Answers[n-1].Status) {
		a.Note("requests with %s are declined, or answered in another form, as they may be", sp.Words)
		return
	}
	var apart []life.Option
	plainly := "in plain writing too"
	if write := sp.Apart(); write != nil {
		apart = append(apart, life.With(write))
		plainly += ", where the connection is to be closed as here"
	}
	switch plain, breaks := walk.Line(ctx, a, apart...); {
	case plain.End == nil:
	case plain.End.Outlived:
		a.EndAs(plain.End)
	case plain.End.Status == verdict.Failed && breaks == broke && !must(broke):
		a.Note("requests with %s are understood as far as those in plain writing, which end at what breaks %s", sp.Words, broke)
		return
	default:
		a.Inconclusive("the same steps fail %s, so that a spelling shows nothing: %s", plainly, plain.End.Reason)
	}
	a.Exhibit(line.Answers)
	if by := a.Ledger.Weather(); by != "" && sp.Hop() {
		a.Inconclusive("requests with %s are not understood, which a gateway reads in the API's stead; there is one: %s", sp.Words, by)
	}
	if n := len(line.Answers); n > 0 && sp.Hop() && line.Answers[n-1].Cut() {
		a.Inconclusive("requests with %s get no answer while others do; whether that is the server's doing, or of what stands before it and reads them first, "+
			"cannot be told from here: %s", sp.Words, line.End.Actual)
	}
	if len(line.Answers) > 0 {
		fails, unspelt := failAgain(ctx, a, spelt...)
		sometimes := unspelt > 0 && fails < more
		if sometimes {
			// What fails now and then, however it is written, is a breach of what the walk asked about.
			a.Breach(evidence.Violation{
				Requirement: broke, Place: "now and then", Expected: line.End.Expected, Actual: line.End.Actual,
			}, line.Answers[len(line.Answers)-1])
		}
		if sometimes || fails == 0 {
			a.Note("requests with %s are understood as others are, which is not each time", sp.Words)
			return
		}
	}
	a.FailOf(broke, line.End.Expected+", also for requests with "+sp.Words, line.End.Actual+"; the same steps come to their end in plain writing")
}

// more is how often a walk is made again that once did not come to its end: a balancer that reads half a request sends some of them
// right.
const more = 5

// sure is how many of them in a row are enough, where none in plain writing breaks.
const sure = 3

// failAgain counts how many of so many more walks break a promise, and of as many in plain writing, now before and now after them: what fails
// now and then, or each third time, meets both alike. What breaks each time while plain writing does not is the spelling's doing, and is
// not tried on: of what breaks off nobody can end what it began.
func failAgain(ctx context.Context, a *life.API, spelt ...life.Option) (fails, plainly int) {
	broke := func(options ...life.Option) int {
		line, _ := walk.Line(ctx, a, options...)
		if line.End == nil {
			return 0
		}
		if line.End.Status != verdict.Failed {
			a.EndAs(line.End) // it says nothing about the server
		}
		return 1
	}
	for i := range more {
		if i%2 == 0 {
			fails += broke(spelt...)
			plainly += broke()
		} else {
			plainly += broke()
			fails += broke(spelt...)
		}
		if i == sure-1 && fails == sure && plainly == 0 {
			break
		}
	}
	return fails, plainly
}

// spoken skips the check where the server does not speak HTTP/2, which nothing obliges it to. What it is asked is no login, since
// one of Windows goes in HTTP/1.1 wherever others could do without.
func spoken(ctx context.Context, a *life.API, sp spelling.Spelling) {
	if !strings.HasPrefix(strings.ToLower(a.Target.URL), "https:") {
		a.Skip("HTTP/2 is tried over TLS alone", "give the https address of the server as its url")
	}
	kind, _ := life.Carried(a.Client.Document())
	answer := a.Present(ctx, a.Opener(kind).ID(), a.Make(ctx, kind), life.With(sp.Write))
	if answer.Proto != "" && answer.Proto != "HTTP/2.0" {
		a.Skip("the server does not offer HTTP/2: it answers in "+answer.Proto, "have the server, or what stands before it, offer h2 by ALPN")
	}
}

// understoodWithOthers says whether every life comes to its end in the spellings of a group together. The first check of the group
// that asks makes the walk.
func understoodWithOthers(ctx context.Context, a *life.API, sp spelling.Spelling) bool {
	group, ok := spelling.GroupOf(sp)
	if !ok {
		return false
	}
	understood, _, err := ledger.Do(ctx, &a.Ledger.Own, "spelt "+group.Name(), func() (bool, error) {
		line, _ := walk.Line(ctx, a, life.With(group.Write))
		return line.End == nil, nil
	})
	return err == nil && understood
}
