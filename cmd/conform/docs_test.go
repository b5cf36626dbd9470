package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
)

// untried are the commands of README.md and CONTRIBUTING.md that the test below does not run, with the reason.
var untried = map[string]string{
	"make conform": buildsAll, "make test": buildsAll, "make test-fast": buildsAll, "make build lint test prove": buildsAll, "make bench": buildsAll,
	"make build lint": buildsAll, "make build": buildsAll, "make stability": buildsAll, "make fuzz": buildsAll, ".ci/run": buildsAll, "make release": buildsAll,
	"make real":                            fetches,
	"make image":                           "it needs a container engine; harness/container builds the image where there is one",
	"mkdir -p reports":                     "it is for the container",
	"docker run --rm --user":               "it needs a container engine",
	"apt-get update && apt-get install -y": "it changes the machine",
	"curl -fsSL":                           fetches,
	"export CONFORM_USERNAME=svc@example.com CONFORM_PASSWORD=…":                 anybody,
	"make conform TARGET=https://host.example.com/restApi PROFILE=adaxes-2025.1": anybody,
	"make conform TARGET_FILE=target.yaml":                                       buildsAll,
	"GATE_TARGET=https://host.example.com/restApi":                               anybody + "; gate_test.go runs the gate",
	"bin/conform serve --profile adaxes-2025.1 --fault NAME":                     placeholder,
	"bin/conform serve --profile adaxes-2025.1 --variant NAME":                   placeholder,
	"bin/conform serve --profile adaxes-2025.1 --hostile KIND":                   placeholder,
	"CONFORM_PASSWORD=secret bin/conform serve":                                  fixedPort,
	"curl -s http://127.0.0.1:8080":                                              fixedPort,
	"export CONFORM_PASSWORD=Open-42-sesame":                                     pouch,
	"dir=$(mktemp -d)":                                                           pouch,
	"npm install":                                                                pouch,
	`echo '{"couch_httpd_auth"`:                                                  pouch,
	`(cd "$dir"`:                                                                 pouch,
	`until curl -fs "$CONFORM_URL/"`:                                             pouch,
	`curl -fsS -X PUT`:                                                           pouch,
	"bin/conform run openapi/examples/pouchdb-server":                            pouch,
	`kill %1; wait; rm -r "$dir"`:                                                pouch,
	"bin/conform run --contract api.yaml --overlay life.yaml":                    "a draft has to be read by somebody first; contractdraft_test.go judges by one",
	"bin/conform run --target-file target.yaml --contract api.yaml":              "the target is another system's here; the next block judges by --contract",
	"bin/conform prove --contract api.yaml":                                      "it takes minutes; the tests of suites/proof prove a contract",
	"bin/conform run target.yaml --again reports/run/report.json":                "it takes what an earlier command of the reader's left; again_test.go runs it",
	"bin/conform diff reports/2025.1/report.json reports/2025.2":                 "it takes reports of two releases; diff_test.go runs it",
	"bin/conform serve --profile adaxes-2025.1 --target-file play.yaml --judge":  "it waits for a client; client_test.go judges some",
	"bin/conform merge a/report.json b/report.json c/report.json":                "it takes three reports; merge_test.go runs it",
}

const (
	buildsAll   = "it builds or tests everything, and is what runs this test"
	fetches     = "it fetches something"
	anybody     = "it is about a server that is not there"
	placeholder = "it has a word to be replaced, and serves until it is ended; serve_test.go runs it"
	fixedPort   = "its port may be taken"
	pouch       = "it installs a server; make real does the same"
)

// endsWith are the commands that end with something else than 0.
var endsWith = map[string]int{
	"bin/conform compat": 1, // a server keeps one profile of the two
}

var block = regexp.MustCompile("(?ms)^ *```sh\n(.*?)^ *```$")

// What the documents say to type works as it stands, block by block, in a folder that has what they speak of: a target file, a contract.
func TestTheCommandsOfTheDocuments(t *testing.T) {
	t.Parallel()
	binary, used := conformBinary(t), map[string]bool{}
	for _, name := range []string{"README.md", "CONTRIBUTING.md"} {
		text := read(t, filepath.Join(repository(t), name))
		for _, found := range block.FindAllStringSubmatchIndex(text, -1) {
			script, commands := tried(text[found[2]:found[3]], used)
			if len(commands) == 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s line %d", name, 1+strings.Count(text[:found[2]], "\n")), func(t *testing.T) {
				t.Parallel()
				runBlock(t, binary, script, commands)
			})
		}
	}
	for command := range untried {
		if !used[command] {
			t.Errorf("no document has %q any more", command)
		}
	}
}

// tried are the commands of a block that are to be run, and a script of them that says after each what it ended with.
func tried(text string, used map[string]bool) (script string, commands []string) {
	text = strings.ReplaceAll(text, "\\\n", "")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		left := line == ""
		for command := range untried {
			if rest, is := strings.CutPrefix(line, command); is && (rest == "" || strings.HasPrefix(rest, "  ") || !strings.HasPrefix(command, "make ")) {
				used[command], left = true, true
			}
		}
		if !left {
			script += line + "\necho $? >&3\n"
			commands = append(commands, line)
		}
	}
	return script, commands
}

func runBlock(t *testing.T, binary, script string, commands []string) {
	dir := t.TempDir()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1", Lifetimes: reference.ShortLifetimes()})
	description, err := server.Target().MarshalFile()
	if err != nil {
		t.Fatal(err)
	}
	contract := read(t, filepath.Join(repository(t), "suites/examples/door/door-1.yaml"))
	if strings.Contains(script, "contract draft") { // of a document as it was downloaded
		contract = conform(t, nil, "contract", "aria-operations-8", "--plain").stdout
	}
	if err := errors.Join(
		os.MkdirAll(filepath.Join(dir, "bin"), 0o755), os.MkdirAll(filepath.Join(dir, "specs"), 0o755), os.Symlink(binary, filepath.Join(dir, "bin/conform")),
		os.WriteFile(filepath.Join(dir, "target.yaml"), description, 0o600), os.WriteFile(filepath.Join(dir, "api.yaml"), []byte(contract), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	codes, err := os.Create(filepath.Join(dir, "codes"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = codes.Close() }()
	// With job control, as in a shell that somebody types into; what still serves is ended with the shell.
	cmd := exec.CommandContext(t.Context(), "bash", "-c", "set -m\n"+script+"kill $(jobs -p) 2>/dev/null; wait; true")
	cmd.Dir, cmd.ExtraFiles = dir, []*os.File{codes}
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "CONFORM_USERNAME=svc@example.com", "CONFORM_PASSWORD=secret"}
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		t.Errorf("the shell: %v\n%s", err, &output)
	}
	ended := strings.Fields(read(t, codes.Name()))
	if len(ended) != len(commands) {
		t.Fatalf("%d of %d commands ended:\n%s", len(ended), len(commands), &output)
	}
	for i, command := range commands {
		want := 0
		for start, code := range endsWith {
			if strings.HasPrefix(command, start) {
				want = code
			}
		}
		if ended[i] != strconv.Itoa(want) {
			t.Errorf("%s\nended with %s, want %d:\n%.2000s", command, ended[i], want, &output)
		}
	}
}
