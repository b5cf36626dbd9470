package openapi

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// link is what an answer gives for a request of another operation.
type link struct {
	to     string
	places []linked
	values map[string]Expression // parameters that are no credentials
}

// linked is a value for a parameter, or for a member of the body.
type linked struct {
	in, name string
	value    Expression
}

func newLink(described *openapi3.Link) link {
	l := link{to: described.OperationID, values: map[string]Expression{}}
	members, _ := described.RequestBody.(map[string]any)
	for in, given := range map[string]map[string]any{"": described.Parameters, "body": members} {
		for name, value := range given {
			l.places = append(l.places, linked{in, name, Expression(fmt.Sprint(value))})
		}
	}
	slices.SortFunc(l.places, func(a, b linked) int { return strings.Compare(a.in+" "+a.name, b.in+" "+b.name) })
	return l
}

// linkLives follows the links from what hands out to what takes. What contradicts itself is an error, of the operation.
func (d *Document) linkLives() (*Operation, error) {
	for _, o := range d.Operations() {
		if h := o.handsOut; h != nil {
			if err := d.follow(h); err != nil {
				return o, err
			}
		}
	}
	for _, o := range d.Operations() {
		if err := o.settle(d); err != nil {
			return o, err
		}
	}
	return nil, nil
}

// follow enters the places to which the links of a hand-out lead.
func (d *Document) follow(h *HandOut) error {
	if h.Kind == "" || h.Value == "" {
		return said(extHandsOut, "a kind and a value are needed")
	}
	for _, e := range []Expression{h.Value, h.Ends} {
		if err := e.check(); err != nil {
			return said(extHandsOut, "%w", err)
		}
	}
	spelled := map[Expression]string{h.Value: ""}
	for name, of := range h.Names {
		if err := of.Value.check(); err != nil {
			return said(extHandsOut, "%w", err)
		}
		spelled[of.Value] = name
	}
	for _, to := range slices.Sorted(maps.Keys(h.links)) {
		o := d.operations[to]
		if o == nil {
			return said("links", "no operation %q", to)
		}
		for _, at := range h.links[to].places {
			if err := at.value.check(); err != nil {
				return said("links", "%w", err)
			}
			in, err := o.placeOf(at.in, at.name)
			if err != nil {
				return said("links", "%w", err)
			}
			by, credential := spelled[at.value]
			p := Place{Kind: h.Kind, By: by, In: in, Name: at.name}
			switch known := slices.IndexFunc(o.takes, func(k Place) bool { return k.In == p.In && k.Name == p.Name }); {
			case !credential:
				h.links[to].values[at.name] = at.value
			case known < 0:
				o.takes = slices.Insert(o.takes, 0, p)
			case o.takes[known].Kind != p.Kind || o.takes[known].By != p.By:
				return said("links", "two of them give %s of %s different things", p.Name, to)
			}
		}
	}
	return nil
}

// placeOf finds where the operation has a parameter or a member of its body.
func (o *Operation) placeOf(in, name string) (string, error) {
	switch {
	case in == "body" && slices.ContainsFunc(o.members, func(m Member) bool { return m.Name == name }):
		return "body", nil
	case in == "" && slices.ContainsFunc(o.query, func(p Parameter) bool { return p.Name == name }):
		return "query", nil
	case in == "" && strings.Contains(o.path, "{"+name+"}"):
		return "path", nil
	case in == "" && slices.Contains(o.headers, http.CanonicalHeaderKey(name)):
		return "header", nil
	}
	return "", fmt.Errorf("%s has no %s %q", o.id, map[bool]string{true: "member of its body", false: "parameter"}[in == "body"], name)
}

// settle finds what the operation's hand-out and end are made from, and holds them against the rest of the contract.
func (o *Operation) settle(d *Document) error {
	for _, p := range o.takes {
		handed := d.HandOuts(p.Kind)
		if len(handed) == 0 {
			return said(extCredential, "a %s is taken, which no operation hands out", p.Kind)
		}
		if ready := p.scheme.Ready; ready != "" && handed[0].Names[ready].Value == "" {
			return said(extCredential, "a %s has no name %q", p.Kind, ready)
		}
	}
	if h := o.handsOut; h != nil && len(o.takes) > 0 {
		h.From = o.takes[0].Kind
	}
	if h := o.handsOut; h != nil {
		if other := d.HandOuts(h.Kind)[0]; other.Slides != h.Slides || other.Lifetime != h.Lifetime {
			return said(extHandsOut, "a %s lives otherwise than %s says", h.Kind, other.By.id)
		}
	}
	if o.ends == nil {
		return nil
	}
	if len(o.takes) == 0 {
		return said(extEnds, "the operation takes no credential that it could end")
	}
	o.ends.By, o.ends.Kind = o, o.takes[0].Kind
	for _, spared := range o.ends.Spares {
		if !slices.Contains(relations, spared) {
			return said(extEnds, "spares %q, which is none of %s", spared, strings.Join(relations, ", "))
		}
	}
	return nil
}
