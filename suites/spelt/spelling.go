// Package spelt writes requests in other ways than the rest of the suites do, each as legal as theirs: as HTTP, URIs and JSON let
// every client write them, and as clients in use do. Every life of the contract is lived once in each spelling.
package spelt

import (
	"context"
	"fmt"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/spelling"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
	"example.org/conform/suites/walk"
)

// Declare declares a check for each spelling. It belongs to a requirement of any HTTP API, or to the vendor's own where the
// document's samples write so.
func Declare[A life.Living](s *check.Suite[A]) {
	types.MarkAsHelper()
	samples := s.Contract.Samples()
	for _, slug := range append(samples.Spellings, samples.First...) {
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
			judge(ctx, api.Life(), sp, requirement)
		}, check.Proves(requirement), check.Generated("spelt.Declare", generated))
	}
}

// judge lives every life in a spelling. Where it does not come to its end, the same lives in plain writing tell whether that is the
// spelling's doing.
func judge(ctx context.Context, a *life.API, sp spelling.Spelling, requirement string) {
	line := walk.Line(ctx, a, life.With(sp.Write))
	if line.End == nil {
		a.Note("requests with %s are understood", sp.Words)
		return
	}
	if line.End.Status != verdict.Failed {
		a.EndAs(line.End)
	}
	if n := len(line.Answers); requirement == sp.Requirement && n > 0 && line.Answers[n-1].Status == sp.Declined {
		a.Note("requests with %s are declined, or answered in another form, as they may be", sp.Words)
		return
	}
	if plain := walk.Line(ctx, a); plain.End != nil {
		a.Inconclusive("the same requests in plain writing are not understood either: %s", plain.End.Reason)
	}
	a.Exhibit(line.Answers)
	a.Fail(line.End.Expected+", also for requests with "+sp.Words, line.End.Actual)
}
