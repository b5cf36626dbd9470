package life

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// ruled is a rule that is not about one credential being accepted or not, and what its check costs.
type ruled struct {
	judge          rule
	spends         string
	times          int // in a row
	most           int // of what others leave
	waits, reaches bool
	// ends says that it sends what ends.
	ends bool
	// alone says that what others send would come between.
	alone bool
	// sweeps says that a plainer check of the requirement asks a part of it.
	sweeps bool
	// nearly says that what is sent is off, so that who fails at what is as it should be fails at it too.
	nearly bool
}

// rules are they, by the name that a contract calls them.
func rules() map[string]ruled {
	return map[string]ruled{
		"no-5xx":                  {judge: no5xx, nearly: true},
		"noted":                   {judge: noted},
		"answers-for-its-account": {judge: answersForItsAccount, sweeps: true},
		"does-not-stick":          {judge: doesNotStick, sweeps: true},
		"ended-behind-every-word": {judge: endedBehindEveryWord, sweeps: true},
		"refused-in-a-row":        {judge: refusedInARow, alone: true, sweeps: true},
		"by-no-other-path":        {judge: byNoOtherPath, sweeps: true},
		"any-text-beside":         {judge: anyTextBeside},
		"left-alone":              {judge: leftAlone, waits: true, alone: true, sweeps: true},
		"no-enumeration":          {judge: noEnumeration, spends: WrongPassword},
		"in-a-row":                {judge: inARow, sweeps: true},
		wrongInARow:               {judge: refusesWrongInARow, spends: wrongInARow, times: wrongOnes, sweeps: true},
		furtherMisses:             {judge: refusesFurther, spends: furtherMisses, most: len(further("", "")), sweeps: true, nearly: true},
		"name-in-other-case":      {judge: inOtherCase},
		afterStrangers:            {judge: wrongAfterStrangers, spends: afterStrangers, sweeps: true},
		"no-echo": {judge: func(ctx context.Context, a *API, _ *openapi.Operation, _ openapi.Promise) {
			password := a.TellingPassword()
			a.ExpectNoEcho(a.LogIn(ctx, a.Target.Account), password, "the answer to a good login")
		}},
		"dead-statuses":              {judge: deadStatuses},
		"works-for-another":          {judge: worksForAnother},
		"ended-already":              {judge: overAlready(target.EndedToken)},
		"lapsed-already":             {judge: overAlready(target.LapsedToken)},
		"no-echo-to-strangers":       {judge: noEcho(byStranger, "the answer to an unknown account")},
		"no-echo-of-wrong-passwords": {judge: noEcho((*API).TryWrongPassword, "the answer to a wrong password"), spends: WrongPassword},
		"ends-later":                 {judge: endsLater},
		"ends-in-utc":                {judge: endsInUTC},
		"ends-as-configured":         {judge: endsAsConfigured},
		"ends-later-than-original":   {judge: endsLaterThanOriginal, waits: true},
		"challenged":                 {judge: challenged},
		"cookie-httponly":            {judge: cookieIs("HttpOnly", func(c *http.Cookie) bool { return c.HttpOnly })},
		"cookie-secure":              {judge: cookieIs("Secure", func(c *http.Cookie) bool { return c.Secure })},
		"ended-again":                {judge: endedAgain, ends: true},
		"unknown-ended":              {judge: unknownEnded, ends: true},
		"outlives-clearing":          {judge: outlivesClearing},
		"another":                    {judge: anotherEachTime, reaches: true},
		"several":                    {judge: several},
		"renewal-is-new": {judge: func(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
			old := a.Make(ctx, op.HandsOut().Kind)
			renewed := a.Renew(ctx, old)
			a.Require(renewed.Value != old.Value, "another "+old.Kind+" than the old one", "the old "+old.Kind)
		}},
		"reissue-is-new": {judge: func(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
			old, fresh := a.Reissue(ctx, op, a.Make(ctx, op.Takes()[0].Kind))
			a.Require(fresh.Value != old.Value, "another "+old.Kind+" than the one that was used", "the one that was used")
		}},
		"reissue-works": {judge: reissueWorks},
		"renewal-works": {judge: func(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
			a.ExpectWorks(ctx, a.Renew(ctx, a.Make(ctx, op.HandsOut().Kind)), "the renewed "+op.HandsOut().Kind)
		}},
		"works": {judge: func(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
			a.ExpectAccepted(ctx, op, a.Make(ctx, kindAt(op, p)), p.What)
		}},
		"by-another": {judge: func(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
			c, other := a.Make(ctx, op.HandsOut().Kind), a.Make(ctx, op.HandsOut().Kind)
			a.ExpectAccepted(ctx, op, c, p.What, Authorized(other))
		}},
	}
}

// no5xx expects that what is sent in the place of a credential makes no server error.
func no5xx(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	for i, answer := range presented(ctx, a, op, p) {
		a.Expect(answer).To(check.NotBeServerError(), "with "+words(p.Sent[i], kindAt(op, p)))
	}
}

// doesNotStick expects that who was let in is not let in again without a credential: neither on the same connection, nor with the
// cookies that came with it.
func doesNotStick(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	kind := kindAt(op, p)
	a.Against(a.WorkingNow(ctx, op, kind), func() {
		a.OnOneConnection(ctx, func(own *API) {
			place := op.Takes()[0]
			for _, other := range []struct {
				words string
				of    func(text string) sent
			}{
				{"none", func(string) sent { return sent{none: true} }},
				{"made-up", func(text string) sent { return sent{text: a.MadeUp(text)} }},
				{nearMisses, func(text string) sent { return sent{text: lastChanged(text, len(strings.TrimRight(text, "=")))} }},
				{nearMisses, func(text string) sent { return sent{text: changedAt(text, len(text)*3/4)} }},
				{nearMisses, func(text string) sent { return sent{text: muchLonger(text)} }},
			} {
				c := a.Make(ctx, kind) // none has to live as long as all of this takes
				next := other.of(c.At(place))
				if next.text == c.At(place) {
					continue // it has no such near miss
				}
				if !next.none {
					a.Redactor.Vary("near-miss-"+kind, next.text)
				}
				own.Working(ctx, op, c)
				own.Working(ctx, op, c) // some remember what was good twice
				answer := own.Present(ctx, op.ID(), c, instead(role(place), next))
				what := "the " + op.ID() + " request with " + words(other.words, kind)
				if !check.Refused(answer) {
					a.anywhere(ctx, op, c, other.words, what, instead(role(place), next))
				}
				own.ExpectNothing(ctx, answer, what+", on a connection that has carried a good one,")
				own.Working(ctx, op, c)
			}
		})
		c := a.Make(ctx, kind)
		a.Working(ctx, op, c)
		if cookies := a.CookiesOf(c.Given, a.Use(ctx, c)); cookies != "" && !strings.Contains(unescaped(cookies), c.Value) { // else they are one
			answer := a.Present(ctx, op.ID(), c, instead(role(op.Takes()[0]), sent{none: true}), Header("Cookie", cookies))
			a.ExpectNothing(ctx, answer, p.What+", with the cookies that came with a good one,")
		}
	})
}

// anywhere ends a check where what is sent in the place of a credential is let in on any connection: that is the promise of another check.
func (a *API) anywhere(ctx context.Context, op *openapi.Operation, c *Credential, name, what string, sent Option) {
	p, ok := plainly(op, openapi.Promise{Sent: []string{name}})
	if !ok || p.Requirement == a.Proves() {
		return
	}
	if answer := a.Present(ctx, op.ID(), c, sent); !check.Refused(answer) {
		a.ShownElsewhere(p.Requirement, what+" is refused", answer, what+" is let in on any connection, so that nobody can tell whether a login sticks to one")
	}
}

// unescaped is a text without the percent-escapes that it may have.
func unescaped(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}

// CookiesOf are the cookies that answers set, as a request sends them, "" for none.
func (a *API) CookiesOf(answers ...*client.Answer) string {
	var cookies []string
	for _, answer := range answers {
		for _, cookie := range (&http.Response{Header: answer.Header}).Cookies() {
			cookies = append(cookies, cookie.Name+"="+cookie.Value)
			a.Secret("cookie", cookie.Value)
		}
	}
	return strings.Join(cookies, "; ")
}

// deadStatuses expects that what is no credential, or none any more, is refused with one of the statuses that x-dead has.
func deadStatuses(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	kind, place := kindAt(op, p), op.Takes()[0]
	var all []string
	for _, status := range op.DeadStatuses() {
		all = append(all, fmt.Sprint(status))
	}
	expect := func(what string, answer *client.Answer) {
		if check.Granted(answer) {
			a.Inconclusive("%s is not refused at all, which is another promise's matter: %s", what, check.Describe(answer))
		}
		a.ExpectNothing(ctx, answer, what)
		a.Require(slices.Contains(op.DeadStatuses(), answer.Status), what+" is answered "+strings.Join(all, " or "), check.Shown(answer))
	}
	c := a.Make(ctx, kind)
	a.Against(a.WorkingNow(ctx, op, kind), func() {
		expect(op.ID()+" without a "+kind, a.Present(ctx, op.ID(), c, instead(role(place), sent{none: true})))
		expect(op.ID()+" with a made-up "+kind, a.Present(ctx, op.ID(), c, InsteadOf(op, a.MadeUp(c.At(place)))))
	})
	if len(a.Client.Document().Ends(kind)) == 0 {
		return
	}
	a.End(ctx, c)
	a.Against(a.WorkingNow(ctx, op, kind), func() {
		expect(op.ID()+" with a "+kind+" that has ended", a.Present(ctx, op.ID(), c))
	})
}

// noted records what is answered to what is sent in the place of a credential.
func noted(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	var seen []string
	for i, answer := range presented(ctx, a, op, p) {
		what := p.What
		if len(p.Sent) > 0 {
			what = "with " + words(p.Sent[i], kindAt(op, p))
		}
		seen = append(seen, what+": "+check.Describe(answer))
	}
	a.Note("%s", strings.Join(seen, "; "))
}

// presented are the answers to all that a promise sends.
func presented(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) []*client.Answer {
	s := &story{API: a, op: op, p: p}
	s.live(ctx)
	if len(p.Sent) == 0 {
		return []*client.Answer{s.Present(ctx, op.ID(), s.hero)}
	}
	var answers []*client.Answer
	for _, name := range p.Sent {
		answers = append(answers, s.Present(ctx, op.ID(), s.hero, s.sending(ctx, name)...))
	}
	return answers
}

// refusals are how many refused requests follow each other: more than the five to ten after which counters and breakers act.
const refusals = 12

// refusedInARow expects that what nobody was given is refused as often as it comes, while nothing good comes between.
func refusedInARow(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	c := a.Make(ctx, kindAt(op, p))
	control := func() check.Control { return a.Working(ctx, op, c) }
	if h := op.HandsOut(); h != nil && h.Rotates { // a control ends what it shows
		control = func() check.Control { return a.WorkingNow(ctx, op, c.Kind) }
	}
	a.Against(control(), func() {
		a.Spread(ctx, refusals, func(_ int, own *API) {
			text := own.MadeUp(c.At(op.Takes()[0]))
			own.ExpectNothing(ctx, own.Present(ctx, op.ID(), c, InsteadOf(op, text)), fmt.Sprintf("one of %d made-up %ss in a row", refusals, c.Kind))
		})
	})
}

// alone is how long nobody sends anything, or a third of a credential's life: what was cached is forgotten by then, in most caches, and many a
// connection behind the server is dead.
const alone = 1600 * time.Millisecond

// leftAlone expects that a credential works after a while in which nobody has sent anything. Of one whose life nobody knows it may be over
// by then.
func leftAlone(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	c, pause := a.Make(ctx, kindAt(op, p)), alone
	if life := a.configured(c.hand); life > 0 {
		pause = min(pause, life/3)
	}
	a.ExpectAccepted(ctx, op, c, "a "+c.Kind+" at first")
	a.WaitUntil(ctx, time.Now().Add(pause), "a while in which nobody sends anything")
	answer := a.Present(ctx, op.ID(), c)
	if check.Refused(answer) && !c.Life.Known() && check.Refused(a.Present(ctx, op.ID(), c)) {
		a.Skip("it lives less than "+pause.String()+", and nobody says how long it is to", "set lifetimes."+c.Kind+" to what is configured on the server")
	}
	a.ExpectGranted(answer, c.key, p.What+" works: "+op.ID()+" answers "+fmt.Sprint(op.Success()))
}

// good is the answer to a good request of an operation.
func (a *API) good(ctx context.Context, op *openapi.Operation) *client.Answer {
	h := op.HandsOut()
	if h != nil && h.From == "" {
		return a.LogIn(ctx, a.Target.Account)
	}
	takes := op.Takes()
	if len(takes) == 0 {
		return a.Do(ctx, op.ID())
	}
	return a.Present(ctx, op.ID(), a.Make(ctx, takes[0].Kind))
}

// stated is the moment at which an answer says that its credential ends, or the end of the check: that it is there is for the
// contract to say.
func (a *API) stated(ctx context.Context, op *openapi.Operation) (text string, answer *client.Answer) {
	answer = a.good(ctx, op)
	if !check.Granted(answer) {
		a.Aged(answer)
	}
	at := op.HandsOut().Ends
	text, _ = op.HandsOut().End(answer.Exchange())
	if text == "" || !check.Granted(answer) {
		a.Inconclusive("the answer has no %s to read: %s", at.Member(), check.Describe(answer))
	}
	return text, answer
}

// endsLater expects a moment later than the server's own time at the answer.
func endsLater(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
	text, answer := a.stated(ctx, op)
	member := op.HandsOut().Ends.Member()
	ends, err := openapi.ParseTime(text)
	if err != nil {
		a.Fail(member+" as an RFC 3339 date-time", "a string of another form")
	}
	now, _ := a.Written(answer)
	a.Require(ends.After(now), member+" later than the moment of the response, "+check.Stamp(now), check.Stamp(ends))
}

// endsAsConfigured expects a moment that is as far ahead as the target says that such a credential lives: give or take a minute, or a tenth
// of a life that is short. Where the Dates of the answers contradict each other, it is not known from when on.
func endsAsConfigured(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
	text, answer := a.stated(ctx, op)
	member := op.HandsOut().Ends.Member()
	ends, err := openapi.ParseTime(text)
	if err != nil {
		a.Inconclusive("%s cannot be read", member)
	}
	if answer.Clock.Apart() {
		a.Skip("the Dates of the server's answers contradict each other, so that its clock is not known",
			"name a single server, or set the clocks of all alike")
	}
	a.ByClock(!answer.Clock.Known())
	from, _ := answer.Clock.Theirs(answer.Sent)
	_, to := answer.Clock.Theirs(answer.Received)
	// A proxy may write the Date: what fits this machine's clock will do.
	from, to = check.Earlier(from, answer.Sent), check.Later(to, answer.Received)
	life := a.configured(op.HandsOut())
	off := max(2*check.ClockSlack, min(time.Minute, life/10))
	earliest, latest := from.Add(life-off), to.Add(life+off)
	a.Require(!ends.Before(earliest) && !ends.After(latest),
		fmt.Sprintf("%s %s ahead, as the target has it, between %s and %s", member, life, check.Stamp(earliest), check.Stamp(latest)), check.Stamp(ends))
}

// endsInUTC expects a date-time with a designator of UTC.
func endsInUTC(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
	text, _ := a.stated(ctx, op)
	utc := strings.HasSuffix(strings.ToUpper(text), "Z") || strings.HasSuffix(text, "+00:00")
	a.Require(utc, op.HandsOut().Ends.Member()+" that ends in Z or +00:00", text)
}

// renewals is how many follow each other where each is held against the one before it.
const renewals = 4

// endsLaterThanOriginal expects that a renewal ends later than what it renews, and the renewal of that one later yet.
func endsLaterThanOriginal(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
	old := a.Make(ctx, op.HandsOut().Kind)
	whose := "the old " + old.Kind + "'s"
	for range renewals {
		if old.Life.Whole() { // what is renewed within the same second could not be told apart
			a.WaitUntil(ctx, time.Now().Add(check.ClockSlack+100*time.Millisecond), "the next second, to compare two expiries")
		}
		renewed := a.Renew(ctx, old)
		if !old.Life.Known() || !renewed.Life.Known() {
			a.Inconclusive("%s cannot be read, before or after the renewal", op.HandsOut().Ends.Member())
		}
		if !renewed.Life.Ends.After(old.Life.Ends) {
			a.SameClock(old.Life, renewed.Life)
			a.Fail("an expiry later than "+whose+", "+check.Stamp(old.Life.Ends), check.Stamp(renewed.Life.Ends))
		}
		old, whose = renewed, "that of the renewal which was renewed"
	}
}

// anotherEachTime expects that no two hand-outs give the same credential, by any of its names, and that the first of two is
// accepted yet.
func anotherEachTime(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
	h := op.HandsOut()
	first, second := a.Make(ctx, h.Kind), a.Make(ctx, h.Kind)
	a.Require(first.Value != second.Value, "two requests of "+op.ID()+" give two "+h.Kind+"s", "the same one twice")
	for name := range h.Names {
		one := first.Name(name)
		a.Require(one == "" || one != second.Name(name), "two requests of "+op.ID()+" give two "+name+"s", "the same one twice")
	}
	// Two requests may meet others of the run, to which the server gives the same.
	a.Require(!a.Shared(first.key), "a "+h.Kind+" of its own for every request of "+op.ID(), "one that another was given too")
	a.ExpectAccepted(ctx, a.Opener(h.Kind), first, "the first of two "+h.Kind+"s")
}

// several expects that one parent hands out several credentials, each different and each working.
func several(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
	h := op.HandsOut()
	parent := a.Make(ctx, h.From)
	first := a.Child(ctx, parent, h.Kind)
	answer := a.Present(ctx, op.ID(), parent)
	second, ok := a.Read(answer)
	if !ok {
		a.Fresh(answer, parent.Value, parent.key)
		a.Fail("a "+parent.Kind+" that has given "+Noun(h.Kind)+" before gives another", check.Shown(answer))
	}
	a.Require(second.Value != first.Value, "two requests of "+op.ID()+" give two "+h.Kind+"s", "the same one twice")
	a.ExpectWorks(ctx, first, "the first "+h.Kind)
	a.ExpectWorks(ctx, second, "the second "+h.Kind)
}
