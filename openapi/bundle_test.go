package openapi

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/goccy/go-yaml"
)

// everyBundle calls a test with the bundle of each profile, with extensions and plain.
func everyBundle(t *testing.T, test func(t *testing.T, profile string, plain bool, document yaml.MapSlice)) {
	for _, profile := range Profiles() {
		for _, plain := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%v", profile, plain), func(t *testing.T) {
				t.Parallel()
				document, err := Bundle(profile, BundleOptions{Plain: plain})
				if err != nil {
					t.Fatal(err)
				}
				test(t, profile, plain, document)
			})
		}
	}
}

// parsedBundle is a document as programs read it.
func parsedBundle(t *testing.T, document yaml.MapSlice) map[string]any {
	t.Helper()
	var root map[string]any
	if err := json.Unmarshal([]byte(WriteJSON(document)), &root); err != nil {
		t.Fatal(err)
	}
	return root
}

// A bundle stands alone: every reference leads to a component in it, none stands in the place of a path, and a plain one has no
// extension and no name that is the suite's.
func TestABundleStandsAlone(t *testing.T) {
	t.Parallel()
	everyBundle(t, func(t *testing.T, _ string, plain bool, document yaml.MapSlice) {
		root := parsedBundle(t, document)
		var walk func(at string, value any)
		walk = func(at string, value any) {
			switch v := value.(type) {
			case []any:
				for i, item := range v {
					walk(fmt.Sprintf("%s/%d", at, i), item)
				}
			case map[string]any:
				for key, item := range v {
					if plain && strings.HasPrefix(key, "x-") {
						t.Errorf("%s: the extension %s is left", at, key)
					}
					walk(at+"/"+key, item)
				}
				to, refers := v["$ref"].(string)
				if !refers {
					return
				}
				var found any = root
				for token := range strings.SplitSeq(strings.TrimPrefix(to, "#/"), "/") {
					found, _ = found.(map[string]any)[token]
				}
				if !strings.HasPrefix(to, "#/components/") || found == nil {
					t.Errorf("%s refers to %s", at, to)
				}
			}
		}
		walk("", root)
		for path, item := range root["paths"].(map[string]any) {
			if item.(map[string]any)["$ref"] != nil {
				t.Errorf("%s is described elsewhere", path)
			}
		}
		if len(root["paths"].(map[string]any)) == 0 {
			t.Error("no paths: nothing was tried")
		}
		loader := openapi3.NewLoader() // which follows no reference out of the document
		read, err := loader.LoadFromData([]byte(WriteYAML(document)))
		if err != nil {
			t.Fatal(err)
		}
		if err := read.Validate(t.Context(), openapi3.DisableExamplesValidation()); err != nil {
			t.Error(err)
		}
		tags := map[string]bool{}
		for _, tag := range read.Tags {
			tags[tag.Name] = tag.Description != ""
		}
		for path, item := range read.Paths.Map() {
			for method, o := range item.Operations() {
				if o.OperationID == "" || o.Summary == "" || len(o.Tags) != 1 || !tags[o.Tags[0]] || plain && o.OperationID == "probe" {
					t.Errorf("%s %s: operationId %q, summary %q, tags %v of %v", method, path, o.OperationID, o.Summary, o.Tags, tags)
				}
			}
		}
		if len(read.Servers) == 0 || read.Info.Contact == nil || len(read.Components.SecuritySchemes) == 0 {
			t.Error("no server, no contact or no security scheme")
		}
	})
}

// With its extensions a bundle says what the documents that it was made of say.
func TestABundleIsTheContract(t *testing.T) {
	t.Parallel()
	everyBundle(t, func(t *testing.T, profile string, plain bool, document yaml.MapSlice) {
		if plain {
			return
		}
		bundled, err := Read(fstest.MapFS{profile + documentSuffix: {Data: []byte(WriteYAML(document))}}, profile)
		if err != nil {
			t.Fatal(err)
		}
		of := mustLoad(t, profile)
		if !reflect.DeepEqual(bundled.Samples(), of.Samples()) || len(bundled.Mutations()) != len(of.Mutations()) {
			t.Errorf("samples %v, want %v; %d mutations, want %d", bundled.Samples(), of.Samples(), len(bundled.Mutations()), len(of.Mutations()))
		}
		got, want := spoken(bundled), spoken(of)
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || got[i] != want[i] {
				t.Fatalf("the bundle says other things than the contract from %q on", slices.Concat(got, want)[i])
			}
		}
	})
}

// spoken is what a contract says of its operations, as far as it can be compared.
func spoken(d *Document) []string {
	var text strings.Builder
	for _, o := range d.Operations() {
		fmt.Fprintf(&text, "%s %s %s %s %v %v %s %s\n", o.ID(), o.Method(), o.Path(), o.SuccessRequirement(), o.SuccessRequirements(), o.Promises, o.Never5xx(), o.BodyRequirement())
		if h := o.HandsOut(); h != nil {
			fmt.Fprintf(&text, "  %s %s\n", h.Kind, h.From)
		}
	}
	return strings.Fields(text.String())
}

// YAML and JSON say the same, whatever the texts in them look like.
func TestBundlesAreWrittenAlike(t *testing.T) {
	t.Parallel()
	same := func(t *testing.T, document yaml.MapSlice) {
		t.Helper()
		var fromYAML any
		if err := yaml.Unmarshal([]byte(WriteYAML(document)), &fromYAML); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(fromYAML)
		if err != nil {
			t.Fatal(err)
		}
		var again any
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again, any(parsedBundle(t, document))) {
			t.Errorf("the YAML is not the JSON:\n%s", WriteYAML(document))
		}
	}
	everyBundle(t, func(t *testing.T, _ string, _ bool, document yaml.MapSlice) { same(t, document) })
	odd := yaml.MapSlice{{Key: "200", Value: "404"}, {Key: "no", Value: []any{}}, {Key: "empty", Value: yaml.MapSlice{}}}
	for i, text := range []string{"", "null", "Yes", "1e3", "0x1F", "~", "- a", "a: b", "a #b", "2020-01-02", "'", "\"<&>", "two\nlines", "\tü ", "*x", "/a/{b}", ".5", "=x"} {
		odd = append(odd, yaml.MapItem{Key: fmt.Sprint("text", i), Value: []any{text, []any{text}, yaml.MapSlice{{Key: text, Value: text}}}})
	}
	same(t, append(odd, yaml.MapItem{Key: "numbers", Value: []any{uint64(1), 2.5, true, nil}}))
}

// What is a name is no extension, and what is a value is not looked into.
func TestPlainLeavesNamesAndValues(t *testing.T) {
	t.Parallel()
	schema := yaml.MapSlice{
		{Key: "x-secret", Value: "token"},
		{Key: "type", Value: []any{"string", "integer", "null"}},
		{Key: "properties", Value: yaml.MapSlice{{Key: "x-kept", Value: yaml.MapSlice{{Key: "x-gone", Value: 1}}}, {Key: "type", Value: yaml.MapSlice{}}}},
		{Key: "example", Value: yaml.MapSlice{{Key: "x-kept", Value: 1}, {Key: "operationId", Value: "probe"}}},
		{Key: "operationId", Value: "probe"},
	}
	want := `{"anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}],"properties":{"x-kept":{},"type":{}},` +
		`"example":{"x-kept":1,"operationId":"probe"},"operationId":"look"}`
	got := WriteJSON(mapping(plain(schema, map[string]string{"probe": "look"}, false)))
	if got = strings.NewReplacer("\n", "", " ", "").Replace(got); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, err := Bundle("made-up", BundleOptions{}); err == nil || !strings.Contains(err.Error(), "bluecat-9.5") {
		t.Errorf("a profile that nobody has: %v", err)
	}
}
