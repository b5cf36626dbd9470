package yamlfile

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// asJSON writes a mapping or a list as the JSON text that it stands for, its members in the order of the file. Texts in it are expanded
// as values are. An error has the path of the whole and the place within it: the names in it are nobody's keys, and may be secrets.
func (d *Document) asJSON(n ast.Node, path string) (string, error) {
	var text bytes.Buffer
	err := d.writeJSON(&text, n, path)
	return text.String(), err
}

func (d *Document) writeJSON(to *bytes.Buffer, n ast.Node, path string) error {
	switch n := n.(type) {
	case *ast.MappingNode:
		to.WriteByte('{')
		names := map[string]bool{}
		for i, pair := range n.Values {
			name, isText := textOf(pair.Key)
			switch {
			case !isText:
				return fault(d.place(pair.Key), path, "a key must be a plain text")
			case names[name]:
				return fault(d.place(pair.Key), path, "a member stands twice; keep one")
			case i > 0:
				to.WriteByte(',')
			}
			names[name] = true
			encode(to, name)
			to.WriteByte(':')
			if err := d.writeJSON(to, pair.Value, path); err != nil {
				return err
			}
		}
		to.WriteByte('}')
		return nil
	case *ast.SequenceNode:
		to.WriteByte('[')
		for i, item := range n.Values {
			if i > 0 {
				to.WriteByte(',')
			}
			if err := d.writeJSON(to, item, path); err != nil {
				return err
			}
		}
		to.WriteByte(']')
		return nil
	}
	return d.scalarJSON(to, n, path)
}

// scalarJSON writes what YAML takes a scalar for. A number stays as it is written where JSON writes it so too.
func (d *Document) scalarJSON(to *bytes.Buffer, n ast.Node, path string) error {
	const noNumber = "must be a number as JSON writes it, or a text in quotes"
	text, isText := textOf(n)
	switch n := n.(type) {
	case *ast.NullNode:
		to.WriteString("null")
	case *ast.BoolNode:
		encode(to, n.Value)
	case *ast.IntegerNode, *ast.FloatNode:
		if !json.Valid([]byte(text)) {
			return fault(d.place(n), path, noNumber)
		}
		to.WriteString(text)
	case *ast.StringNode, *ast.LiteralNode:
		var err error
		if d.Expand != nil {
			if text, err = d.Expand(path, text); err != nil {
				return fault(d.place(n), path, "%v", err)
			}
		}
		encode(to, text)
	default:
		if isText {
			return fault(d.place(n), path, noNumber)
		}
		return fault(d.place(n), path, "must be a text, a number, a list or a mapping (anchors, aliases and tags are not read)")
	}
	return nil
}

// encode appends a text or a truth value, which can always be encoded, as JSON.
func encode(to *bytes.Buffer, v any) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
	to.WriteString(strings.TrimSuffix(text.String(), "\n"))
}
