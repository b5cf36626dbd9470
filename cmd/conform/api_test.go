package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var updateAPI = flag.Bool("update-api", false, "write testdata/api.txt anew")

// public are the packages that programs of others may import. What they export is kept; the rest is the suite's own.
var public = []string{"harness/evidence", "harness/reference", "harness/target", "harness/verdict", "suites"}

// What is public is in one file, an identifier a line, so that whoever changes it sees it, and whoever reviews the change.
func TestPublicAPI(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, folder := range public {
		lines = append(lines, surface(t, folder)...)
	}
	got := strings.Join(lines, "\n") + "\n"
	const golden = "testdata/api.txt"
	if *updateAPI {
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Split(strings.TrimSpace(string(want)), "\n")
	for _, line := range known {
		if !slices.Contains(lines, line) {
			t.Errorf("gone, and programs of others may use it: %s", line)
		}
	}
	for _, line := range lines {
		if !slices.Contains(known, line) {
			t.Errorf("new, and to be kept from now on: %s", line)
		}
	}
	if t.Failed() {
		t.Log("where that is meant: go test ./cmd/conform -run TestPublicAPI -update-api, and a line in CHANGELOG.md")
	}
}

// README.md names the same packages.
func TestPublicPackagesAreNamed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, found := bytes.Cut(text, []byte("\n## In Go tests\n"))
	text, _, _ = bytes.Cut(text, []byte("\n## "))
	if !found {
		t.Fatal("README.md has no section about Go tests")
	}
	for _, folder := range public {
		if !bytes.Contains(text, []byte("/"+folder+"`")) {
			t.Errorf("README.md does not say that %s is public", folder)
		}
	}
}

// surface is what a package exports, an identifier a line, in the order of their names.
func surface(t *testing.T, folder string) (lines []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("../..", folder, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no sources in %s: %v", folder, err)
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	p, err := doc.NewFromFiles(set, files, module+"/"+folder)
	if err != nil {
		t.Fatal(err)
	}
	add := func(format string, args ...any) { lines = append(lines, folder+" "+fmt.Sprintf(format, args...)) }
	spelt := func(node any) string {
		var text bytes.Buffer
		if err := printer.Fprint(&text, set, node); err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(text.String()), " ")
	}
	function := func(f *doc.Func) {
		declared := *f.Decl
		declared.Body, declared.Doc = nil, nil
		add("%s", spelt(&declared))
	}
	values := func(kind string, all []*doc.Value) {
		for _, v := range all {
			for _, spec := range v.Decl.Specs {
				value := spec.(*ast.ValueSpec)
				for i, name := range value.Names {
					if name.IsExported() {
						what := ""
						if value.Type != nil {
							what = " " + spelt(value.Type)
						}
						if kind == "const" && i < len(value.Values) {
							what += " = " + spelt(value.Values[i])
						}
						add("%s %s%s", kind, name.Name, what)
					}
				}
			}
		}
	}
	values("const", p.Consts)
	values("var", p.Vars)
	for _, f := range p.Funcs {
		function(f)
	}
	for _, kind := range p.Types {
		values("const", kind.Consts)
		values("var", kind.Vars)
		for _, f := range append(kind.Funcs, kind.Methods...) {
			function(f)
		}
		for _, spec := range kind.Decl.Specs {
			members(add, spelt, spec.(*ast.TypeSpec))
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return cmp.Compare(a, b) })
	return lines
}

// members adds a type, and what it has that others can name.
func members(add func(string, ...any), spelt func(any) string, declared *ast.TypeSpec) {
	name := declared.Name.Name
	var fields *ast.FieldList
	kind := ""
	switch of := declared.Type.(type) {
	case *ast.StructType:
		kind, fields = "struct", of.Fields
	case *ast.InterfaceType:
		kind, fields = "interface", of.Methods
	default:
		if declared.Assign.IsValid() {
			kind = "= "
		}
		add("type %s %s%s", name, kind, spelt(declared.Type))
		return
	}
	add("type %s %s", name, kind)
	for _, f := range fields.List {
		tag := ""
		if f.Tag != nil {
			tag = " " + f.Tag.Value
		}
		if len(f.Names) == 0 {
			add("type %s has %s%s", name, spelt(f.Type), tag)
		}
		for _, field := range f.Names {
			if field.IsExported() {
				add("type %s has %s %s%s", name, field.Name, spelt(f.Type), tag)
			}
		}
	}
}
