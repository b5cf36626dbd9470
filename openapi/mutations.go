package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const extMutations = "x-mutations"

// mutationWays are the ways in which a member can be sent wrongly that need no more than their name.
var mutationWays = []string{"missing", "null", "blank", "empty", "number", "as-string", "in-another-case"}

// Mutation is a way to send one member of a success wrongly, which must be found out.
type Mutation struct {
	// Name is the member's word and the way: session-id-missing.
	Name string
	// Operation and Member say which member: that of this path ("user/id") in the success of the operation.
	Operation, Member string
	// Way is one of those that doc.go lists, or renamed; To is then the other name.
	Way, To string
	// Requirement is that of the member, which the mutation breaks.
	Requirement string
}

// Mutations lists those of all members, by operation.
func (d *Document) Mutations() []Mutation { return d.mutations }

// readMutations finds the mutations of all successes whose members have requirements of their own.
func (d *Document) readMutations() error {
	for _, o := range d.operations {
		if r := o.succeeded(); r.all == "" {
			for _, c := range r.contents {
				if err := d.mutationsBelow(o.id, c.schema.at(nil)); err != nil {
					return fmt.Errorf("load contract %s%w", d.profile, err)
				}
			}
		}
	}
	return nil
}

func (d *Document) mutationsBelow(operation string, at spot) error {
	members := map[string]bool{}
	for _, s := range at.schemas {
		for name := range s.Value.Properties {
			members[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		member := at.step(name)
		for _, s := range member.schemas {
			if err := d.addMutations(operation, member, s); err != nil {
				return err
			}
		}
		if err := d.mutationsBelow(operation, member); err != nil {
			return err
		}
	}
	return nil
}

// addMutations reads the mutations of a member, once where several media types share its schema.
func (d *Document) addMutations(operation string, member spot, schema *openapi3.SchemaRef) error {
	var declared struct {
		Word    string   `json:"word"`
		Ways    []string `json:"ways"`
		Renamed string   `json:"renamed"`
	}
	extensions := schema.Extensions // beside a $ref
	if extensions[extMutations] == nil {
		extensions = schema.Value.Extensions
	}
	if _, present := extensions[extMutations]; !present {
		return nil
	}
	err := read(extensions, map[string]any{extMutations: &declared})
	ways := declared.Ways
	if declared.Renamed != "" {
		ways = append(ways, "renamed")
	}
	unknown := slices.IndexFunc(declared.Ways, func(way string) bool { return !slices.Contains(mutationWays, way) })
	switch {
	case err != nil:
	case declared.Word == "" || len(ways) == 0:
		err = said(extMutations, "a word and a way are needed")
	case unknown >= 0:
		err = said(extMutations, "the way %q, which is none of %s", shown(ways[unknown]), strings.Join(mutationWays, ", "))
	case member.requirement == "":
		err = said(extMutations, "%s has no requirement that a mutation could break", shown(declared.Word))
	}
	if err != nil {
		line := d.sources.find(func(line string) bool {
			return strings.Contains(line, extMutations+":") && strings.Contains(line, declared.Word)
		})
		return fmt.Errorf(" (%s): %s: %w", line, shown(operation), err)
	}
	for _, way := range ways {
		m := Mutation{declared.Word + "-" + way, operation, member.pointer[1:], way, "", member.requirement}
		if way == "renamed" {
			m.To = declared.Renamed
		}
		if !slices.Contains(d.mutations, m) {
			d.mutations = append(d.mutations, m)
		}
	}
	return nil
}
