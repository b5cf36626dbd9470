package lint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/openapi/placed"
	"example.org/conform/openapi/survey"
)

// contract is one in which nothing is missing.
const contract = `openapi: 3.1.0
security: [{bearer: []}]
paths:
  /login:
    post:
      operationId: login
      security: []
      requestBody: {required: true, content: {application/json: {schema: {properties: {name: {type: string, x-account: username}, word: {type: string, x-account: password, x-secret: password}}}}}}
      responses:
        '200':
          x-hands-out: {kind: token, value: '$response.body#/token', ends: '$response.body#/ends', names: {id: {value: '$response.body#/id'}}}
          links: {end: {operationId: logout, parameters: {id: '$response.body#/id'}}}
          content: {application/json: {schema: {properties: {token: {type: string, x-secret: token}, ends: {type: string}, id: {type: string}}}}}
  /sessions/{id}:
    delete:
      operationId: logout
      x-ends: {spares: [siblings]}
      parameters: [{name: id, in: path, required: true}]
      responses: {'204': {description: gone}}
  /me:
    get: {operationId: me, x-probe: true, responses: {'200': {description: me}, '401': {description: dead}}}
  /renew:
    post:
      operationId: renew
      responses: {'200': {x-hands-out: {kind: token, value: $response.header.T, ends: $response.header.E}}}
  /other:
    get: {operationId: other, responses: {'200': {description: o}}}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer, x-credential: {kind: token}}
`

func looked(t *testing.T, text string) *Report {
	t.Helper()
	root, err := placed.Read("api.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.Of(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Of(d)
}

func TestNothingIsMissing(t *testing.T) {
	t.Parallel()
	r := looked(t, contract)
	for _, f := range r.Findings {
		t.Error(f)
	}
	var to strings.Builder
	if err := r.Write(&to, "api.yaml"); err != nil || !r.Usable() {
		t.Error(err)
	}
	for _, want := range []string{
		"  POST /login (login)\n    - a good answer is as described (status, media type and schema)\n",
		"    - none for a wrong password or an unknown name\n",
		"  DELETE /sessions/{id} (logout)\n    - a good answer is as described (status)\n    - no 5xx\n    - refuses none, a made-up one and near misses of a token\n    - ends a token at once\n    - spares siblings\n",
		"    - takes one until its time is up, and refuses it then\n",
		"    - gives another one that works, and renews no dead one\n    - the old one lives on\n",
		"  together: walks through all of these; ends and uses at once; ",
		"  1 operation that no life needs: left alone\n\napi.yaml: usable, with no warnings\n",
	} {
		if !strings.Contains(to.String(), want) {
			t.Errorf("%q is not in\n%s", want, to.String())
		}
	}
}

// Whatever is missing or contradictory is told, with its line.
func TestFindings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"no login":                   {"x-hands-out: {kind: token, value: '$response.body#/token'", "x-none: {a: {}", "api.yaml:23: error: no login: every operation that hands out a credential takes one, "},
		"the login takes one":        {"security: []", "summary: s", "api.yaml:5: error: no login: every operation that hands out a credential takes one, "},
		"nothing takes it":           {", x-credential: {kind: token}", "", "api.yaml:11: error: nothing takes a token; "},
		"a kind that nobody has":     {"x-credential: {kind: token}", "x-credential: {kind: session}", "api.yaml:30: error: a session is taken, and no operation hands one out; "},
		"no kind":                    {"x-credential: {kind: token}", "x-credential: {}", "api.yaml:30: error: x-credential without a kind; "},
		"an unknown member":          {"x-credential: {kind: token}", "x-credential: {kind: token, sort: a}", "api.yaml:30: error: x-credential has no such member; "},
		"a slip of the hand":         {"x-ends: {", "x-end: {}\n      x_ends: {", "api.yaml:18: warning: nobody reads it as it is spelt; write x-ends"},
		"no probe":                   {"x-probe: true, ", "", "api.yaml:3: error: nothing shows whether a credential works; "},
		"a probe that takes nothing": {"x-probe: true, ", "x-probe: true, security: [], ", "api.yaml:21: error: it is to show whether a credential works, and takes none; "},
		"a second use that is none":  {"operationId: other", "operationId: other, x-probe: true, security: []", "api.yaml:27: error: x-probe is for what takes a credential and only reads; "},
		"a probe without a refusal":  {", '401': {description: dead}", "", "api.yaml:21: warning: no refusal is described; "},
		"a link to nowhere":          {"{operationId: logout,", "{operationId: nowhere,", "api.yaml:12: error: a link to nowhere: "},
		"a link to no parameter":     {"parameters: {id: '$response.body#/id'}", "parameters: {ident: '$response.body#/id'}", "api.yaml:12: error: logout has no parameter that is called so; "},
		"a link to no member":        {"operationId: logout, parameters: {id", "operationId: logout, requestBody: {id", "api.yaml:12: error: the body of logout has no member that is called so; "},
		"no expression":              {"parameters: {id: '$response.body#/id'}", "parameters: {id: '{id}'}", "api.yaml:12: error: what the link gives is no expression that can be read; "},
		"a value that is none":       {"value: '$response.body#/token'", "value: body", "api.yaml:11: error: value is no expression that can be read; "},
		"a value nowhere":            {"value: '$response.body#/token'", "value: '$response.body#/tokens'", "api.yaml:11: warning: value stands at a member that the answer does not describe; "},
		"no value":                   {"value: '$response.body#/token', ", "", "api.yaml:11: error: x-hands-out without a value; "},
		"no secret":                  {"{type: string, x-secret: token}", "{type: string}", "api.yaml:13: warning: the member has a token, and nothing says that it is secret; "},
		"a password that is told":    {", x-secret: password", "", "api.yaml:8: warning: the password is not said to be secret; "},
		"no password":                {"x-account: password, ", "", "api.yaml:5: error: it hands out for an account, and nothing says where the password goes; "},
		"no name":                    {", x-account: username", "", "api.yaml:5: warning: nothing says where the account's name goes; "},
		"no end":                     {"x-ends: {spares: [siblings]}", "summary: s", "api.yaml:11: warning: nothing ends a token before its time; "},
		"an unknown relation":        {"spares: [siblings]", "spares: [sisters]", "api.yaml:17: error: spares names none of parent, "},
		"spared and reached":         {"spares: [siblings]", "spares: [siblings], reaches: [siblings]", "api.yaml:17: error: siblings are spared and reached; "},
		"an end of nothing":          {"operationId: logout\n", "operationId: logout\n      security: []\n", "api.yaml:18: error: it takes no credential that it could end; "},
		"the same operationId":       {"operationId: other", "operationId: me", "api.yaml:27: error: another operation has that operationId; "},
		"no success":                 {"'204'", "'404'", "api.yaml:15: error: no success is described; "},
		"no operationId":             {"operationId: me, ", "", "api.yaml:21: warning: no operationId, "},
		"a parameter without value":  {"parameters: [{name: id, in: path, required: true}]", "parameters: [{name: id, in: path, required: true}, {name: n, in: query, required: true}]", "api.yaml:18: warning: DELETE /sessions/{id} needs the parameter n, "},
		"a member without value":     {"schema: {properties: {name:", "schema: {required: [realm], properties: {realm: {type: string}, name:", "api.yaml:8: warning: POST /login needs the member realm, "},
		"another scheme":             {"operationId: logout\n", "operationId: logout\n      security: [{key: []}]\n", "api.yaml:15: warning: DELETE /sessions/{id} asks for key, which no credential of the contract is; "},
		"an end without a place":     {"ends: '$response.body#/ends'", "endsAs: jwt", "api.yaml:11: error: endsAs says in which form the end is stated, and nothing says where; "},
		"a fresh one of nothing":     {"operationId: other, responses: {'200': {", "operationId: other, security: [], responses: {'200': {x-reissues: {value: $response.header.T}, ", "api.yaml:27: error: it takes no credential that it could give anew; "},
		"a fresh one nowhere":        {"'200': {description: me", "'200': {x-reissues: {value: token}, description: me", "api.yaml:21: error: value is no expression that can be read; "},
		"a fresh one of no place":    {"'200': {description: me", "'200': {x-reissues: {}, description: me", "api.yaml:21: error: x-reissues without a value; "},
		"a kind of a fresh one":      {"'200': {description: me", "'200': {x-reissues: {kind: token, value: $response.header.T}, description: me", "api.yaml:21: error: x-reissues has no such member; "},
		"a fresh one of an end":      {"'204': {description: ", "'204': {x-reissues: {value: $response.header.T}, description: ", "api.yaml:19: error: it hands out a credential, or ends it, "},
		"it slides here alone":       {"value: $response.header.T", "slides: true, value: $response.header.T", "api.yaml:25: error: a token slides here, and does not where login hands one out; "},
	} {
		text := strings.Replace(contract+"    key: {type: apiKey, in: header, name: K}\n", c.old, c.new, 1)
		if !strings.Contains(contract, c.old) {
			t.Errorf("%s: nothing is changed", name)
		}
		if name == "an end of nothing" || name == "nothing takes it" {
			text = strings.Replace(text, "parameters: {id: '$response.body#/id'}", "parameters: {}", 1)
		}
		r := looked(t, text)
		found := false
		for _, f := range r.Findings {
			found = found || strings.HasPrefix(f.String(), c.want)
		}
		if !found {
			t.Errorf("%s: %s… is not in %q", name, c.want, r.Findings)
		}
		if strings.Contains(c.want, " error: ") == r.Usable() {
			t.Errorf("%s: usable is %v", name, r.Usable())
		}
	}
}

// A life without an end, and one whose length is stated nowhere.
func TestLivesWithoutAnEnd(t *testing.T) {
	t.Parallel()
	endless := strings.NewReplacer(", ends: '$response.body#/ends'", "", ", ends: $response.header.E", "")
	for want, text := range map[string]string{
		"api.yaml:11: warning: a life without an end: nothing ends a token, ": strings.Replace(endless.Replace(contract), "x-ends:", "x-none:", 1),
		"api.yaml:11: warning: how long a token lives is stated nowhere; ":    endless.Replace(contract),
	} {
		if r := looked(t, text); len(r.Findings) != 1 || !strings.HasPrefix(r.Findings[0].String(), want) {
			t.Errorf("got %q, want %s", r.Findings, want)
		}
	}
	bare := looked(t, "openapi: 3.1.0\ninfo: {}\npaths: {}\n")
	if len(bare.Findings) != 1 || !strings.HasPrefix(bare.Findings[0].String(), "api.yaml:3: error: no login: no operation hands out a credential; ") {
		t.Errorf("got %q", bare.Findings)
	}
}

// The contracts of the suite itself can be used.
func TestOwnContractsAreUsable(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range append(files, "../../suites/examples/door/door-1.yaml") {
		if strings.HasSuffix(file, "-shared.yaml") {
			continue
		}
		n++
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		root, err := placed.Read(filepath.Base(file), text)
		if err != nil {
			t.Fatal(err)
		}
		d, err := survey.Of(root, os.DirFS(filepath.Dir(file)))
		if err != nil {
			t.Fatal(err)
		}
		if r := Of(d); !r.Usable() || len(r.Operations) < 1 {
			t.Errorf("%s: %q", file, r.Findings)
		}
	}
	if n < 6 {
		t.Errorf("only %d contracts", n)
	}
}

// FuzzLint looks at whatever a document may hold: findings of one line each, with a place, and the same ones each time.
func FuzzLint(f *testing.F) {
	f.Add([]byte(contract))
	for _, file := range []string{"cellar.json", "shop.yaml", "turnstile.yaml", "vault.yaml"} {
		text, err := os.ReadFile("../../suites/brought/testdata/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 8<<10 {
			t.Skip("what is slow to read finds little")
		}
		root, err := placed.Read("api.yaml", text)
		if err != nil {
			return // a fuzz target of its own reads
		}
		d, err := survey.Of(root, nil)
		if err != nil {
			return
		}
		r := Of(d)
		for _, finding := range r.Findings {
			if line := finding.String(); strings.ContainsAny(line, "\n\r") || !strings.HasPrefix(line, "api.yaml:") {
				t.Errorf("%q", line)
			}
		}
		var once, again strings.Builder
		if err := r.Write(&once, "api.yaml"); err != nil {
			t.Error(err)
		}
		if err := Of(d).Write(&again, "api.yaml"); err != nil || once.String() != again.String() {
			t.Errorf("%v: two reports on one document differ", err)
		}
	})
}
