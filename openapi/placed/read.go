package placed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	yaml3 "github.com/oasdiff/yaml3"
)

// What a document may have at most: vendors have some of ten megabytes. A few aliases of YAML that refer to each other stand for
// millions of values.
const (
	mostBytes  = 32 << 20
	mostValues = 2 << 20
	deepest    = 500
)

// Read reads YAML or JSON under the name by which messages call the file. A file may have been given by mistake and hold
// anything, so an error says where and what, and quotes nothing.
func Read(name string, text []byte) (*Node, error) {
	r := &reader{name: name}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	switch {
	case len(text) > mostBytes:
		return nil, r.at(1).Errorf("larger than %d bytes, which no document is; give another file", mostBytes)
	case !utf8.Valid(text):
		return nil, r.at(1 + bytes.Count(text[:invalidAt(text)], []byte("\n"))).Errorf("bytes that are not UTF-8; save the file in UTF-8")
	case len(bytes.TrimSpace(text)) == 0:
		return nil, r.at(1).Errorf("the file is empty; give an OpenAPI document or an overlay")
	}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) { // JSON is YAML too, but for tabs, and is read much faster so
		if n, err := r.json(text); err == nil || json.Valid(text) {
			return n, err
		}
		r.values = 0
	}
	return r.yaml(text)
}

type reader struct {
	name   string
	values int
}

func (r *reader) at(line int) Place { return Place{r.name, max(line, 1)} }

func invalidAt(text []byte) int {
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}

// count bounds what is read.
func (r *reader) count(at Place, depth int) error {
	if r.values++; r.values > mostValues {
		return at.Errorf("more than %d values, with all that aliases repeat; that is no document", mostValues)
	}
	if depth > deepest {
		return at.Errorf("nested deeper than %d levels; that is no document", deepest)
	}
	return nil
}

// json reads JSON token by token, since encoding/json does not tell lines.
func (r *reader) json(text []byte) (*Node, error) {
	var ends []int // of lines
	for i, c := range text {
		if c == '\n' {
			ends = append(ends, i)
		}
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	line := func() int { return 1 + sort.SearchInts(ends, int(d.InputOffset())-1) } // a token ends within its line
	var value func(depth int) (*Node, error)
	value = func(depth int) (*Node, error) {
		token, err := d.ReadToken()
		n := &Node{At: r.at(line())}
		if err == nil {
			err = r.count(n.At, depth)
		}
		if err != nil {
			return nil, err
		}
		switch token.Kind() {
		case '{':
			n.Kind = Mapping
			for d.PeekKind() != '}' {
				name, err := d.ReadToken()
				if err != nil {
					return nil, err
				}
				m := Member{Name: name.String(), At: r.at(line())}
				if m.Value, err = value(depth + 1); err != nil {
					return nil, err
				}
				n.Members = append(n.Members, m)
			}
			_, err = d.ReadToken()
		case '[':
			n.Kind = List
			for d.PeekKind() != ']' {
				item, err := value(depth + 1)
				if err != nil {
					return nil, err
				}
				n.Items = append(n.Items, item)
			}
			_, err = d.ReadToken()
		case '"':
			n.Value = token.String()
		case '0':
			n.Value = json.Number(token.String())
		case 't', 'f':
			n.Value = token.Kind() == 't'
		}
		return n, err
	}
	n, err := value(0)
	if err == nil {
		if _, err = d.ReadToken(); errors.Is(err, io.EOF) {
			return n, nil
		}
	}
	if _, ours := errors.AsType[*Error](err); ours {
		return nil, err
	}
	at := line()
	if syntactic, is := errors.AsType[*jsontext.SyntacticError](err); is {
		at = 1 + sort.SearchInts(ends, int(syntactic.ByteOffset))
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return nil, r.at(at).Errorf("a name stands twice in one object; remove one of the two")
	}
	return nil, r.at(at).Errorf("not JSON from here on; mend it")
}

var yamlLine = regexp.MustCompile(`\bline ([1-9][0-9]{0,8})\b`)

// yaml reads YAML by the parser that the loader of contracts has, so that both read the same.
func (r *reader) yaml(text []byte) (n *Node, err error) {
	defer func() {
		if recover() != nil { // the parser is not ours: should a file upset it, the file is at fault
			n, err = nil, r.at(1).Errorf("not readable as YAML or JSON; mend it, or give another file")
		}
	}()
	var document, second yaml3.Node
	decoder := yaml3.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&document); err != nil {
		line := 1
		if found := yamlLine.FindStringSubmatch(err.Error()); found != nil {
			line, _ = strconv.Atoi(found[1])
		}
		return nil, r.at(line).Errorf("not readable as YAML or JSON; look for a wrong indent, a tab, or an open quote or bracket here or above")
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, r.at(second.Line).Errorf("a second document begins behind the first; leave one in the file")
	}
	if document.Kind != yaml3.DocumentNode || len(document.Content) == 0 {
		return nil, r.at(1).Errorf("the file is empty; give an OpenAPI document or an overlay")
	}
	return r.value(document.Content[0], 0, nil)
}

// value is a node of the parser's; open are the aliases within which it stands.
func (r *reader) value(from *yaml3.Node, depth int, open []*yaml3.Node) (*Node, error) {
	n := &Node{At: r.at(from.Line)}
	if err := r.count(n.At, depth); err != nil {
		return nil, err
	}
	switch from.Kind {
	case yaml3.AliasNode:
		for _, one := range open {
			if one == from.Alias {
				return nil, n.At.Errorf("an alias stands for what it stands in, without an end; write the value out")
			}
		}
		return r.value(from.Alias, depth+1, append(open[:len(open):len(open)], from.Alias))
	case yaml3.SequenceNode:
		n.Kind = List
		for _, inner := range from.Content {
			item, err := r.value(inner, depth+1, open)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, item)
		}
		return n, nil
	case yaml3.MappingNode:
		n.Kind = Mapping
		return n, r.members(n, from, depth, open)
	}
	return n, r.scalar(n, from)
}

func (r *reader) members(n *Node, from *yaml3.Node, depth int, open []*yaml3.Node) error {
	known := map[string]bool{}
	var inherited []Member
	for i := 0; i+1 < len(from.Content); i += 2 {
		key := from.Content[i]
		at := r.at(key.Line)
		if key.Kind != yaml3.ScalarNode {
			return at.Errorf("a key that is no text; JSON has no such keys, so write one that is")
		}
		value, err := r.value(from.Content[i+1], depth+1, open)
		switch {
		case err != nil:
			return err
		case key.Tag == "!!merge":
			merged := []*Node{value}
			if value.Kind == List {
				merged = value.Items
			}
			for _, one := range merged {
				if one.Kind != Mapping {
					return at.Errorf("a merge key (<<) with what is no mapping; give it a mapping")
				}
				inherited = append(inherited, one.Members...)
			}
		case known[key.Value]:
			return at.Errorf("the key stands there twice in one mapping; remove one of the two")
		default:
			known[key.Value] = true
			n.Members = append(n.Members, Member{key.Value, at, value})
		}
	}
	for _, m := range inherited {
		if !known[m.Name] {
			known[m.Name] = true
			n.Members = append(n.Members, m)
		}
	}
	return nil
}

// scalar reads a scalar as JSON would have it: what JSON has no type for, as a date, is a text as it is written.
func (r *reader) scalar(n *Node, from *yaml3.Node) error {
	n.Value = from.Value
	switch from.ShortTag() {
	case "!!null":
		n.Value = nil
	case "!!bool":
		var is bool
		if err := from.Decode(&is); err != nil {
			return n.At.Errorf("neither true nor false; write one of the two, or quotes around it")
		}
		n.Value = is
	case "!!int", "!!float":
		if number := json.Number(strings.TrimSpace(from.Value)); json.Valid([]byte(number)) {
			n.Value = number // as it is written
			return nil
		}
		var whole int64
		var real float64
		switch {
		case from.Decode(&whole) == nil:
			n.Value = json.Number(strconv.FormatInt(whole, 10))
		case from.Decode(&real) == nil && !math.IsInf(real, 0) && !math.IsNaN(real):
			n.Value = json.Number(fmt.Sprint(real))
		default:
			return n.At.Errorf("a number that JSON cannot write; write one that it can, or quotes around it")
		}
	}
	return nil
}
