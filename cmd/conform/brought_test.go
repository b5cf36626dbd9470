package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
)

// inHouse is the path of a file of the repository from wherever the command runs.
func inHouse(t *testing.T, file string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../..", file))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

const cellarFile = "suites/brought/testdata/cellar.json"

// A contract that is built in can be brought as well: its server conforms to it, named by its own requirements and by those that are
// generated beside them.
func TestJudgesByAContractThatIsBrought(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "bluecat-9.5"})
	o := conform(t, nil, "run", describe(t, server), "--contract", inHouse(t, "openapi/bluecat-9.5.yaml"), "--label-filter", "!sweep && !spelling")
	if o.code != 0 || !strings.Contains(o.stdout, "bluecat-9.5: CONFORMANT") {
		t.Errorf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
}

func TestContractThatIsBroughtIsListed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"list", "profiles"}, []string{"cellar"}},
		{[]string{"list", "requirements"}, []string{"GEN-get-session-REJECTED-ENDED", "RFC-SPL-01"}},
		{[]string{"list", "checks"}, []string{"cellar/GEN-get-session-REJECTED-ENDED/ended-by-delete-session"}},
		{[]string{"explain", "gen-get-session-rejected-ended"}, []string{
			"get-session is refused with a session that delete-session has ended.", "contract cellar.json:", "#/paths/~1session/delete/x-ends", "“Ends the session.”",
		}},
		{[]string{"run", "--dry-run"}, []string{
			"POST /bottles    drink: nothing: it may write, and no life of a credential needs it (--allow drink)",
			"changePassword: nothing: it may write, and no life of a credential needs it (--allow changePassword); the contract says that it ends a session",
			"POST /session    post-session: good requests",
		}},
	} {
		o := conform(t, nil, append(c.args, "--contract", inHouse(t, cellarFile))...)
		for _, want := range c.want {
			if o.code != 0 || !strings.Contains(o.stdout, want) {
				t.Errorf("%v: exit code %d, no %q in\n%s%s", c.args, o.code, want, o.stdout, o.stderr)
			}
		}
	}
}

func TestWrongUseOfAContract(t *testing.T) {
	t.Parallel()
	cellar := inHouse(t, cellarFile)
	swagger := filepath.Join(t.TempDir(), "api.yaml")
	if err := os.WriteFile(swagger, []byte("swagger: '2.0'\ninfo: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"--contract: no target is given":                            {"run", "--contract", cellar},
		"--profile and --contract are both given":                   {"run", "--contract", cellar, "--target", "http://127.0.0.1:1", "--profile", "bluecat-9.5"},
		"--catalogue is for --contract":                             {"run", "--catalogue", "x.yaml"},
		"--allow is for --contract":                                 {"run", "--allow", "x"},
		`--allow: no operation "nobody"`:                            {"run", "--contract", cellar, "--allow", "nobody", "--dry-run"},
		"(api.yaml:1): an OpenAPI 2 (Swagger) document":             {"run", "--contract", swagger, "--dry-run"},
		"--catalogue: nowhere.yaml: no such file":                   {"run", "--contract", cellar, "--catalogue", "nowhere.yaml", "--dry-run"},
		"they are of what is built in; leave --contract out":        {"list", "variants", "--contract", cellar},
		"the contract is what is played; leave --profile out":       {"serve", "--contract", cellar, "--profile", "bluecat-9.5"},
		"cellar has no fault \"nonsense\"":                          {"serve", "--contract", cellar, "--fault", "nonsense"},
		"cellar has no variant \"nonsense\"":                        {"serve", "--contract", cellar, "--variant", "nonsense"},
		"knows no Kerberos":                                         {"serve", "--contract", cellar, "--keytab", "x", "--realm", "x"},
		"--only \"nonsense\": neither a fault nor a variant":        {"prove", "--contract", cellar, "--only", "nonsense"},
		"leave them or --contract out":                              {"prove", "--contract", cellar, "--full"},
		"--overlay is for --contract":                               {"prove", "--overlay", "x"},
		"no requirement \"GEN-NO\"; conform list requirements":      {"explain", "GEN-NO", "--contract", cellar},
		"profile: is not that of the contract, cellar; leave it ou": {"run", describeBuiltIn(t), "--contract", cellar},
	} {
		o := conform(t, nil, args...)
		if o.code != 2 || !strings.Contains(o.stderr, want) || strings.Count(o.stderr, "\n") > 1 {
			t.Errorf("%v: exit code %d, no %q in %s", args, o.code, want, o.stderr)
		}
	}
}

// A contract alone is played and judged, and its checks are proven by the faults that it has a place for.
func TestContractIsPlayedAndProven(t *testing.T) {
	t.Parallel()
	vault := inHouse(t, "suites/brought/testdata/vault.yaml")
	o := within(t, `command=$1; shift
		"$command" serve "$@" --token-lifetime 3s --target-file play.yaml >url & until [ -s play.yaml ]; do kill -0 $! || exit 2; sleep 0.1; done
		"$command" run "$@" --target-file play.yaml --label-filter '!sweep'; code=$?; kill $!; wait $!; exit $code`, nil, "--contract", vault)
	if o.code != 0 || !strings.Contains(o.stdout, "vault: CONFORMANT") {
		t.Errorf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	o = conform(t, nil, "list", "faults", "--contract", vault)
	for _, want := range []string{"tokens-delete-does-nothing", "token-in-any-case"} {
		if o.code != 0 || !strings.Contains(o.stdout, want) {
			t.Errorf("exit code %d, no %s in\n%s", o.code, want, o.stdout)
		}
	}
	o = conform(t, nil, "prove", "--contract", vault, "--only", "tokens-delete-ends-the-caller,tokens-refresh-ends-the-old")
	for _, want := range []string{
		"GEN-me-LIVES-ON-ENDS-ANOTHER tokens-delete-ends-the-caller+\n", "GEN-me-LIVES-ON-RENEWED tokens-refresh-ends-the-old+\n",
		"faults: 2, killed 2, killed only by others 0, survived 0; without a fault: conformant;", "requirements of level MUST or SHOULD\n",
	} {
		if o.code != 0 || !strings.Contains(o.stdout, want) {
			t.Errorf("exit code %d, no %q in\n%s%s", o.code, want, o.stdout, o.stderr)
		}
	}
}

// A contract with an overlay is played over TLS by two instances, judged as it then is, and proven under the names of a team's catalogue.
func TestContractIsPlayedAsItsOverlayHasIt(t *testing.T) {
	t.Parallel()
	turnstile := inHouse(t, "suites/brought/testdata/turnstile.yaml")
	lives := wrote(t, "lives.yaml", "overlay: 1.0.0\ninfo: {title: The old pass lives on, version: '1'}\nactions:\n"+
		"  - target: $.paths['/gate'].get.responses['200']['x-reissues']\n    update: {rotates: false}\n")
	o := within(t, `command=$1; shift
		"$command" serve "$@" --tls --instances 2 --token-lifetime 3s --target-file play.yaml >url & until [ -s play.yaml ]; do kill -0 $! || exit 2; sleep 0.1; done
		grep -c '"https://' play.yaml; "$command" run "$@" --target-file play.yaml --label-filter '!sweep && !expiry'; code=$?; kill $!; wait $!; exit $code`,
		nil, "--contract", turnstile, "--overlay", lives)
	if o.code != 0 || !strings.HasPrefix(o.stdout, "3\n") || !strings.Contains(o.stdout, "turnstile: CONFORMANT") {
		t.Errorf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	team := wrote(t, "team.yaml", `system: turnstile
title: Turnstile
prefix: TST
profiles: [{id: turnstile, title: Turnstile, document: The keeper's book, terms: {}}]
subjects: {gate: The gate}
requirements:
  - {id: TST-GTE-01, subject: gate, level: MUST, statement: A pass may be shown twice., source: page 3, generated: [GEN-pass-LIVES-ON-REISSUED]}
`)
	o = conform(t, nil, "prove", "--contract", turnstile, "--overlay", lives, "--catalogue", team, "--only", "pass-ends-what-it-took")
	for _, want := range []string{"TST-GTE-01   pass-ends-what-it-took+\n", "faults: 1, killed 1, killed only by others 0, survived 0; without a fault: conformant;"} {
		if o.code != 0 || !strings.Contains(o.stdout, want) {
			t.Errorf("exit code %d, no %q in\n%s%s", o.code, want, o.stdout, o.stderr)
		}
	}
}

// Whatever reads a contract says in one line what is wrong with it, where and what to do, and ends with 2.
func TestContractsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(inHouse(t, "suites/brought/testdata/turnstile.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	changed := func(name, old, with string) string {
		if !strings.Contains(string(text), old) {
			t.Fatalf("the contract has no %q", old)
		}
		return wrote(t, name, strings.Replace(string(text), old, with, 1))
	}
	for want, file := range map[string]string{
		"(none.yaml:1): no OpenAPI document: it has no member openapi; give the file that begins with ": wrote(t, "none.yaml", "hello: world\n"),
		"(swagger.json:2): an OpenAPI 2 (Swagger) document, and 3.0 or 3.1 is needed; convert it, ":     wrote(t, "swagger.json", "{\n  \"swagger\": \"2.0\"\n}\n"),
		"(life.yaml:43): leave: x-ends: siblings are spared and reached; take them out of one ":         changed("life.yaml", "spares: [siblings]", "spares: [siblings], reaches: [siblings]"),
		"(use.yaml:38): pass: x-reissues: a value is needed: ":                                          changed("use.yaml", "x-reissues: {value: '$response.body#/pass', ", "x-reissues: {"),
		"(network.yaml:30): a reference leads to the network, which is not asked; save ":                changed("network.yaml", "{description: Not with that name and word.}", "{$ref: 'https://example.com/a.yaml'}"),
		"a reference that leads to nothing, or round in a circle; mend ":                                changed("circle.yaml", "{type: string, x-account: username}", "{$ref: '#/paths/~1passes/post/requestBody/content/application~1json/schema/properties/name'}"),
	} {
		for _, command := range [][]string{{"run", "--dry-run"}, {"serve"}} {
			o := conform(t, nil, append(command, "--contract", file)...)
			if o.code != 2 || !strings.Contains(o.stderr, want) || strings.Count(o.stderr, "\n") != 1 {
				t.Errorf("%v %s: exit code %d, no %q in %s", command, filepath.Base(file), o.code, want, o.stderr)
			}
		}
	}
}

// describeBuiltIn is a description of a target that is judged by a profile which is built in.
func describeBuiltIn(t *testing.T) string {
	t.Helper()
	return describe(t, serve(t, reference.Options{Profile: "bluecat-9.5"}))
}
