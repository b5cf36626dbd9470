package survey

import (
	"strings"
	"testing"
	"testing/fstest"

	"example.org/conform/openapi/placed"
)

func surveyed(t *testing.T, files map[string]string) (*Document, error) {
	t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	root, err := placed.Read("api.yaml", []byte(files["api.yaml"]))
	if err != nil {
		t.Fatal(err)
	}
	return Of(root, folder)
}

// Parts are found wherever they stand: in the document, in a file beside it, in a part of a schema. An overlay reaches those of the
// document itself.
func TestWhereThingsStand(t *testing.T) {
	t.Parallel()
	d, err := surveyed(t, map[string]string{
		"api.yaml": `openapi: 3.1.0
security: [{a: []}, {b: []}]
paths:
  /x/{id}:
    parameters: [{name: id, in: path, required: true}]
    post:
      operationId: one
      security: [{}, {b: []}]
      requestBody: {$ref: '#/components/requestBodies/One'}
      responses:
        default: {description: d}
        2XX: {description: c}
        '201': {$ref: 'parts/more.yaml#/responses/Made'}
  /y:
    $ref: 'parts/more.yaml#/paths/~1y'
    delete: {operationId: three, responses: {}}
components:
  requestBodies:
    One:
      content:
        text/plain: {}
        application/x-www-form-urlencoded: {schema: {properties: {f: {type: string}}}}
        application/vnd.x+json: {schema: {$ref: '#/components/schemas/Tree'}}
  schemas:
    Tree:
      required: [name]
      allOf: [{properties: {name: {type: [string, 'null']}}}, {oneOf: [{properties: {pick: {type: string}}}]}]
      properties: {below: {$ref: '#/components/schemas/Tree'}, a/b: {properties: {'it''s': {type: integer, format: int64}}}}
  securitySchemes:
    a: {type: http, scheme: Bearer}
    b: {type: apiKey, in: cookie, name: SID}
`,
		"parts/more.yaml": `responses: {Made: {description: m, content: {application/json: {schema: {$ref: 'deeper/s.json'}}}, headers: {Set-Cookie: {}}}}
paths: {/y: {get: {operationId: two, security: [], responses: {}}, delete: {operationId: never}}}
`,
		"parts/deeper/s.json": `{"properties": {"token": {"$ref": "#/x"}}, "x": {"type": "string"}}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, o := range d.Operations {
		ids = append(ids, o.ID)
	}
	if got := strings.Join(ids, " "); got != "one three two" {
		t.Errorf("operations %s", got)
	}
	one, two, three := d.Operation("one"), d.Operation("two"), d.Operation("three")
	if !one.Own || !one.Optional || one.None || len(one.Security) != 1 || one.Security[0].Field != "SID" || one.Security[0].Carries != "cookie" {
		t.Errorf("security of one: %+v", one.Security)
	}
	if !two.Own || !two.None || two.Target != "" || three.Own || len(three.Security) != 2 || three.Security[0].Carries != "bearer" || three.Target != "$.paths['/y'].delete" {
		t.Errorf("security of the others: %+v %+v", two, three)
	}
	if p := one.Parameters; len(p) != 1 || p[0].Name != "id" || !p[0].Required || p[0].Target != "$.paths['/x/{id}'].parameters[0]" {
		t.Errorf("parameters: %+v", p)
	}
	if one.Body.Type != "application/vnd.x+json" || one.Body.Target != "$.components.requestBodies.One.content['application/vnd.x+json']" {
		t.Errorf("body: %s %s", one.Body.Type, one.Body.Target)
	}
	for pointer, want := range map[string]Member{
		"/name":       {Name: "name", Type: "string", Spot: Spot{Target: "$.components.schemas.Tree.allOf[0].properties.name"}},
		"/pick":       {Name: "pick", Type: "string", Choice: true, Spot: Spot{Target: "$.components.schemas.Tree.allOf[1].oneOf[0].properties.pick"}},
		"/a~1b/it's":  {Name: "it's", Type: "integer", Format: "int64", Spot: Spot{Target: `$.components.schemas.Tree.properties['a/b'].properties['it\'s']`}},
		"/below":      {Name: "below", Spot: Spot{Target: "$.components.schemas.Tree.properties.below"}},
		"/below/name": {}, // it contains itself
	} {
		got, ok := one.Body.Member(pointer)
		if ok != (want.Name != "") || got.Name != want.Name || got.Type != want.Type || got.Format != want.Format || got.Choice != want.Choice || got.Target != want.Target {
			t.Errorf("%s: %+v", pointer, got)
		}
	}
	success := one.Success()
	if success.Status != "201" || success.Target != "" || success.Own.Target != "$.paths['/x/{id}'].post.responses['201']" || len(success.Headers) != 1 || !one.Refuses() {
		t.Errorf("success: %+v", success)
	}
	if m, ok := success.Body.Member("/token"); !ok || d.Resolved(m.Spot).Get("type").Text() != "string" || m.At.String() != "parts/deeper/s.json:1" {
		t.Errorf("a member in another file: %+v", m)
	}
}

// What is no document, or refers to what is not there, is refused in one line with its place and a remedy.
func TestRefused(t *testing.T) {
	t.Parallel()
	head := "openapi: 3.0.0\npaths:\n"
	at := func(to string) string {
		return head + "  /a: {get: {responses: {'200': {$ref: '" + to + "'}}}}\ncomponents: {responses: {A: {$ref: '#/components/responses/B'}, B: {$ref: '#/components/responses/A'}}}\n"
	}
	for want, text := range map[string]string{
		"api.yaml:1: no OpenAPI document: ":                                "a: hunter2\n",
		"api.yaml:2: an OpenAPI 2 (Swagger) document, ":                    "info: {}\nswagger: '2.0'\n",
		"api.yaml:1: an overlay, and ":                                     "overlay: 1.0.0\n",
		"api.yaml:1: of a version of OpenAPI that is not known; ":          "openapi: 4.hunter2\n",
		"api.yaml:2: paths is no mapping; ":                                "openapi: 3.1.0\npaths: [hunter2]\n",
		"api.yaml:3: a reference leads to the network, which is not asked": at("https://hunter2.example.com/a.yaml"),
		"api.yaml:3: a reference leads out of the document's own folder; ": at("../hunter2.yaml"),
		"api.yaml:3: a reference leads to a file that is not there; ":      at("hunter2.yaml#/a"),
		"api.yaml:3: a reference leads to nothing; ":                       at("#/components/responses/hunter2"),
		"api.yaml:3: a reference by an anchor, ":                           at("#hunter2"),
		"api.yaml:3: no reference; ":                                       at(""),
		"api.yaml:4: a reference that leads round in a circle, ":           strings.Replace(at("x"), "{$ref: 'x'}", "{}", 1),
		"api.yaml:3: other.yaml:1: not readable as YAML or JSON; ":         at("other.yaml"),
		"api.yaml:3: a security scheme that components do not have; ":      head + "  /a: {get: {security: [{hunter2: []}]}}\n",
	} {
		_, err := surveyed(t, map[string]string{"api.yaml": text, "other.yaml": "hunter2: ["})
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "hunter2") || strings.ContainsAny(err.Error(), "\n\r") {
			t.Errorf("%q: got %v, want %s…", text, err, want)
		}
	}
}

// What looks like a reference in an example, or is a name, is none.
func TestWhatIsNoReference(t *testing.T) {
	t.Parallel()
	if _, err := surveyed(t, map[string]string{"api.yaml": `openapi: 3.1.0
paths:
  /a:
    get:
      x-mine: {$ref: 'https://example.com'}
      responses: {'200': {content: {application/json: {example: {$ref: nowhere}, schema: {properties: {$ref: {type: string}, default: {type: string}}}}}}}
`}); err != nil {
		t.Error(err)
	}
}
