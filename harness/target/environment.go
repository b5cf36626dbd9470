package target

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// expand replaces ${NAME} by the environment's value and $${ by a literal ${. What a value brings in is not expanded
// again. A lone dollar stays as it is.
func expand(text string, getenv func(string) (string, bool)) (string, error) {
	var out strings.Builder
	for text != "" {
		switch {
		case strings.HasPrefix(text, "$${"):
			out.WriteString("${")
			text = text[len("$${"):]
		case strings.HasPrefix(text, "${"):
			name, rest, closed := strings.Cut(text[len("${"):], "}")
			if !closed || !variable.MatchString(name) {
				return "", errors.New("${ must be followed by the name of an environment variable and }; write $${ for a literal ${")
			}
			value, set := getenv(name)
			if !set {
				return "", fmt.Errorf("environment variable %s is not set; set it, or write $${ for a literal ${", name)
			}
			out.WriteString(value)
			text = rest
		default:
			out.WriteByte(text[0])
			text = text[1:]
		}
	}
	return out.String(), nil
}

// literal is the opposite of expand: expanding what it returns gives the text back, whatever the environment holds.
func literal(text string) string {
	return strings.ReplaceAll(text, "${", "$${")
}
