// Package overlay applies documents of the Overlay Specification (1.0 and 1.1) to OpenAPI documents, so that a vendor's document
// stays as it was downloaded and what a contract says beside it has a file of its own. What comes of it knows of each line from
// which of the files it came.
//
// It differs from the specification in one point: an action whose target matches nothing is an error, for it is a slip, or the
// vendor's document has changed under it. `extends` is read and not followed: the document is the one that is given.
package overlay

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/theory/jsonpath"

	"example.org/conform/openapi/placed"
)

// Overlay is one document of actions.
type Overlay struct{ actions []action }

// action is one of update, remove and copy.
type action struct {
	at     placed.Place
	target *jsonpath.Path
	// update is what to merge, copy where in the document that is found.
	update *placed.Node
	copy   *jsonpath.Path
	remove bool
}

var (
	versions = regexp.MustCompile(`^1\.[01]\.[0-9]+$`)
	// known are the members of an overlay and of an action; what begins with x- may stand beside them.
	known       = []string{"overlay", "info", "extends", "actions"}
	knownAction = []string{"target", "description", "update", "remove", "copy"}
)

// Read reads an overlay under the name by which messages call the file.
func Read(name string, text []byte) (*Overlay, error) {
	root, err := placed.Read(name, text)
	if err != nil {
		return nil, err
	}
	switch version := root.Get("overlay"); {
	case root.Get("openapi") != nil && version == nil:
		return nil, root.Where("openapi").Errorf("this is an OpenAPI document, and an overlay is wanted; give the file that begins with overlay: 1.0.0")
	case version == nil:
		return nil, root.At.Errorf("no overlay, since it has no version; begin it with overlay: 1.0.0")
	case !versions.MatchString(scalarText(version)):
		return nil, root.Where("overlay").Errorf("not a version of the Overlay Specification that is known here; write overlay: 1.0.0, or 1.1.0")
	}
	if err := onlyKnown(root, known, "an overlay"); err != nil {
		return nil, err
	}
	if info := root.Get("info"); info.Get("title") == nil || info.Get("version") == nil {
		return nil, root.Where("info").Errorf("an overlay needs info with title and version; add info: {title: …, version: 1.0.0}")
	}
	actions := root.Get("actions")
	if actions == nil || actions.Kind != placed.List || len(actions.Items) == 0 {
		return nil, root.Where("actions").Errorf("an overlay needs a list of actions with at least one; add one, or leave the overlay out")
	}
	o := &Overlay{}
	for _, item := range actions.Items {
		a, err := readAction(item)
		if err != nil {
			return nil, err
		}
		o.actions = append(o.actions, a)
	}
	return o, nil
}

// scalarText is a text, or a number as it is written: a version without its quotes.
func scalarText(n *placed.Node) string {
	if n.Kind != placed.Scalar {
		return ""
	}
	return fmt.Sprint(n.Value)
}

func readAction(n *placed.Node) (a action, err error) {
	a.at = n.At
	if n.Kind != placed.Mapping {
		return a, n.At.Errorf("an action is a mapping; write - target: … and below it update: …, or remove: true")
	}
	if err := onlyKnown(n, knownAction, "an action"); err != nil {
		return a, err
	}
	if a.target, err = path(n, "target"); err != nil {
		return a, err
	}
	a.update = n.Get("update")
	switch remove := n.Get("remove"); {
	case remove == nil:
	case remove.Kind != placed.Scalar || remove.Value != true && remove.Value != false:
		return a, n.Where("remove").Errorf("remove is neither true nor false; write remove: true")
	default:
		a.remove = remove.Is()
	}
	if n.Get("copy") != nil {
		if a.copy, err = path(n, "copy"); err != nil {
			return a, err
		}
	}
	switch {
	case a.remove:
		a.update, a.copy = nil, nil // of no effect beside it, says the specification
	case a.update != nil && a.copy != nil:
		return a, n.Where("copy").Errorf("both update and copy; make two actions of it")
	case a.update == nil && a.copy == nil:
		return a, n.At.Errorf("the action does nothing; add update: …, copy: … or remove: true")
	}
	return a, nil
}

// quoted is a name within a path, in which dots are no descents.
var quoted = regexp.MustCompile(`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`)

// path is a query of an action. A word of the library about it could quote anything.
func path(n *placed.Node, name string) (*jsonpath.Path, error) {
	text := n.Get(name).Text()
	if text == "" {
		return nil, n.Where(name).Errorf("an action needs a %s that is a JSONPath; write %s: $.paths['/login'].post, for one", name, name)
	}
	if strings.Count(quoted.ReplaceAllString(text, "''"), "..") > 1 {
		return nil, n.Where(name).Errorf("more than one descent (..) in a JSONPath, which may take for ever; write the way out")
	}
	parsed, err := jsonpath.Parse(text)
	if err != nil {
		return nil, n.Where(name).Errorf("%s is no JSONPath of RFC 9535; a name with more than letters, digits and _ stands in brackets and quotes: $.paths['/login'].post", name)
	}
	return parsed, nil
}

// onlyKnown refuses members that say nothing.
func onlyKnown(n *placed.Node, known []string, what string) error {
	for _, m := range n.Members {
		if !slices.Contains(known, m.Name) && !strings.HasPrefix(m.Name, "x-") {
			return m.At.Errorf("%s has no such member; it may have %s", what, strings.Join(known, ", "))
		}
	}
	return nil
}
