package openapi

// A credential may be given by whoever describes the target, as an administrator has made it: an API key, a token of a command. Nothing
// hands it out, and what ends it is not for a run to do.

// givenKind is the kind of credential that the operation takes and the target gives; "" for none.
func (o *Operation) givenKind() string {
	for _, p := range o.takes {
		if p.Scheme.Given {
			return p.Kind
		}
	}
	for _, p := range o.OtherWays {
		if p.Scheme.Given {
			return p.Kind
		}
	}
	return ""
}

// vetGiven holds what the target gives against the rest of the contract.
func (d *Document) vetGiven(o *Operation) error {
	own, kind := o.givenKind(), d.Given()
	switch {
	case kind == "":
		return nil
	case own != "" && own != kind:
		return said(extCredential, "a %s and a %s are given, and a target has one to give; keep one", shown(own), shown(kind))
	case len(d.HandOuts(kind)) > 0:
		return said(extCredential, "a %s is given by the target, and %s hands one out; keep one", shown(kind), shown(d.HandOuts(kind)[0].By.id))
	case len(o.takes) == 0 || o.takes[0].Kind != kind:
		return nil
	case o.takes[0].Scheme.User != "" || o.takes[0].Scheme.Ready != "":
		return said(extCredential, "a %s is given by the target, which has no name to go with it in credentials of Basic", shown(kind))
	case o.handsOut != nil:
		return said(extHandsOut, "it is handed out for a %s, which the target gives; what comes of such a one is not judged, so leave x-hands-out out", shown(kind))
	case o.ends != nil && !o.ends.declared():
		return said(extEnds, "it ends a %s, which the target gives and a run never ends; write kind: %s, with which it is known and not tried", shown(kind), shown(kind))
	}
	return nil
}
