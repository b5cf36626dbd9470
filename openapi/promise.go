package openapi

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// Promise ties what a life, or another general rule, says of an operation to a requirement of the vendor's, and to the check
// that shows it. What can stand in it is for the rules to know (package life).
type Promise struct {
	// Requirement and Slug are those of the check, written "ADX-TOK-11/no-credential".
	Requirement, Slug string
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

// UnmarshalJSON reads it, and refuses members that it does not know.
func (p *Promise) UnmarshalJSON(raw []byte) error {
	var form struct {
		Check, Title, What, Rule, At, By string
		After, Sent, Needs               []string
		Everywhere                       bool
		Status                           int
	}
	if _, err := structured(map[string]any{extPromises: json.RawMessage(raw)}, extPromises, &form); err != nil {
		return err
	}
	tie := ties.FindStringSubmatch(form.Check)
	if tie == nil || form.Title == "" {
		return fmt.Errorf("a promise needs check (REQUIREMENT/slug) and title, not %q and %q", form.Check, form.Title)
	}
	*p = Promise{
		Requirement: tie[1], Slug: tie[2], Title: form.Title, What: form.What, Rule: form.Rule, After: form.After, Sent: form.Sent,
		At: form.At, By: form.By, Everywhere: form.Everywhere, Status: form.Status, Needs: form.Needs,
	}
	return nil
}

// Promises are what the contract promises of the operation beyond its answers' shape, in the order of the document.
func (o *Operation) Promises() []Promise { return o.promises }
