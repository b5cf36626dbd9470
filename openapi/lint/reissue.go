package lint

import (
	"slices"

	"example.org/conform/openapi/placed"
	"example.org/conform/openapi/survey"
)

// reissues looks at what the uses of an operation give in the place of what they take.
func (l *linter) reissues(o *survey.Operation) {
	for _, r := range o.Responses {
		n := r.Get("x-reissues").Node
		if n == nil {
			continue
		}
		at := r.Where("x-reissues")
		_, hands := l.hand(o)
		switch {
		case len(l.of(o)) == 0:
			l.wrong(at, "it takes no credential that it could give anew; name the scheme that carries it in its security")
		case hands || slices.Contains(l.ends, o):
			l.wrong(at, "it hands out a credential, or ends it, and so is no mere use of one; take x-reissues out, or the other")
		case r != o.Success() && o.Success() != nil:
			l.wrong(at, "x-reissues on an answer that is not the operation's first success (%s); move it there", name(o.Success().Status))
		}
		if n.Get("value").Text() == "" {
			l.wrong(at, "x-reissues without a value; add where the fresh one stands, as value: $response.cookie.SID")
		}
		h := hand{by: o, of: r, node: n}
		for _, member := range []string{"value", "ends"} {
			l.expressed(h, n.Where(member), member, n.Get(member).Text())
		}
	}
}

// reissue is what an operation's success says of a fresh value, nil for nothing.
func reissue(o *survey.Operation) *placed.Node {
	if o.Success() == nil {
		return nil
	}
	return o.Success().Get("x-reissues").Node
}
