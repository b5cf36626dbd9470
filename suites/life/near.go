package life

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// nearMisses is what a contract calls all the near misses of a credential that its place can carry, each sent on its own.
const nearMisses = "near-misses"

// near is a near miss, and how it differs from the right one.
type near struct{ words, text string }

// nearOf lists the near misses of a text in a place. What an encoding lets stand for the same bytes is none: the bits behind the
// end of base64, the case of a number's digits, a blank around a field's value (RFC 9110, 5.5).
func nearOf(text string, place openapi.Place) []near {
	var all []near
	add := func(words, near string) {
		if near != text && near != "" {
			all = append(all, struct{ words, text string }{words, near})
		}
	}
	core := strings.TrimRight(text, "=") // what stands behind it is base64's padding
	add("its first character changed", changedAt(text, 0))
	add("a character of its first quarter changed", changedAt(text, len(core)/4))
	add("a character in its middle changed", changedAt(text, len(core)/2))
	add("its last character changed", lastChanged(text, len(core)))
	if len(core) > 1 {
		add("its last character missing", core[:len(core)-1])
		add("its first character missing", text[1:])
		add("its last quarter missing", core[:len(core)-max(len(core)/4, 1)])
	}
	if core == text {
		add("four characters more at its end", text+"0000")
	}
	add("four characters more before it", "0000"+text)
	if other, ok := otherCase(text); ok {
		add("its letters in the other case", other)
	}
	if half, ok := firstHalf(text); ok {
		add("its first half alone", half)
		add("another second half", half+"::"+changedAt(text[len(half)+2:], 0))
	}
	if place.In == "query" || place.In == "body" { // around a header field's value it is HTTP's own
		add("a blank before it", " "+text)
		add("a blank behind it", text+" ")
		add("a tab behind it", text+"\t")
		add("a line end before it", "\n"+text)
		add("a line end behind it", text+"\r\n")
	}
	if place.In == "query" || place.In == "path" {
		add("its escapes escaped once more", url.QueryEscape(text))
	}
	return all
}

// changedAt is a text with the first character that has another of its kind, from a place on, changed for that.
func changedAt(text string, from int) string {
	r := []rune(text)
	for i := from; i < len(r); i++ {
		if other := another(r[i]); other != r[i] {
			r[i] = other
			return string(r)
		}
	}
	return text
}

// sixBits is the alphabet of base64 and base64url, each character at its value, or 64 further on.
const sixBits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" +
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// lastChanged changes the last character before an end in the highest bit that base64 gives it, which counts in whatever
// remainder: lower ones may be bits that nobody reads.
func lastChanged(text string, end int) string {
	if end == 0 {
		return text
	}
	value := strings.IndexByte(sixBits, text[end-1])
	if value < 0 {
		return text
	}
	return text[:end-1] + sixBits[value^32:value^32+1] + text[end:]
}

// nearMissed sends every near miss of the hero, behind every word that may stand before it, and then to every other operation that
// takes such a one in the same place and has no promise of its own.
func (s *story) nearMissed(ctx context.Context) {
	all := nearOf(s.hero.Name(s.p.By), s.place())
	s.missedBy(ctx, all, "")
	if n, ok := s.otherCaseToo(ctx); ok {
		all = append(all, n)
	}
	for _, word := range s.otherWords(s.place()) {
		s.missedBy(ctx, all, word)
	}
	for _, op := range s.elsewhere() {
		there := *s
		there.op, there.p.What, there.p.At = op, "", role(s.place())
		there.missedBy(ctx, all, "")
	}
}

// missedBy sends near misses of the hero behind a word. An end has to spare the real one.
func (s *story) missedBy(ctx context.Context, all []near, word string) {
	if s.op.Ends() == nil {
		what := s.what("the " + s.op.ID() + " request with " + words(nearMisses, s.kind()))
		if word != "" {
			what += " behind the word " + strings.TrimSpace(word)
		}
		s.Against(s.control(ctx, nil), func() {
			s.Spread(ctx, len(all), func(i int, own *API) {
				own.ExpectNothing(ctx, own.Present(ctx, s.op.ID(), s.hero, s.missing(all[i], word)...), what+", "+all[i].words+",")
			})
		})
		return
	}
	var authority []Option
	if len(s.op.Takes()) > 1 && s.at() == subject {
		authority = []Option{Authorized(s.Make(ctx, s.kind()))}
	}
	s.Spread(ctx, len(all), func(i int, own *API) {
		own.Present(ctx, s.op.ID(), s.hero, append(s.missing(all[i], word), authority...)...)
	})
	s.ExpectAccepted(ctx, s.Opener(s.kind()), s.hero, Noun(s.kind())+" after the end of near misses of it")
}

// otherCaseToo is the near miss in the other case of what begins with a GUID, where the server itself takes that for another one.
func (s *story) otherCaseToo(ctx context.Context) (n near, ok bool) {
	text := s.hero.Name(s.p.By)
	if n.text, ok = check.OtherCase(text); !ok || !guid.MatchString(text) || s.op.Ends() != nil {
		return n, false
	}
	n.words = "its letters in the other case, which is another one by the server's own answer"
	return n, check.Refused(s.Present(ctx, s.op.ID(), s.hero, s.missing(n, "")...))
}

// elsewhere are the other operations that take such a credential in the same place, and show that they know it. One that always
// answers its success, and one that ends what it renews, are for promises of their own.
func (s *story) elsewhere() []*openapi.Operation {
	doc := s.Client.Document()
	if s.op != s.Opener(s.kind()) {
		return nil
	}
	var all []*openapi.Operation
	for _, op := range doc.Operations() {
		h, e := op.HandsOut(), op.Ends()
		if op == s.op || e != nil && e.Always || h != nil && h.Rotates {
			continue
		}
		for _, p := range op.Takes() {
			if p.Kind == s.kind() && role(p) == role(s.place()) && !promisesNearMisses(op, role(p), s.p.By) {
				all = append(all, op)
			}
		}
	}
	return all
}

// promisesNearMisses says whether an operation has a promise of its own about the near misses in a place, by a name.
func promisesNearMisses(op *openapi.Operation, at, by string) bool {
	return slices.ContainsFunc(op.Promises, func(p openapi.Promise) bool {
		own := p.At
		if own == "" {
			own = role(op.Takes()[0])
		}
		return slices.Contains(p.Sent, nearMisses) && own == at && p.By == by
	})
}

// place is the place that the promise is about.
func (s *story) place() openapi.Place {
	for _, p := range s.op.Takes() {
		if role(p) == s.at() {
			return p
		}
	}
	return openapi.Place{}
}

// Opener is the operation that a credential of a kind opens: the probe, or else what hands out its children.
func (a *API) Opener(kind string) *openapi.Operation {
	for _, op := range a.Client.Document().Operations() {
		if Opens(op, kind) {
			return op
		}
	}
	a.Inconclusive("the check itself is at fault: %s opens nothing", Noun(kind))
	return nil
}

// Opens says whether a credential of a kind is judged by an operation.
func Opens(op *openapi.Operation, kind string) bool {
	takes, h := op.Takes(), op.HandsOut()
	return len(takes) > 0 && takes[0].Kind == kind && op.Ends() == nil && (op.ID() == check.Probe || h != nil && !h.Renews())
}

// missing sends a near miss in the place that the promise is about, behind another word than the usual one or "".
func (s *story) missing(n near, word string) []Option {
	s.Secret("near-miss-"+s.hero.Kind, n.text)
	what, place := sent{text: n.text}, s.place()
	switch {
	case word != "":
		what = sent{text: word + n.text, raw: true}
	case place.Authority && s.p.By != "" && s.p.By == place.Scheme.Ready:
		what = sent{text: "Basic " + n.text, raw: true}
	}
	return append(s.by(), instead(role(place), what))
}
