package openapi

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// small is a contract as somebody brings it, of everything as little as will do.
const small = `openapi: 3.0.3
info: {title: Small, version: '1'}
paths:
  /login:
    post:
      operationId: login
      security: []
      requestBody:
        required: true
        content:
          application/json:
            schema:
              required: [name, password]
              properties: {name: {type: string, x-account: username}, password: {type: string, x-account: password}}
      responses:
        '200':
          description: in
          x-hands-out: {kind: token, value: '$response.body#/token'}
          content: {application/json: {schema: {$ref: '#/components/schemas/Token'}}}
  /me:
    get:
      x-probe: true
      responses: {'200': {description: me}}
  /out:
    post:
      operationId: out
      x-ends: {spares: [siblings]}
      responses: {'204': {description: out}}
  /write:
    post:
      operationId: write
      requestBody: {required: true, content: {application/xml: {schema: {type: string}}}}
      responses: {'200': {description: written}}
security: [{bearer: []}]
components:
  securitySchemes: {bearer: {type: http, scheme: bearer, x-credential: {kind: token}}}
  schemas:
    Token: {type: object, properties: {token: {type: string}}}
`

func brought(files map[string]string, allowed ...string) (*Document, error) {
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return ReadBrought(folder, "small.yaml", BroughtOptions{Profile: "small", Allowed: allowed})
}

func TestReadBrought(t *testing.T) {
	t.Parallel()
	d, err := brought(map[string]string{"small.yaml": small})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(d.Operations()); n != 3 {
		t.Errorf("%d operations are read in full", n)
	}
	if idle := d.Idle(); len(idle) != 1 || idle[0].ID != "write" || !idle[0].Writes() {
		t.Errorf("idle are %+v", idle)
	}
	me, err := d.Operation(probe)
	if err != nil || me.ID() != "get-me" || !me.Probes() || me.CredentialHeader() != "Authorization" {
		t.Errorf("the probe is %+v, %v", me, err)
	}
	if got := d.OriginOfEnd(must(t, d, "out")).String(); got != "small.yaml:26#/paths/~1out/post/x-ends" {
		t.Errorf("the end comes from %s", got)
	}
	if got := d.OriginOf(me).String(); got != "small.yaml:20#/paths/~1me/get" {
		t.Errorf("the probe comes from %s", got)
	}
}

func must(t *testing.T, d *Document, id string) *Operation {
	t.Helper()
	o, err := d.Operation(id)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// What is wrong with a document is said in one line, with its place and what to do.
func TestBroughtIsRefused(t *testing.T) {
	t.Parallel()
	const token = "{$ref: '#/components/schemas/Token'}"
	for name, c := range map[string]struct{ old, with, want string }{
		"version":         {"openapi: 3.0.3", "openapi: 4.0.0", "(small.yaml:1): of a version of OpenAPI that is not known; 3.0 and 3.1 are"},
		"Swagger":         {"openapi: 3.0.3", "swagger: '2.0'", "(small.yaml:1): an OpenAPI 2 (Swagger) document, and 3.0 or 3.1 is needed; convert it"},
		"none":            {small, "hello", "(small.yaml:1): no OpenAPI document"},
		"no lives":        {"x-hands-out:", "x-other:", "nothing says how its credentials live"},
		"no probe":        {"x-probe: true", "deprecated: true", "mark one that takes it and only reads with x-probe: true"},
		"no password":     {", x-account: password", "", "(small.yaml:6): login: member password is required, and has no example; give one, have a link bring it, or mark it with x-account"},
		"network":         {token, "{$ref: 'https://host.example.com/s.yaml#/T'}", "(small.yaml:19): a reference leads to the network, which is not asked; save"},
		"upwards":         {token, "{$ref: '../s.yaml#/T'}", "(small.yaml:19): a reference leads out of the document's own folder; save"},
		"no file":         {token, "{$ref: 's.yaml#/T'}", "(small.yaml:19): a reference to a file that is not there"},
		"no part":         {token, "{$ref: '#/components/schemas/Tokens'}", "(small.yaml:19): a reference leads to nothing, or round in a circle; mend"},
		"circle":          {"Token: {type: object, properties: {token: {type: string}}}", "Token: {$ref: '#/components/schemas/Token'}", "(small.yaml:6): login: response 200"},
		"unknown member":  {"spares: [siblings]", "sparse: [siblings]", `(small.yaml:27): out: x-ends: unknown field "sparse"`},
		"unknown":         {"spares: [siblings]", "spares: [cousins]", `(small.yaml:27): out: x-ends: spares "cousins", which is none of`},
		"contradiction":   {"spares: [siblings]", "spares: [siblings], reaches: [siblings]", "(small.yaml:27): out: x-ends: siblings are spared and reached"},
		"client alone":    {"spares: [siblings]", "client: true, spares: [siblings]", "(small.yaml:27): out: x-ends: client says that it ends nothing"},
		"form of the end": {"'$response.body#/token'}", "'$response.body#/token', ends: '$response.body#/e', endsAs: weeks}", "(small.yaml:18): login: x-hands-out: endsAs must be"},
		"no condition":    {"x-probe: true", "x-probe: true\n      x-dead: {where: [{value: $response.body}]}", "get-me: x-dead: a condition says one of exists, is, not and matches"},
		"twice":           {"operationId: out", "operationId: login", `operation "login" is described twice; give each an operationId of its own`},
		"no value":        {"  /me:\n    get:\n", "  /me:\n    parameters: [{name: of, in: query, required: true, schema: {type: string}}]\n    get:\n", "get-me: parameter of is required, and has no example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(small, c.old) {
				t.Fatalf("no %q in it", c.old)
			}
			_, err := brought(map[string]string{"small.yaml": strings.Replace(small, c.old, c.with, 1)})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if _, err := brought(map[string]string{"small.yaml": small}, "nobody"); err == nil || !strings.Contains(err.Error(), `--allow: no operation "nobody"`) {
		t.Errorf("got %v", err)
	}
	if _, err := brought(map[string]string{"small.yaml": small}, "write"); err == nil || !strings.Contains(err.Error(), "neither JSON nor a form") {
		t.Errorf("got %v", err)
	}
	if _, err := brought(map[string]string{"small.yaml": strings.Repeat("#", mostBrought+1)}); err == nil || !strings.Contains(err.Error(), "larger than 10 MB") {
		t.Errorf("got %v", err)
	}
}

// A link out of the folder is followed no more than a reference is.
func TestLinksOutOfTheFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	outside := filepath.Join(t.TempDir(), "s.yaml")
	for file, text := range map[string]string{
		outside: "T: {type: object}\n", filepath.Join(folder, "small.yaml"): strings.Replace(small, "#/components/schemas/Token", "s.yaml#/T", 1),
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(folder, "s.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(filepath.Join(folder, "small.yaml"), BroughtOptions{Profile: "small"}); err == nil {
		t.Error("it was read")
	}
}

func TestBroughtSchemas(t *testing.T) {
	t.Parallel()
	d, err := brought(map[string]string{"small.yaml": strings.Replace(small, "Token: {type: object, properties: {token: {type: string}}}",
		`Token:
      type: object
      required: [token]
      properties:
        token: {type: string, nullable: true, pattern: '^(?!x)'}
        age: {type: integer, minimum: 0, exclusiveMinimum: true}
        like: {oneOf: [{$ref: '#/components/schemas/Token'}, {type: string}]}
        all: {type: array, items: {$ref: '#/components/schemas/Token'}}`, 1)})
	if err != nil {
		t.Fatal(err)
	}
	login := must(t, d, "login")
	for body, differences := range map[string]int{
		`{"token": "a", "age": 1, "like": "b", "all": [{"token": "c"}]}`: 0,
		`{"token": null}`:           0,
		`{"age": 0, "token": "a"}`:  1,
		`{"age": 1}`:                1,
		`{"token": "a", "all": 12}`: 1,
	} {
		got := login.Validate(Answer{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)})
		if len(got) != differences {
			t.Errorf("%s: %+v", body, got)
		}
	}
	if got := login.Validate(Answer{Status: 418}); got != nil {
		t.Errorf("a refusal that is not described: %+v", got)
	}
}

func TestEndForms(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_800_000_000, 0).UTC()
	claims := base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1800000000}`))
	for as, c := range map[string]struct {
		body   string
		moment string
		lives  time.Duration
	}{
		"":                 {`"2027-01-15T08:00:00Z"`, "2027-01-15T08:00:00Z", 0},
		EndsAtSeconds:      {`1800000000`, at.Format(time.RFC3339), 0},
		EndsAtMilliseconds: {`1800000000500`, "2027-01-15T08:00:00.500Z", 0},
		EndsInSeconds:      {`20`, "", 20 * time.Second},
		EndsInMilliseconds: {`"1500"`, "", 1500 * time.Millisecond},
		EndsInJWT:          {`"e30.` + claims + `.x"`, at.Format(time.RFC3339), 0},
		EndsAsHTTP:         {`"Fri, 15 Jan 2027 08:00:00 GMT"`, at.Format(time.RFC3339), 0},
	} {
		h := HandOut{Ends: "$response.body#/e", EndsAs: as}
		moment, lives := h.End(Exchange{Body: fmt.Appendf(nil, `{"e": %s}`, c.body)})
		if moment != c.moment || lives != c.lives {
			t.Errorf("%s: %s, %s", as, moment, lives)
		}
		for _, odd := range []string{`{}`, `{"e": "-"}`, `{"e": -1}`, `{"e": 1e300}`, `{"e": "a.b.c"}`, `x`} {
			if moment, lives := h.End(Exchange{Body: []byte(odd)}); as != "" && (moment != "" || lives != 0) {
				t.Errorf("%s of %s: %s, %s", as, odd, moment, lives)
			}
		}
	}
	h := HandOut{Ends: "$response.cookie.SID", EndsAs: EndsWithCookie}
	for line, want := range map[string]time.Duration{"SID=a; Max-Age=7": 7 * time.Second, "SID=a": 0, "sid=a; Max-Age=9; Expires=Fri, 15 Jan 2027 08:00:00 GMT": 9 * time.Second} {
		if _, lives := h.End(Exchange{Header: http.Header{"Set-Cookie": {line}}}); lives != want {
			t.Errorf("%s: %s", line, lives)
		}
	}
}

func TestLooks(t *testing.T) {
	t.Parallel()
	d, err := brought(map[string]string{"small.yaml": strings.NewReplacer(
		"x-probe: true", "x-probe: true\n      x-dead: {statuses: [200], where: [{value: '$response.body#/user/name', is: null}]}",
		"operationId: out", "operationId: out\n      x-works: {statuses: [204, 302], where: [{value: $response.header.X-Done, matches: '^y'}]}",
	).Replace(small)})
	if err != nil {
		t.Fatal(err)
	}
	yes := http.Header{"X-Done": {"yes"}}
	for _, c := range []struct {
		of          string
		a           Answer
		works, dead bool
	}{
		{"get-me", Answer{Status: 200, Body: []byte(`{"user": {"name": null}}`)}, false, true},
		{"get-me", Answer{Status: 200, Body: []byte(`{"user": {"name": "a"}}`)}, false, false},
		{"get-me", Answer{Status: 401, Body: []byte(`{"user": {"name": null}}`)}, false, false},
		{"get-me", Answer{Status: 200, Body: []byte(`no JSON`)}, false, false},
		{"out", Answer{Status: 302, Header: yes}, true, false},
		{"out", Answer{Status: 204}, false, true},
		{"out", Answer{Status: 303, Header: yes}, false, false},
	} {
		if works, dead := must(t, d, c.of).Judge(c.a); works != c.works || dead != c.dead {
			t.Errorf("%s of %+v: %t, %t", c.of, c.a, works, dead)
		}
	}
}

// FuzzReadBrought reads whatever somebody may bring: a contract of which everything can be asked, or an error of one line.
func FuzzReadBrought(f *testing.F) {
	f.Add(small)
	f.Add("{\n\"openapi\": \"3.0.0\",\n \"paths\": {]}")
	f.Add("swagger: '2.0'\n")
	for _, name := range []string{"vault.yaml", "cellar.json", "turnstile.yaml"} {
		text, err := os.ReadFile("../suites/brought/testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 8<<10 {
			t.Skip("what is slow to read finds little")
		}
		d, err := brought(map[string]string{"small.yaml": text})
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") || len(err.Error()) > 600 {
				t.Errorf("the error: %q", err)
			}
			return
		}
		for _, o := range d.Operations() {
			o.TieSuccess("GEN-a")
			o.TieNever5xx("GEN-b")
			_ = d.OriginOfSuccess(o).String() + d.OriginOfSecurity(o).String()
			for _, name := range o.Required() {
				o.Types(name)
				o.TieMalformed("GEN-c", name, "missing")
			}
			for _, m := range o.Malformed {
				if _, err := m.Body(map[string]any{}); err != nil {
					t.Errorf("%s: %v", m.Name, err)
				}
			}
			a := Answer{Status: o.Success(), Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"token": "x"}`)}
			o.Validate(a)
			o.Judge(a)
			if h := o.HandsOut(); h != nil {
				h.End(Exchange{Body: a.Body, Header: a.Header})
			}
		}
	})
}

// Of several operations that are marked, one is what credentials are judged by, and the others are uses.
func TestSeveralProbes(t *testing.T) {
	t.Parallel()
	d, err := brought(map[string]string{"small.yaml": strings.Replace(small, "  /write:\n    post:\n", "  /also:\n    get:\n      operationId: also\n      x-probe: true\n      "+
		"x-dead: {statuses: [404]}\n      responses: {'200': {description: also}, '404': {description: dead}}\n  /write:\n    post:\n", 1)})
	if err != nil {
		t.Fatal(err)
	}
	if one, err := d.Operation("probe"); err != nil || one.ID() != "also" || !one.Probes() || must(t, d, "get-me").Probes() {
		t.Errorf("got %v, %v", one, err)
	}
	if len(d.Idle()) != 1 {
		t.Errorf("%v is left alone", d.Idle())
	}
}
