package spelling

import (
	"fmt"
	"slices"

	"example.org/conform/openapi"
)

// InAnyOrder is the name of the orders together.
const InAnyOrder = "json-members-in-any-order"

// mostTurns bounds how often an object is turned, whatever members it has.
const mostTurns = 6

// Orders are the orders of a contract's members beside those of All, which are sorted and reversed: the rotations, so that each member
// stands in every place, and those of the reversed order, with which three members have stood in every order. There are none where no
// request has more than two.
func Orders(doc *openapi.Document) (all []Spelling) {
	most := 0
	for _, op := range doc.Operations() {
		if !op.IsForm() {
			most = max(most, len(op.Members))
		}
	}
	if most < 3 {
		return nil
	}
	for turns := 1; turns < min(most, mostTurns); turns++ {
		for _, reversed := range []bool{false, true} {
			all = append(all, Spelling{
				Slug: fmt.Sprintf("%s-%d", InAnyOrder, len(all)+1), Words: "JSON with its members in another order",
				Requirement: "RFC-SPL-09", Write: object(turned(turns, reversed), "", plain),
			})
		}
	}
	return all
}

// turned puts so many of the first names last.
func turned(turns int, reversed bool) func([]string) {
	return func(names []string) {
		if reversed {
			slices.Reverse(names)
		}
		turns := turns % len(names)
		copy(names, slices.Concat(names[turns:], names[:turns]))
	}
}
