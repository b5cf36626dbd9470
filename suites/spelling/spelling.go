// Package spelling writes requests in other ways than the rest of the suites do, each as legal as theirs: as HTTP, URIs and JSON let
// every client write them, and as clients in use do. Every life of the contract is lived once in each spelling.
package spelling

import (
	"context"
	"fmt"
	"slices"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
	"example.org/conform/suites/walk"
)

// Declare declares a check for each spelling. It belongs to a requirement of any HTTP API, or to the vendor's own where the
// document's samples write so.
func Declare[A life.Living](s *check.Suite[A]) {
	types.MarkAsHelper()
	samples, all := s.Contract.Samples(), spellings()
	for _, slug := range samples.Spellings {
		if !slices.ContainsFunc(all, func(sp spelling) bool { return sp.slug == slug }) {
			s.Fail(fmt.Errorf("%s: x-samples: nothing is called %q in which a request could be written", s.Contract.Place(samples.Requirement), slug))
		}
	}
	for _, sp := range all {
		requirement, generated := sp.requirement, ""
		if own := samples.Of(sp.slug); own != "" {
			requirement, generated = own, s.Contract.Place(own)
		}
		s.Check(sp.slug, "understands requests with "+sp.words, func(ctx context.Context, api A) {
			judge(ctx, api.Life(), sp)
		}, check.Proves(requirement), check.Generated("spelling.Declare", generated))
	}
}

// judge lives every life in a spelling. Where it does not come to its end, the same lives in plain writing tell whether that is the
// spelling's doing.
func judge(ctx context.Context, a *life.API, sp spelling) {
	line := walk.Line(ctx, a, life.With(sp.write))
	if line.End == nil {
		a.Note("requests with %s are understood", sp.words)
		return
	}
	if line.End.Kind != check.Broken {
		a.EndAs(line.End)
	}
	if plain := walk.Line(ctx, a); plain.End != nil {
		a.Inconclusive("the same requests in plain writing are not understood either: %s", plain.End.Reason)
	}
	a.Exhibit(line.Answers)
	a.Fail(line.End.Expected+", also for requests with "+sp.words, line.End.Actual)
}
