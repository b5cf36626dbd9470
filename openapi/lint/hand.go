package lint

import (
	"regexp"
	"slices"
	"strings"

	"example.org/conform/openapi/placed"
	"example.org/conform/openapi/survey"
)

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
