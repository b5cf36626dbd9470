package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// sources are the files that a contract is made of, its own first.
type sources []source

type source struct {
	name  string
	lines []string
	place func(file string, line int) string
}

// at is the place of a line, counted from 1.
func (s source) at(line int) string {
	if s.place != nil {
		return s.place(s.name, line)
	}
	return fmt.Sprintf("%s:%d", s.name, line)
}

// find is the first line that matches, file:line; "" where none does.
func (s sources) find(matches func(line string) bool) string {
	for _, file := range s {
		for i, line := range file.lines {
			if matches(line) {
				return file.at(i + 1)
			}
		}
	}
	return ""
}

// Place is where the contract first names a requirement, a check (REQUIREMENT/slug) or describes an operation, file:line within
// the repository, or within the folder from which it was read; "" where it does not.
func (d *Document) Place(name string) string {
	requirement, _, _ := strings.Cut(name, "/")
	if place := d.places[requirement]; place != "" {
		return place
	}
	named := regexp.MustCompile(`(?:^|[^\w-])` + regexp.QuoteMeta(name) + `(?:[^\w-]|$)`)
	place := d.sources.find(func(line string) bool {
		return strings.Contains(line, name) && named.MatchString(line) && !strings.HasPrefix(strings.TrimSpace(line), "#")
	})
	if place == "" {
		return ""
	}
	return d.folder + place
}

// Where a document, in YAML or JSON, names an operation, and where what is shared begins.
var (
	namesOperation = regexp.MustCompile(`(?:^|[{,\s])["']?operationId["']?\s*:\s*["']?([^"',}\s]+)`)
	beginsShared   = regexp.MustCompile(`^\s*["']?components["']?\s*:`)
	namesPath      = regexp.MustCompile(`^\s*["']?(/[^"':\s]*)["']?\s*:`)
)

// where says where an operation makes the statement that an error is about, " (file:line)": below its operationId, or in a part
// that several operations share. For any other error it is where the operation is described, or its path where it has no operationId; it is
// empty where nothing is found.
func (s sources) where(operation string, err error) string {
	within, place := "", ""
	described := func(line string) bool {
		if beginsShared.MatchString(line) { // what follows is shared
			within = ""
		}
		found := namesOperation.FindStringSubmatch(line)
		if found != nil {
			within = found[1]
		}
		return found != nil && found[1] == operation
	}
	if about, is := errors.AsType[*statement](err); is {
		stated := regexp.MustCompile(`(?:^|[{,\s])["']?` + regexp.QuoteMeta(about.in) + `["']?\s*:`)
		states := func(line string) bool { return stated.MatchString(line) }
		place = s.find(func(line string) bool { described(line); return within == operation && states(line) })
		within = operation
		place = cmp.Or(place, s.find(func(line string) bool { described(line); return within == "" && states(line) }), s.find(states))
	}
	place = cmp.Or(place, s.find(described), s.find(func(line string) bool {
		path := namesPath.FindStringSubmatch(line)
		return path != nil && strings.HasSuffix(operation, "-"+strings.Trim(noWord.ReplaceAllString(path[1], "-"), "-"))
	}))
	if place == "" {
		return ""
	}
	return " (" + place + ")"
}
