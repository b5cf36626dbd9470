package main

import (
	"archive/zip"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A tagged version is a tool of other modules, and used by their programs, as any is: from a proxy, which here is a folder. Files that are not
// in the repository break it for others alone, and nobody here would see it. Like this module they exclude a version that a dependency asks
// for and not every proxy serves, for which go install, which knows no module around it, refuses this one.
func TestATaggedVersionIsAToolAndALibrary(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: the command is built once more, as others build it")
	}
	const tag = "v0.9.1"
	cache := run(t, ".", nil, "go", "env", "GOMODCACHE")
	proxy, dir := t.TempDir(), t.TempDir()
	publish(t, filepath.Join(proxy, module, "@v"), tag)
	env := []string{
		"GOPROXY=file://" + proxy + ",file://" + filepath.Join(cache, "cache/download") + "," + run(t, ".", nil, "go", "env", "GOPROXY"), "GOSUMDB=off", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0",
		// The module goes into a cache of the test's own, which is removed with it. Without paths in it, what others need is not built again,
		// and what is built here need not be fast.
		"GOMODCACHE=" + filepath.Join(dir, "modules"),
		"GOFLAGS=-mod=mod -modcacherw -trimpath -buildvcs=false '-gcflags=" + module + "/...=-N -l'",
	}
	own, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, excluded, _ := strings.Cut(string(own), "\nexclude ")
	client := filepath.Join(dir, "client")
	for name, text := range map[string]string{
		"go.mod": "module example.com/client\n\ngo 1.26.0\n\nexclude " + excluded,
		"client_test.go": `package client

import (
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/suites"
)

func TestConformance(t *testing.T) {
	suites.Run(t, reference.Start(t, "aria-operations-8").Target(), suites.LabelFilter("ARO-TOK-02"))
}
`,
	} {
		if err := os.MkdirAll(client, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(client, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run(t, client, env, "go", "get", "-tool", module+"/cmd/conform@"+tag)
	if said := run(t, client, env, "go", "tool", "conform", "version"); !strings.HasPrefix(said, "conform "+tag+" ") {
		t.Errorf("it calls itself %s", said)
	}
	run(t, client, env, "go", "get", "-t", module+"@"+tag)
	if said := run(t, client, env, "go", "test", "-vet=off", "-v", "."); !strings.Contains(said, "--- PASS: TestConformance/") {
		t.Errorf("no check passed:\n%s", said)
	}
}

// publish lays a version of this module into a proxy's folder, with the files that Git knows, or would.
func publish(t *testing.T, folder, tag string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	info, err := json.Marshal(map[string]any{"Version": tag, "Time": time.Unix(0, 0).UTC()})
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"list": []byte(tag + "\n"), tag + ".info": info, tag + ".mod": mod} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Create(filepath.Join(folder, tag+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	w := zip.NewWriter(file)
	for _, name := range strings.Split(strings.Trim(run(t, "../..", nil, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), "\x00"), "\x00") {
		data, err := os.ReadFile(filepath.Join("../..", name))
		if os.IsNotExist(err) { // removed, and not yet from Git
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		entry, err := w.Create(module + "@" + tag + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// run runs a program in a folder and returns what it printed.
func run(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, output)
	}
	return strings.TrimSpace(string(output))
}
