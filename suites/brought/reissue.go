package brought

import (
	"fmt"

	"example.org/conform/openapi"
)

// reissue ties what is promised of a use that gives a fresh value: of the fresh one, of the old one, and of when the fresh one ends.
func (g *generator) reissue(op *openapi.Operation) {
	h := op.Reissues()
	by := said{origin: g.doc.OriginOfReissue(op), because: "each use gives a fresh " + h.Kind}
	works := g.require(op, "REISSUES", use, fmt.Sprintf("Each use of %s gives a fresh %s, which works.", op.ID(), h.Kind), by)
	g.promise(op, works, "fresh-by-"+g.slug(op), openapi.Promise{Title: "gives a fresh " + h.Kind + " that works", Rule: "reissue-works"})
	if h.Rotates {
		isNew := g.require(op, "REISSUES-ANOTHER", use, fmt.Sprintf("The %s that %s gives is another than the one that was used.", h.Kind, op.ID()), by)
		g.promise(op, isNew, "another-by-"+g.slug(op), openapi.Promise{Title: "gives another " + h.Kind + " by each use", Rule: "reissue-is-new"})
		dead := g.require(op, "REJECTED-REISSUED", use, fmt.Sprintf("%s is refused with a %s for which it has given a fresh one.", op.ID(), h.Kind), by)
		g.promise(op, dead, "old-at-"+g.slug(op), openapi.Promise{
			Title: "refuses a " + h.Kind + " for which a fresh one was given", After: []string{"reissued"}, What: "a " + h.Kind + " that was used once",
		})
	} else {
		alive := g.require(op, "LIVES-ON-REISSUED", use, fmt.Sprintf("A %s works on when %s has given a fresh one for it.", h.Kind, op.ID()), by)
		g.promise(op, alive, "old-at-"+g.slug(op), openapi.Promise{
			Title: "accepts a " + h.Kind + " for which a fresh one was given", After: []string{"reissued"}, What: "a " + h.Kind + " that was used once",
		})
	}
	needs := "expiry." + h.Lifetime
	until := g.require(op, "REISSUED-LIVES-ON-UNTIL-END", expiry, fmt.Sprintf("A fresh %s that %s gave works until its own time is up.", h.Kind, op.ID()), by, needs)
	g.promise(op, until, "fresh-outlives-old", openapi.Promise{
		Title: "accepts a fresh " + h.Kind + " when the old one's time is up", After: []string{"half-spent", "reissue", "original-expired"},
		What: "a fresh " + h.Kind + " after the end of the old one",
	})
	after := g.require(op, "REISSUED-REJECTED-EXPIRED", expiry, fmt.Sprintf("%s is refused with a fresh %s whose time is up.", op.ID(), h.Kind), by, needs)
	g.promise(op, after, "fresh-expired", openapi.Promise{
		Title: "refuses a fresh " + h.Kind + " whose time is up", After: []string{"reissue", "expired"}, What: "a fresh " + h.Kind + " whose time is up",
	})
}
