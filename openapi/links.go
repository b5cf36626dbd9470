package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// linkLives follows the links from what hands out to what takes. What contradicts itself is an error, of the operation.
func (d *Document) linkLives() (*Operation, error) {
	for _, step := range []func(*Operation) error{d.follow, d.vetGiven, d.settle} {
		for _, o := range d.operations {
			if err := step(o); err != nil {
				return o, err
			}
		}
	}
	return nil, nil
}

// follow enters the places to which the links of the operation's hand-out lead.
func (d *Document) follow(from *Operation) error {
	h := from.handsOut
	if h == nil {
		return nil
	}
	if h.Kind == "" || h.Value == "" {
		return said(extHandsOut, "a kind and a value are needed")
	}
	spelled := map[Expression]string{h.Value: ""}
	for name, of := range h.Names {
		spelled[of.Value] = name
	}
	for _, e := range append(slices.Sorted(maps.Keys(spelled)), h.Ends) {
		if err := e.check(); err != nil {
			return said(extHandsOut, "%w", err)
		}
	}
	if err := h.checkEnd(extHandsOut); err != nil {
		return err
	}
	h.With = map[string]map[string]Expression{}
	for _, name := range slices.Sorted(maps.Keys(h.links)) {
		l := h.links[name].Value
		to, err := d.Operation(l.OperationID)
		if err != nil {
			return said("links", "no operation %q", shown(l.OperationID))
		}
		if h.With[to.id] != nil {
			return said("links", "two of them lead to %s", shown(to.id))
		}
		h.With[to.id] = map[string]Expression{}
		members, _ := l.RequestBody.(map[string]any)
		if err = to.enter(h, spelled, "", l.Parameters); err == nil {
			err = to.enter(h, spelled, "body", members)
		}
		if err != nil {
			return said("links", "%w", err)
		}
	}
	return nil
}

// enter enters what a link gives for parameters of the operation (in is empty), or for members of its body. What is spelled is
// a name of the credential.
func (o *Operation) enter(h *HandOut, spelled map[Expression]string, in string, given map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		value := Expression(fmt.Sprint(given[name]))
		if err := value.check(); err != nil {
			return err
		}
		where, err := o.placeOf(in, name)
		if err != nil {
			return err
		}
		by, credential := spelled[value]
		p := Place{Kind: h.Kind, By: by, In: where, Name: name}
		switch known := slices.IndexFunc(o.takes, func(k Place) bool { return k.In == p.In && k.Name == p.Name }); {
		case !credential:
			h.With[o.id][name] = value
			if o.linked == nil {
				o.linked = map[string]bool{}
			}
			o.linked[name] = true
		case known < 0:
			o.takes = slices.Insert(o.takes, 0, p)
		case o.takes[known].Kind != p.Kind || o.takes[known].By != p.By:
			return fmt.Errorf("two of them give %s of %s different things", shown(p.Name), shown(o.id))
		}
	}
	return nil
}

// placeOf finds where the operation has a parameter, or a member of its body.
func (o *Operation) placeOf(in, name string) (string, error) {
	if in == "body" {
		if !slices.ContainsFunc(o.Members, func(m Member) bool { return m.Name == name }) {
			return "", fmt.Errorf("%s has no member of its body %q", shown(o.id), shown(name))
		}
		return in, nil
	}
	for _, ref := range o.parameters {
		switch p := ref.Value; {
		case p.In == openapi3.ParameterInHeader && strings.EqualFold(p.Name, name), p.In != openapi3.ParameterInCookie && p.Name == name:
			return p.In, nil
		}
	}
	return "", fmt.Errorf("%s has no parameter %q", shown(o.id), shown(name))
}

// settle finds what the operation's hand-out and end are made from, and holds them against the rest of the contract.
func (d *Document) settle(o *Operation) error {
	for _, p := range o.takes {
		handed := d.HandOuts(p.Kind)
		if p.Kind == d.Given() {
			continue // vetGiven has looked at it
		}
		if len(handed) == 0 {
			return said(extCredential, "a %s is taken, which no operation hands out; where the target gives it, add given: true", shown(p.Kind))
		}
		if ready := p.Scheme.Ready; ready != "" && handed[0].Names[ready].Value == "" {
			return said(extCredential, "a %s has no name %q", shown(p.Kind), shown(ready))
		}
	}
	if h := o.handsOut; h != nil {
		if len(o.takes) > 0 {
			h.From = o.takes[0].Kind
		}
		if other := d.HandOuts(h.Kind)[0]; other.Slides != h.Slides || other.Lifetime != h.Lifetime {
			return said(extHandsOut, "a %s lives otherwise than %s says", shown(h.Kind), shown(other.By.id))
		}
	}
	if err := d.settleReissue(o); err != nil {
		return err
	}
	if o.lenient {
		if name := o.lacking(); name != "" {
			return fmt.Errorf("%s is required, and has no example; give one, have a link bring it, or mark it with x-account", name)
		}
	}
	if o.ends != nil && o.ends.declared() {
		o.ends = nil
	}
	if o.ends == nil {
		return nil
	}
	if len(o.takes) == 0 {
		return said(extEnds, "the operation takes no credential that it could end")
	}
	o.ends.By, o.ends.Kind = o, o.takes[0].Kind
	if err := o.ends.check(); err != nil {
		return err
	}
	if o.ends.Client {
		o.clears, o.ends = true, nil
	}
	return nil
}
