package draft

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"example.org/conform/openapi/survey"
)

// schemes are the names of those that an operation takes.
func schemes(o *survey.Operation) string {
	var names []string
	for _, scheme := range o.Security {
		names = append(names, scheme.Name)
	}
	return strings.Join(names, ", ")
}

// findScheme finds the security scheme that takes the credential, and proposes it.
func (s *sketch) findScheme() {
	d, l := s.document, s.login
	points := func(scheme *survey.Scheme) int {
		n, ok := map[string]int{"bearer": 500, "header": 400, "oauth2": 300, "openIdConnect": 300, "cookie": 200, "query": 100}[scheme.Carries]
		if !ok {
			return -1
		}
		if l.of.Own && slices.Contains(l.of.Security, scheme) {
			return 0 // what a login takes is the client's own
		}
		if strings.HasPrefix(l.value, "$response.cookie.") && scheme.Carries == "cookie" {
			n += 1000
		}
		for _, o := range d.Operations {
			if slices.Contains(o.Security, scheme) {
				n += 2
			}
		}
		return n
	}
	best := 0
	for _, scheme := range d.Schemes {
		if n := points(scheme); n > best {
			best, s.scheme = n, scheme
		}
	}
	if s.scheme == nil {
		s.act(d.Spot, item("components", item("securitySchemes", item("conformBearer", item("type", "http", "scheme", "bearer", "x-credential", item("kind", l.kind)))), "security", []any{item("conformBearer", []any{})}),
			[]string{"the document has no security scheme that could take it. Is it a bearer token? Which operations take it?"},
			"What the login hands out has to go somewhere: a bearer token is the usual way.")
		if d.Get("security").Node != nil {
			s.actions[len(s.actions)-1].update = s.actions[len(s.actions)-1].update[:1]
			s.note("The document's security names no scheme that could take the credential: have it, or the operations, ask for conformBearer.")
		}
		return
	}
	for _, scheme := range d.Schemes {
		beside := scheme != s.scheme && points(scheme) > 0 && beside(d, s.scheme, scheme)
		if scheme.Get("x-credential").Node != nil || scheme != s.scheme && !beside {
			continue
		}
		says, questions := item("kind", l.kind), []string(nil)
		why := fmt.Sprintf("%s carries the credential that the login hands out (%s).", clean(scheme.Name), clean(carries(scheme)))
		switch {
		case scheme.Carries == "header" && strings.EqualFold(scheme.Field, "Authorization"):
			says = append(says, yaml.MapItem{Key: "prefix", Value: "Bearer "})
			questions = append(questions, "the document does not say which word stands before it in Authorization. Is it Bearer? Leave prefix out for none.")
		case scheme.Carries == "oauth2" || scheme.Carries == "openIdConnect":
			questions = append(questions, "is what the login hands out a token of this scheme, sent as a bearer token?")
		}
		if beside {
			why = fmt.Sprintf("%s is another way for the same credential (%s): operations take either.", clean(scheme.Name), clean(carries(scheme)))
			questions = append(questions, "is it really the same credential? Take the action out if not.")
		}
		s.act(scheme.Spot, item("x-credential", says), questions, "%s", why)
	}
}

// beside reports whether operations take either of two schemes, as alternatives.
func beside(d *survey.Document, one, other *survey.Scheme) bool {
	n := 0
	for _, o := range d.Operations {
		if slices.Contains(o.Security, one) && slices.Contains(o.Security, other) {
			n++
		} else if slices.Contains(o.Security, one) {
			return false
		}
	}
	return n > 0
}

func carries(scheme *survey.Scheme) string {
	switch scheme.Carries {
	case "bearer":
		return "a bearer token"
	case "header", "cookie", "query":
		return scheme.Carries + " " + scheme.Field
	}
	return scheme.Carries
}
