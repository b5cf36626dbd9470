package lint

import (
	"cmp"
	"slices"
	"strings"

	"example.org/conform/openapi/placed"
	"example.org/conform/openapi/survey"
)

// What a document says of its credentials, as package openapi explains it, with the place of each statement. The loader of contracts reads
// the same and stops at the first contradiction; here everything is found that can be found, so it is kept apart from it.
type says struct {
	d     *survey.Document
	hands []hand
	takes []taking // by schemes and links
	ends  []*survey.Operation
	// probe is what credentials are judged by, and uses are what is marked so besides.
	probe *survey.Operation
	uses  []*survey.Operation
}

// hand is an answer that hands out a credential.
type hand struct {
	by    *survey.Operation
	of    *survey.Response
	node  *placed.Node
	at    placed.Place
	kind  string
	value string
}

// taking is a place where an operation takes a credential. A link's stands before a scheme's, and is the one concerned.
type taking struct {
	by     *survey.Operation
	kind   string
	link   bool
	scheme *survey.Scheme
}

// The members that the extensions have.
var members = map[string][]string{
	"x-hands-out":  {"kind", "value", "names", "ends", "endsAs", "lifetime", "lasts", "slides", "rotates"},
	"x-reissues":   {"value", "ends", "endsAs", "lasts", "rotates"},
	"x-credential": {"kind", "prefix", "also", "user", "ready", "given"},
	"x-ends":       {"spares", "reaches", "always", "again", "client", "kind"},
	"x-works":      {"statuses", "where"},
	"x-dead":       {"statuses", "where"},
}

// extensions are those that a slip of the hand is told of, by their letters alone.
var extensions = []string{"x-hands-out", "x-reissues", "x-credential", "x-ends", "x-works", "x-dead", "x-probe", "x-account", "x-secret", "x-promises", "x-requirement"}

// read collects what is said.
func read(d *survey.Document) *says {
	s := &says{d: d}
	for _, o := range d.Operations {
		for _, r := range o.Responses {
			if n := r.Get("x-hands-out").Node; n != nil {
				s.hands = append(s.hands, hand{o, r, n, r.Where("x-hands-out"), n.Get("kind").Text(), n.Get("value").Text()})
			}
		}
		if n := o.Get("x-ends").Node; n != nil && n.Get("kind") == nil { // one with a kind is made for something else
			s.ends = append(s.ends, o)
		}
		if o.Get("x-probe").Is() || o.ID == "probe" {
			s.uses = append(s.uses, o)
		}
	}
	slices.SortStableFunc(s.uses, func(a, b *survey.Operation) int {
		if is := func(o *survey.Operation) bool { return o.ID == "probe" }; is(a) != is(b) {
			return map[bool]int{true: -1, false: 1}[is(a)]
		}
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
	if len(s.uses) > 0 {
		s.probe, s.uses = s.uses[0], s.uses[1:]
	}
	for _, h := range s.hands {
		for _, l := range h.of.Links {
			if to := d.Operation(l.Get("operationId").Text()); to != nil && s.carried(h, l) {
				s.takes = append(s.takes, taking{by: to, kind: h.kind, link: true})
			}
		}
	}
	for _, o := range d.Operations {
		for _, scheme := range o.Security {
			if n := scheme.Get("x-credential"); n.Node != nil {
				s.takes = append(s.takes, taking{by: o, kind: n.Get("kind").Text(), scheme: scheme})
			}
		}
	}
	return s
}

// carried reports whether a link brings the credential, by its value or another name.
func (s *says) carried(h hand, l survey.Link) bool {
	spelt := []string{h.value}
	if names := h.node.Get("names"); names != nil {
		for _, m := range names.Members {
			spelt = append(spelt, m.Value.Get("value").Text())
		}
	}
	for _, in := range []string{"parameters", "requestBody"} {
		if given := l.Get(in); given.Node != nil {
			if slices.ContainsFunc(given.Members, func(m placed.Member) bool { return slices.Contains(spelt, m.Value.Text()) }) {
				return true
			}
		}
	}
	return false
}

// of lists how an operation takes credentials.
func (s *says) of(o *survey.Operation) (all []taking) {
	for _, t := range s.takes {
		if t.by == o {
			all = append(all, t)
		}
	}
	return all
}

// from is the kind of what an operation takes for what it hands out, "" for an account's name and password.
func (s *says) from(h hand) string {
	if taken := s.of(h.by); len(taken) > 0 {
		return taken[0].kind
	}
	return ""
}

// kinds are those that are handed out, in the document's order.
func (s *says) kinds() (all []string) {
	for _, h := range s.hands {
		if !slices.Contains(all, h.kind) {
			all = append(all, h.kind)
		}
	}
	return all
}

// endOf lists what ends a kind.
func (s *says) endOf(kind string) (all []*survey.Operation) {
	for _, o := range s.ends {
		if taken := s.of(o); len(taken) > 0 && taken[0].kind == kind {
			all = append(all, o)
		}
	}
	return all
}

// concerned lists the operations that the lives need, in the document's order.
func (s *says) concerned() (all []*survey.Operation) {
	for _, o := range s.d.Operations {
		linked := slices.ContainsFunc(s.of(o), func(t taking) bool { return t.link })
		hands := slices.ContainsFunc(s.hands, func(h hand) bool { return h.by == o })
		if linked || hands || o == s.probe || slices.Contains(s.uses, o) || slices.Contains(s.ends, o) {
			all = append(all, o)
		}
	}
	return all
}

// hand is what an operation hands out.
func (s *says) hand(o *survey.Operation) (hand, bool) {
	i := slices.IndexFunc(s.hands, func(h hand) bool { return h.by == o })
	if i < 0 {
		return hand{}, false
	}
	return s.hands[i], true
}

// article is a kind with its article.
func article(kind string) string {
	if kind != "" && strings.ContainsAny(kind[:1], "aeio") {
		return "an " + kind
	}
	return "a " + kind
}
