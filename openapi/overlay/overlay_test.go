package overlay

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"example.org/conform/openapi"
	"example.org/conform/openapi/placed"
)

const document = `openapi: 3.1.0
info: {title: Small, version: '1'}
tags: [{name: a}, {name: b}]
paths:
  /login:
    post: {operationId: login, tags: [x], deprecated: true}
  /me:
    parameters: [{name: id, in: query}, {name: id, in: header}]
    get: {operationId: me, tags: [x, y]}
`

// applied is the document with the actions of an overlay applied.
func applied(actions string) (*placed.Node, error) {
	root, err := placed.Read("api.yaml", []byte(document))
	if err != nil {
		return nil, err
	}
	o, err := Read("o.yaml", []byte("overlay: 1.1.0\ninfo: {title: t, version: 1}\nactions:\n"+actions))
	if err != nil {
		return nil, err
	}
	return root, o.Apply(root)
}

// Actions do what the specification says of them, each on what the one before has left.
func TestActions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ actions, at, want string }{
		"a member is added":                {"- {target: \"$.paths['/me'].get\", update: {x-probe: true}}\n", "/paths/~1me/get/x-probe", "true"},
		"a scalar is replaced":             {"- {target: $.info, update: {title: Other}}\n", "/info", "{title: Other, version: '1'}"},
		"a scalar that is the target":      {"- {target: $.info.title, update: Other}\n", "/info/title", "Other"},
		"mappings are merged":              {"- {target: $, update: {paths: {/me: {get: {summary: s}}}}}\n", "/paths/~1me/get", "{operationId: me, tags: [x, y], summary: s}"},
		"a list grows by a list":           {"- {target: $.paths.*.get, update: {tags: [z]}}\n", "/paths/~1me/get/tags", "[x, y, z]"},
		"a list grows by an item":          {"- {target: $.tags, update: {name: c}}\n", "/tags", "[{name: a}, {name: b}, {name: c}]"},
		"a list that is the target":        {"- {target: $.tags, update: [{name: c}, d]}\n", "/tags", "[{name: a}, {name: b}, {name: c}, d]"},
		"every match is changed":           {"- {target: '$.paths[*][?@.operationId]', update: {x-a: 1}}\n", "/paths/~1login/post", "{operationId: login, tags: [x], deprecated: true, x-a: 1}"},
		"a filter on equality":             {"- {target: \"$.paths['/me'].parameters[?@.name=='id' && @.in=='query']\", update: {x-a: 1}}\n", "/paths/~1me/parameters", "[{name: id, in: query, x-a: 1}, {name: id, in: header}]"},
		"a member is removed":              {"- {target: \"$.paths['/login'].post.deprecated\", remove: true}\n", "/paths/~1login/post", "{operationId: login, tags: [x]}"},
		"several items are removed":        {"- {target: '$.tags[*]', remove: true}\n", "/tags", "[]"},
		"parts and wholes are removed":     {"- {target: '$..tags', remove: true}\n", "/paths/~1me/get", "{operationId: me}"},
		"an item is removed by its value":  {"- {target: \"$.paths.*.get.tags[?@=='x']\", remove: true}\n", "/paths/~1me/get/tags", "[y]"},
		"removed and made anew":            {"- {target: $.tags, remove: true}\n- {target: $, update: {tags: [n]}}\n", "/tags", "[n]"},
		"a copy":                           {"- {target: $.info, copy: \"$.paths['/login'].post\"}\n", "/info", "{title: Small, version: '1', operationId: login, tags: [x], deprecated: true}"},
		"what is copied stays its own":     {"- {target: \"$.paths['/me'].get\", copy: $.info}\n- {target: $.info, update: {title: T}}\n", "/paths/~1me/get/title", "Small"},
		"one update of two is not shared":  {"- {target: '$.tags[*]', update: {x: {y: 1}}}\n- {target: '$.tags[0].x', update: {z: 2}}\n", "/tags/1", "{name: b, x: {y: 1}}"},
		"dots in names are no descents":    {"- {target: $.info, update: {a....b: y}}\n- {target: \"$.info['a....b']\", update: x}\n", "/info", "{title: Small, version: '1', a....b: x}"},
		"remove: true goes before updates": {"- {target: $.tags, remove: true, update: [a]}\n", "", ""},
	} {
		root, err := applied(c.actions)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.want == "" {
			continue
		}
		want, err := placed.Read("want", []byte(c.want))
		if err != nil {
			t.Fatal(err)
		}
		if got := root.Pointer(c.at); got == nil || !reflect.DeepEqual(got.Plain(), want.Plain()) {
			t.Errorf("%s: want %s in\n%s", name, c.want, root.Write().Text)
		}
	}
}

// What is wrong is told in one line, with the place in the right file and a remedy, and quotes nothing.
func TestWrongActions(t *testing.T) {
	t.Parallel()
	for want, actions := range map[string]string{
		"o.yaml:5: the target matches nothing in api.yaml; ":           "- {target: $.info, update: {x: 1}}\n- {target: $.hunter2, update: {x: 1}}\n",
		"o.yaml:4: target is no JSONPath of RFC 9535; ":                "- {target: $.paths./hunter2, update: {x: 1}}\n",
		"o.yaml:4: more than one descent (..) ":                        "- {target: '$..hunter2..b', update: {x: 1}}\n",
		"o.yaml:4: an action needs a target that is a JSONPath; ":      "- {update: {x: hunter2}}\n",
		"o.yaml:4: the action does nothing; ":                          "- {target: $.info}\n",
		"o.yaml:5: an action has no such member; ":                     "- target: $.info\n  hunter2: {x: 1}\n",
		"o.yaml:5: both update and copy; ":                             "- {target: $.info, update: {x: 1},\n  copy: $.tags}\n",
		"o.yaml:5: remove is neither true nor false; ":                 "- target: $.info\n  remove: 'hunter2'\n",
		"o.yaml:4: a list cannot be merged into a mapping (api.yaml:2": "- {target: $, update: {info: [hunter2]}}\n",
		"o.yaml:4: the target matches values of different kinds (":     "- {target: '$.*', update: {x: 1}}\n",
		"o.yaml:4: copy matches 2 places, ":                            "- {target: $.info, copy: '$.tags[*]'}\n",
		"o.yaml:4: the target is the whole document, ":                 "- {target: $, remove: true}\n",
		"o.yaml:4: an action is a mapping; ":                           "- hunter2\n",
	} {
		_, err := applied(actions)
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.ContainsAny(err.Error(), "\n\r") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v, want %s…", actions, err, want)
		}
	}
	for want, text := range map[string]string{
		"o.yaml:1: this is an OpenAPI document, ":                       document,
		"o.yaml:1: no overlay, since it has no version; ":               "a: 1\n",
		"o.yaml:1: not a version of the Overlay Specification that ":    "overlay: 2.0.0\n",
		"o.yaml:2: an overlay needs info with title and version; ":      "overlay: 1.0.0\ninfo: {title: t}\n",
		"o.yaml:3: an overlay needs a list of actions with at least on": "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions: []\n",
		"o.yaml:3: an overlay has no such member; ":                     "overlay: 1.0.0\ninfo: {title: t, version: v}\nhunter2: []\n",
	} {
		if _, err := Read("o.yaml", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v, want %s…", text, err, want)
		}
	}
}

// The loader of contracts reads what came of a document and its overlays, and what it says of a line leads to the file where that
// stands. The files themselves stay as they were.
func TestTheLoaderReadsWhatIsMerged(t *testing.T) {
	t.Parallel()
	door, err := os.ReadFile("../../suites/examples/door/door-1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	api, over := filepath.Join(folder, "api.yaml"), filepath.Join(folder, "over.yaml")
	write := func(file, text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	merged := func() *Merged {
		t.Helper()
		m, err := Open(api, over)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = m.Close() })
		return m
	}
	head := "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n"
	write(api, string(door))
	write(over, head+"  - target: $.paths['/token'].delete['x-ends']\n    update: {always: true}\n")
	d, err := openapi.Read(merged().Folder(), "api")
	if err != nil {
		t.Fatal(err)
	}
	if end := d.Ends("token"); len(end) != 1 || !end[0].Always {
		t.Error("the overlay says nothing")
	}
	write(over, head+"  - {target: \"$.paths['/token'].delete['x-ends']\", remove: true}\n  - target: $.paths['/token'].delete\n    update:\n      x-ends: {hunter2: true}\n")
	m := merged()
	if _, err = openapi.Read(m.Folder(), "api"); err == nil || !strings.Contains(m.Translate(err.Error()), " ("+over+":7)") {
		t.Errorf("got %v, which is %s", err, m.Translate(err.Error()))
	}
	write(over, head+"  - target: $.paths['/token'].delete\n    update: {x-ends: {hunter2: true}}\n")
	m = merged()
	if _, err = openapi.Read(m.Folder(), "api"); err == nil || !strings.Contains(m.Translate(err.Error()), " ("+api+":57)") {
		t.Errorf("got %v, which is %s", err, m.Translate(err.Error()))
	}
	write(over, head+"  - target: $.paths['/login'].post.responses.'200'\n")
	if _, err := Open(api, over); err == nil || !strings.HasPrefix(err.Error(), over+":4: ") {
		t.Errorf("got %v", err)
	}
	if now, err := os.ReadFile(api); err != nil || string(now) != string(door) {
		t.Errorf("the document is another now: %v", err)
	}
	if _, err := Open(filepath.Join(folder, "none.yaml")); err == nil || !strings.HasSuffix(err.Error(), "none.yaml: no such file or directory; check the path") {
		t.Errorf("got %v", err)
	}
}

// FuzzApply reads whatever an overlay may hold, and applies it: a document that can be read again, or an error of one line.
func FuzzApply(f *testing.F) {
	head := "overlay: 1.1.0\ninfo: {title: t, version: 1}\nactions:\n"
	for _, actions := range []string{
		"- {target: $, update: {a: [b]}}\n", "- {target: '$..tags', remove: true}\n", "- {target: $.info, copy: '$.paths.*.get'}\n",
		"- {target: \"$.paths[?@.get.tags[?@=='x']]\", update: {a: b}}\n", "- {target: '$.tags[0:1]', update: {name: c}}\n",
	} {
		f.Add([]byte(head + actions))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<10 {
			t.Skip("what is slow to read finds little")
		}
		root, err := placed.Read("api.yaml", []byte(document))
		if err != nil {
			t.Fatal(err)
		}
		o, err := Read("o.yaml", text)
		if err == nil {
			err = o.Apply(root)
		}
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") || !strings.HasPrefix(err.Error(), "o.yaml:") {
				t.Errorf("%q", err)
			}
			return
		}
		written := root.Write()
		again, err := placed.Read("again.yaml", written.Text)
		if err != nil || !reflect.DeepEqual(root.Plain(), again.Plain()) {
			t.Errorf("what came of it cannot be read: %v\n%s", err, written.Text)
		}
	})
}
