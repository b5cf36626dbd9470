package openapi

import "regexp"

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
	// At is where it stands: subject (default), authority, password, name.
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
			return said(extPromises, "a promise needs check (REQUIREMENT/slug) and title, not %q and %q", p.Check, p.Title)
		}
		p.Requirement, p.Slug = tie[1], tie[2]
		o.promises = append(o.promises, p)
	}
	return nil
}

// Promises are what the contract promises of the operation beyond its answers' shape, in the order of the document.
func (o *Operation) Promises() []Promise { return o.promises }
