package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bearerFile is a document as its vendor has it, which says nothing of lives.
func bearerFile(t *testing.T) string {
	t.Helper()
	file, err := filepath.Abs("../../openapi/draft/testdata/bearer.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// wrote writes a file of a test and returns its name.
func wrote(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A document as its vendor has it, drafted, and looked at with its draft: usable. Without the draft it is not.
func TestDraftMakesAContract(t *testing.T) {
	t.Parallel()
	bearer := bearerFile(t)
	draft := conform(t, nil, "contract", "draft", bearer)
	if draft.code != 0 || !strings.Contains(draft.stdout, "\noverlay: \"1.0.0\"\n") || !strings.Contains(draft.stdout, "\n  # Question: ") {
		t.Fatalf("%d %s%s", draft.code, draft.stdout, draft.stderr)
	}
	life := wrote(t, "life.yaml", draft.stdout)
	if o := conform(t, nil, "contract", "lint", bearer); o.code != 1 || !strings.Contains(o.stdout, bearer+":6: error: no login: ") ||
		!strings.HasSuffix(o.stdout, ": not usable: 1 error, no warnings\n") || o.stderr != "" {
		t.Errorf("%d %s%s", o.code, o.stdout, o.stderr)
	}
	o := conform(t, nil, "contract", "lint", bearer, "--overlay", life)
	if o.code != 0 || !strings.Contains(o.stdout, "  POST /auth/login (login)\n    - a good answer is as described ") || !strings.Contains(o.stdout, bearer+": usable, with ") {
		t.Errorf("%d %s%s", o.code, o.stdout, o.stderr)
	}
	// What an overlay says is told with its own line.
	worse := wrote(t, "worse.yaml", "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n  - target: $.paths['/auth/logout'].post['x-ends']\n    update:\n      sort: a\n")
	if o := conform(t, nil, "contract", "lint", bearer, "--overlay", life, "--overlay", worse); o.code != 1 || !strings.Contains(o.stdout, worse+":6: error: x-ends has no such member; ") {
		t.Errorf("%d %s%s", o.code, o.stdout, o.stderr)
	}
	// What they make together can be printed, and is no other contract.
	merged := conform(t, nil, "contract", bearer, "--overlay", life)
	whole := wrote(t, "whole.yaml", merged.stdout)
	if again := conform(t, nil, "contract", "lint", whole); merged.code != 0 || again.code != 0 || strings.ReplaceAll(again.stdout, whole, "") != strings.ReplaceAll(o.stdout, bearer, "") {
		t.Errorf("%d %s\n%d %s", merged.code, merged.stderr, again.code, again.stdout)
	}
	if o := conform(t, nil, "contract", bearer, "--overlay", life, "--plain", "--json"); o.code != 0 || strings.Contains(o.stdout, "\"x-") || !strings.HasPrefix(o.stdout, "{\n  \"openapi\": ") {
		t.Errorf("%d %s%s", o.code, o.stdout, o.stderr)
	}
}

// A run judges by a document and its overlays, and names their lines. What its reader of contracts refuses, lint refuses too.
func TestARunTakesOverlays(t *testing.T) {
	t.Parallel()
	bearer := bearerFile(t)
	life := wrote(t, "life.yaml", conform(t, nil, "contract", "draft", bearer).stdout)
	o := conform(t, nil, "run", "--contract", bearer, "--overlay", life, "--dry-run")
	if o.code != 0 || !strings.Contains(o.stdout, "bearer/GEN-login-REJECTED-WRONG-PASSWORD/wrong-password") || !strings.Contains(o.stdout, "POST /auth/logout") {
		t.Errorf("%d %.2000s%s", o.code, o.stdout, o.stderr)
	}
	explained := conform(t, nil, "explain", "GEN-getMe-REJECTED-ENDED", "--contract", bearer, "--overlay", life)
	if explained.code != 0 || !strings.Contains(explained.stdout, "bearer.yaml:") {
		t.Errorf("%d %s%s", explained.code, explained.stdout, explained.stderr)
	}
	worse := wrote(t, "worse.yaml", "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n  - target: $.paths['/users/me'].get\n    update:\n      x-works: {statuses: [99]}\n")
	if o := conform(t, nil, "run", "--contract", bearer, "--overlay", life, "--overlay", worse, "--dry-run"); o.code != 2 || !strings.Contains(o.stderr, "("+worse+":6): getMe: x-works: ") {
		t.Errorf("%d %s", o.code, o.stderr)
	}
	if o := conform(t, nil, "contract", "lint", bearer, "--overlay", life, "--overlay", worse); o.code != 1 || !strings.Contains(o.stdout, "a run would not read it: ") || !strings.Contains(o.stdout, worse+":6") {
		t.Errorf("%d %s", o.code, o.stdout)
	}
	if o := conform(t, nil, "run", "--overlay", life); o.code != 2 || o.stderr != "conform: --overlay is for --contract; give the contract too\n" {
		t.Errorf("%d %s", o.code, o.stderr)
	}
}

// A profile's contract takes overlays too.
func TestContractOfAProfileWithAnOverlay(t *testing.T) {
	t.Parallel()
	life := wrote(t, "life.yaml", "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n  - {target: $.info, update: {title: Another}}\n")
	o := conform(t, nil, "contract", "bluecat-9.5", "--overlay", life)
	if plain := conform(t, nil, "contract", "bluecat-9.5"); o.code != 0 || !strings.Contains(o.stdout, "\n  title: Another\n") || strings.Count(o.stdout, "\n") != strings.Count(plain.stdout, "\n") {
		t.Errorf("%d %.300s%s", o.code, o.stdout, o.stderr)
	}
}

// What cannot be used is told in one line, with file, line and remedy, and ends with 2.
func TestWrongDocumentsAndOverlays(t *testing.T) {
	t.Parallel()
	bearer := bearerFile(t)
	swagger := wrote(t, "swagger.json", "{\n  \"swagger\": \"2.0\"\n}\n")
	network := wrote(t, "network.yaml", "openapi: 3.1.0\npaths:\n  /a: {$ref: 'https://example.com/a.yaml'}\n")
	circle := wrote(t, "circle.yaml", "openapi: 3.1.0\npaths:\n  /a: {$ref: '#/paths/~1a'}\n")
	none := wrote(t, "none.yaml", "hunter2: [")
	nowhere := wrote(t, "nowhere.yaml", "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n  - {target: $.hunter2, remove: true}\n")
	for _, c := range []struct {
		want      string
		arguments []string
	}{
		{swagger + ":2: an OpenAPI 2 (Swagger) document, and 3.0 or 3.1 is needed; convert it, ", []string{"draft", swagger}},
		{swagger + ":2: an OpenAPI 2 (Swagger) document, ", []string{"lint", swagger}},
		{network + ":3: a reference leads to the network, which is not asked; ", []string{"draft", network}},
		{circle + ":3: a reference that leads round in a circle, ", []string{"lint", circle}},
		{none + ":1: not readable as YAML or JSON; ", []string{"lint", none}},
		{nowhere + ":4: the target matches nothing in " + bearer + "; ", []string{"lint", bearer, "--overlay", nowhere}},
		{nowhere + ":4: the target matches nothing in " + bearer + "; ", []string{bearer, "--overlay", nowhere}},
		{nowhere + ":1: an overlay, and the document that it changes is wanted; ", []string{"lint", nowhere}},
		{bearer + ":2: this is an OpenAPI document, and an overlay is wanted; ", []string{"lint", bearer, "--overlay", bearer}},
		{nowhere + "x: no such file or directory; check the path", []string{"draft", nowhere + "x"}},
		{"0 arguments, and draft takes 1: conform draft API", []string{"draft"}},
	} {
		o := conform(t, nil, append([]string{"contract"}, c.arguments...)...)
		if o.code != 2 || !strings.HasPrefix(o.stderr, "conform: "+c.want) || strings.Count(o.stderr, "\n") != 1 || o.stdout != "" || strings.Contains(o.stderr, "hunter2") {
			t.Errorf("%v: %d %s%s", c.arguments, o.code, o.stdout, o.stderr)
		}
	}
}
