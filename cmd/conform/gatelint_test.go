package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// actionlint lints a workflow in a repository that holds our action, and returns what it found.
func actionlint(t *testing.T, workflow string) string {
	t.Helper()
	find := exec.CommandContext(t.Context(), "go", "tool", "-n", "actionlint")
	find.Dir = repository(t)
	tool, err := find.Output()
	if err != nil {
		t.Fatalf("finding actionlint: %v", err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, ".github", "workflows", "conform.yml")
	for _, made := range []string{filepath.Dir(file), filepath.Join(folder, ".git")} {
		if err := os.MkdirAll(made, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range map[string]string{
		file: workflow, filepath.Join(folder, "action.yml"): read(t, filepath.Join(repository(t), "action.yml")),
	} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lint := exec.CommandContext(t.Context(), strings.TrimSpace(string(tool)), "-no-color", file)
	lint.Dir = folder
	output, err := lint.CombinedOutput()
	if err != nil && len(output) == 0 {
		t.Fatal(err)
	}
	return string(output)
}

// localWorkflow is the example for GitHub, with the action of this repository in the place of a released one.
func localWorkflow(t *testing.T) string {
	t.Helper()
	const released = "uses: example/conform@v1"
	workflow := read(t, filepath.Join(repository(t), ".ci", "gate", "github.yml"))
	if !strings.Contains(workflow, released) {
		t.Fatalf("the example does not say %q", released)
	}
	return strings.Replace(workflow, released, "uses: ./", 1)
}

func TestWorkflowPassesItsLinter(t *testing.T) {
	t.Parallel()
	workflow := localWorkflow(t)
	if found := actionlint(t, workflow); found != "" {
		t.Error(found)
	}
	for right, wrong := range map[string]string{"target": "taget", "verdict": "verdit"} {
		misspelt := strings.NewReplacer(" "+right+":", " "+wrong+":", "outputs."+right, "outputs."+wrong).Replace(workflow)
		if found := actionlint(t, misspelt); !strings.Contains(found, wrong) {
			t.Errorf("the linter does not see %q: %s", wrong, found)
		}
	}
}

// TestReadmeShowsTheWorkflow keeps the block that people copy the one that is linted.
func TestReadmeShowsTheWorkflow(t *testing.T) {
	t.Parallel()
	_, workflow, _ := strings.Cut(read(t, filepath.Join(repository(t), ".ci", "gate", "github.yml")), "\n")
	if !strings.Contains(read(t, filepath.Join(repository(t), "README.md")), "```yaml\n"+workflow+"```") {
		t.Error("the workflow in README.md is not that of .ci/gate/github.yml")
	}
}

func TestShellPassesItsLinter(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("shellcheck")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("CI must have shellcheck: apt-get install shellcheck")
		}
		t.Skip("shellcheck is missing: apt-get install shellcheck")
	}
	for _, script := range []string{"gate/gate", "image", "run"} {
		file := filepath.Join(repository(t), ".ci", script)
		if output, err := exec.CommandContext(t.Context(), tool, file).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, output)
		}
	}
}
