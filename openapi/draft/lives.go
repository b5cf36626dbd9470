package draft

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"example.org/conform/openapi/survey"
)

// drawRefresh proposes what looks like a renewal.
func (s *sketch) drawRefresh() {
	type candidate struct {
		of     *survey.Operation
		points int
		member survey.Member
		value  string
	}
	var all []candidate
	for _, o := range s.document.Operations {
		r := o.Success()
		if s.isDrawn(o) || r == nil || o.Method == "DELETE" || o.Method == "GET" && !s.takes(o) || len(needs(o)) > 0 {
			continue
		}
		c := candidate{of: o}
		byName := of(likeRefresh, named(o)) != ""
		_, refresher := likeliest(o.Body, refreshers, isTop)
		if m, ok := likeliest(r.Body, values, isText); ok {
			c.member, c.value = m, "$response.body#"+m.Pointer
		} else if r.Body != nil && r.Body.Schema.Node != nil && r.Body.Schema.Get("type").Text() == "string" {
			c.value = "$response.body"
		} else if strings.HasPrefix(s.login.value, "$response.cookie.") || strings.HasPrefix(s.login.value, "$response.header.") {
			c.value = s.login.value
		}
		if byName {
			c.points += 3
		}
		if refresher && s.login.refresh != "" && of(credentials, " "+spell(lastWord(o.Path))+" ") != "" {
			c.points += 2
		}
		if c.points == 0 || of(likeLogout, named(o)) != "" || of(otherLogin, named(o)) != "" || of(likeEnd, named(o)) != "" {
			continue
		}
		if c.value == "" && (o.Method == "GET" || of(credentials, named(o)) == "") {
			continue // something else is renewed
		}
		if c.value == "" {
			s.note("%s looks like a renewal, and its answer describes no credential. If it only gives the old one more time, say slides: true of what the login hands out.", title(o))
			continue
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return b.points - a.points })
	for i, c := range all {
		if i > 0 {
			s.note("%s looks like a renewal too; one is proposed.", title(c.of))
			continue
		}
		s.drawn = append(s.drawn, c.of)
		r, o := c.of.Success(), c.of
		questions := []string{"does the old one end when it is renewed? Then add rotates: true."}
		why := title(o) + " looks like the renewal: "
		if word := of(likeRefresh, named(o)); word != "" {
			why += fmt.Sprintf("it is named %q", word)
		} else {
			why += "it takes what renews"
		}
		if in, name, spot := given(o, refreshers); in != "" && s.login.refresh != "" {
			s.called("refresh", s.login.refresh)
			s.link("refresh", o, in, name, s.login.refresh)
			s.hide(spot, "refresh-token", "What renews it")
			why += fmt.Sprintf(", and takes %s, which the login hands out too", clean(name))
		} else if in, name, spot := s.concerned(o); in != "" && s.login.value != "" {
			s.link("refresh", o, in, name, s.login.value)
			s.hide(spot, s.login.kind, "What is renewed")
			why += fmt.Sprintf(", and takes %s", clean(name))
		} else if !s.takes(o) {
			s.note("%s looks like the renewal, and nothing says how it takes the credential: neither its security nor a member or parameter that is called so.", title(o))
			continue
		}
		moment, _ := likeliest(r.Body, slices.Concat(moments, spans), anyType)
		if r.Get("x-hands-out").Node != nil {
			continue
		}
		says, more := handOut(s.login.kind, c.value, r.Body, moment)
		questions = append(questions, more...)
		update := item("x-hands-out", says)
		if m, ok := likeliest(r.Body, refreshers, isText); ok && s.login.refresh != "" {
			value := "$response.body#" + m.Pointer
			update[0].Value = append(says, yaml.MapItem{Key: "names", Value: item("refresh", item("value", value))})
			if in, name, _ := given(o, refreshers); in != "" {
				id := s.id(o, "refresh")
				update = append(update, yaml.MapItem{Key: "links", Value: item(id, item("operationId", id, in, item(name, value)))})
			}
			s.hide(m.Spot, "refresh-token", "What renews it")
		}
		if c.member.Node != nil {
			s.hide(c.member.Spot, s.login.kind, "What the renewal hands out")
		}
		s.drawAnswer(o, r, update, questions, why+".")
	}
}

// drawProbe proposes the operation that shows whether a credential works: a look at oneself, or else any that only reads.
func (s *sketch) drawProbe() {
	var best *survey.Operation
	most, reason := 0, ""
	for _, o := range s.document.Operations {
		if o.ID == "probe" || o.Get("x-probe").Is() {
			return
		}
		if o.Method != "GET" || s.isDrawn(o) || !s.takes(o) || len(needs(o)) > 0 || o.Success() == nil || o.Get("deprecated").Is() ||
			slices.ContainsFunc(o.Parameters, func(p survey.Parameter) bool { return p.Required }) {
			continue
		}
		points, why := 20-min(strings.Count(o.Path, "/"), 10), "it only reads, and needs nothing but a credential"
		last := lastWord(o.Path)
		switch {
		case slices.Contains([]string{"me", "whoami", "self", "userinfo", "myself", "currentuser"}, last):
			points, why = points+60, fmt.Sprintf("its path ends in %q", clean(last))
		case of(likeSelf, named(o)) != "":
			points, why = points+50, fmt.Sprintf("it is named %q", of(likeSelf, named(o)))
		case slices.Contains([]string{"user", "session", "profile", "account", "current"}, last):
			points, why = points+40, fmt.Sprintf("its path ends in %q", clean(last))
		case of(likeSelf, said(o)) != "":
			points, why = points+30, fmt.Sprintf("its summary says %q", of(likeSelf, said(o)))
		case strings.Contains(last, "version") || strings.Contains(last, "health") || strings.Contains(last, "status") || strings.Contains(last, "ping"):
			points -= 10 // often open to everybody
		}
		if of(people, named(o)) != "" {
			points += 5
		}
		if o.Optional {
			points -= 15
		}
		if points > most {
			best, most, reason = o, points, why
		}
	}
	if best == nil {
		s.note("No operation that only reads takes the credential, so that nothing shows whether one works. Add x-probe: true to one that would do.")
		return
	}
	s.drawn = append(s.drawn, best)
	var questions []string
	if most < 40 {
		questions = append(questions, "nothing looks like a look at oneself. Is this answered 2xx with any living credential, and refused without?")
	}
	if best.Optional {
		questions = append(questions, "it may be asked without a credential too, by the document. What tells the two answers apart? Say it in x-works and x-dead.")
	}
	update := item("x-probe", true)
	if m, ok := likeliest(successBody(best), verdicts, anyType); ok && m.Type == "boolean" {
		update = append(update, yaml.MapItem{Key: "x-dead", Value: item("statuses", []any{200}, "where", []any{item("value", "$response.body#"+m.Pointer, "is", false)})})
		questions = append(questions, fmt.Sprintf("is a dead credential answered 200 with %s: false? Take x-dead out if it is refused by its status.", clean(m.Name)))
	}
	s.act(best.Spot, update, questions, "%s shows whether a credential works: %s.", title(best), reason)
}

func successBody(o *survey.Operation) *survey.Body {
	if r := o.Success(); r != nil {
		return r.Body
	}
	return nil
}

// drawChecks proposes what looks like an introspection: it takes a credential as what it asks about.
func (s *sketch) drawChecks() {
	for _, o := range s.document.Operations {
		word := of(likeCheck, said(o))
		if s.isDrawn(o) || word == "" || o.Method != "GET" && o.Method != "POST" || of(credentials, named(o)) == "" || of(otherLogin, strings.ReplaceAll(named(o), " "+word+" ", " ")) != "" {
			continue
		}
		in, name, spot := s.concerned(o)
		if in == "" || s.login.value == "" {
			continue
		}
		s.drawn = append(s.drawn, o)
		s.link("introspect", o, in, name, s.login.value)
		s.hide(spot, s.login.kind, "What is asked about")
		m, ok := likeliest(successBody(o), verdicts, anyType)
		if o.Get("x-dead").Node != nil || o.Get("x-works").Node != nil {
			continue
		}
		if !ok || m.Type != "boolean" {
			s.note("%s looks like an introspection: it takes %s. How does it answer for a dead one? If with 2xx, say so in x-dead.", title(o), clean(name))
			continue
		}
		s.act(o.Spot, item("x-dead", item("statuses", []any{200}, "where", []any{item("value", "$response.body#"+m.Pointer, "is", false)})),
			[]string{"is a dead credential answered 200 and not refused? Take the action out if its status tells."},
			"%s looks like an introspection: it is named %q, takes %s, and answers whether it is %s.", title(o), clean(word), clean(name), clean(m.Name))
	}
}

// drawEnds proposes what looks like an end: a logout, a revocation, a removal of what a login has made.
func (s *sketch) drawEnds() {
	for _, o := range s.document.Operations {
		if s.isDrawn(o) || o.Get("x-ends").Node != nil {
			continue
		}
		words := named(o)
		removal := o.Method == "DELETE" && (fold(lastWord(o.Path)) == fold(lastWord(s.login.of.Path)) || of(credentials, " "+spell(lastWord(o.Path))+" ") != "") &&
			strings.HasPrefix(o.Path, strings.TrimSuffix(s.login.of.Path, "/login"))
		why := ""
		switch {
		case of(likeLogout, words) != "" && o.Method != "GET" && o.Method != "HEAD":
			why = fmt.Sprintf("it is named %q", of(likeLogout, words))
		case of(likeLogout, words) != "" && o.Method == "GET":
			why = fmt.Sprintf("it is named %q, though it is a GET", of(likeLogout, words))
		case removal:
			why = "it removes what a login makes"
		case o.Method != "GET" && of(likeEnd, words) != "" && of(credentials, words) != "":
			why = fmt.Sprintf("it is named %q and %q", of(likeEnd, words), of(credentials, words))
		default:
			continue
		}
		s.drawEnd(o, why)
	}
}

// drawEnd proposes an end, with the way in which it takes what it ends.
func (s *sketch) drawEnd(o *survey.Operation, why string) {
	parameters := needs(o)
	brought, led := s.leads(o)
	if !led && (of(ofOthers, named(o)) != "" && of(likeLogout, named(o)) == "" || len(parameters) > 1 || len(parameters) == 1 && !s.concerns(o, parameters[0])) {
		s.note("%s looks like an end (%s), of credentials of others or of another kind. If it ends what the login hands out, add x-ends, and a link that leads there.", title(o), why)
		return
	}
	by := ""
	switch {
	case led:
		if brought != s.login.value {
			s.called("id", brought)
		}
		by = " A link of the login's answer leads there."
	case len(parameters) == 1:
		value, name := s.handle(o, parameters[0])
		if value == "" {
			s.note("%s looks like an end (%s) of the one that %s names, and the login's answer has no member that is called so. If one names it, add "+
				"x-ends, and a link from the login's answer that leads there.", title(o), why, clean(parameters[0]))
			return
		}
		if name != "" {
			s.called(name, value)
		}
		s.link("end", o, "parameters", parameters[0], value)
		by = fmt.Sprintf(" It names it by %s.", clean(parameters[0]))
	default:
		if in, name, spot := s.concerned(o); in != "" && s.login.value != "" {
			s.link("logout", o, in, name, s.login.value)
			s.hide(spot, s.login.kind, "What is ended")
			by = fmt.Sprintf(" It names it by %s.", clean(name))
		} else if in, name, spot := given(o, refreshers); in != "" && s.login.refresh != "" {
			s.called("refresh", s.login.refresh)
			s.link("logout", o, in, name, s.login.refresh)
			s.hide(spot, "refresh-token", "What is ended")
			by = fmt.Sprintf(" It names it by %s.", clean(name))
		} else if !s.takes(o) {
			s.note("%s looks like an end (%s), and nothing says how it takes the credential: neither its security nor a member or parameter that is called so. "+
				"If it takes the one of the request, have its security say so, and add x-ends.", title(o), why)
			return
		}
	}
	says, questions := item("spares", list("siblings")), []string{"do the account's other credentials live on? If not, say reaches: [siblings], or reaches: [account] for all."}
	if word := of(likeAll, named(o)); word != "" {
		says, questions = item("reaches", list("account")), []string{fmt.Sprintf("does it end all of the account's, as %q has it, the caller's own among them?", word)}
	}
	if strings.HasPrefix(s.login.value, "$response.cookie.") {
		questions = append(questions, "does the server end the session, or does it only clear the client's cookie? For the latter write x-ends: {client: true}.")
	}
	s.drawn = append(s.drawn, o)
	s.act(o.Spot, item("x-ends", says), questions, "%s ends a %s: %s.%s", title(o), s.login.kind, why, by)
}

// concerns reports whether the parameter in the path of an operation names what the login hands out, and not something else: it is called as
// a credential is, or stands behind what the login made.
func (s *sketch) concerns(o *survey.Operation, parameter string) bool {
	collection := strings.TrimSuffix(strings.TrimSuffix(o.Path, "/"), "/{"+parameter+"}")
	return rank(values, parameter) >= 0 || collection == strings.TrimSuffix(s.login.of.Path, "/") ||
		strings.Contains(lastWord(o.Path), "session") && s.login.kind == "session"
}

// handle is what the login's answer has for a parameter that names a credential: the value itself, or another name.
func (s *sketch) handle(o *survey.Operation, parameter string) (value, name string) {
	b := successBody(s.login.of)
	exact, ok := likeliest(b, []string{fold(parameter)}, anyType)
	if !ok && rank(handles, parameter) < 0 && rank(values, parameter) < 0 {
		return "", ""
	}
	if !ok && rank(values, parameter) >= 0 {
		return s.login.value, ""
	}
	if !ok {
		if exact, ok = likeliest(b, handles, anyType); !ok {
			return "", ""
		}
	}
	if value = "$response.body#" + exact.Pointer; value == s.login.value {
		return value, ""
	}
	return value, "id"
}
