package specs

import (
	"strings"

	"github.com/agext/levenshtein"
)

// nearest is the one of known that is spelled most like name, or "" when none is like it: when more than a third
// of the letters, and more than two, would have to change. Letter case counts for nothing. Among equals the one that begins
// most like name wins, since versions differ at their end; after that the first.
func nearest(name string, known []string) string {
	letters := []rune(strings.ToLower(name))
	best, least, alike := "", max(2, len(letters)/3)+1, 0
	for _, k := range known {
		other := []rune(strings.ToLower(k))
		d, same, _ := levenshtein.Calculate(letters, other, 0, 1, 1, 1)
		if d < len(other) && (d < least || d == least && best != "" && same > alike) {
			best, least, alike = k, d, same
		}
	}
	return best
}

// Suggest is the part of an error about an unknown name that says which of the known ones is spelled most like it:
// " (did you mean …?)", or "" when none is like it.
func Suggest(name string, known []string) string {
	if near := nearest(name, known); near != "" {
		return " (did you mean " + near + "?)"
	}
	return ""
}
