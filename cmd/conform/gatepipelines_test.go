package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"example.org/conform/harness/reference"
	"example.org/conform/reports"
	"example.org/conform/specs"
)

// gateRepository is a repository of the gate alone, for pipelines that clone it.
func gateRepository(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	script := filepath.Join(folder, ".ci", "gate", "gate")
	content := read(t, filepath.Join(repository(t), ".ci", "gate", "gate"))
	if err := errors.Join(os.MkdirAll(filepath.Dir(script), 0o755), os.WriteFile(script, []byte(content), 0o755)); err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{
		{"init", "--quiet", "--initial-branch", "main"}, {"add", "."},
		{"-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message", "gate"},
	} {
		cmd := exec.CommandContext(t.Context(), "git", arguments...)
		cmd.Dir = folder
		if output, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v: %s", arguments[0], err, output)
		}
	}
	return "file://" + folder
}

// verdicts runs a pipeline against a good, a broken and an absent server.
func verdicts(t *testing.T, run func(job) ended) {
	t.Helper()
	gone := serve(t, reference.Options{Profile: gateProfile})
	gone.Close()
	for code, s := range map[int]*reference.Server{
		0: serve(t, reference.Options{Profile: gateProfile}),
		1: serve(t, reference.Options{Profile: gateProfile, Fault: faultOf(t, specs.Must)}),
		3: gone,
	} {
		j := newJob(t, s)
		e := run(j)
		if e.code != code {
			t.Errorf("exit code %d, want %d: %s%s", e.code, code, e.stdout, e.stderr)
		}
		for _, artefact := range []string{reports.JSONFile, "junit.xml"} {
			if read(t, filepath.Join(e.out, artefact)) == "" {
				t.Errorf("exit code %d, and no %s is kept", e.code, artefact)
			}
		}
		if strings.Contains(e.stdout+e.stderr, j.inputs["password"]) {
			t.Error("the password was printed")
		}
	}
}

func TestGateOnGitLab(t *testing.T) {
	t.Parallel()
	header, body, found := strings.Cut(read(t, filepath.Join(repository(t), ".ci", "gate", "gitlab.yml")), "\n---\n")
	if !found {
		t.Fatal("an include with inputs has two documents")
	}
	var declared struct {
		Spec struct {
			Inputs map[string]struct{ Default, Description string }
		}
	}
	if err := yaml.Unmarshal([]byte(header), &declared); err != nil {
		t.Fatal(err)
	}
	from := gateRepository(t)
	verdicts(t, func(j job) ended {
		j = j.with("repository", from)
		text := body
		for name, input := range declared.Spec.Inputs {
			value, given := j.inputs[name]
			if !given {
				value = input.Default
			}
			if !strings.Contains(text, "$[[ inputs."+name+" ]]") {
				t.Errorf("the input %s is used nowhere", name)
			}
			text = strings.ReplaceAll(text, "$[[ inputs."+name+" ]]", value)
		}
		if strings.Contains(text, "$[[") {
			t.Fatalf("an input is used and not declared: %s", text)
		}
		var pipeline map[string]struct {
			Stage, Image string
			Variables    map[string]string
			Script       []string
			Artifacts    struct {
				When    string
				Expire  string `yaml:"expire_in"`
				Paths   []string
				Reports map[string]string
			}
		}
		if err := yaml.UnmarshalWithOptions([]byte(text), &pipeline, yaml.Strict()); err != nil {
			t.Fatal(err)
		}
		gate := pipeline["conform"]
		if gate.Artifacts.When != "always" || gate.Artifacts.Reports["junit"] != "conform-reports/junit.xml" {
			t.Errorf("a red gate keeps no reports: %+v", gate.Artifacts)
		}
		environment := []string{"CONFORM_USERNAME=" + j.inputs["username"], "CONFORM_PASSWORD=" + j.inputs["password"]}
		for name, value := range gate.Variables {
			environment = append(environment, name+"="+value)
		}
		return j.shell(t, environment, "bash", "-eo", "pipefail", "-c", strings.Join(gate.Script, "\n"))
	})
}

func TestGateOnJenkins(t *testing.T) {
	t.Parallel()
	text := read(t, filepath.Join(repository(t), ".ci", "gate", "Jenkinsfile"))
	for _, pair := range []string{"{}", "()", "[]"} {
		if strings.Count(text, pair[:1]) != strings.Count(text, pair[1:]) {
			t.Errorf("%s do not match", pair)
		}
	}
	_, rest, _ := strings.Cut(text, "sh '''")
	script, after, found := strings.Cut(rest, "'''")
	if !found || !strings.Contains(after, "archiveArtifacts") || !strings.Contains(after, "junit") {
		t.Fatal("no shell, or nothing is kept after it")
	}
	from := gateRepository(t)
	verdicts(t, func(j job) ended {
		values := map[string]string{
			`"${params.TARGET}"`: j.inputs["target"], `"${params.PROFILE}"`: j.inputs["profile"],
			`"${params.REPOSITORY}"`: from, `"${params.REF}"`: "main", `'conform-reports'`: "conform-reports",
		}
		environment := []string{"CONFORM_USERNAME=" + j.inputs["username"], "CONFORM_PASSWORD=" + j.inputs["password"]}
		for _, line := range strings.Split(text, "\n") {
			name, value, found := strings.Cut(strings.TrimSpace(line), " = ")
			if !found || !strings.HasPrefix(name, "GATE_") {
				continue
			}
			known, ok := values[value]
			if !ok {
				t.Fatalf("%s has the value %s, which no parameter gives", name, value)
			}
			environment = append(environment, name+"="+known)
		}
		return j.shell(t, environment, "sh", "-xe", "-c", script)
	})
}
