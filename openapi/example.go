package openapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ValidateExamples checks every example of a body against its schema, formats included, and names all that do not
// match.
func (d *Document) ValidateExamples() error {
	var all []error
	for _, o := range d.Operations() {
		for _, c := range o.request {
			all = append(all, c.checkExamples(o.id+", request"))
		}
		for _, status := range slices.Sorted(maps.Keys(o.responses)) {
			for _, c := range o.responses[status].contents {
				all = append(all, c.checkExamples(o.id+", response "+status))
			}
		}
	}
	if err := errors.Join(all...); err != nil {
		return fmt.Errorf("contract %s: %w", d.profile, err)
	}
	return nil
}

func (c content) checkExamples(where string) error {
	var all []error
	for _, name := range slices.Sorted(maps.Keys(c.examples)) {
		// The loader's numbers are Go's; an answer's are as written. One round through JSON makes them alike.
		raw, err := json.Marshal(c.examples[name])
		if err != nil {
			return fmt.Errorf("%s, example %s: %w", where, name, err)
		}
		value, _, _ := decode(raw)
		for _, tokens := range c.validator.failures(value) {
			at := locate(c.schema, tokens)
			all = append(all, fmt.Errorf("%s, example %s: at %q: expected %s", where, name, at.pointer, at.expected()))
		}
	}
	return errors.Join(all...)
}
