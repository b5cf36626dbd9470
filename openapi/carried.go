package openapi

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Received is a request as a server has it.
type Received struct {
	*http.Request
	// Path are the values of the path's parameters, and Members those of the body.
	Path    map[string]string
	Members map[string]any
}

// Parameter is the text of a parameter of the request, or of a member of its body.
func (r Received) Parameter(in, name string) (text string, given bool) {
	switch in {
	case "path":
		text, given = r.Path[name]
	case "query":
		values := r.URL.Query()[name]
		if given = len(values) > 0; given {
			text = values[0]
		}
	case "header":
		text = r.Header.Get(name)
		given = text != ""
	case "body":
		switch v := r.Members[name].(type) {
		case nil:
		case string:
			text, given = v, true
		default:
			text, given = fmt.Sprint(v), true
		}
	}
	return text, given
}

// Carried is the text of a credential at a place, without what stands before it there; given says that something is there at all. Credentials
// of HTTP's Basic are the name and the credential, with a colon between.
func (r Received) Carried(p Place) (text string, given bool) {
	if p.Name == "Cookie" {
		cookie, err := r.Cookie(strings.TrimSuffix(p.Scheme.Prefix, "="))
		if err != nil {
			return "", false
		}
		return cookie.Value, true
	}
	if text, given = r.Parameter(p.In, p.Name); !given || !p.Authority {
		return text, given
	}
	if p.Scheme.User != "" || p.Scheme.Ready != "" {
		word, encoded, _ := strings.Cut(text, " ")
		decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if !strings.EqualFold(word, "Basic") || err != nil {
			return "", true
		}
		return string(decoded), true
	}
	words := append([]string{p.Scheme.Prefix}, p.Scheme.Also...)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) }) // none at all is before anything
	for _, prefix := range words {
		word, spaced := strings.CutSuffix(prefix, " ")
		if !spaced {
			if rest, has := strings.CutPrefix(text, prefix); has {
				return rest, true
			}
			continue
		}
		if first, rest, _ := strings.Cut(text, " "); strings.EqualFold(first, word) {
			return strings.TrimLeft(rest, " "), true
		}
	}
	return "", true
}

// Account are the name and the password that a login brings, as far as it does.
func (o *Operation) Account(r Received) (name, password string, hasName, hasPassword bool) {
	if o.basic {
		name, password, hasName = r.BasicAuth()
		return name, password, hasName, hasName
	}
	read := func(which, in, of string) {
		switch which {
		case "username":
			name, hasName = r.Parameter(in, of)
		case "password":
			password, hasPassword = r.Parameter(in, of)
		}
	}
	for _, m := range o.Members {
		read(m.Account, "body", m.Name)
	}
	for _, g := range o.given {
		read(g.Account, g.In, g.Name)
	}
	return name, password, hasName, hasPassword
}

// Named tells whether a login names its account at all: an API with one account alone asks for its password.
func (o *Operation) Named() bool {
	return slices.ContainsFunc(o.Members, func(m Member) bool { return m.Account == "username" }) ||
		slices.ContainsFunc(o.given, func(g Given) bool { return g.Account == "username" })
}

// FlawsOf are the ways in which the body of a request differs from what the operation describes. What is no JSON, or no form, differs as a
// whole, at "body"; a member is named, with what it is to be and what came, of which no value is quoted. members are what could be read. Of
// several media types, the one that the request names is meant, or else the first.
func (o *Operation) FlawsOf(mediaType string, body []byte) (members map[string]any, flaws []Difference) {
	if len(o.request) == 0 || len(body) == 0 && len(o.Required()) == 0 {
		return map[string]any{}, nil
	}
	c := o.request[max(0, slices.IndexFunc(o.request, func(c content) bool { return c.mediaType == mediaType }))]
	whole := func(expected, actual string) []Difference {
		return []Difference{{Place: "body", Expected: expected, Actual: actual}}
	}
	var value any
	if o.IsForm() {
		form, good := c.readForm(string(body))
		if !good {
			return nil, whole("a form, no name of which stands twice", "what is none")
		}
		value = form
	} else if len(body) == 0 {
		return nil, whole("a body of JSON", "none")
	} else {
		decoded, found, ok := decode(body)
		for _, f := range found {
			flaws = append(flaws, Difference{Place: "body", Expected: f.expected, Actual: f.actual})
		}
		if !ok || len(flaws) > 0 {
			if len(flaws) == 0 {
				flaws = whole("JSON", "what is no JSON")
			}
			return nil, flaws
		}
		value = decoded
	}
	members, _ = value.(map[string]any)
	for _, tokens := range c.schema.failures(value) {
		at, actual := c.schema.at(tokens), "missing"
		if found, present := lookUp(value, pointerOf(tokens)); present {
			actual = at.describe(found)
		}
		place := "body"
		if len(tokens) > 0 {
			place = tokens[0]
		}
		flaws = append(flaws, Difference{Place: place, Expected: at.expected(), Actual: actual})
	}
	return members, flaws
}

// TakesMedia reports whether a body may be of a media type.
func (o *Operation) TakesMedia(mediaType string) bool {
	return slices.ContainsFunc(o.request, func(c content) bool { return c.mediaType == mediaType })
}
