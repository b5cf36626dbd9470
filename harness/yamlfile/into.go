package yamlfile

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"example.org/conform/specs"
)

// Into fills the struct that v points to. The keys are the names in the yaml tags of its fields, or in the json tags
// where there are none, as in goccy/go-yaml. A field is a kind of string, a bool, int, float64, time.Duration or
// time.Time, a slice or map of such, or a struct. It is called once for a document.
func (d *Document) Into(v any) error { return d.value(d.root, "", reflect.ValueOf(v).Elem()) }

func (d *Document) value(n ast.Node, path string, into reflect.Value) error {
	d.at[path] = d.place(n)
	switch {
	case into.Kind() == reflect.Slice:
		return d.list(n, path, into)
	case into.Kind() == reflect.Map, into.Kind() == reflect.Struct && into.Type() != reflect.TypeFor[time.Time]():
		return d.mapping(n, path, into)
	}
	return d.scalar(n, path, into)
}

func (d *Document) list(n ast.Node, path string, into reflect.Value) error {
	list, isList := n.(*ast.SequenceNode)
	if !isList {
		return d.Fault(path, "must be a list; put a dash before each item, or all between [ and ]")
	}
	into.Set(reflect.MakeSlice(into.Type(), len(list.Values), len(list.Values)))
	for i, item := range list.Values {
		if err := d.value(item, fmt.Sprintf("%s[%d]", path, i), into.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// mapping reads a mapping. A key that is unknown, and one that stands twice, are errors.
func (d *Document) mapping(n ast.Node, path string, into reflect.Value) error {
	m, isMapping := n.(*ast.MappingNode)
	if !isMapping {
		return d.Fault(path, "must be a mapping of keys to values")
	}
	known := d.slots(path, into)
	for _, pair := range m.Values {
		at := d.place(pair.Key)
		key, isText := textOf(pair.Key)
		if !isText {
			return fault(at, path, "a key must be a plain text")
		}
		slot, isKnown := known[key]
		if !isKnown {
			return fault(at, path, "%s", unknown(key, known))
		}
		inner := strings.TrimPrefix(path+"."+key, ".")
		if d.at[inner] != "" {
			return fault(at, inner, "stands twice; keep one")
		}
		if pair.Value.Type() == ast.NullType && !d.Filled {
			d.at[inner] = at
			continue // as if the key were not there
		}
		if err := d.value(pair.Value, inner, slot); err != nil {
			return err
		}
		switch {
		case into.Kind() == reflect.Map:
			into.SetMapIndex(reflect.ValueOf(key), slot)
		case slices.Contains(d.Format.Texts, inner) && slot.String() != "":
			d.texts[inner] = slot.String()
		}
	}
	return nil
}

// slots are where the values of a mapping go, by key.
func (d *Document) slots(path string, into reflect.Value) map[string]reflect.Value {
	slots := map[string]reflect.Value{}
	if into.Kind() == reflect.Map {
		into.Set(reflect.MakeMap(into.Type()))
		for _, key := range d.Keys[path] {
			slots[key] = reflect.New(into.Type().Elem()).Elem()
		}
		return slots
	}
	for field, value := range into.Fields() {
		key, _, _ := strings.Cut(cmp.Or(field.Tag.Get("yaml"), field.Tag.Get("json")), ",")
		if only := d.Keys[path]; key != "" && key != "-" && (only == nil || slices.Contains(only, key)) {
			slots[key] = value
		}
	}
	for _, text := range d.Format.Texts {
		below, isBelow := strings.CutPrefix("."+text, strings.TrimSuffix("."+path, ".")+".")
		key, _, isDeeper := strings.Cut(below, ".")
		if _, isField := slots[key]; !isBelow || isField {
			continue
		}
		slots[key] = reflect.New(reflect.TypeFor[string]()).Elem()
		if isDeeper {
			slots[key] = reflect.New(reflect.TypeFor[struct{}]()).Elem() // a mapping of texts alone
		}
	}
	return slots
}

// unknown says that a key is unknown. Beside a secret, which is known by its method Reveal, the key is never quoted: it
// may be the tail of a password that was not put in quotes, and be spelled much as the key before it.
func unknown(key string, known map[string]reflect.Value) string {
	keys := slices.Sorted(maps.Keys(known))
	u := specs.Unknown{Kind: "key", Name: key, Known: keys, Hint: "known are " + strings.Join(keys, ", ")}
	for _, slot := range known {
		if _, secret := slot.Interface().(interface{ Reveal() string }); secret {
			return u.Withheld()
		}
	}
	return u.Guarded()
}

// scalar reads a scalar from its text.
func (d *Document) scalar(n ast.Node, path string, into reflect.Value) error {
	text, isText := textOf(n)
	if !isText && slices.Contains(d.JSON, path) {
		text, err := d.asJSON(n, path)
		into.SetString(text)
		return err
	}
	if !isText {
		return d.Fault(path, "must be a text; put it in quotes (anchors, aliases and tags are not read)")
	}
	var err error
	if d.Expand != nil {
		if text, err = d.Expand(path, text); err != nil {
			return d.Fault(path, "%v", err)
		}
	}
	if d.Filled && strings.TrimSpace(text) == "" {
		return d.Fault(path, "must be a text that is not empty")
	}
	wanted := ""
	switch to := into.Addr().Interface().(type) {
	case *bool:
		wanted = "true or false"
		if *to = text == "true"; !*to && text != "false" {
			err = errors.New(wanted)
		}
	case *int:
		wanted = "a whole number"
		*to, err = strconv.Atoi(text)
	case *float64:
		wanted = "a number"
		*to, err = strconv.ParseFloat(text, 64)
	case *time.Duration:
		wanted = "a duration with its unit, such as 90s or 10m"
		*to, err = time.ParseDuration(text)
	case *time.Time:
		wanted = "a day of the calendar, as YYYY-MM-DD"
		*to, err = time.Parse(time.DateOnly, text)
	default:
		into.SetString(text)
	}
	if err != nil {
		return d.Fault(path, "must be %s", wanted)
	}
	return nil
}

// textOf returns the text of a scalar as it is written; what YAML would make of it (a number, a truth value) counts
// for nothing, so that a password of digits needs no quotes. Null has no text.
func textOf(n ast.Node) (string, bool) {
	switch s := n.(type) {
	case *ast.StringNode:
		return s.Value, true
	case *ast.LiteralNode:
		return s.Value.Value, true
	case *ast.NullNode:
		return "", true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return strings.TrimSpace(n.GetToken().Origin), true
	}
	return "", false
}

// place is where a node, or what an error is about, begins.
func (d *Document) place(n interface{ GetToken() *token.Token }) string {
	if m, isBlock := n.(*ast.MappingNode); isBlock && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key // the token of a block mapping is its first colon
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return fmt.Sprintf("%s:%d:%d", d.name, t.Position.Line, t.Position.Column)
	}
	return d.name
}
