package openapi

import (
	"cmp"
	"errors"
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
	return places()[shared(d.profile)][name]
}

// shared is the file of what the profiles of a system have in common.
func shared(profile string) string {
	system, _, _ := strings.Cut(profile, "-")
	return system + sharedSuffix
}

// line says where an operation makes the statement that an error is about, " (file:line)": below its operationId, or in a part that
// several operations share. It is empty for any other error.
func line(read func(string) ([]byte, error), profile, operation string, err error) string {
	var s *statement
	if !errors.As(err, &s) {
		return ""
	}
	elsewhere := ""
	for _, file := range []string{profile + documentSuffix, shared(profile)} {
		text, err := read(file)
		if err != nil {
			continue
		}
		within := false
		for i, line := range strings.Split(string(text), "\n") {
			if id, found := strings.CutPrefix(strings.TrimSpace(line), "operationId: "); found {
				within = id == operation
			}
			if !strings.HasPrefix(strings.TrimSpace(line), s.in+":") {
				continue
			}
			if at := fmt.Sprintf(" (%s:%d)", file, i+1); within {
				return at
			} else if elsewhere == "" {
				elsewhere = at
			}
		}
	}
	return elsewhere
}
