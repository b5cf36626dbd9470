package openapi

import (
	"regexp"
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
	// EndsAs is the form of that moment where it is another: see [EndForms].
	EndsAs string `json:"endsAs"`
	// Lifetime is the target's name for how long it lives (session, token), by default its kind; Lasts is how long by the
	// document, where it says so.
	Lifetime string   `json:"lifetime"`
	Lasts    Duration `json:"lasts"`
	// Slides says that each use gives it its whole lifetime anew; else its end is fixed when it is handed out.
	Slides bool `json:"slides"`
	// Rotates says, of a renewal or of a use that gives a fresh value, that it ends the original.
	Rotates bool `json:"rotates"`
	// By is the operation that hands it out. From is the kind of what that operation takes for it, "" for an account's
	// name and password: its parent, or the credential that is renewed where it is of the same kind.
	By   *Operation `json:"-"`
	From string     `json:"-"`

	// With is what the answer gives for other parameters of the operations that its links lead to, by operationId and parameter.
	With  map[string]map[string]Expression `json:"-"`
	links openapi3.Links
}

// Name is another name of a credential: where it stands, and what has to go with it in a request, by header.
type Name struct {
	Value Expression            `json:"value"`
	With  map[string]Expression `json:"with"`
}

// ByCookie is the name of the cookie in which it hands out, "" where it does not.
func (h *HandOut) ByCookie() string {
	name, is := strings.CutPrefix(string(h.Value), cookieExpression)
	if !is {
		return ""
	}
	return name
}

// Renews reports whether it takes one of the kind to hand out another.
func (h *HandOut) Renews() bool { return h.From == h.Kind }

// Place is where a request of an operation takes a credential.
type Place struct {
	// Kind is the kind of the credential, and By which of its names stands there, "" for its value.
	Kind, By string
	// In is header, query, path or body, and Name the field's, parameter's or member's name there. A cookie is the header
	// Cookie.
	In, Name string
	// Authority says that it authorizes the request, which may concern another one; else it is the one concerned.
	Authority bool
	// Scheme is how the place takes it, where it is a security scheme's.
	Scheme Scheme
}

// Scheme is how a security scheme takes a credential.
type Scheme struct {
	Kind string `json:"kind"`
	// Prefix is the word before the credential, with what separates the two.
	Prefix string `json:"prefix"`
	// Also are other words, written as Prefix is, that some releases take before it. A server need not know them; what it refuses
	// behind its own, it refuses behind them.
	Also []string `json:"also"`
	// User is where the name stands that goes with it, in credentials of HTTP's Basic.
	User Expression `json:"user"`
	// Ready names the other name of a credential that is the whole of the Basic credentials, ready-made.
	Ready string `json:"ready"`
	// Given says that whoever describes the target gives the credential, as an administrator has made it: no operation hands it out, and
	// none ends it.
	Given bool `json:"given"`
}

// End is how an operation ends a credential.
type End struct {
	// Spares are those that live on: parent, siblings, children, others (of other parents), original and renewal.
	Spares []string `json:"spares"`
	// Reaches are those that it ends besides, in the same words, or account for all of the account's. What stands in neither may live on or
	// not.
	Reaches []string `json:"reaches"`
	// Always says that the answer is the success, whatever the credential: living, ended, expired or made up.
	Always bool `json:"always"`
	// Again are the statuses one of which answers the end of what has ended; none where nothing is said of it.
	Again []int `json:"again"`
	// Client says that it has the client forget the credential, and that the server goes on to accept it.
	Client bool `json:"client"`
	// Declared is the kind that an operation ends which is made for something else, as a change of the password is. Such a one is not tried.
	Declared string `json:"kind"`
	// By is the operation, and Kind what it ends.
	By   *Operation `json:"-"`
	Kind string     `json:"-"`
}

// Relations are what an end may spare or reach, and wider those that it may reach alone.
var (
	relations = []string{"parent", "siblings", "children", "others", "original", "renewal"}
	wider     = []string{"account", "caller"}
)

// declared says that nobody tries it.
func (e *End) declared() bool { return e.Declared != "" }

// words say what it ends.
func (e *End) words() string {
	words := "ends a " + shown(e.Declared)
	if !e.declared() {
		words = "ends a credential"
	}
	for _, relation := range e.Reaches {
		words += ", " + shown(relation)
	}
	return words
}

// check says what is wrong with it.
func (e *End) check() error {
	known := strings.Join(relations, ", ")
	for _, spared := range e.Spares {
		if !slices.Contains(relations, spared) {
			return said(extEnds, "spares %q, which is none of %s", shown(spared), known)
		}
		if slices.Contains(e.Reaches, spared) || slices.Contains(e.Reaches, "account") {
			return said(extEnds, "%s are spared and reached; take them out of one of the two", spared)
		}
	}
	for _, reached := range e.Reaches {
		if reached == "device" {
			return said(extEnds, "reaches device, which no run can tell from the rest of the account; take it out, or say account where all of the account's end")
		}
		if !slices.Contains(relations, reached) && !slices.Contains(wider, reached) {
			return said(extEnds, "reaches %q, which is none of %s, %s", shown(reached), known, strings.Join(wider, ", "))
		}
	}
	for _, status := range e.Again {
		if status < 200 || status > 499 {
			return said(extEnds, "again: a status is a number from 200 to 499")
		}
	}
	switch {
	case e.Client && (e.Always || len(e.Spares)+len(e.Reaches)+len(e.Again) > 0):
		return said(extEnds, "client says that it ends nothing on the server, and the rest that it does; keep one")
	case e.Always && len(e.Again) > 0:
		return said(extEnds, "always says what a second end answers, and so does again; keep one")
	}
	return nil
}

// Reach reports whether it ends what stands in a relation to what it ends.
func (e *End) Reach(relation string) bool {
	return slices.Contains(e.Reaches, relation) || slices.Contains(e.Reaches, "account")
}

// HandsOut is what the success of the operation hands out, nil for nothing.
func (o *Operation) HandsOut() *HandOut { return o.handsOut }

// Reissues is the fresh value that each use of the operation gives for the one that it took, as the renewal that it is; nil where a credential
// keeps its value.
func (o *Operation) Reissues() *HandOut { return o.reissues }

// Ends is what the operation ends, nil for nothing.
func (o *Operation) Ends() *End { return o.ends }

// Takes lists the places of the operation's credentials: those that it concerns before the one that authorizes it.
func (o *Operation) Takes() []Place { return o.takes }

// HandOuts lists what hands out credentials of a kind, renewals last.
func (d *Document) HandOuts(kind string) []*HandOut {
	var first, renewals []*HandOut
	for _, o := range d.operations {
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
	for _, o := range d.operations {
		if o.ends != nil && o.ends.Kind == kind {
			all = append(all, o.ends)
		}
	}
	return all
}

// Kinds lists the kinds of credentials that the contract hands out, sorted.
func (d *Document) Kinds() []string {
	var kinds []string
	for _, o := range d.operations {
		if o.handsOut != nil {
			kinds = append(kinds, o.handsOut.Kind)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// Given is the kind of credential that whoever describes the target gives; "" for none.
func (d *Document) Given() string {
	for _, o := range d.operations {
		if kind := o.givenKind(); kind != "" {
			return kind
		}
	}
	return ""
}

// Login is what hands out a credential for a name and a password; nil where the contract has none.
func (d *Document) Login() *HandOut {
	for _, o := range d.operations {
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
	if err != nil || parsed <= 0 {
		err = ownError("a lifetime must be a duration above zero with its unit, such as 90s or 10m")
	}
	*d = Duration(parsed)
	return err
}

// Promise ties what a life, or another general rule, says of an operation to a requirement of the vendor's, and to the check
// that shows it. What can stand in it is for the rules to know (package life).
type Promise struct {
	// Check is the requirement and the slug of the check, "ADX-TOK-11/no-credential"; Requirement and Slug are its parts.
	Check             string
	Requirement, Slug string `json:"-"`
	// Title says what the server must do, and What what is tried, for the sentences of a report.
	Title, What string
	// Rule names a rule of its own; empty for the plain one: that a credential is accepted or not, as its life says.
	Rule string
	// After are the steps of its life before it is sent, in order, and Sent what is sent in its place, each on its own.
	After, Sent []string
	// At is where it stands: subject (default), authority, password, name, or account for an account beside the target's own.
	At string
	// By is the other name under which it is sent.
	By string
	// Everywhere sends it to every instance of the target.
	Everywhere bool
	// Status is the status that a refusal has to have; 0 for any 4xx.
	Status int
	// Needs are features of the target beyond those of the requirement.
	Needs []string
}

var ties = regexp.MustCompile(`^([A-Z]+-[A-Z]+-[0-9]+)/([a-z0-9-]+)$`)

// setPromises adds the promises that extensions hold.
func (o *Operation) setPromises(extensions map[string]any) error {
	var promises []Promise
	if err := read(extensions, map[string]any{extPromises: &promises}); err != nil {
		return err
	}
	for _, p := range promises {
		tie := ties.FindStringSubmatch(p.Check)
		if tie == nil || p.Title == "" {
			return said(extPromises, "a promise needs check (REQUIREMENT/slug) and title, and neither may be empty")
		}
		p.Requirement, p.Slug = tie[1], tie[2]
		o.Promises = append(o.Promises, p)
	}
	return nil
}
