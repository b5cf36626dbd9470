package waiver

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"example.org/conform/specs"
)

// maxFile is far above any list of waivers, and keeps a path given by mistake from being read without end.
const maxFile = 1 << 20

// Load reads a file of waivers. See Parse.
func Load(path string) ([]Waiver, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the waivers: %w", err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading the waivers: %w", err)
	}
	return Parse(path, data)
}

// Parse reads waivers, YAML or JSON: a list of entries, or a mapping whose one key, waivers, holds that list. An empty
// file holds none. An entry has the keys
//
//	check or requirement   what is excused: exactly one of them
//	target                 optional; URL of the target, in which * stands for any characters
//	profile                optional; the one profile in which a requirement is excused
//	reason                 why, not empty
//	expires                the last day on which it holds, YYYY-MM-DD
//
// Any other key is an error, and so is one that stands twice. An error is one line with the place: name:line:column.
func Parse(name string, data []byte) ([]Waiver, error) {
	p := fileParser{name: name}
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: larger than %d bytes; that is no list of waivers", name, maxFile)
	}
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("%s: not UTF-8 text; save it as UTF-8", name)
	}
	root, err := p.root(data)
	if root == nil || err != nil {
		return nil, err
	}
	if pairs, isMapping := pairsOf(root); isMapping {
		if len(pairs) != 1 || p.key(pairs[0]) != "waivers" {
			return nil, p.fault(root, "must be a list of waivers, or a mapping with the one key waivers that holds it")
		}
		if root = pairs[0].Value; root == nil || root.Type() == ast.NullType {
			return nil, nil
		}
	}
	list, isList := root.(*ast.SequenceNode)
	if !isList {
		return nil, p.fault(root, "must be a list of waivers")
	}
	var waivers []Waiver
	for _, n := range list.Values {
		w, err := p.entry(n)
		if err != nil {
			return nil, err
		}
		waivers = append(waivers, w)
	}
	return waivers, nil
}

type fileParser struct{ name string }

// root parses the file and returns the one node that it holds, nil when it holds none.
func (p fileParser) root(data []byte) (n ast.Node, err error) {
	defer func() {
		// The parser is not ours. Should a file upset it, the file is at fault for us.
		if recover() != nil {
			n, err = nil, fmt.Errorf("%s: not readable as YAML or JSON", p.name)
		}
	}()
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		var syntax yaml.Error
		if !errors.As(err, &syntax) || syntax.GetToken() == nil {
			return nil, fmt.Errorf("%s: not readable as YAML or JSON", p.name)
		}
		return nil, p.at(syntax.GetToken().Position, "not readable as YAML or JSON: %s", strings.Join(strings.Fields(syntax.GetMessage()), " "))
	}
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.NullType || doc.Body.Type() == ast.CommentType {
			continue
		}
		if n != nil {
			return nil, p.fault(doc.Body, "a second document; put all waivers into one list")
		}
		n = doc.Body
	}
	return n, nil
}

// keys are those of an entry, in the order in which they are documented.
var keys = []string{"check", "requirement", "target", "profile", "reason", "expires"}

func (p fileParser) entry(n ast.Node) (Waiver, error) {
	pairs, isMapping := pairsOf(n)
	if !isMapping {
		return Waiver{}, p.fault(n, "a waiver must be a mapping with check or requirement, reason and expires")
	}
	w := Waiver{place: p.place(position(n))}
	values := map[string]ast.Node{}
	texts := map[string]string{}
	for _, pair := range pairs {
		key := p.key(pair)
		if !slices.Contains(keys, key) {
			return Waiver{}, p.fault(pair.Key, "%s", unknownKey(key))
		}
		if _, twice := values[key]; twice {
			return Waiver{}, p.fault(pair.Key, "%s stands twice; keep one", key)
		}
		text, isText := scalar(pair.Value)
		if !isText || strings.TrimSpace(text) == "" {
			return Waiver{}, p.fault(pair.Value, "%s must be a text that is not empty", key)
		}
		values[key], texts[key] = pair.Value, text
	}
	w.Check, w.Requirement, w.Profile = texts["check"], texts["requirement"], texts["profile"]
	w.Target, w.Reason = strings.TrimSuffix(texts["target"], "/"), strings.Join(strings.Fields(texts["reason"]), " ")
	switch {
	case w.Check != "" && w.Requirement != "":
		return Waiver{}, p.fault(n, "check and requirement are both given; keep one")
	case w.Check == "" && w.Requirement == "":
		return Waiver{}, p.fault(n, "check or requirement is missing: name what is waived")
	case w.Reason == "":
		return Waiver{}, p.fault(n, "reason is missing: say why it is waived")
	case texts["expires"] == "":
		return Waiver{}, p.fault(n, "expires is missing: give the last day on which it holds, as YYYY-MM-DD")
	}
	var err error
	if w.Expires, err = time.Parse(DateForm, texts["expires"]); err != nil {
		return Waiver{}, p.fault(values["expires"], "expires must be a day of the calendar, as YYYY-MM-DD")
	}
	return w, nil
}

func unknownKey(key string) string {
	message := fmt.Sprintf("unknown key %q", key)
	if near := specs.Nearest(key, keys); near != "" {
		message += fmt.Sprintf(" (did you mean %s?)", near)
	}
	return message + "; known are " + strings.Join(keys, ", ")
}

// pairsOf returns the pairs of a mapping.
func pairsOf(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}, true
	}
	return nil, false
}

// key is the text of a pair's key, empty when it has none.
func (fileParser) key(pair *ast.MappingValueNode) string {
	if pair.Key == nil {
		return ""
	}
	key, _ := scalar(pair.Key)
	return key
}

// scalar returns the text of a scalar as it is written: a date or a number needs no quotes.
func scalar(n ast.Node) (string, bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value, true
	case *ast.LiteralNode:
		return s.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return strings.TrimSpace(n.GetToken().Origin), true
	}
	return "", false
}

// position is where a node begins.
func position(n ast.Node) *token.Position {
	if m, isBlock := n.(*ast.MappingNode); isBlock && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key // the token of a block mapping is its first colon
	}
	if m, isPair := n.(*ast.MappingValueNode); isPair && m.Key != nil {
		n = m.Key
	}
	if n == nil || n.GetToken() == nil {
		return nil
	}
	return n.GetToken().Position
}

func (p fileParser) place(at *token.Position) string {
	if at == nil {
		return p.name
	}
	return fmt.Sprintf("%s:%d:%d", p.name, at.Line, at.Column)
}

func (p fileParser) fault(n ast.Node, format string, args ...any) error {
	return p.at(position(n), format, args...)
}

func (p fileParser) at(at *token.Position, format string, args ...any) error {
	return fmt.Errorf("%s: %s", p.place(at), fmt.Sprintf(format, args...))
}
