package placed

import (
	"bytes"
	"encoding/json"
	"strings"

	"example.org/conform/openapi"
)

// Written is a tree as one text of YAML. Each of its lines leads to where it came from.
type Written struct {
	Text []byte
	from []Place
}

// Place is where a line, counted from 1, came from.
func (w *Written) Place(line int) Place {
	if line < 1 || line > len(w.from) {
		return Place{}
	}
	return w.from[line-1]
}

// Write writes it, a line a member or an item, with texts and keys in the quotes of JSON where they could be anything else.
func (n *Node) Write() *Written {
	w := &writer{}
	if n.Kind == Scalar || len(n.Members)+len(n.Items) == 0 {
		w.line(n.At, 0, inline(n))
	} else {
		w.value(n, 0)
	}
	return &Written{w.text.Bytes(), w.from}
}

type writer struct {
	text bytes.Buffer
	from []Place
}

func (w *writer) line(at Place, indent int, text string) {
	w.text.WriteString(strings.Repeat("  ", indent) + text + "\n")
	w.from = append(w.from, at)
}

// longestKey is how long a key may be that no question mark announces: YAML looks no further than 1024 characters for the colon behind it.
const longestKey = 1000

func (w *writer) value(n *Node, indent int) {
	for _, m := range n.Members {
		head := key(m.Name) + ":"
		if len(head) > longestKey {
			w.line(m.At, indent, "? "+key(m.Name))
			head = ":"
		}
		w.part(m.At, head, m.Value, indent)
	}
	for _, item := range n.Items {
		w.part(item.At, "-", item, indent)
	}
}

func (w *writer) part(at Place, head string, n *Node, indent int) {
	if n.Kind == Scalar || len(n.Members)+len(n.Items) == 0 {
		w.line(at, indent, head+" "+inline(n))
		return
	}
	w.line(at, indent, head)
	w.value(n, indent+1)
}

// inline is what fits on a line: a scalar, or what is empty.
func inline(n *Node) string {
	switch n.Kind {
	case Mapping:
		return "{}"
	case List:
		return "[]"
	}
	if number, is := n.Value.(json.Number); is {
		return number.String()
	}
	if text, is := n.Value.(string); is && plainWord(text) {
		return text
	}
	return openapi.WriteScalar(n.Value)
}

func key(name string) string {
	if plainWord(name) || strings.HasPrefix(name, "$") && plainWord(name[1:]) || strings.HasPrefix(name, "/") && !strings.ContainsFunc(name, notOfAPath) {
		return name
	}
	return openapi.WriteScalar(name)
}

// plainWord tells whether a text is one that YAML takes for itself, quotes or not.
func plainWord(text string) bool {
	switch strings.ToLower(text) {
	case "", "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		return false
	}
	first := text[0] | 0x20
	return first >= 'a' && first <= 'z' && !strings.ContainsFunc(text, func(c rune) bool {
		return (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '_' && c != '-'
	})
}

func notOfAPath(c rune) bool {
	return c != '/' && c != '{' && c != '}' && c != '.' && !plainWord("a"+string(c))
}
