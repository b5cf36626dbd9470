package openapi

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

var placed = regexp.MustCompile(`\b[A-Z]{3}-[A-Z]{3}-[0-9]{2}\b|operationId: ([A-Za-z0-9]+)`)

// places are where the documents name a requirement or an operation for the first time: file and line, by file and name.
var places = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	entries, _ := embedded.ReadDir(".") // an embedded root always reads
	for _, e := range entries {
		text, _ := embedded.ReadFile(e.Name())
		in := map[string]string{}
		for i, line := range strings.Split(string(text), "\n") {
			for _, found := range placed.FindAllStringSubmatch(line, -1) {
				if id := cmp.Or(found[1], found[0]); in[id] == "" {
					in[id] = fmt.Sprintf("openapi/%s:%d", e.Name(), i+1)
				}
			}
		}
		all[e.Name()] = in
	}
	return all
})

// Place is where the contract first ties a part of itself to a requirement, or describes an operation, file:line within the
// repository; "" where it does not. What several profiles share stands in a file of its own.
func (d *Document) Place(name string) string {
	if place := places()[d.profile+documentSuffix][name]; place != "" {
		return place
	}
	system, _, _ := strings.Cut(d.profile, "-")
	return places()[system+sharedSuffix][name]
}
