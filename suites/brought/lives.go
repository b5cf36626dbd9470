package brought

import (
	"fmt"
	"slices"

	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/life"
)

// lives ties what becomes of credentials of a kind: how they are handed out, work, are renewed and end.
func (g *generator) lives(kind string) {
	hands := g.doc.HandOuts(kind)
	at := g.opener(kind)
	for _, h := range hands {
		switch {
		case h.From == "":
			g.login(h)
		case h.Renews():
			g.renewal(h, at)
		}
		g.handing(h)
	}
	g.guarded(at)
	g.otherWays(at)
	for _, e := range g.doc.Ends(kind) {
		g.end(e, at)
	}
	for _, op := range g.doc.Operations() {
		if op.Clears() && op.Takes()[0].Kind == kind {
			g.clears(op)
		}
	}
	if from := hands[0].From; from != "" {
		for _, e := range g.doc.Ends(from) {
			g.endOfParent(e, at, kind)
		}
	}
	g.time(hands[0], at)
}

// login ties what is promised of who logs in.
func (g *generator) login(h *openapi.HandOut) {
	op := h.By
	by := said{origin: g.doc.OriginOfHandOut(op), because: "it hands out a " + h.Kind + " for an account's name and password"}
	wrong := g.require(op, "REJECTED-WRONG-PASSWORD", handOut, fmt.Sprintf("%s gives no %s for a wrong password.", op.ID(), h.Kind), by)
	g.promise(op, wrong, "wrong-password", openapi.Promise{Title: "gives no " + h.Kind + " for a wrong password", At: "password", Sent: []string{"wrong"}})
	for _, near := range []struct{ slug, words string }{
		{"prefix", "the password without its last character"}, {"empty-password", "an empty password"},
		{"other-case", "the password in another letter case"}, {"first-eight", "a password of which the first eight characters alone are right"},
		{"trailing-blank", "the password with a blank behind it"},
	} {
		g.promise(op, wrong, near.slug, openapi.Promise{Title: "gives no " + h.Kind + " for " + near.words, At: "password", Sent: []string{near.slug}})
	}
	g.promise(op, wrong, "further-near-misses", openapi.Promise{
		Title: "gives no " + h.Kind + " for further near misses of the password", Rule: "further-near-misses",
	})
	for _, other := range []struct{ account, slug string }{{target.OddPassword, "odd-password"}, {target.LongPassword, "long-password"}} {
		g.promise(op, wrong, "wrong-for-"+other.slug, openapi.Promise{
			Title: "gives no " + h.Kind + " for a wrong password for accounts." + other.account, At: "password", Sent: []string{other.account + "/wrong"},
		})
		g.promise(op, wrong, "other-case-for-"+other.slug, openapi.Promise{
			Title: "gives no " + h.Kind + " for the password of accounts." + other.account + " in another letter case",
			At:    "password", Sent: []string{other.account + "/other-case"},
		})
	}
	g.promise(op, wrong, "of-another", openapi.Promise{Title: "gives no " + h.Kind + " for the password of another account", At: "password", Sent: []string{"of-another"}})
	unknown := g.require(op, "REJECTED-UNKNOWN-NAME", handOut, fmt.Sprintf("%s gives no %s for a name that nobody has.", op.ID(), h.Kind), by)
	g.promise(op, unknown, "unknown-name", openapi.Promise{Title: "gives no " + h.Kind + " for an unknown name", At: "name", Sent: []string{"unknown"}})
	for _, near := range []struct{ slug, words string }{
		{"shorter-name", "the name without its last character"}, {"longer-name", "the name with one character more"},
		{"tagged-name", "the name with a tag behind a plus sign"}, {"wildcard-name", "the name with a wildcard of SQL in it"},
	} {
		g.promise(op, unknown, near.slug, openapi.Promise{
			Title: "gives no " + h.Kind + " for the right password under " + near.words, At: "name", Sent: []string{near.slug},
		})
	}
	practice := said{rfc: securityPractice, origin: g.doc.OriginOf(op)}
	alike := g.require(op, "NO-ENUMERATION", handOut, fmt.Sprintf("The status of %s does not tell an unknown name from a wrong password.", op.ID()), practice)
	g.promise(op, alike, "no-enumeration", openapi.Promise{Title: "answers an unknown name as a wrong password", Rule: "no-enumeration"})
	echo := g.require(op, "NO-ECHO", handOut, fmt.Sprintf("No answer of %s repeats the password.", op.ID()), practice)
	g.promise(op, echo, "no-echo", openapi.Promise{Title: "does not repeat the password", Rule: "no-echo"})
	g.promise(op, echo, "no-echo-to-strangers", openapi.Promise{Title: "does not repeat the password to strangers", Rule: "no-echo-to-strangers"})
}

// handing ties what is promised of every hand-out.
func (g *generator) handing(h *openapi.HandOut) {
	op := h.By
	if !h.Renews() {
		another := g.require(op, "ANOTHER", subjectOf(op), fmt.Sprintf("Every request of %s gives a %s of its own.", op.ID(), h.Kind),
			said{rfc: securityPractice, origin: g.doc.OriginOfHandOut(op)})
		g.promise(op, another, "another", openapi.Promise{Title: "gives another " + h.Kind + " each time", Rule: "another"})
	}
	if h.Ends != "" && !h.Relative() {
		later := g.require(op, "ENDS-LATER", expiry, fmt.Sprintf("The %s that %s gives ends later than the answer.", h.Kind, op.ID()),
			said{origin: g.doc.OriginOfHandOut(op), because: "the answer states when it ends"})
		g.promise(op, later, "ends-later", openapi.Promise{Title: "states an end in the future", Rule: "ends-later"})
		lifetime := g.require(op, "ENDS-AS-CONFIGURED", expiry, fmt.Sprintf("The end that %s states is as far ahead as is configured.", op.ID()),
			said{rfc: securityPractice, origin: g.doc.OriginOfHandOut(op)}, "lifetimes."+h.Lifetime)
		g.promise(op, lifetime, "ends-as-configured", openapi.Promise{Title: "states the end that is configured", Rule: "ends-as-configured"})
	}
	if h.ByCookie() != "" {
		cookie := g.require(op, "COOKIE-HTTPONLY", handOut, fmt.Sprintf("The cookie in which %s gives the %s is kept from scripts.", op.ID(), h.Kind),
			said{rfc: "RFC 6265, 4.1.2.6", origin: g.doc.OriginOfHandOut(op)})
		g.promise(op, cookie, "cookie-httponly", openapi.Promise{Title: "keeps the cookie from scripts (HttpOnly)", Rule: "cookie-httponly"})
		secure := g.require(op, "COOKIE-SECURE", handOut, fmt.Sprintf("The cookie in which %s gives the %s goes over TLS alone.", op.ID(), h.Kind),
			said{rfc: "RFC 6265, 4.1.2.5", origin: g.doc.OriginOfHandOut(op)}, "tls")
		g.promise(op, secure, "cookie-secure", openapi.Promise{Title: "keeps the cookie to TLS (Secure)", Rule: "cookie-secure"})
	}
}

// guarded ties it that an operation takes nothing but living credentials.
func (g *generator) guarded(op *openapi.Operation) {
	if op.Anonymous() {
		return
	}
	kind := op.Takes()[0].Kind
	by := said{origin: g.doc.OriginOfSecurity(op), because: "it takes a " + kind}
	none := g.require(op, "REJECTED-NONE", subjectOf(op), fmt.Sprintf("%s is refused without a %s.", op.ID(), kind), by)
	g.promise(op, none, "none-at-"+g.slug(op), openapi.Promise{Title: "refuses " + op.ID() + " without a " + kind, Sent: []string{"none"}})
	made := g.require(op, "REJECTED-MADE-UP", subjectOf(op), fmt.Sprintf("%s is refused with a %s that nobody was given.", op.ID(), kind), by)
	g.promise(op, made, "made-up-at-"+g.slug(op), openapi.Promise{Title: "refuses " + op.ID() + " with a made-up " + kind, Sent: []string{"made-up"}})
	g.promise(op, made, "in-a-row-at-"+g.slug(op), openapi.Promise{
		Title: "refuses " + op.ID() + " with made-up ones as often as they come", Rule: "refused-in-a-row",
	})
	near := g.require(op, "REJECTED-NEAR-MISS", subjectOf(op), fmt.Sprintf("%s is refused with what is almost a %s.", op.ID(), kind), by)
	g.promise(op, near, "near-misses-at-"+g.slug(op), openapi.Promise{
		Title: "refuses " + op.ID() + " with near misses of a " + kind, Sent: []string{"near-misses"}, What: "a near miss of a " + kind,
	})
	if dead := op.DeadStatuses(); len(dead) > 0 && len(op.Takes()) == 1 {
		told := g.require(op, "DEAD-STATUS", subjectOf(op), fmt.Sprintf("%s is answered %s where its %s is none, or none any more.", op.ID(), oneOf(dead), kind),
			said{origin: g.doc.OriginOfDead(op), because: "x-dead says so"})
		g.promise(op, told, "dead-status-at-"+g.slug(op), openapi.Promise{Title: "answers " + op.ID() + " as x-dead says where the " + kind + " is none", Rule: "dead-statuses"})
	}
	if !op.Probes() {
		return
	}
	if !g.hasCookie(op) {
		g.promise(op, none, "does-not-stick", openapi.Promise{
			Title: "lets nobody in on the connection of another", Rule: "does-not-stick", What: op.ID() + " without a " + kind,
		})
	}
	path := g.require(op, "NO-OTHER-PATH", use, fmt.Sprintf("No other way to write the path of %s opens it without a %s.", op.ID(), kind),
		said{rfc: securityPractice, origin: g.doc.OriginOf(op)})
	g.promise(op, path, "no-other-path", openapi.Promise{Title: "is opened by no other path", Rule: "by-no-other-path", What: op.ID() + " without a " + kind})
	g.promise(op, op.SuccessRequirement(), "left-alone", openapi.Promise{
		Title: "accepts a " + kind + " after a while in which nobody sends anything", Rule: "left-alone", What: "a " + kind + " that was left alone",
	})
	if op.Takes()[0].Name == "Authorization" {
		challenge := g.require(op, "CHALLENGE", use, fmt.Sprintf("Where %s is refused with 401, the answer says how to authenticate.", op.ID()),
			said{rfc: "RFC 9110, 11.6.1 and 15.5.2; RFC 6750, 3", origin: g.doc.OriginOfSecurity(op)})
		g.promise(op, challenge, "challenge", openapi.Promise{Title: "says how to authenticate (WWW-Authenticate)", Rule: "challenged"})
	}
}

// hasCookie says whether an operation takes its credential as a cookie, in one of its ways.
func (g *generator) hasCookie(op *openapi.Operation) bool {
	ways := slices.Clone(op.Takes())
	for _, p := range op.OtherWays {
		ways = append(ways, p)
	}
	return slices.ContainsFunc(ways, func(p openapi.Place) bool { return p.Name == "Cookie" })
}

// otherWays ties the other ways in which an operation takes its credential.
func (g *generator) otherWays(op *openapi.Operation) {
	kind := op.Takes()[0].Kind
	for _, name := range sorted(op.OtherWays) {
		if op.OtherWays[name].Kind != kind {
			continue
		}
		by := said{origin: g.doc.OriginOfSecurity(op), because: "it is one of the ways in which " + op.ID() + " takes a " + kind}
		word := noWord.ReplaceAllString(name, "-")
		accepted := g.require(op, "ACCEPTED-BY-"+word, use, fmt.Sprintf("%s takes the %s by the security scheme %s too.", op.ID(), kind, name), by)
		g.promise(op, accepted, "by-"+lower(word), openapi.Promise{Title: "takes the " + kind + " by " + name, By: name, What: "the " + kind + " by " + name})
		refused := g.require(op, "REJECTED-BY-"+word, use,
			fmt.Sprintf("%s is refused by the security scheme %s with what is no living %s.", op.ID(), name, kind), by)
		g.promise(op, refused, "made-up-by-"+lower(word), openapi.Promise{Title: "refuses a made-up " + kind + " by " + name, By: name, Sent: []string{"made-up"}})
		if len(g.doc.Ends(kind)) > 0 {
			g.promise(op, refused, "ended-by-"+lower(word), openapi.Promise{
				Title: "refuses an ended " + kind + " by " + name, By: name, After: []string{"used", "ended"}, What: "an ended " + kind + " by " + name,
			})
		}
	}
}

// renewal ties what is promised of a renewal.
func (g *generator) renewal(h *openapi.HandOut, at *openapi.Operation) {
	op, kind := h.By, h.Kind
	by := said{origin: g.doc.OriginOfHandOut(op), because: "it hands out a " + kind + " for another"}
	works := g.require(op, "WORKS", renewal, fmt.Sprintf("The %s that %s gives works.", kind, op.ID()), by)
	g.promise(op, works, "works-after-"+g.slug(op), openapi.Promise{Title: "gives a " + kind + " that works", Rule: "renewal-works"})
	if op != at {
		g.guarded(op)
	}
	if ends := g.doc.Ends(kind); len(ends) > 0 {
		refused := g.require(op, "REJECTED-ENDED", renewal, fmt.Sprintf("%s is refused with a %s that has ended.", op.ID(), kind), by)
		g.promise(op, refused, "ended-at-"+g.slug(op), openapi.Promise{
			Title: "does not renew a " + kind + " that has ended", After: []string{"ended"}, What: "the renewal of an ended " + kind,
		})
	}
	first := g.doc.HandOuts(kind)[0]
	if !first.Slides {
		refused := g.require(op, "REJECTED-EXPIRED", expiry, fmt.Sprintf("%s is refused with a %s whose time is up.", op.ID(), kind), by, "expiry."+first.Lifetime)
		g.promise(op, refused, "expired-at-"+g.slug(op), openapi.Promise{
			Title: "does not renew a " + kind + " whose time is up", After: []string{"expired"}, What: "the renewal of an expired " + kind,
		})
	}
	if !h.Rotates {
		alive := g.require(at, "LIVES-ON-RENEWED", renewal, fmt.Sprintf("A %s works on when %s has renewed it.", kind, op.ID()), by)
		g.promise(at, alive, "renewed-by-"+g.slug(op), openapi.Promise{
			Title: "accepts a " + kind + " that was renewed", After: []string{"renewed"}, What: "a " + kind + " that was renewed",
		})
		return
	}
	isNew := g.require(op, "ANOTHER", renewal, fmt.Sprintf("%s gives another %s than the old one.", op.ID(), kind), by)
	g.promise(op, isNew, "another-by-"+g.slug(op), openapi.Promise{Title: "gives another " + kind, Rule: "renewal-is-new"})
	rotated := said{origin: by.origin, because: "the contract says that it rotates"}
	again := g.require(op, "REJECTED-RENEWED", renewal, fmt.Sprintf("%s does not renew a %s twice.", op.ID(), kind), rotated)
	g.promise(op, again, "renewed-at-"+g.slug(op), openapi.Promise{
		Title: "does not renew a " + kind + " twice", After: []string{"renewed"}, What: "the renewal of a renewed " + kind,
	})
	dead := g.require(at, "REJECTED-RENEWED", renewal, fmt.Sprintf("%s is refused with a %s that %s has renewed.", at.ID(), kind, op.ID()), rotated)
	g.promise(at, dead, "renewed-at-"+g.slug(at), openapi.Promise{
		Title: "refuses a " + kind + " that was renewed", After: []string{"used", "renewed"}, What: "a " + kind + " that was renewed",
	})
}

// end ties what an end does, as the operation shows that a credential of its kind opens.
func (g *generator) end(e *openapi.End, at *openapi.Operation) {
	op, kind := e.By, e.Kind
	by := said{origin: g.doc.OriginOfEnd(op), because: "it ends a " + kind}
	rule, step, slug := "", "", g.slug(op)
	if len(g.doc.Ends(kind)) > 1 { // else it is the one
		rule, step = "-BY-"+g.words[op.ID()], " by "+op.ID()
	}
	ended := g.require(at, "REJECTED-ENDED"+rule, ending, fmt.Sprintf("%s is refused with a %s that %s has ended.", at.ID(), kind, op.ID()), by)
	g.promise(at, ended, "ended-by-"+slug, openapi.Promise{
		Title: "refuses a " + kind + " that was ended", After: []string{"used", "ended" + step}, What: "an ended " + kind,
	})
	related := func(relation, befalls, whose string, more ...string) {
		p := openapi.Promise{After: append(more, befalls+step)}
		switch {
		case slices.Contains(e.Spares, relation):
			id := g.require(at, "LIVES-ON-"+upper(befalls)+rule, ending, fmt.Sprintf("A %s works on when %s has ended %s.", kind, op.ID(), whose), by)
			p.Title, p.What = "accepts a "+kind+" when "+whose+" has ended", "a "+kind+" after the end of "+whose
			g.promise(at, id, befalls+"-by-"+slug, p)
		case e.Reach(relation):
			id := g.require(at, "REJECTED-"+upper(befalls)+rule, ending, fmt.Sprintf("%s is refused with a %s when %s has ended %s.", at.ID(), kind, op.ID(), whose), by)
			p.Title, p.What = "refuses a "+kind+" when "+whose+" has ended", "a "+kind+" after the end of "+whose
			g.promise(at, id, befalls+"-by-"+slug, p)
		}
	}
	related("siblings", "sibling-ended", "another of the account")
	if hands := g.doc.HandOuts(kind); hands[len(hands)-1].Renews() && !hands[len(hands)-1].Rotates {
		related("original", "renewal-ended", "its renewal", "renewed")
		related("renewal", "original-ended", "what it was renewed from", "renewal")
	}
	if takes := op.Takes(); len(takes) > 1 && takes[0].Kind == takes[1].Kind {
		if slices.Contains(e.Spares, "others") {
			related("others", "ends-another", "another by its authority")
		}
		if !op.Anonymous() {
			g.byNobody(e, at, step)
		}
	}
	if len(e.Again) > 0 {
		id := g.require(op, "AGAIN", ending, fmt.Sprintf("%s is answered %s for what it has ended.", op.ID(), oneOf(e.Again)), by)
		g.promise(op, id, "again-by-"+slug, openapi.Promise{Title: "answers a second end as the contract says", Rule: "ended-again"})
	}
	if e.Always {
		id := g.require(op, "ALWAYS", ending, fmt.Sprintf("%s is answered %d whatever it is told to end.", op.ID(), op.Success()), by)
		g.promise(op, id, "again-by-"+slug, openapi.Promise{Title: "answers a second end as the first", After: []string{"ended" + step}})
		g.promise(op, id, "unknown-by-"+slug, openapi.Promise{Title: "answers the end of what nobody was given as any", Sent: []string{"made-up"}})
	}
	if p := op.Takes()[0]; op.IsForm() && p.In == "body" && p.Name == "token" && !e.Always {
		id := g.require(op, "UNKNOWN-TOKEN", ending, fmt.Sprintf("%s is answered 200 for a token that is not known.", op.ID()),
			said{rfc: "RFC 7009, 2.2", origin: g.doc.OriginOf(op)})
		g.promise(op, id, "unknown-by-"+slug, openapi.Promise{Title: "answers the end of an unknown token as any", Rule: "unknown-ended"})
	}
}

// byNobody ties it that nobody ends what is another's.
func (g *generator) byNobody(e *openapi.End, at *openapi.Operation, step string) {
	id := g.require(at, "LIVES-ON-END-BY-NOBODY", ending, fmt.Sprintf("A %s works on when nobody has tried to end it by %s.", e.Kind, e.By.ID()),
		said{origin: g.doc.OriginOfSecurity(e.By), because: e.By.ID() + " wants an authority"})
	g.promise(at, id, "no-authority-for-"+g.slug(e.By), openapi.Promise{
		Title: "accepts what was to be ended without authority", After: []string{"ended-without-authority" + step}, What: "a " + e.Kind + " that was to be ended without authority",
	})
	g.promise(at, id, "made-up-authority-for-"+g.slug(e.By), openapi.Promise{
		Title: "accepts what was to be ended by made-up authority", After: []string{"ended-with-made-up-authority" + step},
		What: "a " + e.Kind + " that was to be ended by made-up authority",
	})
}

// clears ties it that what has the client forget a credential ends nothing on the server.
func (g *generator) clears(op *openapi.Operation) {
	kind := op.Takes()[0].Kind
	id := g.require(op, "CLEARS", ending, fmt.Sprintf("A %s works on after %s, which has the client forget it.", kind, op.ID()),
		said{origin: g.doc.OriginOfEnd(op), because: "the contract says that it is the client's end alone"})
	g.promise(op, id, "lives-on-after-"+g.slug(op), openapi.Promise{Title: "accepts a " + kind + " on after " + op.ID(), Rule: "outlives-clearing"})
}

// endOfParent ties what becomes of a child when its parent ends.
func (g *generator) endOfParent(e *openapi.End, at *openapi.Operation, kind string) {
	by := said{origin: g.doc.OriginOfEnd(e.By), because: "it ends a " + e.Kind}
	step := ""
	if len(g.doc.Ends(e.Kind)) > 1 {
		step = " by " + e.By.ID()
	}
	p := openapi.Promise{After: []string{"parent-ended" + step}, What: "a " + kind + " whose " + e.Kind + " has ended"}
	switch {
	case slices.Contains(e.Spares, "children"):
		id := g.require(at, "LIVES-ON-PARENT-ENDED", ending, fmt.Sprintf("A %s works on when its %s has ended.", kind, e.Kind), by)
		p.Title = "accepts a " + kind + " whose " + e.Kind + " has ended"
		g.promise(at, id, "parent-ended-by-"+g.slug(e.By), p)
	case e.Reach("children"):
		id := g.require(at, "REJECTED-PARENT-ENDED", ending, fmt.Sprintf("%s is refused with a %s whose %s has ended.", at.ID(), kind, e.Kind), by)
		p.Title = "refuses a " + kind + " whose " + e.Kind + " has ended"
		g.promise(at, id, "parent-ended-by-"+g.slug(e.By), p)
	}
}

// time ties when credentials end by themselves.
func (g *generator) time(h *openapi.HandOut, at *openapi.Operation) {
	kind, needs := h.Kind, "expiry."+h.Lifetime
	by := said{origin: g.doc.OriginOfHandOut(h.By), because: "it says how long a " + kind + " lives"}
	until := g.require(at, "LIVES-ON-UNTIL-END", expiry, fmt.Sprintf("A %s works until its time is up.", kind), by, needs)
	after := g.require(at, "REJECTED-EXPIRED", expiry, fmt.Sprintf("%s is refused with a %s whose time is up.", at.ID(), kind), by, needs)
	g.promise(at, until, "until-its-end", openapi.Promise{
		Title: "accepts a " + kind + " until its time is up", After: []string{"nearly-expired"}, What: "a " + kind + " shortly before its end",
	})
	if h.Slides {
		g.promise(at, until, "used-again", openapi.Promise{
			Title: "gives a " + kind + " its whole lifetime anew for each use", After: []string{"half-spent", "works", "half-spent", "works", "half-spent"},
			What: "a " + kind + " that was used within its time",
		})
	}
	steps := []string{"expired"}
	if !h.Slides && at.HandsOut() == nil { // its uses change nothing
		steps = []string{"used", "expired"}
	}
	g.promise(at, after, "expired", openapi.Promise{
		Title: "refuses a " + kind + " whose time is up", After: steps, What: life.Noun(kind) + " whose time is up",
	})
}

// allowed ties what is promised of an operation that is no part of a life.
func (g *generator) allowed(op *openapi.Operation) {
	if op.Probes() || op.HandsOut() != nil || op.Ends() != nil || op.Clears() || len(op.Takes()) == 0 {
		return
	}
	g.guarded(op)
	kind := op.Takes()[0].Kind
	if len(g.doc.Ends(kind)) > 0 && !op.Anonymous() {
		id := g.require(op, "REJECTED-ENDED", use, fmt.Sprintf("%s is refused with a %s that has ended.", op.ID(), kind),
			said{origin: g.doc.OriginOfSecurity(op), because: "it takes a " + kind})
		g.promise(op, id, "ended-at-"+g.slug(op), openapi.Promise{
			Title: "refuses " + op.ID() + " with an ended " + kind, After: []string{"ended"}, What: op.ID() + " with an ended " + kind,
		})
	}
}
