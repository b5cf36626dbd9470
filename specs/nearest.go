package specs

import "strings"

// Nearest returns the one of known that is spelled most like name, or "" when none is like it: when more than a third
// of the letters, and more than two, would have to change. Letter case counts for nothing. Among equals the one that begins
// most like name wins, since versions differ at their end; after that the first.
func Nearest(name string, known []string) string {
	best, least := "", max(2, len([]rune(name))/3)+1
	alike := 0
	for _, k := range known {
		a, b := strings.ToLower(name), strings.ToLower(k)
		d, same := distance(a, b), sharedPrefix(a, b)
		if d < len([]rune(k)) && (d < least || d == least && best != "" && same > alike) {
			best, least, alike = k, d, same
		}
	}
	return best
}

// sharedPrefix is the number of bytes in which a and b begin alike.
func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// suggest is the part of an error that names the nearest spelling, if there is one.
func suggest(name string, known []string) string {
	if near := Nearest(name, known); near != "" {
		return " (did you mean " + near + "?)"
	}
	return ""
}

// distance is the number of letters to insert, delete or change to make a into b (Levenshtein).
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range to {
			cost := diagonal
			if x != y {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(to)]
}
