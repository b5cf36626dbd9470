package judge

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"example.org/conform/openapi"
)

// credential is one that a client was given.
type credential struct {
	kind, text, account string
	hand                *openapi.HandOut
	parent, original    *credential
	by                  *exchange // that gave it
	since               time.Time
	ends                time.Time     // zero where that is not known
	lives               time.Duration // of one whose end moves with each use
	ended               time.Time     // by the client
	told                time.Time     // that it works no more, though nobody had ended it
	gone                bool          // the server has ended it early
	renewed             bool
	used, last          time.Time // when it last worked, and when the last answer to it went out
	works               int       // how often it, or what came of it, opened something
	unneeded            bool      // at the login that gave it, one before it was at hand, and had been used once
}

// slack is what a client's clock and the way of a request may take: an end is known no closer.
const slack = time.Second

// over says in words why a credential does not work at a moment, as far as its client knows; "" where it does.
func (c *credential) over(at time.Time, granted bool) string {
	ago := func(since time.Time) string { return at.Sub(since).Round(time.Millisecond).String() }
	switch {
	case !c.ended.IsZero() && at.After(c.ended):
		return "it had been ended " + ago(c.ended) + " before"
	case !c.ends.IsZero() && at.After(c.ends.Add(slack)) && !granted: // some servers give what is used more time than they have said
		return "it had expired " + ago(c.ends) + " before"
	case !c.told.IsZero() && at.After(c.told.Add(slack)):
		return "it had been refused " + ago(c.told) + " before"
	}
	return ""
}

// alive reports whether a credential can be thought to work at a moment.
func (c *credential) alive(at time.Time) bool {
	return c.ended.IsZero() && c.told.IsZero() && !c.gone && (c.ends.IsZero() || at.Before(c.ends))
}

// root is what an account was given for its password, from which the credential came.
func (c *credential) root() *credential {
	for c.parent != nil || c.original != nil {
		if c.original != nil {
			c = c.original
		} else {
			c = c.parent
		}
	}
	return c
}

// at is what a credential's place in a request holds.
type at struct {
	place openapi.Place
	text  string
	of    *credential // nil where nobody is known to have been given it
}

// carried are the credentials of a request: those that it concerns, and those that authorize it.
func (j *Judge) carried(x *exchange) (subjects, authorities []at) {
	for _, p := range x.op.Takes() {
		text, given := x.Carried(p)
		if !p.Authority {
			if given && text != "" {
				subjects = append(subjects, at{p, text, j.find(p, text)})
			}
			continue
		}
		ways := []openapi.Place{p}
		for _, other := range x.op.OtherWays {
			ways = append(ways, other)
		}
		for _, way := range ways {
			if text, _ := x.Carried(way); text != "" {
				authorities = append(authorities, at{way, text, j.find(way, text)})
				break
			}
		}
	}
	return subjects, authorities
}

// find is the credential of a text at a place.
func (j *Judge) find(p openapi.Place, text string) *credential {
	if p.Scheme.User != "" || p.Scheme.Ready != "" {
		_, text, _ = strings.Cut(text, ":")
	}
	return j.byText[p.Kind+" "+text]
}

// handOut keeps what an answer gave.
func (j *Judge) handOut(x *exchange, account string, from *credential) *credential {
	h := cmp.Or(x.op.HandsOut(), x.op.Reissues())
	said := openapi.Exchange{RequestBody: x.body, Body: x.answer, Header: x.header}
	text, has := h.Value.Read(said)
	if !has {
		return nil
	}
	c := &credential{kind: h.Kind, text: text, account: account, hand: h, by: x, since: x.answered}
	if before := j.byText[c.kind+" "+text]; before != nil && before.alive(x.answered) { // some servers give what is there already
		before.ends = j.endOf(x, h)
		return before
	}
	switch {
	case from == nil:
	case h.Renews():
		c.original, from.renewed = from, true
		if h.Rotates {
			from.ended = x.answered
		}
	default:
		c.parent = from
	}
	if from != nil {
		c.account = from.account
	}
	c.lives, c.ends = j.lives(h), j.endOf(x, h)
	j.credentials = append(j.credentials, c)
	j.secret(c.kind, text)
	j.byText[c.kind+" "+text] = c
	for _, name := range h.Names {
		if other, has := name.Value.Read(said); has {
			j.byText[c.kind+" "+other] = c
		}
	}
	return c
}

// endOf is when what an answer gives will end, zero where that is not known. The server's clock may be off: its Date tells by how much, unless
// that is a proxy's; the later of the two readings counts.
func (j *Judge) endOf(x *exchange, h *openapi.HandOut) time.Time {
	moment, in := h.End(openapi.Exchange{RequestBody: x.body, Body: x.answer, Header: x.header})
	if moment == "" && in == 0 {
		in = j.lives(h)
	}
	if in > 0 {
		return x.answered.Add(in)
	}
	at, err := openapi.ParseTime(moment)
	if err != nil {
		return time.Time{}
	}
	if date, err := http.ParseTime(x.header.Get("Date")); err == nil {
		if by := x.answered.Add(at.Sub(date)); by.After(at) {
			return by
		}
	}
	return at
}

// EndedEarly tells the judge what a server has ended before its time. Nobody is blamed for not knowing.
func (j *Judge) EndedEarly(text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range j.credentials {
		if c.text == text || c.kind+" "+c.text == text {
			c.gone = true
		}
	}
}

// lives is how long what is handed out lives, where no answer says so; zero where that is not known.
func (j *Judge) lives(h *openapi.HandOut) time.Duration {
	return cmp.Or(j.target.Lifetimes.Of(h.Lifetime), time.Duration(h.Lasts))
}

// end enters what an order to end has ended: what it names, and what that reaches.
func (j *Judge) end(x *exchange, one *credential, caller *credential) {
	e := x.op.Ends()
	finish := func(c *credential) {
		if c.ended.IsZero() {
			c.ended = x.answered
		}
	}
	finish(one)
	if caller != nil && e.Reach("caller") {
		finish(caller)
	}
	for _, c := range j.credentials {
		same, parent := c.kind == one.kind, c.parent == one.parent
		for relation, stands := range map[string]bool{
			"account": true, "siblings": same && parent && c.original == nil && one.original != c, "others": same && !parent,
			"children": !same && c.parent == one, "parent": !same && one.parent == c, "original": same && one.original == c,
			"renewal": same && c.original == one,
		} {
			if stands && c.account == one.account && c.since.Before(x.arrived) && e.Reach(relation) {
				finish(c)
			}
		}
	}
}
