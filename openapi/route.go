package openapi

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Route finds the operations that the document describes at a path below the base URL, as it came, since what an escape stands for is no
// separator. Of paths that match, the one that leaves least open is meant. values are those of its parameters.
func (d *Document) Route(escaped string) (ops []*Operation, values map[string]string) {
	return d.route(escaped, func(a, b string) bool { return a == b })
}

// RouteInAnyCase is Route, but that the letter case of what the document spells out does not matter.
func (d *Document) RouteInAnyCase(escaped string) (ops []*Operation, values map[string]string) {
	return d.route(escaped, strings.EqualFold)
}

func (d *Document) route(escaped string, same func(a, b string) bool) (found []*Operation, values map[string]string) {
	all := d.Operations()
	open := func(o *Operation) int { return strings.Count(o.path, "{") }
	slices.SortStableFunc(all, func(a, b *Operation) int { return cmp.Compare(open(a), open(b)) })
	for _, o := range all {
		if len(found) > 0 && o.path != found[0].path {
			continue
		}
		if of, matches := o.match(escaped, same); matches {
			found, values = append(found, o), of
		}
	}
	return found, values
}

// match reads a path by that of the operation: the segments in braces stand for anything.
func (o *Operation) match(escaped string, same func(a, b string) bool) (values map[string]string, ok bool) {
	given, segments := strings.Split(escaped, "/"), strings.Split(o.path, "/")
	if len(given) != len(segments) {
		return nil, false
	}
	values = map[string]string{}
	for i, segment := range segments {
		text, err := url.PathUnescape(given[i])
		before, rest, open := strings.Cut(segment, "{")
		name, after, closed := strings.Cut(rest, "}")
		switch {
		case err != nil:
			return nil, false
		case !open || !closed:
			if !same(text, segment) {
				return nil, false
			}
		case len(text) <= len(before)+len(after) || !strings.HasPrefix(text, before) || !strings.HasSuffix(text, after):
			return nil, false
		default:
			values[name] = text[len(before) : len(text)-len(after)]
		}
	}
	return values, true
}
