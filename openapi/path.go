package openapi

import (
	"fmt"
	"net/url"
	"strings"
)

// PathFor is the path with values in the place of its parameters, percent-encoded. A parameter without a value, or with
// an empty one, is an error, and so is a value for a parameter that the path does not have.
func (o *Operation) PathFor(values map[string]string) (string, error) {
	path := o.path
	for name, value := range values {
		parameter := "{" + name + "}"
		switch {
		case !strings.Contains(o.path, parameter):
			return "", fmt.Errorf("%s: path %s has no parameter %q", o.id, o.path, name)
		case value == "":
			return "", fmt.Errorf("%s: path parameter %q has no value", o.id, name)
		}
		path = strings.ReplaceAll(path, parameter, url.PathEscape(value))
	}
	if len(values) < strings.Count(o.path, "{") {
		return "", fmt.Errorf("%s: path %s has a parameter that is given no value", o.id, o.path)
	}
	return path, nil
}
