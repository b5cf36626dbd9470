package adaxes

import (
	"fmt"
	"strings"
)

// encodeAll percent-encodes every byte, so that nothing is left for a server that does not decode.
func encodeAll(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}
