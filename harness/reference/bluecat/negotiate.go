package bluecat

import (
	"mime"
	"strconv"
	"strings"
)

// Negotiate chooses between application/hal+json and application/json by an Accept header (RFC 9110, 12.5.1): the one
// that the client prefers, and application/hal+json where it does not care. It reports false where the client accepts
// neither.
func Negotiate(accept string) (mediaType string, ok bool) {
	if strings.TrimSpace(accept) == "" {
		return HAL, true
	}
	hal, plain := quality(accept, HAL), quality(accept, JSON)
	switch {
	case hal <= 0 && plain <= 0:
		return "", false
	case plain > hal:
		return JSON, true
	}
	return HAL, true
}

// quality is the weight that an Accept header gives a media type: that of the range that describes it most closely.
// What cannot be read counts for nothing.
func quality(accept, mediaType string) float64 {
	main, _, _ := strings.Cut(mediaType, "/")
	closest, weight := 0, 0.0
	for _, part := range strings.Split(accept, ",") {
		given, parameters, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		close := map[string]int{"*/*": 1, main + "/*": 2, mediaType: 3}[given]
		if close <= closest {
			continue
		}
		closest, weight = close, 1
		if q, given := parameters["q"]; given {
			if weight, err = strconv.ParseFloat(q, 64); err != nil {
				weight = 0
			}
		}
	}
	return weight
}
