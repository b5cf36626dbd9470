package specs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const extension = ".yaml"

// loadAll reads every catalogue of a folder, sorted by name, and checks what must differ between them.
func loadAll(fsys fs.FS) ([]*Catalogue, error) {
	names, err := fs.Glob(fsys, "*"+extension)
	if err != nil {
		return nil, fmt.Errorf("looking for catalogues: %w", err)
	}
	var all []*Catalogue
	owners := map[string]string{} // the systems, by prefix in capitals and by profile in small letters
	for _, name := range names {
		if name == commonName {
			continue
		}
		c, err := read(fsys, name)
		if err != nil {
			return nil, err
		}
		if other, taken := owners[c.Prefix]; taken {
			return nil, fmt.Errorf("%s: prefix %s is that of %s", name, c.Prefix, other)
		}
		owners[c.Prefix] = c.System
		for _, p := range c.Profiles {
			if other, taken := owners[p.ID]; taken {
				return nil, fmt.Errorf("%s: profile %s belongs to %s", name, p.ID, other)
			}
			owners[p.ID] = c.System
		}
		all = append(all, c)
	}
	return all, nil
}

// read reads and checks the catalogue in a file, which is named after its system.
func read(fsys fs.FS, name string) (*Catalogue, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("reading a catalogue: %w", err)
	}
	c, err := parse(name, data)
	if err != nil {
		return nil, err
	}
	if system := strings.TrimSuffix(name, extension); c.System != system {
		return nil, fmt.Errorf("%s: system must be the name of the file, %q", at(name, data, "system"), system)
	}
	return c, nil
}

// common holds what is promised of any HTTP API; every catalogue has it beside its own.
var common = sync.OnceValues(func() (*Catalogue, error) {
	data, err := files.ReadFile(commonName)
	if err != nil {
		return nil, err
	}
	return decode(commonName, data)
})

const (
	commonName   = "common" + extension
	commonPrefix = "RFC"
)

// parse reads a catalogue strictly: a key that it does not know, and one that stands twice, are errors. An error is one line with the
// place, and quotes no value.
func parse(name string, data []byte) (*Catalogue, error) {
	c, err := decode(name, data)
	if err != nil {
		return nil, err
	}
	any, err := common()
	if err != nil {
		return nil, err
	}
	c.Subjects = append(c.Subjects, any.Subjects...)
	c.Requirements = append(c.Requirements, any.clone().Requirements...)
	var everywhere []string
	for _, p := range c.Profiles {
		everywhere = append(everywhere, p.ID)
	}
	for i, r := range c.Requirements {
		if r.Profiles == nil {
			c.Requirements[i].Profiles = slices.Clone(everywhere)
		}
	}
	if err := c.validate(); err != nil {
		if found, is := errors.AsType[*flaw](err); is {
			name = at(name, data, found.path)
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

// UnmarshalYAML reads subjects from a mapping of keys to titles.
func (s *Subjects) UnmarshalYAML(decode func(any) error) error {
	var pairs yaml.MapSlice
	if err := decode(&pairs); err != nil {
		return err
	}
	for _, pair := range pairs {
		key, isKey := pair.Key.(string)
		title, isTitle := pair.Value.(string)
		if !isKey || !isTitle {
			return errSubject
		}
		*s = append(*s, Subject{key, title})
	}
	return nil
}

var errSubject = errors.New("subjects: the key and the title of each must be texts")

// maxFile is far above any catalogue.
const maxFile = 1 << 20

// decode reads the form of a catalogue.
func decode(name string, data []byte) (c *Catalogue, err error) {
	if len(data) > maxFile {
		return nil, fmt.Errorf("%s: larger than %d bytes; that is no catalogue", name, maxFile)
	}
	defer func() {
		if recover() != nil { // the library's, which a file can upset
			c, err = nil, fmt.Errorf("%s: %s", name, unreadable)
		}
	}()
	if alias := aliased(data); alias != nil {
		return nil, fmt.Errorf("%s: an alias; write out what it stands for", place(name, alias))
	}
	c = &Catalogue{}
	if err := yaml.UnmarshalWithOptions(data, c, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s: %s", placed(name, data, err), said(err))
	}
	return c, nil
}

const unreadable = "not readable as YAML; look for an open quote or bracket, a wrong indent, a key that stands twice, or a text that needs quotes"

// aliased is the first alias in a text, nil where there is none. What a few of them stand for can fill the memory.
func aliased(data []byte) *token.Token {
	if !bytes.ContainsRune(data, '*') {
		return nil
	}
	for _, t := range lexer.Tokenize(string(data)) {
		if t.Type == token.AliasType {
			return t
		}
	}
	return nil
}

// said is what an error of the YAML library says, but in words that quote nothing.
func said(err error) string {
	var kind *yaml.TypeError
	var field *yaml.UnknownFieldError
	var twice *yaml.DuplicateKeyError
	var syntax *yaml.SyntaxError
	switch {
	case errors.Is(err, errSubject):
		return errSubject.Error()
	case errors.As(err, &field):
		return (&Unknown{"key", field.Token.Value, keys, "the other catalogues show those that are known"}).Guarded()
	case errors.As(err, &twice), errors.As(err, &syntax) && strings.HasPrefix(syntax.Message, "mapping key "):
		return "a key stands twice; keep one"
	case errors.As(err, &kind):
		return "must be " + form(kind.DstType)
	}
	return unreadable
}

// form is what a value of a type is written as.
func form(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "a mapping of keys to values"
	}
	return "a text"
}

// keys are those of a catalogue, and of what is in it.
var keys = slices.Concat(keysOf[Catalogue](), keysOf[Profile](), keysOf[Requirement](), keysOf[Place]())

func keysOf[T any]() (keys []string) {
	for field := range reflect.TypeFor[T]().Fields() {
		if key := field.Tag.Get("yaml"); key != "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// place is name:line:column of a token.
func place(name string, t *token.Token) string {
	if t == nil || t.Position == nil {
		return name
	}
	return fmt.Sprintf("%s:%d:%d", name, t.Position.Line, t.Position.Column)
}

// placed is where an error of the YAML library stands.
func placed(name string, data []byte, err error) string {
	var is yaml.Error
	switch {
	case errors.Is(err, errSubject):
		return at(name, data, "subjects")
	case errors.As(err, &is):
		return place(name, is.GetToken())
	}
	return name
}

// at is where the value at a path of keys stands, or the nearest one around it that the file has.
func at(name string, data []byte, path string) string {
	file, err := parser.ParseBytes(data, 0)
	if err != nil || len(file.Docs) == 0 {
		return name
	}
	for path != "" {
		if to, err := yaml.PathString("$." + path); err == nil {
			if n, err := to.FilterNode(file.Docs[0].Body); err == nil && n != nil {
				if m, isBlock := n.(*ast.MappingNode); isBlock && !m.IsFlowStyle && len(m.Values) > 0 {
					n = m.Values[0].Key // the token of a block mapping is its first colon
				}
				return place(name, n.GetToken())
			}
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return name + ":1:1"
}

// clone makes a copy that shares nothing with the original.
func (c *Catalogue) clone() *Catalogue {
	copied := *c
	copied.Subjects, copied.Profiles, copied.Requirements = slices.Clone(c.Subjects), slices.Clone(c.Profiles), slices.Clone(c.Requirements)
	for i, p := range copied.Profiles {
		copied.Profiles[i].Terms = maps.Clone(p.Terms)
	}
	for i, r := range copied.Requirements {
		copied.Requirements[i].Profiles, copied.Requirements[i].Needs = slices.Clone(r.Profiles), slices.Clone(r.Needs)
		copied.Requirements[i].Duties = slices.Clone(r.Duties)
		copied.Requirements[i].Own = maps.Clone(r.Own)
	}
	return &copied
}
