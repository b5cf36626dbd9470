package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/conform/openapi"
)

// The tools of others that read OpenAPI, at the releases that were tried.
const (
	oapiCodegen       = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2"
	redocly           = "@redocly/cli@2.0.0"
	spectral          = "@stoplight/spectral-cli@6.16.3"
	openapiTypescript = "openapi-typescript@7.13.0"
)

// The command prints a document in one piece, in both forms, and refuses what it does not know in one line.
func TestContractIsPrinted(t *testing.T) {
	t.Parallel()
	for _, arguments := range [][]string{{"bluecat-9.5"}, {"bluecat-9.5", "--yaml", "--plain"}} {
		if o := conform(t, nil, append([]string{"contract"}, arguments...)...); o.code != 0 || !strings.HasPrefix(o.stdout, "openapi: \"3.1.0\"\n") {
			t.Errorf("%v: %d %.60s%s", arguments, o.code, o.stdout, o.stderr)
		}
	}
	if o := conform(t, nil, "contract", "bluecat-9.5", "--json"); o.code != 0 || !strings.HasPrefix(o.stdout, "{\n  \"openapi\": \"3.1.0\",\n") {
		t.Errorf("JSON: %d %.60s%s", o.code, o.stdout, o.stderr)
	}
	for want, arguments := range map[string][]string{
		`conform: PROFILE "adaxes": give one of adaxes-2023.2`: {"adaxes"},
		"conform: 0 arguments, and contract takes 1":           {},
		"conform: --json and --yaml are both given":            {"bluecat-9.5", "--json", "--yaml"},
	} {
		if o := conform(t, nil, append([]string{"contract"}, arguments...)...); o.code != 2 || !strings.HasPrefix(o.stderr, want) || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%v: %d %s", arguments, o.code, o.stderr)
		}
	}
}

// tool runs a tool of others in a folder. It is fetched first, for at most half a minute: where that cannot be done, as without a
// network, the test is skipped with what the fetching said, unless it must be had.
func tool(t *testing.T, folder string, must bool, fetch []string, runs ...[]string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if must {
		ctx = t.Context()
	}
	missing := func(err error, said string) {
		if must {
			t.Fatalf("%s: %v %s", fetch, err, said)
		}
		t.Skipf("%s cannot be had: %v %.300s", strings.Join(fetch, " "), err, said)
	}
	if _, err := exec.LookPath(fetch[0]); err != nil {
		missing(err, "")
	}
	for i, arguments := range append([][]string{fetch}, runs...) {
		if i > 0 {
			ctx = t.Context()
		}
		cmd := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
		cmd.Dir, cmd.WaitDelay = folder, time.Second
		said, err := cmd.CombinedOutput()
		switch {
		case err != nil && i == 0:
			missing(err, string(said))
		case err != nil:
			t.Errorf("%s: %v\n%.6000s", strings.Join(arguments, " "), err, said)
		}
	}
}

// Linters find no error in the plain contracts, and generators of clients make code of them.
func TestOthersUnderstandTheContracts(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var files []string
	for _, profile := range openapi.Profiles() {
		o := conform(t, nil, "contract", profile, "--plain")
		if o.code != 0 {
			t.Fatal(o.stderr)
		}
		files = append(files, profile+".yaml")
		if err := os.WriteFile(filepath.Join(folder, profile+".yaml"), []byte(o.stdout), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, ".spectral.yaml"), []byte("extends: ['spectral:oas']\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	npx := func(arguments ...string) []string { return append([]string{"npx", "--yes"}, arguments...) }
	// One after the other: they are heavy.
	t.Run("oapi-codegen", func(t *testing.T) {
		var runs [][]string
		for _, file := range files {
			runs = append(runs, []string{"go", "run", oapiCodegen, "-package", "api", "-generate", "types,client", "-o", file + ".go", file})
		}
		tool(t, folder, os.Getenv("CI") == "true", []string{"go", "run", oapiCodegen, "-version"}, runs...)
	})
	t.Run("redocly", func(t *testing.T) {
		tool(t, folder, false, npx(redocly, "--version"), npx(append([]string{redocly, "lint", "--extends=recommended"}, files...)...))
	})
	t.Run("spectral", func(t *testing.T) {
		tool(t, folder, false, npx(spectral, "--version"), npx(append([]string{spectral, "lint", "--fail-severity=error"}, files...)...))
	})
	t.Run("openapi-typescript", func(t *testing.T) {
		var runs [][]string
		for _, file := range files {
			runs = append(runs, npx(openapiTypescript, file, "-o", file+".ts"))
		}
		tool(t, folder, false, npx(openapiTypescript, "--version"), runs...)
	})
}
