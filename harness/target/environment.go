package target

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// variable is ${NAME}, a literal ${ written as $${, or a ${ that is neither.
var variable = regexp.MustCompile(`\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)\})?`)

// expand replaces ${NAME} by the environment's value and $${ by a literal ${. What a value brings in is not expanded
// again. A lone dollar stays as it is.
func expand(text string, getenv func(string) (string, bool)) (string, error) {
	var problem error
	expanded := variable.ReplaceAllStringFunc(text, func(found string) string {
		name := variable.FindStringSubmatch(found)[1]
		value, set := getenv(name)
		switch {
		case found == "$${":
			return "${"
		case name == "":
			problem = cmp.Or(problem, errors.New("${ must be followed by the name of an environment variable and }; write $${ for a literal ${"))
		case !set:
			problem = cmp.Or(problem, fmt.Errorf("environment variable %s is not set; set it, or write $${ for a literal ${", name))
		}
		return value
	})
	return expanded, problem
}

// literal is the opposite of expand: expanding what it returns gives the text back, whatever the environment holds.
func literal(text string) string {
	return strings.ReplaceAll(text, "${", "$${")
}
