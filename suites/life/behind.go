package life

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// otherWords are the words that some releases take before a credential, beside the one that this server is told to take.
func (a *API) otherWords(p openapi.Place) []string {
	own := a.written(p, nil, "")
	return slices.DeleteFunc(slices.Clone(p.Scheme.Also), func(word string) bool { return word == own })
}

// worksBehindAnotherWord uses the hero behind each further word that the server knows for its scheme.
func (s *story) worksBehindAnotherWord(ctx context.Context) {
	taken := false
	for _, word := range s.otherWords(s.op.Takes()[0]) {
		taken = check.Granted(s.Present(ctx, s.op.ID(), s.hero, Raw(word+s.hero.Value), As(evidence.Act))) || taken
	}
	if !taken {
		s.Skip("the server takes "+Noun(s.hero.Kind)+" behind one word alone", "nothing: the promise is empty for this server")
	}
}

// endedBehindEveryWord ends a credential behind each word that the server knows for its scheme, and expects that it is accepted behind
// none of them afterwards.
func endedBehindEveryWord(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	kind := kindAt(op, p)
	place, end := op.Takes()[0], a.ending(kind, "").By
	own := a.written(place, nil, "")
	all := append([]string{own}, a.otherWords(place)...)
	a.Against(a.WorkingNow(ctx, op, kind), func() {
		for _, by := range all {
			c := a.Make(ctx, kind)
			if by != own && !check.Granted(a.Present(ctx, op.ID(), c, Raw(by+c.Value), As(evidence.Control))) {
				continue // the server does not know the word
			}
			answer := a.Present(ctx, end.ID(), c, Raw(by+c.Value), As(evidence.Arrange))
			if by != own && !check.Granted(answer) {
				continue // or not for this
			}
			a.Arranged(answer, check.Granted(answer), end.ID())
			for _, word := range all {
				what := fmt.Sprintf("the %s request behind the word %s with a %s that was ended behind the word %s",
					op.ID(), strings.TrimSpace(word), kind, strings.TrimSpace(by))
				a.ExpectNothing(ctx, a.Present(ctx, op.ID(), c, Raw(word+c.Value)), what)
			}
		}
	})
}
