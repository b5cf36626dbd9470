// Package draft proposes how an OpenAPI document says what becomes of its credentials: which operation looks like a login, a renewal, a
// look at oneself, an end. It goes by names, schemas, security and links, and proposes the annotations that package openapi explains as
// an overlay, each with its reason and with a question where it is unsure. It is a draft: somebody who knows the API reads it.
package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"example.org/conform/openapi/placed"
	"example.org/conform/openapi/survey"
)

// Draft is what is proposed for a document.
type Draft struct {
	actions []action
	// notes are what was seen and not proposed.
	notes []string
}

// action is one of an overlay, with why it is proposed.
type action struct {
	target, why string
	questions   []string
	update      yaml.MapSlice
	remove      bool
}

// Of drafts for a document. The same document gives the same draft.
func Of(d *survey.Document) *Draft {
	s := &sketch{document: d, taken: map[string]bool{}, ids: map[*survey.Operation]string{}, filled: map[*placed.Node]bool{}, secret: map[*placed.Node]string{}, linked: map[string]*yaml.MapSlice{}}
	for _, o := range d.Operations {
		s.taken[o.ID] = true
	}
	s.login = s.findLogin()
	if s.login == nil && s.drawGiven() {
		return &s.Draft
	}
	if s.login == nil {
		s.note("Nothing looks like a login, which takes a name and a password and hands out a credential. Without one nothing can be " +
			"tried: add the operation to the document if the server has one, and draft again.")
		s.noteGivers()
		return &s.Draft
	}
	s.findScheme()
	s.drawLogin()
	behind := len(s.actions) // what the login hands out comes next, and is known when all is drawn that its links lead to
	s.drawRefresh()
	s.drawProbe()
	s.drawChecks()
	s.drawEnds()
	rest := slices.Clone(s.actions[behind:])
	s.actions = s.actions[:behind]
	s.drawHandOut()
	s.actions = append(s.actions, rest...)
	return &s.Draft
}

// noteGivers notes what hands out something though nothing logs in.
func (s *sketch) noteGivers() {
	const most = 5
	n := 0
	for _, o := range s.document.Operations {
		m, ok := likeliest(successBody(o), values[:len(values)-3], isTop)
		if o.Method != "POST" || !ok || of(credentials, named(o)) == "" {
			continue
		}
		if n++; n > most {
			s.note("So do others.")
			return
		}
		s.note("%s hands out %s, and takes no password.", title(o), clean(m.Name))
	}
}

// sketch is a draft on the way.
type sketch struct {
	Draft
	document *survey.Document
	taken    map[string]bool              // operationIds
	ids      map[*survey.Operation]string // those that are given here
	secret   map[*placed.Node]string      // what is said to be secret, by its kind
	login    *login
	// scheme is the security scheme that takes what the login hands out, nil where the document has none.
	scheme *survey.Scheme
	// names and links go to the login's x-hands-out and to the links of its answer.
	names  yaml.MapSlice
	links  yaml.MapSlice
	linked map[string]*yaml.MapSlice
	filled map[*placed.Node]bool // bodies that are needed
	drawn  []*survey.Operation
}

func (s *sketch) note(format string, args ...any) {
	s.notes = append(s.notes, fmt.Sprintf(format, args...))
}

// act proposes an action. What is in a file of its own, no overlay reaches.
func (s *sketch) act(target survey.Spot, update yaml.MapSlice, questions []string, why string, args ...any) {
	why = fmt.Sprintf(why, args...)
	if target.Target == "" {
		s.note("%s That part stands in another file (%s), which no overlay reaches: bundle the document first (npx @redocly/cli bundle), or add it there.",
			why, target.Node.At)
		return
	}
	if !fits(target.Node, update) {
		s.note("%s What the document has there (%s) is of another form than OpenAPI gives it: mend it first.", why, target.Node.At)
		return
	}
	s.actions = append(s.actions, action{target.Target, why, questions, update, false})
}

// fits reports whether an update can be merged into what is there.
func fits(n *placed.Node, update any) bool {
	switch v := update.(type) {
	case yaml.MapSlice:
		for _, i := range v {
			if known := n.Get(fmt.Sprint(i.Key)); known != nil && !fits(known, i.Value) {
				return false
			}
		}
		return n.Kind == placed.Mapping
	case []any:
		return n.Kind == placed.List
	}
	return n.Kind == placed.Scalar
}

// hide proposes that a member is secret.
func (s *sketch) hide(m survey.Spot, kind, what string) {
	if m.Target == "" || s.secret[m.Node] != "" || m.Get("x-secret").Node != nil || s.document.Resolved(m).Get("x-secret").Node != nil {
		return
	}
	s.secret[m.Node] = kind
	s.act(m, item("x-secret", kind), nil, "%s is kept out of reports.", what)
}

// item is a mapping of one member, or more.
func item(pairs ...any) (m yaml.MapSlice) {
	for i := 0; i+1 < len(pairs); i += 2 {
		m = append(m, yaml.MapItem{Key: pairs[i], Value: pairs[i+1]})
	}
	return m
}

func list(texts ...string) (all []any) {
	for _, text := range texts {
		all = append(all, text)
	}
	return all
}

// id is the operationId of an operation; one that has none is given one.
func (s *sketch) id(o *survey.Operation, name string) string {
	if known := cmp.Or(o.ID, s.ids[o]); known != "" {
		return known
	}
	id := name
	for n := 2; s.taken[id]; n++ {
		id = fmt.Sprint(name, n)
	}
	s.ids[o], s.taken[id] = id, true
	s.act(o.Spot, item("operationId", id), nil, "%s needs an operationId, since a link leads to it.", clean(o.Words()))
	return id
}

// link has the login's answer lead to an operation, by parameters or by members of its body.
func (s *sketch) link(name string, to *survey.Operation, in, parameter, value string) {
	if _, led := s.leads(to); led {
		return // the document has the link itself
	}
	key := s.id(to, name)
	if body := s.document.Resolved(to.Get("requestBody")); in == "requestBody" && body.Node != nil && !body.Get("required").Is() && !s.filled[body.Node] {
		s.filled[body.Node] = true
		s.act(body, item("required", true), nil, "%s needs its body, since the credential goes into it.", title(to))
	}
	l := s.linked[key]
	if l == nil {
		l = &yaml.MapSlice{{Key: "operationId", Value: key}}
		s.linked[key] = l
		s.links = append(s.links, yaml.MapItem{Key: key, Value: l})
	}
	for i, member := range *l {
		if member.Key == in {
			(*l)[i].Value = append(member.Value.(yaml.MapSlice), yaml.MapItem{Key: parameter, Value: value})
			return
		}
	}
	*l = append(*l, yaml.MapItem{Key: in, Value: item(parameter, value)})
}

// leads reports whether a link of the document's own leads from the login's answer to an operation, and what it brings.
func (s *sketch) leads(to *survey.Operation) (value string, led bool) {
	r := s.login.of.Success()
	if r == nil || to.ID == "" {
		return "", false
	}
	for _, l := range r.Links {
		if l.Get("operationId").Text() != to.ID {
			continue
		}
		for _, in := range []string{"parameters", "requestBody"} {
			if given := l.Get(in); given.Node != nil {
				for _, m := range given.Members {
					if strings.HasPrefix(m.Value.Text(), "$response.") {
						return m.Value.Text(), true
					}
				}
			}
		}
	}
	return "", false
}

// called gives the credential another name, by which an operation takes it.
func (s *sketch) called(name, value string) {
	if !slices.ContainsFunc(s.names, func(i yaml.MapItem) bool { return i.Key == name }) {
		s.names = append(s.names, yaml.MapItem{Key: name, Value: item("value", value)})
	}
}

// takes reports whether an operation is authorized by the credential.
func (s *sketch) takes(o *survey.Operation) bool {
	return s.scheme != nil && slices.Contains(o.Security, s.scheme) || s.scheme == nil && o != s.login.of && !o.Own
}

// isDrawn reports whether an operation has its part already.
func (s *sketch) isDrawn(o *survey.Operation) bool {
	return o == s.login.of || slices.Contains(s.drawn, o)
}

// given says how a request of an operation brings what is called so: parameters, or members of its body.
func given(o *survey.Operation, names []string) (in, name string, spot survey.Spot) {
	if m, ok := likeliest(o.Body, names, isTop); ok {
		return "requestBody", m.Name, m.Spot
	}
	for _, p := range o.Parameters {
		if rank(names, p.Name) >= 0 && p.In != "cookie" {
			return "parameters", p.Name, p.Spot
		}
	}
	return "", "", survey.Spot{}
}

// concerned says how a request brings the credential that it concerns, beside the one that authorizes it.
func (s *sketch) concerned(o *survey.Operation) (in, name string, spot survey.Spot) {
	if in, name, spot = given(o, values); in != "" {
		return in, name, spot
	}
	for _, p := range o.Parameters {
		if p.In == "header" && isCredentialHeader(p.Name) && (s.scheme == nil || !strings.EqualFold(p.Name, s.scheme.Field)) {
			return "parameters", p.Name, p.Spot
		}
	}
	return "", "", survey.Spot{}
}

// needs are the parameters in the path of an operation.
func needs(o *survey.Operation) (names []string) {
	for _, p := range o.Parameters {
		if p.In == "path" {
			names = append(names, p.Name)
		}
	}
	return names
}

// title is a sentence's beginning.
func title(o *survey.Operation) string {
	if o.ID == "" || strings.Contains(o.Path, o.ID) {
		return clean(o.Words())
	}
	return clean(o.Words()) + " (" + clean(o.ID) + ")"
}
