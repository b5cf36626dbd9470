// Package yamlfile reads the files that people write, YAML or JSON, into structs by their tags. An error is one line:
// file, line and column, the key's path, what is wrong and what to do. It quotes no value, which may be a password.
//
// The parser is that of goccy/go-yaml, its decoder is not: the decoder's errors quote the file, it does not tell where
// a value stood that is found wrong later, it follows aliases, and it reads 0x1F for a number where a text is wanted.
package yamlfile

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Format is a kind of file.
type Format struct {
	// Kind names the file in messages, such as "target file".
	Kind string
	// Max bounds the bytes of a file, so that a path given by mistake is not read without end.
	Max int
	// Expand, unless nil, makes every value from its text, at a key path. Its error must not quote the text.
	Expand func(path, text string) (string, error)
	// Filled makes a key with a blank value, or none, an error. Otherwise null counts as absent.
	Filled bool
	// Keys are the keys of a map, by its path, and narrow those of a struct.
	Keys map[string][]string
	// Texts are the paths of further keys, whose values are texts: of the mappings of the struct, or of others beside those.
	Texts []string
	// JSON are the paths of texts that are JSON: one that is written as a mapping or a list stands for that in JSON.
	JSON []string
}

// Document is a file that is parsed, or an item of its list.
type Document struct {
	Format
	name string
	root ast.Node
	// at says where the value of each key path stands.
	at map[string]string
	// texts are the values of Format.Texts.
	texts map[string]string
}

// Load reads a file, of one that is too large as much as makes Parse refuse it.
func (f Format) Load(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the %s: %w", f.Kind, err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, int64(f.Max)+1))
	if err != nil {
		return nil, fmt.Errorf("reading the %s: %w", f.Kind, err)
	}
	return data, nil
}

// Parse parses a file, which holds one document or nothing. The name is for messages.
func (f Format) Parse(name string, data []byte) (*Document, error) {
	if len(data) > f.Max {
		return nil, fault(name, "", "larger than %d bytes; that is no %s", f.Max, f.Kind)
	}
	// Editors and shells of Windows write a byte order mark, and UTF-16 behind it.
	data, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	if err != nil || !utf8.Valid(data) {
		return nil, fault(name, "", "not UTF-8 text; save it as UTF-8")
	}
	file, err := parse(data)
	d := &Document{Format: f, name: name, at: map[string]string{}, texts: map[string]string{}}
	if err != nil {
		if syntax, ok := errors.AsType[yaml.Error](err); ok { // its own message quotes the file
			name = d.place(syntax)
		}
		return nil, fault(name, "", "not readable as YAML or JSON; look for an open quote or bracket, a wrong indent, "+
			"or a text that needs single quotes")
	}
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.NullType {
			continue
		}
		if d.root != nil {
			return nil, fault(d.place(doc.Body), "", "a second document; keep one")
		}
		d.root, d.at[""] = doc.Body, d.place(doc.Body)
	}
	return d, nil
}

// parse turns a panic of the parser, which is not ours, into an error: should a file upset it, the file is at fault.
func parse(data []byte) (file *ast.File, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the parser gave up")
		}
	}()
	return parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
}

// Texts are the values that Into has found of Format.Texts, by their paths; those that are empty are left out.
func (d *Document) Texts() map[string]string { return d.texts }

// Empty reports whether the file holds nothing.
func (d *Document) Empty() bool { return d.root == nil }

// Items returns the items of a list, which is the whole file or stands under its one key. Their paths begin anew.
func (d *Document) Items(key string) ([]*Document, error) {
	root := d.root
	if m, isMapping := root.(*ast.MappingNode); isMapping && len(m.Values) == 1 {
		if only, _ := textOf(m.Values[0].Key); only == key {
			root = m.Values[0].Value
		}
	}
	if root == nil || root.Type() == ast.NullType {
		return nil, nil
	}
	list, isList := root.(*ast.SequenceNode)
	if !isList {
		return nil, fault(d.place(root), "", "must be a list of %s, or a mapping with the one key %[1]s that holds it", key)
	}
	var items []*Document
	for _, n := range list.Values {
		items = append(items, &Document{Format: d.Format, name: d.name, root: n, at: map[string]string{"": d.place(n)}})
	}
	return items, nil
}

// Place says where the value at a key path stands, or the nearest mapping around it when the key is missing.
func (d *Document) Place(path string) string {
	for path != "" && d.at[path] == "" {
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return cmp.Or(d.at[path], d.name)
}

// Fault makes the error about the value at a key path.
func (d *Document) Fault(path, format string, args ...any) error {
	return fault(d.Place(path), path, format, args...)
}

func fault(place, path, format string, args ...any) error {
	if path != "" {
		place += ": " + path
	}
	return errors.New(place + ": " + fmt.Sprintf(format, args...))
}
