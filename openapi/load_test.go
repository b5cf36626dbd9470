package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/goccy/go-yaml"
)

func mustLoad(t testing.TB, profile string) *Document {
	t.Helper()
	d, err := Load(profile)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustFind(t testing.TB, profile, operation string) *Operation {
	t.Helper()
	o, err := mustLoad(t, profile).Operation(operation)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// loadText loads documents that are given as text.
func loadText(files map[string]string) (*Document, error) {
	return load("made", func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	})
}

func TestEveryContractIsValid(t *testing.T) {
	if len(Profiles()) < 2 {
		t.Fatalf("profiles: %v", Profiles())
	}
	for _, profile := range Profiles() {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			d := mustLoad(t, profile)
			if d.Profile() != profile {
				t.Errorf("profile is %q", d.Profile())
			}
			loader := openapi3.NewLoader()
			loader.IsExternalRefsAllowed = true
			loader.ReadFromURIFunc = func(_ *openapi3.Loader, l *url.URL) ([]byte, error) { return embedded.ReadFile(l.Path) }
			source, err := loader.LoadFromURI(&url.URL{Path: profile + documentSuffix})
			if err != nil {
				t.Fatal(err)
			}
			if err := source.Validate(t.Context(), openapi3.DisableExamplesValidation()); err != nil {
				t.Error(err)
			}
			if err := validateExamples(d); err != nil {
				t.Error(err)
			}
			for _, o := range d.Operations() {
				for status, r := range o.responses {
					for _, c := range r.contents {
						if len(c.examples) == 0 {
							t.Errorf("%s, response %s: no example", o.ID(), status)
						}
					}
				}
				if o.never5xx == "" || o.SuccessRequirement() == "" {
					t.Errorf("%s: a 5xx or a wrong status belongs to no requirement", o.ID())
				}
			}
		})
	}
}

// validateExamples checks every example of a body against its schema, formats included, and names all that do not
// match.
func validateExamples(d *Document) error {
	var all []error
	for _, o := range d.Operations() {
		for _, c := range o.request {
			all = append(all, checkExamples(c, o.id+", request"))
		}
		for _, status := range slices.Sorted(maps.Keys(o.responses)) {
			for _, c := range o.responses[status].contents {
				all = append(all, checkExamples(c, o.id+", response "+status))
			}
		}
	}
	if err := errors.Join(all...); err != nil {
		return fmt.Errorf("contract %s: %w", d.profile, err)
	}
	return nil
}

func checkExamples(c content, where string) error {
	var all []error
	for _, name := range slices.Sorted(maps.Keys(c.examples)) {
		// The loader's numbers are Go's; an answer's are as written. One round through JSON makes them alike.
		raw, err := json.Marshal(c.examples[name])
		if err != nil {
			return fmt.Errorf("%s, example %s: %w", where, name, err)
		}
		value, _, _ := decode(raw)
		for _, tokens := range c.schema.failures(value) {
			at := c.schema.at(tokens)
			all = append(all, fmt.Errorf("%s, example %s: at %q: expected %s", where, name, at.pointer, at.expected()))
		}
	}
	return errors.Join(all...)
}

func TestExamplesAreChecked(t *testing.T) {
	d := mustLoad(t, "adaxes-2025.1")
	o, _ := d.Operation("createSession")
	o.succeeded().contents[0].examples["broken"] = map[string]any{"sessionId": "", "expiresAtUtc": "2023-02-30T00:00:00Z"}
	err := validateExamples(d)
	if err == nil || !strings.Contains(err.Error(), "/sessionId") || !strings.Contains(err.Error(), "/expiresAtUtc") {
		t.Errorf("a broken example gave: %v", err)
	}
}

func TestOperations(t *testing.T) {
	type facts struct {
		method, path, media, header string
		success                     int
		query                       string
		undocumented                string
	}
	want := map[string]facts{
		"createSession":    {"POST", "/api/authSessions/create", "application/json", "", 200, "", "GET PUT PATCH DELETE"},
		"issueToken":       {"POST", "/api/auth", "application/json", "", 200, "", "GET PUT"},
		"renewToken":       {"PATCH", "/api/auth", "", "Adm-Authorization", 200, "token:token", "GET PUT"},
		"terminateSession": {"DELETE", "/api/authSessions", "", "", 204, "id:session", "GET PUT POST PATCH"},
		"destroyToken":     {"DELETE", "/api/auth", "", "Adm-Authorization", 204, "token:token", "GET PUT"},
		"probe":            {"GET", "/api/directoryObjects", "", "Adm-Authorization", 200, "directoryObject:", "PUT POST PATCH DELETE"},
	}
	for _, profile := range []string{"adaxes-2023.2", "adaxes-2025.1"} {
		d := mustLoad(t, profile)
		if got := len(d.Operations()); got != len(want) {
			t.Errorf("%s: %d operations", profile, got)
		}
		for id, w := range want {
			o, err := d.Operation(id)
			if err != nil {
				t.Error(err)
				continue
			}
			var query []string
			for _, p := range o.parameters {
				if p.Value.In == openapi3.ParameterInQuery {
					query = append(query, p.Value.Name+":")
				}
			}
			for i, s := range o.SecretsInQuery(url.Values{"id": {"v"}, "token": {"v"}}) {
				query[i] += s.Kind
			}
			got := facts{o.Method(), o.Path(), o.RequestMediaType(), o.CredentialHeader(), o.Success(),
				strings.Join(query, " "), strings.Join(o.Undocumented(), " ")}
			if got != w {
				t.Errorf("%s %s: got %+v, want %+v", profile, id, got, w)
			}
		}
	}
	if _, err := mustLoad(t, "adaxes-2025.1").Operation("none"); err == nil {
		t.Error("an unknown operation was found")
	}
	if _, err := Load("adaxes-shared"); err == nil {
		t.Error("a shared document was loaded as a profile")
	}
}

func TestRequestMembers(t *testing.T) {
	session := Member{"sessionId", ""}
	want := map[string][]Member{
		"adaxes-2023.2/createSession": {{"password", "password"}, {"username", "username"}},
		"adaxes-2023.2/issueToken":    {session, {"type", ""}},
		"adaxes-2025.1/issueToken":    {session},
		"adaxes-2025.1/renewToken":    nil,
	}
	for name, w := range want {
		profile, operation, _ := strings.Cut(name, "/")
		if got := mustFind(t, profile, operation).Members; !slices.Equal(got, w) {
			t.Errorf("%s: got %v, want %v", name, got, w)
		}
	}
}

// Every requirement that a contract names has to be in a catalogue and hold in the contract's profile.
func TestEveryNamedRequirementExists(t *testing.T) {
	type catalogue struct {
		Profiles     []struct{ ID string }
		Requirements []struct {
			ID       string
			Profiles []string
		}
	}
	holds := map[string]map[string]bool{} // profile, requirement
	catalogues, err := fs.Glob(os.DirFS("../specs"), "*.yaml")
	if err != nil || len(catalogues) == 0 {
		t.Fatalf("catalogues: %v, %v", catalogues, err)
	}
	for _, name := range catalogues {
		text, err := os.ReadFile("../specs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var c catalogue
		if err := yaml.Unmarshal(text, &c); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, p := range c.Profiles {
			holds[p.ID] = map[string]bool{}
			for _, r := range c.Requirements {
				if len(r.Profiles) == 0 || slices.Contains(r.Profiles, p.ID) {
					holds[p.ID][r.ID] = true
				}
			}
		}
	}
	named := regexp.MustCompile(`(?m)(?:x-requirement[a-z-]*|x-never-5xx|requirement|check|next|length):\s*([A-Z]{3}-[A-Z]{3}-[0-9]{2})`)
	for _, profile := range Profiles() {
		found := map[string]bool{}
		for _, name := range filesOf(t, profile) {
			text, err := embedded.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range named.FindAllSubmatch(text, -1) {
				found[string(m[1])] = true
			}
		}
		if len(found) == 0 {
			t.Errorf("%s names no requirement", profile)
		}
		for _, id := range slices.Sorted(maps.Keys(found)) {
			if !holds[profile][id] {
				t.Errorf("%s names %s, which does not hold there", profile, id)
			}
		}
	}
}

// filesOf lists the files that a profile is made of.
func filesOf(t *testing.T, profile string) []string {
	t.Helper()
	var names []string
	_, err := load(profile, func(name string) ([]byte, error) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		return embedded.ReadFile(name)
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// What profiles share is written once: both use the same shared file, and no requirement, path item or schema that is
// in it is spelled out in a profile again.
func TestSharedPartsAreWrittenOnce(t *testing.T) {
	earlier, later := filesOf(t, "adaxes-2023.2"), filesOf(t, "adaxes-2025.1")
	if !slices.Contains(earlier, "adaxes-shared.yaml") || !slices.Contains(later, "adaxes-shared.yaml") {
		t.Fatalf("the profiles are made of %v and %v", earlier, later)
	}
	shared, err := embedded.ReadFile("adaxes-shared.yaml")
	if err != nil {
		t.Fatal(err)
	}
	paths, rest, _ := bytes.Cut(shared, []byte("\n  links:\n")) // which name operations that they lead to
	_, components, _ := bytes.Cut(rest, []byte("\n  parameters:\n"))
	shared = slices.Concat(paths, []byte("\n"), components)
	once := regexp.MustCompile(`(?m)^\s*(operationId: \S+|x-requirement: ADX-\S+|x-secret: \S+|format: \S+)$`)
	for _, profile := range []string{"adaxes-2023.2", "adaxes-2025.1"} {
		text, err := embedded.ReadFile(profile + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range once.FindAllSubmatch(text, -1) {
			if bytes.Contains(shared, append(slices.Clip(m[1]), '\n')) {
				t.Errorf("%s repeats %q of the shared document", profile, m[1])
			}
		}
	}
}

const madeHead = "openapi: 3.1.0\ninfo: {title: made, version: '1'}\n"

func madeOperation(body string) string {
	return madeHead + "paths:\n  /x:\n    post:\n      operationId: made\n" + body
}

func TestLoadRefusesBrokenDocuments(t *testing.T) {
	const ok = "      responses: {'200': {description: fine}}\n"
	const body = "      requestBody:\n        content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}\n"
	cases := map[string]struct{ text, want string }{
		"not YAML":               {"\t{", "made"},
		"no success":             {madeOperation("      responses: {'400': {description: bad}}\n"), "2XX"},
		"requirement no text":    {madeOperation("      responses: {'200': {description: fine, x-requirement: 3}}\n"), "x-requirement"},
		"unknown scheme":         {madeOperation(ok + "      security: [{none: []}]\n"), "security scheme"},
		"unresolved reference":   {madeOperation("      responses: {'200': {$ref: other.yaml#/x}}\n"), "(made.yaml:7): a reference to a file that is not there"},
		"reference outside":      {madeOperation("      responses: {'200': {$ref: ../other.yaml#/x}}\n"), "leaves the folder"},
		"remote reference":       {madeOperation("      responses: {'200': {$ref: 'https://host.example.com/o.yaml#/x'}}\n"), "leaves the folder"},
		"unknown fault":          {madeOperation(ok + body + "        x-refused-when-malformed: {requirement: R, bodies: [odd]}\n"), "odd"},
		"unknown member fault":   {madeOperation(ok + body + "        x-refused-when-malformed: {requirement: R, members: {a: [odd]}}\n"), "odd"},
		"unknown member":         {madeOperation(ok + body + "        x-refused-when-malformed: {requirement: R, members: {b: [missing]}}\n"), `"b"`},
		"unknown key":            {madeOperation(ok + body + "        x-refused-when-malformed: {requirement: R, odd: 1}\n"), "odd"},
		"no requirement":         {madeOperation(ok + body + "        x-refused-when-malformed: {bodies: [empty]}\n"), "requirement"},
		"a pattern that is none": {madeOperation("      responses: {'200': {description: fine, content: {text/plain: {schema: {type: string, pattern: '('}}}}}\n"), "no schema: at '/pattern'"},
		"a type that is none":    {madeOperation("      responses: {'200': {description: fine, content: {text/plain: {schema: {type: [text]}}}}}\n"), "no schema: at '/type'"},
		"recursive schema": {madeOperation("      responses: {'200': {description: fine, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}\n") +
			"components: {schemas: {A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}}}\n", "contains itself"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := loadText(map[string]string{"made.yaml": c.text})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want an error of one line that names %q", err, c.want)
			}
		})
	}
	if _, err := loadText(nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file gave %v", err)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load("adaxes-2023.2"); err != nil {
			b.Fatal(fmt.Errorf("load: %w", err))
		}
	}
}
