// Package lint says what a contract lacks or contradicts, all of it at once and each with its line, and which kinds of checks it would
// switch on, operation by operation. It reads documents as they are, with or without annotations; package openapi explains these.
package lint

import (
	"cmp"
	"fmt"
	"regexp"
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
		case !slices.Contains(l.kinds(), kind):
			l.wrong(at, "%s is taken, and no operation hands one out; add x-hands-out: {kind: %s, value: …} to the answer that does", article(name(kind)), name(kind))
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

var (
	expression = regexp.MustCompile(`^\$(?:(request|response)\.body(#(?:/[^{}]*)?)?|response\.(?:header|cookie)\.[^{}#/ ]+)$`)
	forms      = "a runtime expression, such as $response.body#/token, $response.header.X-Token or $response.cookie.SID"
)

// handOut looks at an answer that hands out something.
func (l *linter) handOut(h hand) {
	where := func(member string) placed.Place { return h.node.Where(member) }
	if h.kind == "" {
		l.wrong(h.at, "x-hands-out without a kind; add kind: token, or what the document calls it")
	}
	if h.value == "" {
		l.wrong(h.at, "x-hands-out without a value; add where the credential stands, as value: '$response.body#/token'")
	}
	for _, member := range []string{"value", "ends"} {
		l.expressed(h, where(member), member, h.node.Get(member).Text())
	}
	if names := h.node.Get("names"); names != nil {
		for _, m := range names.Members {
			l.expressed(h, m.At, "another name", m.Value.Get("value").Text())
		}
	}
	if h.node.Get("endsAs") != nil && h.node.Get("ends") == nil {
		l.wrong(where("endsAs"), "endsAs says in which form the end is stated, and nothing says where; add ends")
	}
	if success := h.by.Success(); success != h.of && h.by.Success() != nil {
		l.wrong(h.at, "x-hands-out on an answer that is not the operation's first success (%s); move it there", name(success.Status))
	}
	if strings.HasPrefix(h.value, "$response.body#") {
		if m, ok := h.of.Body.Member(strings.TrimPrefix(h.value, "$response.body#")); ok && m.Get("x-secret").Node == nil && l.d.Resolved(m.Spot).Get("x-secret").Node == nil {
			l.lacks(m.At, "the member has %s, and nothing says that it is secret; add x-secret: %s", article(name(h.kind)), name(h.kind))
		}
	}
}

// expressed looks at an expression for where something stands in an answer.
func (l *linter) expressed(h hand, at placed.Place, what, text string) {
	switch {
	case text == "":
		return
	case !expression.MatchString(text):
		l.wrong(at, "%s is no expression that can be read; write %s", what, forms)
		return
	}
	pointer, points := strings.CutPrefix(text, "$response.body#")
	if !points || h.of.Body == nil {
		if strings.HasPrefix(text, "$response.body") && h.of.Body == nil {
			l.lacks(at, "%s stands in a body, and the answer describes none; describe it under content", what)
		}
		return
	}
	if _, ok := h.of.Body.Member(pointer); !ok && strings.Count(pointer, "/") <= 3 {
		l.lacks(at, "%s stands at a member that the answer does not describe; look for a slip in the pointer, or describe it", what)
	}
}

// links looks at the links of an answer that hands out something.
func (l *linter) links(h hand) {
	led := map[string]bool{}
	for _, link := range h.of.Links {
		id := link.Get("operationId")
		to := l.d.Operation(id.Text())
		switch {
		case id.Node == nil && link.Get("operationRef").Node != nil:
			l.wrong(link.Where("operationRef"), "a link by operationRef is not followed; write the operationId of what it leads to")
		case to == nil:
			l.wrong(link.Where("operationId"), "a link to nowhere: no operation has that operationId; mend it, or give the operation that operationId")
		case led[to.ID]:
			l.wrong(link.Where("operationId"), "two links lead to %s; make one of them", name(to.ID))
		default:
			led[to.ID] = true
			l.enters(link, to)
		}
	}
}

// enters looks at what a link gives.
func (l *linter) enters(link survey.Link, to *survey.Operation) {
	for _, in := range []string{"parameters", "requestBody"} {
		given := link.Get(in)
		if given.Node == nil {
			continue
		}
		if given.Kind != placed.Mapping {
			l.wrong(link.Where(in), "%s of a link is no mapping; write a name and an expression for each", in)
			continue
		}
		for _, m := range given.Members {
			known := slices.ContainsFunc(to.Parameters, func(p survey.Parameter) bool {
				return p.Name == m.Name || p.In == "header" && strings.EqualFold(p.Name, m.Name)
			})
			if in == "requestBody" {
				_, known = to.Body.Member("/" + m.Name)
			}
			switch {
			case !known && in == "requestBody":
				l.wrong(m.At, "the body of %s has no member that is called so; mend the name, or describe it", name(to.ID))
			case !known:
				l.wrong(m.At, "%s has no parameter that is called so; mend the name, or describe it", name(to.ID))
			case !expression.MatchString(m.Value.Text()):
				l.wrong(m.At, "what the link gives is no expression that can be read; write %s", forms)
			}
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
	probes := 0
	for _, o := range l.d.Operations {
		if o.Get("x-probe").Is() || o.ID == "probe" {
			if probes++; probes > 1 {
				l.wrong(o.At, "a second operation shows whether a credential works (x-probe, or the operationId probe); keep one")
			}
		}
	}
}

// whole looks for what a contract needs as a whole.
func (l *linter) whole() {
	top := l.d.At
	if paths := l.d.Where("paths"); paths.Line > 0 {
		top = paths
	}
	if len(l.hands) == 0 {
		l.wrong(top, "no login: no operation hands out a credential; mark the answer of the one that does with x-hands-out: {kind: token, value: '$response.body#/…'} "+
			"(conform contract draft proposes what looks like it)")
		return
	}
	if !slices.ContainsFunc(l.hands, func(h hand) bool { return l.from(h) == "" }) {
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
				if !slices.Contains(relationsOf(list), item.Text()) {
					l.wrong(item.At, "%s names none of %s", list, strings.Join(relationsOf(list), ", "))
				}
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
		all = append(all, "account", "caller", "device")
	}
	return all
}

// accounts looks at how a login takes the account's name and password.
func (l *linter) accounts() {
	for _, h := range l.hands {
		if l.from(h) != "" {
			continue
		}
		has := map[string]bool{}
		for _, said := range l.accountOf(h.by) {
			has[said.what] = true
			if said.deep {
				l.wrong(said.at, "x-account stands deeper than at the top of the body, where it is not looked for; a login that needs it so cannot be sent")
			}
			if said.what == "password" && !said.secret {
				l.lacks(said.at, "the password is not said to be secret; add x-secret: password")
			}
		}
		if slices.ContainsFunc(h.by.Security, func(s *survey.Scheme) bool { return slices.Contains(transports, s.Carries) }) {
			continue
		}
		if !has["password"] {
			l.wrong(h.by.At, "it hands out for an account, and nothing says where the password goes; mark that member of its body with x-account: password")
		}
		if !has["username"] {
			l.lacks(h.by.At, "nothing says where the account's name goes; mark that member of its body with x-account: username")
		}
	}
}

// transports are the schemes of HTTP by which a request brings an account's name and password, or a proof of them.
var transports = []string{"basic", "digest", "negotiate", "ntlm"}

// account is a place for an account's name or password.
type account struct {
	what         string
	at           placed.Place
	deep, secret bool
}

func (l *linter) accountOf(o *survey.Operation) (all []account) {
	add := func(s survey.Spot, deep bool) {
		for _, of := range []survey.Spot{s, l.d.Resolved(s)} {
			if what := of.Get("x-account").Text(); what != "" {
				all = append(all, account{what, of.Where("x-account"), deep, s.Get("x-secret").Node != nil || l.d.Resolved(s).Get("x-secret").Node != nil})
				return
			}
		}
	}
	if o.Body != nil {
		for _, m := range o.Body.Members {
			add(m.Spot, strings.Count(m.Pointer, "/") > 1)
		}
	}
	for _, p := range o.Parameters {
		add(p.Spot, false)
	}
	return all
}

// shape looks at what a request of an operation needs, and at what its answers are.
func (l *linter) shape(o *survey.Operation) {
	if o.Success() == nil {
		l.wrong(o.At, "no success is described; describe the answer to a good request, such as '200'")
	}
	if o.ID == "" {
		l.lacks(o.At, "no operationId, so that reports call it by its path; add one")
	}
	if others := l.strange(o); len(others) > 0 {
		l.lacks(o.At, "%s asks for %s, which no credential of the contract is; a run cannot bring it: say x-credential of the scheme, or mend the operation's security",
			name(o.Words()), name(strings.Join(others, ", ")))
	}
	brought := map[string]bool{}
	for _, h := range l.hands {
		for _, link := range h.of.Links {
			if l.d.Operation(link.Get("operationId").Text()) != o {
				continue
			}
			for _, in := range []string{"parameters", "requestBody"} {
				if given := link.Get(in); given.Node != nil {
					for _, m := range given.Members {
						brought[m.Name] = true
					}
				}
			}
		}
	}
	lacking := func(s survey.Spot, what string) {
		for _, of := range []survey.Spot{s, l.d.Resolved(s), l.d.Resolved(s.Get("schema"))} {
			for _, has := range []string{"example", "examples", "default", "enum", "const", "x-account"} {
				if of.Node != nil && of.Get(has).Node != nil {
					return
				}
			}
		}
		l.lacks(s.At, "%s needs %s, and nothing says which value would do; give it an example, or have a link bring it", name(o.Words()), what)
	}
	for _, p := range o.Parameters {
		if p.Required && !brought[p.Name] && !(p.In == "header" && slices.ContainsFunc(o.Security, func(s *survey.Scheme) bool { return strings.EqualFold(s.Field, p.Name) })) {
			lacking(p.Spot, "the parameter "+name(p.Name))
		}
	}
	if o.Body == nil || o.Body.Get("example").Node != nil || o.Body.Get("examples").Node != nil || o.Body.Schema.Node != nil && (o.Body.Schema.Get("example").Node != nil || o.Body.Schema.Get("examples").Node != nil) {
		return
	}
	for _, m := range o.Body.Members {
		if m.Required && !m.Choice && strings.Count(m.Pointer, "/") == 1 && !brought[m.Name] {
			lacking(m.Spot, "the member "+name(m.Name))
		}
	}
}

// strange are the security schemes that an operation asks for, where it takes none that carries a credential of the contract.
func (l *linter) strange(o *survey.Operation) (names []string) {
	if o.Optional {
		return nil
	}
	for _, s := range o.Security {
		if s.Get("x-credential").Node != nil || slices.Contains(transports, s.Carries) {
			return nil
		}
		names = append(names, s.Name)
	}
	return names
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
