package survey

import (
	"errors"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"example.org/conform/openapi/placed"
)

// unread are the members of an OpenAPI document that hold values of the API, which may look like references.
var unread = []string{"example", "examples", "value", "default", "enum", "const"}

// named are those whose keys are names, which may be any word.
var named = []string{"properties", "patternProperties", "$defs", "headers", "links", "parameters", "schemas", "responses", "requestBodies",
	"securitySchemes", "callbacks", "pathItems", "paths", "content", "dependentSchemas", "variables", "scopes", "encoding", "mapping"}

// check follows every reference of the document once, so that one which leads nowhere is found before anything else is. Names tells that the
// keys of a mapping are names.
func (d *Document) check(s Spot, names bool) error {
	for _, m := range s.Members {
		switch {
		case !names && (slices.Contains(unread, m.Name) || strings.HasPrefix(m.Name, "x-")):
			continue
		case !names && m.Name == "$ref" && m.Value.Kind == placed.Scalar:
			if _, err := d.follow(s, nil); err != nil {
				return err
			}
			continue
		}
		if err := d.check(Spot{Node: m.Value, file: s.file}, !names && slices.Contains(named, m.Name) && m.Value.Kind == placed.Mapping); err != nil {
			return err
		}
	}
	for _, item := range s.Items {
		if err := d.check(Spot{Node: item, file: s.file}, false); err != nil {
			return err
		}
	}
	return nil
}

// Resolved is what a spot refers to, or else the spot itself. That every reference leads somewhere was checked before; one in another file
// that does not leads to nothing.
func (d *Document) Resolved(s Spot) Spot {
	found, err := d.follow(s, nil)
	if err != nil {
		return Spot{Node: &placed.Node{At: s.At}}
	}
	return found
}

// follow follows references, through those that it has come by.
func (d *Document) follow(s Spot, by []*placed.Node) (Spot, error) {
	ref := s.Node.Get("$ref")
	if ref == nil || s.Kind != placed.Mapping {
		return s, nil
	}
	at := s.Where("$ref")
	if slices.Contains(by, s.Node) {
		return s, at.Errorf("a reference that leads round in a circle, and to nothing; mend what stands behind $ref")
	}
	to, err := url.Parse(ref.Text())
	switch {
	case ref.Text() == "" || err != nil:
		return s, at.Errorf("no reference; write one as '#/components/schemas/NAME'")
	case to.Scheme != "" || to.Host != "":
		return s, at.Errorf("a reference leads to the network, which is not asked; save what it names beside the document and refer to that, or bundle it: npx @redocly/cli bundle")
	case to.Fragment != "" && !strings.HasPrefix(to.Fragment, "/"):
		return s, at.Errorf("a reference by an anchor, and only JSON pointers are followed; write one as '#/components/schemas/NAME'")
	}
	file, root := s.file, d.files[s.file]
	if to.Path != "" {
		if file, root, err = d.open(s.file, to.Path); err != nil {
			return s, at.Errorf("%s", err.Error())
		}
	}
	found := Spot{Node: root, file: file}
	if file == d.file {
		found.Target = "$"
	}
	if to.Fragment != "" {
		for token := range strings.SplitSeq(to.Fragment[1:], "/") {
			token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
			if found.Node != nil && found.Kind == placed.List {
				items := found.items()
				i := slices.Index(indices[:min(len(items), len(indices))], token)
				if i < 0 {
					found.Node = nil
					break
				}
				found = items[i]
				continue
			}
			found = found.Get(token)
		}
	}
	if found.Node == nil {
		return s, at.Errorf("a reference leads to nothing; add what it names, or mend what stands behind $ref")
	}
	return d.follow(found, append(by, s.Node))
}

var indices = []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}

// open reads a file that another one refers to.
func (d *Document) open(from, to string) (string, *placed.Node, error) {
	base := path.Dir(from)
	if from == d.file {
		base = "."
	}
	name := path.Join(base, to)
	if d.folder == nil || !fs.ValidPath(name) || path.IsAbs(to) {
		return "", nil, errors.New("a reference leads out of the document's own folder; put what it names into that folder, or bundle the document: npx @redocly/cli bundle")
	}
	if base == "." && name == path.Base(d.file) {
		return d.file, d.files[d.file], nil
	}
	if known := d.files[name]; known != nil {
		return name, known, nil
	}
	text, err := fs.ReadFile(d.folder, name)
	if err != nil {
		return "", nil, errors.New("a reference leads to a file that is not there; put it beside the document, or mend what stands behind $ref")
	}
	root, err := placed.Read(path.Join(path.Dir(d.file), name), text)
	if err != nil {
		return "", nil, err
	}
	d.files[name] = root
	return name, root, nil
}
