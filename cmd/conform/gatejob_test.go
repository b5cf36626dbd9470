package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"example.org/conform/harness/reference"
	"example.org/conform/specs"
)

const (
	// gateProfile is one whose runs are cheap: what a gate makes of a run is the same for all, and many runs pass these.
	gateProfile = "aria-operations-8"
	// narrowFault breaks a MUST of gateProfile, and nothing that other checks stand on.
	narrowFault = "empty-body-crashes"
	// gateLogins is how the requirements of its logins are called.
	gateLogins = "ARO-ACQ-"
)

// repository is the root of this module.
func repository(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// faultOf is the name of a fault that breaks a requirement of the level in gateProfile and needs nothing to expire.
func faultOf(t *testing.T, level specs.Level) string {
	t.Helper()
	catalogue, err := specs.ForProfile(gateProfile)
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range reference.Faults() {
		requirement, known := catalogue.Find(gateProfile, fault.Requirement)
		if known && requirement.Level == level && strings.HasPrefix(fault.Requirement, gateLogins) {
			return fault.Name
		}
	}
	t.Fatalf("no fault of %s breaks a %s of its logins", gateProfile, level)
	return ""
}

// job is a folder in which a pipeline runs, and what it runs with.
type job struct {
	folder string
	inputs map[string]string
}

// newJob is a job that judges the server, by URL and with the credentials as secrets.
func newJob(t *testing.T, s *reference.Server) job {
	t.Helper()
	account := s.Target().Account
	return job{t.TempDir(), map[string]string{
		"target": s.URL(), "profile": gateProfile, "username": account.Username, "password": account.Password.Reveal(),
	}}
}

// with is the job with an input more, or another.
func (j job) with(name, value string) job {
	inputs := map[string]string{name: value}
	for n, v := range j.inputs {
		if n != name {
			inputs[n] = v
		}
	}
	return job{j.folder, inputs}
}

// ended is what a job came to.
type ended struct {
	code                         int
	verdict, report              string // outputs
	stdout, stderr, summary, out string // out is the folder of the reports
}

// shell runs a script of a pipeline. The environment is the job's alone.
func (j job) shell(t *testing.T, environment []string, command ...string) ended {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = j.folder
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + j.folder, "TMPDIR=" + t.TempDir(), "CONFORM=" + conformBinary(t)}, environment...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return ended{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String(), out: filepath.Join(j.folder, "conform-reports")}
}

// action is what a test reads of action.yml.
type action struct {
	Inputs  map[string]struct{ Default, Description string }
	Outputs map[string]struct{ Value, Description string }
	Runs    struct {
		Using string
		Steps []struct {
			ID, Uses, Shell, Run string
			Env                  map[string]string
		}
	}
}

func readAction(t *testing.T) action {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repository(t), "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// github runs the action's own step as GitHub does: the expressions of its environment are put in, its shell is
// bash with -e and pipefail, and its outputs come back by way of files.
func (j job) github(t *testing.T) ended {
	t.Helper()
	a := readAction(t)
	step := a.Runs.Steps[len(a.Runs.Steps)-1]
	if step.Run == "" || step.Shell != "bash" {
		t.Fatalf("the last step of the action runs no bash: %+v", step)
	}
	files := t.TempDir()
	output, summary, script := filepath.Join(files, "output"), filepath.Join(files, "summary"), filepath.Join(files, "step.sh")
	if err := os.WriteFile(script, []byte(step.Run), 0o600); err != nil {
		t.Fatal(err)
	}
	environment := []string{
		"GITHUB_ACTIONS=true", "GITHUB_ACTION_PATH=" + repository(t), "GITHUB_OUTPUT=" + output, "GITHUB_STEP_SUMMARY=" + summary,
	}
	for name, expression := range step.Env {
		input := strings.TrimSuffix(strings.TrimPrefix(expression, "${{ inputs."), " }}")
		declared, known := a.Inputs[input]
		if !known {
			t.Fatalf("%s: %q is no input", name, expression)
		}
		value, given := j.inputs[input]
		if !given {
			value = declared.Default
		}
		environment = append(environment, name+"="+value)
	}
	for name := range j.inputs {
		if _, known := a.Inputs[name]; !known {
			t.Fatalf("the action has no input %s", name)
		}
	}
	e := j.shell(t, environment, "bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	outputs := map[string]string{}
	for _, line := range strings.Split(read(t, output), "\n") {
		if name, value, found := strings.Cut(line, "="); found {
			outputs["${{ steps."+step.ID+".outputs."+name+" }}"] = value
		}
	}
	e.verdict, e.report = outputs[a.Outputs["verdict"].Value], outputs[a.Outputs["report"].Value]
	e.summary = read(t, summary)
	return e
}

// read is a file's content, empty when there is none.
func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(data)
}
