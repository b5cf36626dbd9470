package openapi

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func TestLives(t *testing.T) {
	d := mustLoad(t, "adaxes-2025.1")
	if got := fmt.Sprint(d.Kinds()); got != "[session token]" {
		t.Errorf("kinds %s", got)
	}
	if login := d.Login(); login == nil || login.By.ID() != "createSession" || login.Kind != "session" {
		t.Errorf("the login is %+v", login)
	}
	hands := d.HandOuts("token")
	if len(hands) != 2 || hands[0].From != "session" || !hands[1].Renews() || hands[1].By.ID() != "renewToken" {
		t.Errorf("tokens are handed out by %+v", hands)
	}
	var got []string
	for _, id := range []string{"createSession", "issueToken", "renewToken", "terminateSession", "destroyToken", "probe"} {
		for _, p := range mustFind(t, "adaxes-2025.1", id).Takes() {
			got = append(got, fmt.Sprintf("%s %s/%s %s %t", id, p.In, p.Name, p.Kind, p.Authority))
		}
	}
	want := []string{
		"issueToken body/sessionId session false",
		"renewToken query/token token false", "renewToken header/Adm-Authorization token true",
		"terminateSession query/id session false",
		"destroyToken query/token token false", "destroyToken header/Adm-Authorization token true",
		"probe header/Adm-Authorization token true",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("places:\n%s", strings.Join(got, "\n"))
	}
	if e := d.Ends("session"); len(e) != 1 || e[0].By.ID() != "terminateSession" || !e[0].Always {
		t.Errorf("sessions are ended by %+v", e)
	}
}

// What contradicts itself is refused, with the line.
func TestLivesThatContradictThemselves(t *testing.T) {
	for name, c := range map[string]struct{ profile, file, old, new, want string }{
		"a link to nowhere": {
			"adaxes-2025.1", "adaxes-shared.yaml", "operationId: renewToken\n      parameters", "operationId: renew\n      parameters",
			`links: no operation "renew"`,
		},
		"a link to no parameter": {
			"adaxes-2025.1", "adaxes-shared.yaml", "parameters: {id: '$response.body#/sessionId'}", "parameters: {session: '$response.body#/sessionId'}",
			`links: terminateSession has no parameter "session"`,
		},
		"a value that is no expression": {
			"bluecat-9.5", "bluecat-9.5.yaml", "value: '$response.body#/apiToken'", "value: '$.apiToken'",
			"(bluecat-9.5.yaml:<x-hands-out:>): createSession: x-hands-out: no runtime expression",
		},
		"a member that nobody knows": {
			"aria-operations-8", "aria-operations-8.yaml", "slides: true}", "slides: true, reaches: true}",
			`x-hands-out: unknown field "reaches"`,
		},
		"an end of nothing": {
			"pyramid-2018.5", "pyramid-2018.5.yaml", "      x-never-5xx: PYR-WIN-07\n", "      x-never-5xx: PYR-WIN-07\n      x-ends: {}\n",
			"(pyramid-2018.5.yaml:<x-ends:>): authenticateUserWindows: x-ends: the operation takes no credential that it could end",
		},
		"a relation that nobody knows": {
			"aria-operations-8", "aria-shared.yaml", "x-ends: {spares: [siblings]}", "x-ends: {spares: [cousins]}",
			`x-ends: spares "cousins", which is none of parent`,
		},
		"a scheme for what nobody hands out": {
			"aria-operations-8", "aria-operations-8.yaml", "x-credential: {kind: token,", "x-credential: {kind: ticket,",
			"x-credential: a ticket is taken, which no operation hands out",
		},
		"Basic without a name": {
			"bluecat-9.5", "bluecat-9.5.yaml", "user: '$request.body#/username', ", "", "security scheme basic: no user",
		},
		"two lives of one kind": {
			"adaxes-2025.1", "adaxes-shared.yaml", "          x-requirement-all: ADX-REN-01\n          x-hands-out:\n",
			"          x-requirement-all: ADX-REN-01\n          x-hands-out:\n            slides: true\n",
			"x-hands-out: a token lives otherwise than issueToken says",
		},
		"a promise of no requirement": {
			"aria-operations-8", "aria-shared.yaml", "check: ARO-TOK-03/made-up", "check: made-up", "a promise needs check (REQUIREMENT/slug)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := c.want
			_, err := load(c.profile, func(file string) ([]byte, error) {
				text, err := embedded.ReadFile(file)
				if file != c.file {
					return text, err
				}
				changed := strings.Replace(string(text), c.old, c.new, 1)
				want = withLine(want, changed)
				if changed == string(text) {
					t.Fatalf("%q is not in %s", c.old, file)
				}
				return []byte(changed), err
			})
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), ".yaml:") {
				t.Errorf("got %v, want %s, and the line", err, want)
			}
		})
	}
}

// withLine writes the number of the line of a contract that has a text for the text between angle brackets, so that a contract may grow.
func withLine(want, contract string) string {
	before, rest, _ := strings.Cut(want, "<")
	marker, after, ok := strings.Cut(rest, ">")
	above, _, known := strings.Cut(contract, marker)
	if !ok || !known {
		return want
	}
	return before + strconv.Itoa(strings.Count(above, "\n")+1) + after
}

func TestExpressions(t *testing.T) {
	x := Exchange{
		RequestBody: []byte(`{"user":"u"}`), Body: []byte(`{"a":{"b~/c":[1.0,"t"]},"n":null,"e":""}`),
		Header: map[string][]string{"X-Token": {"h"}, "Set-Cookie": {"SID=; Max-Age=0", "sid=c; Path=/"}},
	}
	for e, want := range map[Expression]string{
		"$response.body#/a/b~0~1c/0": "1.0", "$response.body#/a/b~0~1c/1": "t", "$response.body#/n": "", "$response.body#/e": "",
		"$response.body#/a": "", "$response.body#/a/b~0~1c/7": "", "$request.body#/user": "u", "$response.header.X-Token": "h",
		"$response.cookie.SID": "c", "$response.body": "",
	} {
		if got, ok := e.Read(x); got != want || ok != (want != "") || e.check() != nil {
			t.Errorf("%s: got %q, %t, want %q", e, got, ok, want)
		}
	}
	for body, want := range map[string]string{
		"\"to+ken=\"\r\n": "to+ken=", "plain": "plain", "<html>": "", "two words": "", "null": "", "": "",
	} {
		if got, _ := Expression("$response.body").Read(Exchange{Body: []byte(body)}); got != want {
			t.Errorf("%q: got %q, want %q", body, got, want)
		}
	}
	if got, _ := Expression("$response.body#/token").Read(Exchange{Body: []byte(`<a:t xmlns:a="u"><a:token> x </a:token></a:t>`)}); got != "x" {
		t.Errorf("in XML: %q", got)
	}
}

// A security scheme that there is not is an error wherever it stands among the others.
func TestSecuritySchemesAreLookedUp(t *testing.T) {
	_, err := load("bluecat-9.5", func(file string) ([]byte, error) {
		text, err := embedded.ReadFile(file)
		return []byte(strings.Replace(string(text), "  - basic: []\n", "  - basic: []\n  - cookie: []\n", 1)), err
	})
	if err == nil || !strings.Contains(err.Error(), `no security scheme "cookie"`) {
		t.Errorf("got %v", err)
	}
}
