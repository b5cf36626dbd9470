package life

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// nearMissed sends every near miss of the hero, behind every word that may stand before it, and then to every other operation that
// takes such a one in the same place and has no promise of its own.
func (s *story) nearMissed(ctx context.Context) {
	s.missedBy(ctx, append(s.nearOnes(ctx), s.spliced(ctx)...), "")
	otherCase := s.tellsCase(ctx)
	again := func(op *openapi.Operation, word string) {
		there := *s
		if there.op = op; op != s.op {
			there.p.What, there.p.At = "", role(s.place())
		}
		there.hero = s.Make(ctx, s.kind(), s.home...) // so that none has to live as long as all of this takes
		all := there.nearOnes(ctx)
		if text, ok := check.OtherCase(there.sentAs()); ok && otherCase {
			all = append(all, near{words: "its letters in the other case, which is another one by the server's own answer", text: text})
		}
		there.missedBy(ctx, all, word)
	}
	for _, word := range s.otherWords(s.place()) {
		again(s.op, word)
	}
	for _, op := range s.elsewhere() {
		again(op, "")
	}
}

// nearOnes are the near misses of the hero. Where it is an answer's whole body and blanks stand around it, clients send it back with
// these, and a server that overlooks blanks has to.
func (s *story) nearOnes(ctx context.Context) []near {
	text := s.sentAs()
	all := nearOf(text, s.place())
	if core := strings.TrimRight(text, "="); core != text && s.p.By != s.place().Scheme.Ready {
		// Of the text that goes behind the word Basic it is HTTP's own matter (RFC 7617, 2), which many read without it.
		all = append(all, near{words: "its padding missing", text: core})
	}
	if body := string(s.hero.Given.Body); strings.TrimSpace(body) == text && body != text {
		all = slices.DeleteFunc(all, func(n near) bool { return strings.TrimSpace(n.text) == text })
	}
	if name := s.Target.Account.Username; name != "" && s.place().Scheme.User == "" { // there it is a password's place, and guesses are counted
		all = append(all, near{"in its place the account's name", name, true},
			near{"in its place the account's name in base64", base64.StdEncoding.EncodeToString([]byte(name)), true})
	}
	for _, name := range s.otherNames() { // by which one finds it too
		id := s.hero.Name(name)
		all = append(all, near{words: "its " + name + " with a wildcard of SQL (_) for one of its characters", text: asWildcard(id, len(id)/2)})
	}
	return s.withoutTwins(ctx, all)
}

// spliced is what is half the hero and half another of its kind, by which one reader finds the one and the next reader the other.
func (s *story) spliced(ctx context.Context) []near {
	text, half := s.sentAs(), len(s.sentAs())/2
	if s.p.By != "" || s.op.Ends() != nil || half == 0 {
		return nil
	}
	twin := *s
	twin.hero = s.Make(ctx, s.kind(), s.home...)
	other := twin.sentAs()
	if len(other) != len(text) || !utf8.ValidString(text[:half]) || !utf8.ValidString(other[:half]) {
		return nil
	}
	mixed := text[:half] + other[half:]
	if mixed == text || mixed == other || sameBytes(text, mixed) || sameBytes(other, mixed) {
		return nil
	}
	return []near{{words: "its second half that of another", text: mixed}}
}

// otherNames are those of the hero by which its place takes it as well.
func (s *story) otherNames() (names []string) {
	if s.p.By != "" || s.op.Ends() != nil {
		return nil
	}
	for _, p := range s.op.Promises {
		if _, own := s.hero.hand.Names[p.By]; own && len(p.Sent) == 0 && !slices.Contains(names, p.By) && s.hero.Name(p.By) != "" {
			names = append(names, p.By)
		}
	}
	return names
}

// sentAs is the text of the hero in the place that the promise is about, by its name.
func (s *story) sentAs() string {
	if s.p.By == "" {
		return s.hero.At(s.place())
	}
	if way, is := s.op.OtherWays[s.p.By]; is {
		return s.hero.At(way)
	}
	return s.hero.Name(s.p.By)
}

// tellsCase says whether the server itself takes a number in hexadecimal digits for another one in the other case of its letters.
func (s *story) tellsCase(ctx context.Context) bool {
	text := s.sentAs()
	other, ok := check.OtherCase(text)
	if !ok || !isNumber(text) || s.op.Ends() != nil {
		return false
	}
	return check.Refused(s.Present(ctx, s.op.ID(), s.hero, s.missing(near{text: other}, "")...))
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
		// Nobody judges these answers, so that what has no content may share connections.
		own.Otherwise(func(env *check.Env) { env.Client = env.Client.Unjudged() })
		own.Present(ctx, s.op.ID(), s.hero, append(s.missing(all[i], word), authority...)...)
	})
	s.ExpectAccepted(ctx, s.Opener(s.kind()), s.hero, Noun(s.kind())+" after the end of near misses of it")
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
		if op == s.op || op.Clears() || e != nil && e.Always || h != nil && h.Rotates {
			continue
		}
		for _, p := range op.Takes() {
			if p.Kind != s.kind() || role(p) != role(s.place()) {
				continue
			}
			if _, own := plainly(op, openapi.Promise{Sent: []string{nearMisses}, At: role(p), By: s.p.By}); !own {
				all = append(all, op)
			}
		}
	}
	return all
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
	return len(takes) > 0 && takes[0].Kind == kind && op.Ends() == nil && (op.Probes() || h != nil && !h.Renews())
}

// missing sends a near miss in the place that the promise is about, behind another word than the usual one or "".
func (s *story) missing(n near, word string) []Option {
	if !n.anybodys {
		s.Redactor.Vary("near-miss-"+s.hero.Kind, n.text) // also where it is another way to write the real one
	}
	return s.missingAt(s.place(), n, word)
}

// missingAt is missing in another place, for another operation.
func (s *story) missingAt(place openapi.Place, n near, word string) []Option {
	what := sent{text: n.text}
	switch {
	case word != "":
		what = sent{text: word + n.text, raw: true}
	case place.Authority && s.p.By != "" && s.p.By == place.Scheme.Ready:
		what = sent{text: "Basic " + n.text, raw: true}
	}
	return append(s.by(), instead(role(place), what))
}
