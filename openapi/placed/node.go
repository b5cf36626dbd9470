// Package placed reads YAML and JSON into a tree whose values know the file and the line in which they stand, and writes such a
// tree so that a line of what is written still leads to where it came from.
package placed

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Place is a line of a file.
type Place struct {
	File string
	Line int
}

// String is it as editors and compilers write it, file:line.
func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Error is what is wrong at a place, with what to do about it, in one line.
type Error struct {
	At   Place
	Text string
}

// Error says both.
func (e *Error) Error() string { return e.At.String() + ": " + e.Text }

// Errorf is an error at a place.
func (p Place) Errorf(format string, args ...any) error {
	return &Error{p, fmt.Sprintf(format, args...)}
}

// Kind is what a value is.
type Kind int

// The kinds of values.
const (
	Scalar Kind = iota
	List
	Mapping
)

// Node is a value of a document. Methods that look something up may be called on nil, and find nothing there.
type Node struct {
	Kind Kind
	// Members are those of a mapping in their order, Items those of a list, and Value is a scalar's: nil, a bool, a string, or a
	// json.Number.
	Members []Member
	Items   []*Node
	Value   any
	// At is where it begins.
	At Place
}

// Member is a member of a mapping.
type Member struct {
	Name  string
	At    Place
	Value *Node
}

// Get is a member by its name, nil where there is none.
func (n *Node) Get(name string) *Node {
	if i := n.index(name); i >= 0 {
		return n.Members[i].Value
	}
	return nil
}

// In follows names downwards.
func (n *Node) In(names ...string) *Node {
	for _, name := range names {
		n = n.Get(name)
	}
	return n
}

// Where is where a member is named, and where the mapping begins if it has none of the name.
func (n *Node) Where(name string) Place {
	if i := n.index(name); i >= 0 {
		return n.Members[i].At
	}
	if n == nil {
		return Place{}
	}
	return n.At
}

func (n *Node) index(name string) int {
	if n == nil {
		return -1
	}
	return slices.IndexFunc(n.Members, func(m Member) bool { return m.Name == name })
}

// Text is a text, "" for anything else.
func (n *Node) Text() string {
	if n == nil {
		return ""
	}
	text, _ := n.Value.(string)
	return text
}

// Is reports whether it is the word true.
func (n *Node) Is() bool {
	if n == nil {
		return false
	}
	is, _ := n.Value.(bool)
	return is
}

// Clone is a copy that shares nothing with it.
func (n *Node) Clone() *Node {
	c := *n
	c.Members, c.Items = slices.Clone(n.Members), slices.Clone(n.Items)
	for i := range c.Members {
		c.Members[i].Value = c.Members[i].Value.Clone()
	}
	for i := range c.Items {
		c.Items[i] = c.Items[i].Clone()
	}
	return &c
}

// Plain is the value without its places, as encoding/json reads such.
func (n *Node) Plain() any {
	switch n.Kind {
	case Mapping:
		all := make(map[string]any, len(n.Members))
		for _, m := range n.Members {
			all[m.Name] = m.Value.Plain()
		}
		return all
	case List:
		all := make([]any, len(n.Items))
		for i, item := range n.Items {
			all[i] = item.Plain()
		}
		return all
	}
	return n.Value
}

// Ordered is the value without its places; mappings are yaml.MapSlice, in their order.
func (n *Node) Ordered() any {
	switch n.Kind {
	case Mapping:
		all := make(yaml.MapSlice, len(n.Members))
		for i, m := range n.Members {
			all[i] = yaml.MapItem{Key: m.Name, Value: m.Value.Ordered()}
		}
		return all
	case List:
		all := make([]any, len(n.Items))
		for i, item := range n.Items {
			all[i] = item.Ordered()
		}
		return all
	}
	return n.Value
}

// Pointer finds what a JSON pointer leads to, nil for nothing.
func (n *Node) Pointer(pointer string) *Node {
	if pointer == "" {
		return n
	}
	if !strings.HasPrefix(pointer, "/") {
		return nil
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		if n = n.Step(unescape.Replace(token)); n == nil {
			return nil
		}
	}
	return n
}

// Step is a member by its name, or an item by its index.
func (n *Node) Step(token string) *Node {
	if n == nil || n.Kind != List {
		return n.Get(token)
	}
	var i int
	if err := json.Unmarshal([]byte(token), &i); err != nil || i < 0 || i >= len(n.Items) {
		return nil
	}
	return n.Items[i]
}

var unescape = strings.NewReplacer("~1", "/", "~0", "~")
