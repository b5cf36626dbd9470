package openapi

import (
	"cmp"
	"slices"
)

// settleReissue holds the fresh value that a use of the operation gives against the rest of the contract. It lives as what it stands for does.
func (d *Document) settleReissue(o *Operation) error {
	h := o.reissues
	if h == nil {
		return nil
	}
	switch {
	case len(o.takes) != 1 || !o.takes[0].Authority:
		return said(extReissues, "the operation takes no credential, or more than one; say it where one authorizes the request, and nothing else is concerned")
	case o.handsOut != nil || o.ends != nil && !o.ends.declared():
		return said(extReissues, "the operation hands out a credential, or ends it, and so is no mere use of one; keep one of the two")
	case o.takes[0].Kind == d.Given():
		return said(extReissues, "a %s is given by the target, to which a run gives nothing back; leave it out", shown(d.Given()))
	case h.Kind != "" || h.Lifetime != "" || h.Slides || len(h.Names) > 0:
		return said(extReissues, "kind, names, lifetime and slides are those of what the login hands out; leave them out")
	case h.Value == "":
		return said(extReissues, "a value is needed: where the fresh one stands, as value: $response.cookie.SID")
	}
	first := d.HandOuts(o.takes[0].Kind)[0]
	for _, other := range d.operations {
		byName := slices.ContainsFunc(other.takes, func(p Place) bool { return p.Kind == first.Kind && p.By != "" })
		if byName || len(first.With[other.id]) > 0 {
			return said(extReissues, "%s takes a %s with something that the login's answer alone gives, and a fresh value has none of it; leave it out",
				shown(other.id), shown(first.Kind))
		}
	}
	for _, e := range []Expression{h.Value, h.Ends} {
		if err := e.check(); err != nil {
			return said(extReissues, "%w", err)
		}
	}
	if err := h.checkEnd(extReissues); err != nil {
		return err
	}
	h.By, h.Kind, h.From, h.Lifetime, h.Slides = o, first.Kind, first.Kind, first.Lifetime, first.Slides
	h.Lasts = cmp.Or(h.Lasts, first.Lasts)
	return nil
}
