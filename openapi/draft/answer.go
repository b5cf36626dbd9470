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

// drawHandOut proposes what is said of the login's answer, when all is known that its links lead to.
func (s *sketch) drawHandOut() {
	l, o := s.login, s.login.of
	r := o.Success()
	if r == nil {
		s.note("%s describes no success, so that nothing can be said of what it hands out. Describe it in the document, or in an overlay.", title(o))
		return
	}
	if l.member.Node != nil {
		s.hide(l.member.Spot, l.kind, "What the login hands out")
	}
	if l.refresher.Node != nil {
		s.hide(l.refresher.Spot, "refresh-token", "What renews it")
	}
	update := yaml.MapSlice{}
	if r.Get("x-hands-out").Node == nil {
		says, questions := handOut(l.kind, l.value, r.Body, l.moment)
		if !l.described {
			questions = append(questions, "the document does not describe where the answer has the credential. Is it here?")
		}
		if l.value == "" {
			says[1].Value = "$response.body#/token"
		}
		if len(s.names) > 0 {
			says = append(says, yaml.MapItem{Key: "names", Value: s.names})
		}
		update = append(update, yaml.MapItem{Key: "x-hands-out", Value: says})
		s.drawAnswer(o, r, s.withLinks(update), questions, fmt.Sprintf("%s hands out a %s: it answers %s.", title(o), l.kind, cmp.Or(l.value, "something that is not described")))
	}
}

func (s *sketch) withLinks(update yaml.MapSlice) yaml.MapSlice {
	if len(s.links) == 0 {
		return update
	}
	var links yaml.MapSlice
	for _, l := range s.links {
		links = append(links, yaml.MapItem{Key: l.Key, Value: *l.Value.(*yaml.MapSlice)})
	}
	return append(update, yaml.MapItem{Key: "links", Value: links})
}

// drawAnswer proposes an update of an answer. One that other operations refer to as well becomes the operation's own first, since it
// would be said of theirs too.
func (s *sketch) drawAnswer(o *survey.Operation, r *survey.Response, update yaml.MapSlice, questions []string, why string) {
	if r.Own.Node == r.Node || r.Target != "" && s.sharers(r) == 1 {
		s.act(r.Spot, update, questions, "%s", why)
		return
	}
	if r.Own.Target == "" || r.Target == "" {
		s.act(survey.Spot{Node: r.Node}, update, questions, "%s", why)
		return
	}
	s.actions = append(s.actions, action{target: r.Own.Target + "['$ref']", remove: true, why: "Other operations give that answer too: the next action writes it out for " + title(o) + "."})
	own := r.Clone()
	s.hidden(r.Node, own)
	whole, _ := own.Ordered().(yaml.MapSlice)
	links := slices.IndexFunc(whole, func(i yaml.MapItem) bool { return i.Key == "links" })
	for _, one := range update {
		if more, is := one.Value.(yaml.MapSlice); is && one.Key == "links" && links >= 0 {
			known, _ := whole[links].Value.(yaml.MapSlice)
			whole[links].Value = append(slices.Clone(known), more...)
			continue
		}
		whole = append(whole, one)
	}
	s.act(r.Own, whole, questions, "%s", why)
}

// hidden says of the parts of a copy that they are secret, as it is said of what it is a copy of.
func (s *sketch) hidden(from, to *placed.Node) {
	if kind := s.secret[from]; kind != "" {
		to.Members = append(to.Members, placed.Member{Name: "x-secret", At: to.At, Value: &placed.Node{Value: kind, At: to.At}})
	}
	for i := range from.Members {
		s.hidden(from.Members[i].Value, to.Members[i].Value)
	}
	for i := range from.Items {
		s.hidden(from.Items[i], to.Items[i])
	}
}

// sharers counts the operations that have an answer.
func (s *sketch) sharers(r *survey.Response) (n int) {
	for _, o := range s.document.Operations {
		if slices.ContainsFunc(o.Responses, func(other *survey.Response) bool { return other.Node == r.Node }) {
			n++
		}
	}
	return n
}

// handOut is what is said of an answer that hands out something, with what is unsure of its time.
func handOut(kind, value string, b *survey.Body, moment survey.Member) (says yaml.MapSlice, questions []string) {
	says = item("kind", kind, "value", value)
	isNumber := moment.Type == "integer" || moment.Type == "number"
	switch {
	case moment.Node == nil:
		questions = append(questions, "the answer does not say when it ends. Add lasts: 1h if the document says how long, slides: true if each use gives it that time anew, "+
			"or say it in the target file's lifetimes; in a JWT: ends: '"+value+"' and endsAs: jwt.")
		return says, questions
	case rank(spans, moment.Name) >= 0 || isNumber && fold(moment.Name) == "expires":
		form := "in-seconds"
		if strings.HasSuffix(fold(moment.Name), "ms") {
			form = "in-milliseconds"
		}
		says = append(says, yaml.MapItem{Key: "ends", Value: "$response.body#" + moment.Pointer}, yaml.MapItem{Key: "endsAs", Value: form})
		questions = append(questions, fmt.Sprintf("is %s in %s from the answer on? Other forms: seconds, milliseconds (since 1970), in-seconds, in-milliseconds.", clean(moment.Name), strings.TrimPrefix(form, "in-")))
	case isNumber:
		says = append(says, yaml.MapItem{Key: "ends", Value: "$response.body#" + moment.Pointer}, yaml.MapItem{Key: "endsAs", Value: "seconds"})
		questions = append(questions, fmt.Sprintf("is %s in seconds since 1970?", clean(moment.Name)))
	default:
		says = append(says, yaml.MapItem{Key: "ends", Value: "$response.body#" + moment.Pointer})
		if moment.Format != "date-time" {
			questions = append(questions, fmt.Sprintf("is %s a date and time as RFC 3339 writes them? For another form add endsAs.", clean(moment.Name)))
		}
	}
	return says, questions
}
