package openapi

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

var requirementID = regexp.MustCompile(`\b[A-Z]{3}-[A-Z]{3}-[0-9]{2}\b`)

// places are where the documents name requirements for the first time: file and line by file's name and requirement.
var places = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	entries, _ := embedded.ReadDir(".") // an embedded root always reads
	for _, e := range entries {
		text, _ := embedded.ReadFile(e.Name())
		in := map[string]string{}
		for i, line := range strings.Split(string(text), "\n") {
			for _, id := range requirementID.FindAllString(line, -1) {
				if in[id] == "" {
					in[id] = fmt.Sprintf("openapi/%s:%d", e.Name(), i+1)
				}
			}
		}
		all[e.Name()] = in
	}
	return all
})

// Place is where the contract first ties a part of itself to a requirement, file:line within the repository; "" where it
// does not. What several profiles share stands in a file of its own.
func (d *Document) Place(requirement string) string {
	if place := places()[d.profile+documentSuffix][requirement]; place != "" {
		return place
	}
	system, _, _ := strings.Cut(d.profile, "-")
	return places()[system+sharedSuffix][requirement]
}
