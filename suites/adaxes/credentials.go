package adaxes

import (
	"fmt"
	"strings"
)

// oneChanged changes the character in the middle. The last one would not do: in base64 it may hold bits that nobody
// reads.
func oneChanged(s string) (string, bool) {
	r := []rune(s)
	if len(r) == 0 {
		return s, false
	}
	middle := len(r) / 2
	if r[middle] == 'A' {
		r[middle] = 'B'
	} else {
		r[middle] = 'A'
	}
	return string(r), true
}

// encodeAll percent-encodes every byte, so that nothing is left for a server that does not decode.
func encodeAll(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}
