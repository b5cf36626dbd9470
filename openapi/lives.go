package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// HandOut is how the answers of an operation hand out a credential of one kind.
type HandOut struct {
	// Kind is the contract's own word: "session", "token".
	Kind string `json:"kind"`
	// Value is where the credential stands, and Names where its other names do, which stand in for it.
	Value Expression      `json:"value"`
	Names map[string]Name `json:"names"`
	// Ends is where the RFC 3339 moment of its end stands; empty where the answer states none.
	Ends Expression `json:"ends"`
	// Lifetime is the target's name for how long it lives (session, token), by default its kind; Lasts is how long by the
	// document, where it says so.
	Lifetime string   `json:"lifetime"`
	Lasts    Duration `json:"lasts"`
	// Slides says that each use gives it its whole lifetime anew; else its end is fixed when it is handed out.
	Slides bool `json:"slides"`
	// Rotates says, of a renewal, that it ends the original.
	Rotates bool `json:"rotates"`
	// By is the operation that hands it out. From is the kind of what that operation takes for it, "" for an account's
	// name and password: its parent, or the credential that is renewed where it is of the same kind.
	By   *Operation `json:"-"`
	From string     `json:"-"`

	links map[string]link // by operationId
}

// Name is another name of a credential: where it stands, and what has to go with it in a request, by header.
type Name struct {
	Value Expression            `json:"value"`
	With  map[string]Expression `json:"with"`
}

// Renews reports whether it takes one of the kind to hand out another.
func (h *HandOut) Renews() bool { return h.From == h.Kind }

// With is what an answer that hands a credential out gives for the other parameters of an operation, by the links.
func (h *HandOut) With(operation string) map[string]Expression { return h.links[operation].values }

// Place is where a request of an operation takes a credential.
type Place struct {
	// Kind is the kind of the credential, and By which of its names stands there, "" for its value.
	Kind, By string
	// In is header, query, path or body, and Name the field's, parameter's or member's name there. A cookie is the header
	// Cookie.
	In, Name string
	// Authority says that it authorizes the request, which may concern another one; else it is the one concerned.
	Authority bool
	scheme    Scheme
}

// Scheme is how a security scheme takes a credential.
type Scheme struct {
	Kind string `json:"kind"`
	// Prefix is the word before the credential, with what separates the two.
	Prefix string `json:"prefix"`
	// User is where the name stands that goes with it, in credentials of HTTP's Basic.
	User Expression `json:"user"`
	// Ready names the other name of a credential that is the whole of the Basic credentials, ready-made.
	Ready string `json:"ready"`
}

// Scheme is how the place takes it, where it is a security scheme's.
func (p Place) Scheme() Scheme { return p.scheme }

// End is how an operation ends a credential.
type End struct {
	// Spares are those that live on: parent, siblings, children, others (of other parents), original and renewal.
	Spares []string `json:"spares"`
	// Always says that the answer is the success, whatever the credential: living, ended, expired or made up.
	Always bool `json:"always"`
	// By is the operation, and Kind what it ends.
	By   *Operation `json:"-"`
	Kind string     `json:"-"`
}

// Relations are what an end may spare.
var relations = []string{"parent", "siblings", "children", "others", "original", "renewal"}

// HandsOut is what the success of the operation hands out, nil for nothing.
func (o *Operation) HandsOut() *HandOut { return o.handsOut }

// Ends is what the operation ends, nil for nothing.
func (o *Operation) Ends() *End { return o.ends }

// Takes lists the places of the operation's credentials: those that it concerns before the one that authorizes it.
func (o *Operation) Takes() []Place { return o.takes }

// HandOuts lists what hands out credentials of a kind, renewals last.
func (d *Document) HandOuts(kind string) []*HandOut {
	var first, renewals []*HandOut
	for _, o := range d.Operations() {
		switch h := o.handsOut; {
		case h == nil || h.Kind != kind:
		case h.Renews():
			renewals = append(renewals, h)
		default:
			first = append(first, h)
		}
	}
	return append(first, renewals...)
}

// Ends lists what ends credentials of a kind.
func (d *Document) Ends(kind string) []*End {
	var all []*End
	for _, o := range d.Operations() {
		if o.ends != nil && o.ends.Kind == kind {
			all = append(all, o.ends)
		}
	}
	return all
}

// Kinds lists the kinds of credentials that the contract hands out, sorted.
func (d *Document) Kinds() []string {
	kinds := map[string]bool{}
	for _, o := range d.operations {
		if o.handsOut != nil {
			kinds[o.handsOut.Kind] = true
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}

// Login is what hands out a credential for a name and a password; nil where the contract has none.
func (d *Document) Login() *HandOut {
	for _, o := range d.Operations() {
		if o.handsOut != nil && o.handsOut.From == "" {
			return o.handsOut
		}
	}
	return nil
}

// Duration is a time in Go's notation ("6h").
type Duration time.Duration

// UnmarshalJSON reads it.
func (d *Duration) UnmarshalJSON(text []byte) error {
	parsed, err := time.ParseDuration(strings.Trim(string(text), `"`))
	if err == nil && parsed <= 0 {
		err = fmt.Errorf("%s is no lifetime", text)
	}
	*d = Duration(parsed)
	return err
}

// structured reads an extension with members into a value; present is false where there is none. A member that the value does
// not know is an error: what is not read says nothing.
func structured(extensions map[string]any, name string, into any) (present bool, err error) {
	described, present := extensions[name]
	if !present {
		return false, nil
	}
	raw, err := json.Marshal(described)
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(raw))
		decoder.DisallowUnknownFields()
		err = decoder.Decode(into)
	}
	if err != nil {
		err = said(name, "%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return true, err
}

// statement is a part of a contract that contradicts another, or itself.
type statement struct {
	in  string // the extension, or links
	err error
}

func (s *statement) Error() string { return s.in + ": " + s.err.Error() }

func (s *statement) Unwrap() error { return s.err }

func said(in, format string, args ...any) error { return &statement{in, fmt.Errorf(format, args...)} }

// setLife reads what the operation itself says of credentials. What they have to do with each other is for linkLives.
func (o *Operation) setLife(doc *openapi3.T, described *openapi3.Operation) error {
	var end End
	if present, err := structured(described.Extensions, extEnds, &end); err != nil {
		return err
	} else if present {
		o.ends = &end
	}
	success := described.Responses.Status(o.success).Value
	for _, extensions := range []map[string]any{bodyOf(described).Extensions, success.Extensions, described.Extensions} {
		var promises []Promise
		if _, err := structured(extensions, extPromises, &promises); err != nil {
			return err
		}
		o.promises = append(o.promises, promises...)
	}
	if _, err := structured(described.Extensions, extWire, &o.wire); err != nil {
		return err
	}
	if _, err := structured(described.Extensions, extMethods, &o.otherMethods); err != nil {
		return err
	}
	if err := o.setAuthority(doc, described); err != nil {
		return err
	}
	var h HandOut
	if present, err := structured(success.Extensions, extHandsOut, &h); err != nil || !present {
		return err
	}
	h.By, o.handsOut, h.links = o, &h, map[string]link{}
	if h.Lifetime == "" {
		h.Lifetime = h.Kind
	}
	for _, name := range slices.Sorted(maps.Keys(success.Links)) {
		l := success.Links[name].Value
		if h.links[l.OperationID].to != "" {
			return said("links", "two of them lead to %s", l.OperationID)
		}
		h.links[l.OperationID] = newLink(l)
	}
	return nil
}

func bodyOf(described *openapi3.Operation) *openapi3.RequestBody {
	if described.RequestBody == nil {
		return &openapi3.RequestBody{}
	}
	return described.RequestBody.Value
}

// setAuthority finds the places of the security schemes that are said to take a kind of credential: the first one is the
// operation's, the others are other ways to the same.
func (o *Operation) setAuthority(doc *openapi3.T, described *openapi3.Operation) error {
	requirements := doc.Security
	if described.Security != nil {
		requirements = *described.Security
	}
	for _, requirement := range requirements {
		for _, name := range slices.Sorted(maps.Keys(requirement)) {
			p, taken, err := schemePlace(name, doc.Components.SecuritySchemes[name].Value)
			switch {
			case err != nil:
				return err
			case taken && len(o.takes) == 0:
				o.takes = []Place{p}
			case taken:
				o.otherWays[name] = p
			}
		}
	}
	return nil
}

// schemePlace is where a security scheme takes a credential; taken is false where it is not said to take any.
func schemePlace(name string, described *openapi3.SecurityScheme) (p Place, taken bool, err error) {
	p = Place{In: "header", Authority: true, Name: headerOf(described)}
	if taken, err = structured(described.Extensions, extCredential, &p.scheme); err != nil || !taken {
		return p, taken, err
	}
	p.Kind = p.scheme.Kind
	switch {
	case described.In == openapi3.ParameterInCookie:
		p.scheme.Prefix = described.Name + "="
	case strings.EqualFold(described.Scheme, "bearer"):
		p.scheme.Prefix = "Bearer "
	case strings.EqualFold(described.Scheme, "basic") && p.scheme.User == "":
		err = said(extCredential, "security scheme %s: no user, which Basic sends with the credential", name)
	case p.Name == "":
		err = said(extCredential, "security scheme %s: it is not in a header and no cookie", name)
	}
	return p, taken, err
}

// OtherWay is the place of another security scheme, by its name, that authorizes the operation as well as the first does.
func (o *Operation) OtherWay(scheme string) (Place, bool) {
	p, ok := o.otherWays[scheme]
	return p, ok
}

// link is what an answer gives for a request of another operation.
type link struct {
	to     string
	places map[[2]string]Expression // by place and name
	values map[string]Expression    // parameters that are no credentials
}

func newLink(described *openapi3.Link) link {
	l := link{to: described.OperationID, places: map[[2]string]Expression{}, values: map[string]Expression{}}
	for name, value := range described.Parameters {
		l.places[[2]string{"", name}] = Expression(fmt.Sprint(value))
	}
	if members, ok := described.RequestBody.(map[string]any); ok {
		for name, value := range members {
			l.places[[2]string{"body", name}] = Expression(fmt.Sprint(value))
		}
	}
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
		for at, e := range h.links[to].places {
			if err := e.check(); err != nil {
				return said("links", "%w", err)
			}
			in, err := o.placeOf(at[0], at[1])
			if err != nil {
				return said("links", "%w", err)
			}
			by, credential := spelled[e]
			p := Place{Kind: h.Kind, By: by, In: in, Name: at[1]}
			switch known := slices.IndexFunc(o.takes, func(k Place) bool { return k.In == p.In && k.Name == p.Name }); {
			case !credential:
				h.links[to].values[at[1]] = e
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
