package target

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"example.org/conform/specs"
)

// decoder reads a description from its syntax tree. It is written by hand so that no message ever quotes a value,
// which might be a password, and so that what Validate finds wrong later can still be given its line and column.
type decoder struct {
	name   string
	getenv func(string) (string, bool)
	// at holds where the value of each key path stands.
	at map[string]*token.Position
}

// readers read the values of a mapping, by key.
type readers map[string]func(n ast.Node, path string) error

// fault makes the error about a place in the file.
func (d *decoder) fault(p *token.Position, path, format string, args ...any) error {
	message := fmt.Errorf(format, args...).Error()
	if path != "" {
		message = path + ": " + message
	}
	if p == nil {
		return fmt.Errorf("%s: %s", d.name, message)
	}
	return fmt.Errorf("%s:%d:%d: %s", d.name, p.Line, p.Column, message)
}

// place finds where a key path stands, or the nearest mapping around it when the key is missing.
func (d *decoder) place(path string) *token.Position {
	for path != "" {
		if p, known := d.at[path]; known {
			return p
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return nil
}

// root parses the file and returns the one node that it holds.
func (d *decoder) root(data []byte) (n ast.Node, err error) {
	defer func() {
		// The parser is not ours. Should a file upset it, the file is at fault for us, and its text stays unprinted.
		if recover() != nil {
			n, err = nil, d.fault(nil, "", "not readable as YAML or JSON")
		}
	}()
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var syntax yaml.Error
		if !errors.As(err, &syntax) || syntax.GetToken() == nil {
			return nil, d.fault(nil, "", "not readable as YAML or JSON")
		}
		return nil, d.fault(syntax.GetToken().Position, "", "not readable as YAML or JSON: %s", withoutSource(syntax.GetMessage()))
	}
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.NullType {
			continue
		}
		if n != nil {
			return nil, d.fault(position(doc.Body), "", "a second document; a file describes one target")
		}
		n = doc.Body
	}
	if n == nil {
		return nil, d.fault(nil, "", "empty; it must have at least url and account")
	}
	return n, nil
}

var quoted = regexp.MustCompile(`"[^"]*"|'[^']*'|'''`)

// withoutSource takes out of a parser's message the pieces of the file that it quotes. What YAML itself uses as
// punctuation may stay.
func withoutSource(message string) string {
	return quoted.ReplaceAllStringFunc(strings.Join(strings.Fields(message), " "), func(q string) string {
		if strings.Trim(q, `{}[],:'"`) == "" {
			return q
		}
		return "a character"
	})
}

// mapping reads a mapping. A key without a reader, and a key that stands twice, are errors. In a mapping that holds a
// secret, a key that is unknown is not quoted: it may be the tail of a password that was not put in quotes.
func (d *decoder) mapping(n ast.Node, path string, secret bool, known readers) error {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		return d.fault(position(n), path, "must be a mapping of keys to values")
	}
	seen := map[string]bool{}
	for _, v := range values {
		if v.Key == nil || v.Value == nil {
			return d.fault(position(n), path, "a key without a value")
		}
		at := position(v.Key)
		key, isText := scalar(v.Key)
		if !isText {
			return d.fault(at, path, "a key must be a plain text")
		}
		read, isKnown := known[key]
		if !isKnown {
			return d.fault(at, path, "%s", unknownKey(key, slices.Sorted(maps.Keys(known)), secret))
		}
		if seen[key] {
			return d.fault(at, join(path, key), "stands twice; keep one")
		}
		seen[key] = true
		if v.Value.Type() == ast.NullType {
			d.at[join(path, key)] = at
			continue // as if the key were not there
		}
		d.at[join(path, key)] = position(v.Value)
		if err := read(v.Value, join(path, key)); err != nil {
			return err
		}
	}
	return nil
}

func unknownKey(key string, known []string, secret bool) string {
	message := fmt.Sprintf("unknown key %q", key)
	if secret {
		message = "unknown key"
	}
	if near := specs.Nearest(key, known); near != "" {
		message += fmt.Sprintf(" (did you mean %s?)", near)
	}
	return message + "; known are " + strings.Join(known, ", ")
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// position is where a node begins.
func position(n ast.Node) *token.Position {
	if m, isBlock := n.(*ast.MappingNode); isBlock && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key // the token of a block mapping is its first colon
	}
	if m, isPair := n.(*ast.MappingValueNode); isPair && m.Key != nil {
		n = m.Key
	}
	if n.GetToken() == nil {
		return nil
	}
	return n.GetToken().Position
}

// scalar returns the text of a scalar as it is written; what YAML would make of it (a number, a truth value) counts
// for nothing, so that a password of digits needs no quotes.
func scalar(n ast.Node) (string, bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value, true
	case *ast.LiteralNode:
		return s.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return strings.TrimSpace(n.GetToken().Origin), true
	}
	return "", false
}

// text reads a scalar and puts the environment's values into it.
func (d *decoder) text(n ast.Node, path string) (string, error) {
	written, isText := scalar(n)
	if !isText {
		return "", d.fault(position(n), path, "must be a text; put it in quotes (anchors, aliases and tags are not read)")
	}
	expanded, err := expand(written, d.getenv)
	if err != nil {
		return "", d.fault(position(n), path, "%w", err)
	}
	return expanded, nil
}

// read makes the reader of one value from the way its text is understood.
func read[T any](d *decoder, into *T, understand func(string) (T, error)) func(ast.Node, string) error {
	return func(n ast.Node, path string) error {
		text, err := d.text(n, path)
		if err != nil {
			return err
		}
		value, err := understand(text)
		if err != nil {
			return d.fault(position(n), path, "%w", err)
		}
		*into = value
		return nil
	}
}

func asText(s string) (string, error)   { return s, nil }
func asSecret(s string) (Secret, error) { return Secret(s), nil }

func asTruth(s string) (bool, error) {
	if s != "true" && s != "false" {
		return false, errors.New("must be true or false")
	}
	return s == "true", nil
}

func asCount(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, errors.New("must be a whole number")
	}
	return n, nil
}

func asNumber(s string) (float64, error) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, errors.New("must be a number")
	}
	return n, nil
}

func asDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, errors.New("must be a duration with its unit, such as 90s or 10m")
	}
	return d, nil
}
