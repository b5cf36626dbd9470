package brought

import (
	"fmt"

	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/life"
)

// given ties what becomes of credentials of a kind that the target gives.
func (g *generator) given(kind string) {
	at := g.opener(kind)
	g.guarded(at)
	g.otherWays(at)
	by := said{origin: g.doc.OriginOfSecurity(at), because: "it takes a " + kind + ", which an administrator has made"}
	another := g.require(at, "ACCEPTED-ANOTHER", use, fmt.Sprintf("%s takes the %s of another account as well.", at.ID(), kind), by, "accounts."+target.AnotherToken)
	g.promise(at, another, "of-another-account", openapi.Promise{
		Title: "accepts the " + kind + " of another account", Rule: "works-for-another", What: "the " + kind + " of another account",
	})
	ended := g.require(at, "REJECTED-ENDED", ending, fmt.Sprintf("%s is refused with a %s that was ended.", at.ID(), kind), by, "accounts."+target.EndedToken)
	g.promise(at, ended, "ended", openapi.Promise{
		Title: "refuses a " + kind + " that was ended", Rule: "ended-already", What: life.Noun(kind) + " that was ended",
	})
	lapsed := g.require(at, "REJECTED-EXPIRED", expiry, fmt.Sprintf("%s is refused with a %s whose time is up.", at.ID(), kind), by, "accounts."+target.LapsedToken)
	g.promise(at, lapsed, "expired", openapi.Promise{
		Title: "refuses a " + kind + " whose time is up", Rule: "lapsed-already", What: life.Noun(kind) + " whose time is up",
	})
}
