package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "example.org/conform"

// listed is what the tests need of `go list`.
type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func goList(t *testing.T, args ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Deps"}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// room is the top-level folder of one of our packages.
func room(importPath string) string {
	inner, ok := strings.CutPrefix(importPath, module+"/")
	if !ok {
		return ""
	}
	first, _, _ := strings.Cut(inner, "/")
	return first
}

// The directions of imports: nothing lower knows anything higher.
func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	allowed := map[string]func(imported string) bool{
		"openapi": func(p string) bool { return room(p) == "openapi" }, // its own rooms within the room
		"specs":   func(string) bool { return false },
		"harness": func(p string) bool { return slices.Contains([]string{"openapi", "specs", "harness"}, room(p)) },
		"suites": func(p string) bool {
			return slices.Contains([]string{"openapi", "specs", "harness", "suites"}, room(p))
		},
		"reports": func(p string) bool {
			return p == module+"/harness/verdict" || p == module+"/harness/evidence" || room(p) == "reports"
		},
		"cmd": func(string) bool { return true },
	}
	packages := goList(t, "./...")
	if len(packages) < 10 {
		t.Fatalf("only %d packages found", len(packages))
	}
	for _, p := range packages {
		rule, ok := allowed[room(p.ImportPath)]
		if !ok {
			t.Errorf("%s is in no room of the house", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if room(imported) != "" && !rule(imported) {
				t.Errorf("%s must not import %s", p.ImportPath, imported)
			}
		}
	}
}

// The reference servers are a second reading of the documents: a slip in a contract must not hide in them. The faults and the judge of
// clients may know the contracts: they break a server, and watch it, from outside, and are put on it by what starts one.
func TestReferenceServersReadNoContract(t *testing.T) {
	t.Parallel()
	const starter = module + "/harness/reference"
	imports := map[string][]string{}
	for _, p := range goList(t, "./...") {
		imports[p.ImportPath] = p.Imports
	}
	for _, p := range goList(t, "./harness/reference/...") {
		if p.ImportPath != starter && slices.Contains(p.Deps, module+"/openapi") {
			t.Errorf("%s knows the contracts", p.ImportPath)
		}
	}
	seen := map[string]bool{}
	var reach func(path string)
	reach = func(path string) {
		if seen[path] || strings.HasPrefix(path, module+"/harness/fault") || path == module+"/harness/judge" {
			return
		}
		seen[path] = true
		for _, imported := range imports[path] {
			reach(imported)
		}
	}
	if reach(starter); seen[module+"/openapi"] {
		t.Errorf("%s knows the contracts, and not by the faults and the judge alone", starter)
	}
}

// The command links nothing that only the container checks and other tests need, and no test framework but Ginkgo and
// Gomega.
func TestCommandLinksNoContainers(t *testing.T) {
	t.Parallel()
	for _, p := range goList(t, "./cmd/conform") {
		for _, dep := range p.Deps {
			for _, unwanted := range []string{"testcontainers", "github.com/docker", "github.com/moby", "chromedp", module + "/harness/testkit"} {
				if strings.Contains(dep, unwanted) {
					t.Errorf("the command links %s", dep)
				}
			}
		}
	}
}
