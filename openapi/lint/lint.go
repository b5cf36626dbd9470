// Package lint says what a contract lacks or contradicts, all of it at once and each with its line, and which kinds of checks it would
// switch on, operation by operation. It reads documents as they are, with or without annotations; package openapi explains these.
package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"example.org/conform/openapi/placed"
	"example.org/conform/openapi/survey"
)

// Finding is one thing that is missing or contradictory.
type Finding struct {
	At placed.Place
	// Usable says that a run can do without.
	Usable bool
	Text   string
}

// String is it on one line, as compilers write theirs.
func (f Finding) String() string {
	severity := "error"
	if f.Usable {
		severity = "warning"
	}
	return fmt.Sprintf("%s: %s: %s", f.At, severity, f.Text)
}

// Report is what was found, and what a run would try.
type Report struct {
	Findings []Finding
	// Operations are those that the lives need, in the document's order, and Idle counts the others.
	Operations []Operation
	Idle       int
	// Together is what is tried of several operations with each other.
	Together []string
}

// Operation is what a run would try at one.
type Operation struct {
	Words  string
	Checks []string
}

// Usable reports whether a run can judge by the contract.
func (r *Report) Usable() bool {
	return !slices.ContainsFunc(r.Findings, func(f Finding) bool { return !f.Usable })
}

// Of looks at a document.
func Of(d *survey.Document) *Report {
	l := &linter{says: read(d)}
	l.slips(d.Node, false)
	l.schemes()
	for _, h := range l.hands {
		l.handOut(h)
		l.links(h)
	}
	l.twice()
	l.whole()
	for _, kind := range l.kinds() {
		l.life(kind)
	}
	for _, o := range l.ends {
		l.end(o)
	}
	for _, o := range l.d.Operations {
		l.reissues(o)
	}
	l.accounts()
	for _, o := range l.concerned() {
		l.shape(o)
	}
	l.tell()
	slices.SortStableFunc(l.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line))
	})
	l.Findings = slices.Compact(l.Findings)
	return &l.Report
}

// Refused enters why a run would not read the contract, where nothing else was found that says so.
func (r *Report) Refused(at placed.Place, err error) {
	if r.Usable() {
		r.Findings = append(r.Findings, Finding{at, false, "a run would not read it: " + err.Error()})
		r.Together = nil
	}
}

type linter struct {
	*says
	Report
}

func (l *linter) wrong(at placed.Place, format string, args ...any) {
	l.Findings = append(l.Findings, Finding{at, false, fmt.Sprintf(format, args...)})
}

func (l *linter) lacks(at placed.Place, format string, args ...any) {
	l.Findings = append(l.Findings, Finding{at, true, fmt.Sprintf(format, args...)})
}

// values are the members of a document that hold values of the API.
var values = []string{"example", "examples", "value", "default", "enum", "const"}

// slips finds extensions, and members of them, that are spelt so that nobody reads them.
func (l *linter) slips(n *placed.Node, names bool) {
	for _, m := range n.Members {
		if !names && slices.Contains(values, m.Name) {
			continue
		}
		if folded := fold(m.Name); !names && strings.HasPrefix(folded, "x") && !slices.Contains(extensions, m.Name) {
			if i := slices.IndexFunc(extensions, func(x string) bool { return fold(x) == folded }); i >= 0 && strings.HasPrefix(m.Name, "x") {
				l.lacks(m.At, "nobody reads it as it is spelt; write %s", extensions[i])
			}
		}
		if known := members[m.Name]; !names && known != nil {
			if m.Value.Kind != placed.Mapping {
				l.wrong(m.At, "%s is no mapping; it may have %s", m.Name, strings.Join(known, ", "))
			}
			for _, inner := range m.Value.Members {
				if !slices.Contains(known, inner.Name) {
					l.wrong(inner.At, "%s has no such member; it may have %s", m.Name, strings.Join(known, ", "))
				}
			}
			continue
		}
		l.slips(m.Value, !names && (m.Name == "properties" || m.Name == "schemas" || m.Name == "paths"))
	}
	for _, item := range n.Items {
		l.slips(item, false)
	}
}

func fold(name string) string {
	return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(name))
}

// schemes looks at the security schemes.
func (l *linter) schemes() {
	for _, s := range l.d.Schemes {
		n := s.Get("x-credential").Node
		if n == nil {
			continue
		}
		at, kind := s.Where("x-credential"), n.Get("kind").Text()
		switch {
		case kind == "":
			l.wrong(at, "x-credential without a kind; write x-credential: {kind: token}, with the kind of an x-hands-out")
		case n.Get("given").Is():
		case !slices.Contains(l.kinds(), kind):
			l.wrong(at, "%s is taken, and no operation hands one out; add x-hands-out: {kind: %s, value: …} to the answer that does, or given: true here "+
				"where an administrator makes it and the target gives it", article(name(kind)), name(kind))
		case !slices.ContainsFunc(l.takes, func(t taking) bool { return t.scheme == s }):
			l.lacks(at, "no operation takes what the scheme carries; name the scheme in their security, or in the document's")
		}
		if s.Carries == "basic" && n.Get("user") == nil {
			l.wrong(at, "HTTP's Basic sends a name with the credential, and nothing says which; add user: '$request.body#/…' to x-credential")
		}
		if s.Carries == "mutualTLS" {
			l.wrong(at, "a credential in a client's certificate is not known here; take x-credential out")
		}
	}
}

// twice looks for operations that cannot be told apart.
func (l *linter) twice() {
	seen := map[string]bool{}
	for _, o := range l.d.Operations {
		if o.ID != "" && seen[o.ID] {
			l.wrong(o.Where("operationId"), "another operation has that operationId; give each its own")
		}
		seen[o.ID] = true
	}
	for _, o := range l.uses {
		if len(l.of(o)) == 0 || slices.Contains(l.ends, o) {
			l.wrong(o.At, "x-probe is for what takes a credential and only reads; take it out")
		}
	}
}

// whole looks for what a contract needs as a whole.
func (l *linter) whole() {
	top := l.d.At
	if paths := l.d.Where("paths"); paths.Line > 0 {
		top = paths
	}
	if len(l.hands) == 0 && !slices.ContainsFunc(l.d.Schemes, func(s *survey.Scheme) bool { return s.Get("x-credential").Get("given").Is() }) {
		l.wrong(top, "no login: no operation hands out a credential; mark the answer of the one that does with x-hands-out: {kind: token, value: '$response.body#/…'} "+
			"(conform contract draft proposes what looks like it), or the scheme whose credential the target gives with x-credential: {kind: token, given: true}")
		return
	}
	if len(l.hands) > 0 && !slices.ContainsFunc(l.hands, func(h hand) bool { return l.from(h) == "" }) {
		l.wrong(l.hands[0].by.At, "no login: every operation that hands out a credential takes one, so that nothing gives the first; give the one that takes a name and a password security: []")
	}
	switch {
	case l.probe == nil:
		l.wrong(top, "nothing shows whether a credential works; mark an operation that takes it and only reads with x-probe: true")
	case len(l.of(l.probe)) == 0:
		l.wrong(l.probe.At, "it is to show whether a credential works, and takes none; name the security scheme that has x-credential in its security, or have a link lead there")
	case slices.Contains(l.ends, l.probe):
		l.wrong(l.probe.At, "it is to show whether a credential works, and ends it; mark another one with x-probe: true")
	case !l.probe.Refuses():
		l.lacks(l.probe.At, "no refusal is described; describe the answer to a dead credential, such as '401'")
	}
}

// life looks at one kind of credential.
func (l *linter) life(kind string) {
	var first hand
	moments := 0
	for _, h := range l.hands {
		if h.kind != kind {
			continue
		}
		if first.by == nil {
			first = h
		}
		if h.node.Get("ends") != nil || h.node.Get("lasts") != nil {
			moments++
		}
		if h.node.Get("slides").Is() != first.node.Get("slides").Is() {
			l.wrong(h.at, "%s slides here, and does not where %s hands one out; say the same in both", article(name(kind)), name(cmp.Or(first.by.ID, first.by.Words())))
		}
	}
	if !slices.ContainsFunc(l.takes, func(t taking) bool { return t.kind == kind }) {
		l.wrong(first.at, "nothing takes %s; add x-credential: {kind: %s} to the security scheme that carries it, or a link to what takes it", article(name(kind)), name(kind))
		return
	}
	if !slices.ContainsFunc(l.hands, func(h hand) bool { return h.kind == kind && l.from(h) != kind }) && l.from(first) != "" {
		l.wrong(first.at, "%s is only renewed, and nothing hands out a first one", article(name(kind)))
	}
	ended := len(l.endOf(kind)) > 0
	switch {
	case !ended && moments == 0:
		l.lacks(first.at, "a life without an end: nothing ends %s, and its answer states no time; add x-ends to the operation that ends it, or ends or lasts here", article(name(kind)))
	case moments == 0:
		l.lacks(first.at, "how long %s lives is stated nowhere; add ends (where the answer states it) or lasts (what the document says), or name it in the target's lifetimes", article(name(kind)))
	case !ended:
		l.lacks(first.at, "nothing ends %s before its time; add x-ends to the operation that does, if there is one", article(name(kind)))
	}
}

// end looks at an operation that ends a credential.
func (l *linter) end(o *survey.Operation) {
	n := o.Get("x-ends")
	if len(l.of(o)) == 0 {
		l.wrong(o.Where("x-ends"), "it takes no credential that it could end; have a link from what hands one out lead there, or name the scheme that carries it in its security")
	}
	for _, list := range []string{"spares", "reaches"} {
		if relations := n.Get(list); relations.Node != nil {
			for _, item := range relations.Items {
				if item.Text() == "device" && list == "reaches" {
					l.wrong(item.At, "reaches device, which no run can tell from the rest of the account; take it out, or say account where all of the account's end")
				} else if !slices.Contains(relationsOf(list), item.Text()) {
					l.wrong(item.At, "%s names none of %s", list, strings.Join(relationsOf(list), ", "))
				}
			}
		}
	}
	if spares, reaches := n.Get("spares").Node, n.Get("reaches").Node; spares != nil && reaches != nil {
		for _, item := range spares.Items {
			if slices.ContainsFunc(reaches.Items, func(other *placed.Node) bool { return other.Text() == item.Text() || other.Text() == "account" }) {
				l.wrong(item.At, "%s are spared and reached; take them out of one of the two", name(item.Text()))
			}
		}
	}
	if _, hands := l.hand(o); hands {
		l.lacks(o.Where("x-ends"), "it ends a credential and hands one out; for a renewal that ends the old one, say rotates: true in x-hands-out instead")
	}
}

func relationsOf(list string) []string {
	all := []string{"parent", "siblings", "children", "others", "original", "renewal"}
	if list == "reaches" {
		all = append(all, "account", "caller")
	}
	return all
}

// name is a name of the document in a message: on one line, and not too long.
func name(text string) string {
	text = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return '·'
		}
		return c
	}, strings.ToValidUTF8(text, "·"))
	if runes := []rune(text); len(runes) > 80 {
		text = string(runes[:80]) + "…"
	}
	return text
}
