package container_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/conform/harness/container"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// imageScript is what `make image` runs.
func imageScript(t *testing.T) string {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("..", "..", ".ci", "image"))
	if err != nil {
		t.Fatal(err)
	}
	return script
}

var buildSuite = sync.OnceValues(func() (string, error) {
	executable, err := command()
	if err != nil {
		return "", err
	}
	e, err := images()
	if err != nil {
		return "", err
	}
	name := "conform-" + e.ID() + ":suite"
	build := exec.Command(filepath.Join("..", "..", ".ci", "image"), name, executable, "--label", container.Label+"="+e.ID())
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the suite's image: %w: %s", err, output)
	}
	return name, nil
})

// suiteImage is the suite's image, built as `make image` does.
func suiteImage(t *testing.T) string {
	t.Helper()
	program(t, "docker")
	name, err := buildSuite()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// docker runs the engine's own command line, and returns its exit code and what it printed.
func docker(t *testing.T, environment []string, arguments ...string) (code int, stdout, stderr string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "docker", arguments...)
	cmd.Env = append(os.Environ(), environment...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errOut.String()
}

// reportsFolder is a folder that the image's user can write into, as the documentation asks for.
func reportsFolder(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "reports")
	if err := errors.Join(os.Mkdir(folder, 0o755), os.Chmod(folder, 0o777)); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestSuiteImageJudgesOnAPrivateNetwork(t *testing.T) {
	t.Parallel()
	e := engine(t)
	image := suiteImage(t)
	servers := referenceImage(t)
	network, err := e.Network(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	for _, server := range []struct {
		name, fault string
		code        int
		outcome     verdict.Outcome
	}{
		{"good", "", verdict.ExitConformant, verdict.Conformant},
		{"broken", brokenAdaxes(t), verdict.ExitNonconformant, verdict.Nonconformant},
	} {
		r, err := e.Reference(t.Context(), container.ReferenceOptions{
			Image: servers, Profile: "adaxes-2025.1", Network: network, Name: server.name, Private: true, Fault: server.fault,
		})
		if err != nil {
			t.Fatal(err)
		}
		folder := reportsFolder(t)
		within := r.Within()
		code, stdout, stderr := docker(t,
			[]string{"CONFORM_USERNAME=" + within.Account.Username, "CONFORM_PASSWORD=" + within.Account.Password.Reveal()},
			"run", "--rm", "--label", container.Label+"="+e.ID(), "--network", network.Name(),
			"-v", folder+":/reports", "-e", "CONFORM_USERNAME", "-e", "CONFORM_PASSWORD", image, "run", "--target", within.URL,
			"--label-filter", "!sweep")
		if code != server.code {
			t.Errorf("%s server: exit code %d: %s%s", server.name, code, stdout, stderr)
		}
		report, err := reports.Read(filepath.Join(folder, "run", reports.JSONFile))
		if err != nil {
			t.Fatalf("%s server: %v", server.name, err)
		}
		run := report.Runs[0]
		// A server whose answers do not name what they made is left with it, and the report says so.
		left := len(run.LeftBehind) > 0 && server.fault == ""
		if run.Target != within.URL || run.Verdict != server.outcome || run.Totals.Executed() == 0 || left {
			t.Errorf("%s server: %s at %s, %+v, left behind %q", server.name, run.Verdict, run.Target, run.Totals, run.LeftBehind)
		}
		if strings.Contains(stdout+stderr, within.Account.Password.Reveal()) {
			t.Errorf("%s server: the password was printed", server.name)
		}
	}
}

func TestSuiteImageIsSmallAndUnprivileged(t *testing.T) {
	t.Parallel()
	e := engine(t)
	image := suiteImage(t)
	_, output, _ := docker(t, nil, "image", "inspect", "--format", "{{.Size}} {{.Config.User}}", image)
	var size int64
	var user string
	if _, err := fmt.Sscan(output, &size, &user); err != nil {
		t.Fatalf("%v in %q", err, output)
	}
	if user != container.Unprivileged {
		t.Errorf("it runs as %s", user)
	}
	executable, err := os.Stat(built(t))
	if err != nil {
		t.Fatal(err)
	}
	if more := size - executable.Size(); more > 1<<20 {
		t.Errorf("it is %d bytes larger than its executable", more)
	}
	// Nothing but the temporary folder is written, and the user need not be the image's own.
	code, stdout, stderr := docker(t, nil, "run", "--rm", "--label", container.Label+"="+e.ID(), "--read-only", "--tmpfs", "/tmp",
		"--user", "4711:4711", "--network", "none", image, "run", "--profile", "adaxes-2025.1", "--out", "/tmp/reports",
		"--label-filter", "ADX-SES-01", "--procs", "2")
	if code != verdict.ExitConformant {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
}

func TestSuiteImageTrustsTheAuthoritiesOfItsBuilder(t *testing.T) {
	t.Parallel()
	e := engine(t)
	image := suiteImage(t)
	folder := t.TempDir()
	archive := filepath.Join(folder, "image.tar")
	if code, _, stderr := docker(t, nil, "create", "--name", "conform-"+e.ID()+"-looked-into", "--label", container.Label+"="+e.ID(), image); code != 0 {
		t.Fatal(stderr)
	}
	if code, _, stderr := docker(t, nil, "cp", "conform-"+e.ID()+"-looked-into:/etc/ssl/certs/ca-certificates.crt", archive); code != 0 {
		t.Fatal(stderr)
	}
	inside, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	outside, err := os.ReadFile("/etc/ssl/certs/ca-certificates.crt")
	if err != nil {
		t.Skip(err)
	}
	if !bytes.Equal(inside, outside) {
		t.Error("the certificate authorities are others than those of the machine that built the image")
	}
}

// TestStoppedContainer ends a run as `docker stop` does. In its container the command is the first process: it gets no
// signal that it does not ask for, and has nobody to reap its children for it.
func TestStoppedContainer(t *testing.T) {
	t.Parallel()
	e := engine(t)
	image := suiteImage(t)
	network, err := e.Network(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	r, err := e.Reference(t.Context(), container.ReferenceOptions{
		Image: referenceImage(t), Profile: "adaxes-2025.1", Network: network, Private: true,
		Session: 5 * time.Minute, Token: 10 * time.Minute, // the run waits for these, unless it is stopped
	})
	if err != nil {
		t.Fatal(err)
	}
	description, err := r.Within().MarshalFile()
	if err != nil {
		t.Fatal(err)
	}
	folder := reportsFolder(t)
	run, err := e.Start(t.Context(), container.Request{
		Image: image, Network: network, Name: "suite", Arguments: []string{"run", "--target-file", "/etc/target.yaml", "--procs", "2"},
		Files: map[string][]byte{"/etc/target.yaml": description}, Mounts: map[string]string{"/reports": folder}, Ready: "judging",
	})
	if err != nil {
		t.Fatal(err)
	}
	code, err := run.Stop(t.Context(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr, err := run.Output(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if code != verdict.ExitIncomplete {
		t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
	}
	report, err := reports.Read(filepath.Join(folder, "run", reports.JSONFile))
	if err != nil {
		t.Fatal(err)
	}
	if report.Complete || report.Runs[0].Reason != "interrupted" || len(report.Runs[0].LeftBehind) > 0 {
		t.Errorf("complete %t, %s, left behind %q", report.Complete, report.Runs[0].Reason, report.Runs[0].LeftBehind)
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	e := engine(t)
	image := suiteImage(t)
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, before := range []string{"", "run"} { // the folder of the reports itself, and one that is there already
		if err := os.MkdirAll(filepath.Join(folder, before), 0o755); err != nil {
			t.Fatal(err)
		}
		code, stdout, stderr := docker(t, nil, "run", "--rm", "--label", container.Label+"="+e.ID(), "--network", "none",
			"-v", folder+":/reports", image, "run", "--profile", "adaxes-2025.1")
		if code != verdict.ExitUsage || stdout != "" {
			t.Errorf("exit code %d: %s", code, stdout)
		}
		single(t, stderr, "--out", "permission denied")
	}
}

func TestImageScriptWithoutAnEngine(t *testing.T) {
	t.Parallel()
	program(t, "docker")
	for _, c := range []struct{ host, executable, says string }{
		{"unix://" + filepath.Join(t.TempDir(), "none.sock"), built(t), "no container engine answers: start dockerd"},
		{"unix://" + socket(t), built(t), "does not answer within 10 seconds: restart it"},
		{"", filepath.Join(t.TempDir(), "conform"), "make build"},
	} {
		cmd := exec.CommandContext(t.Context(), imageScript(t), "conform-none:dev", c.executable)
		cmd.Env = append(os.Environ(), "DOCKER_HOST="+c.host)
		output, err := cmd.CombinedOutput()
		if err == nil {
			t.Errorf("an image was built with engine %q from %s", c.host, c.executable)
		}
		single(t, string(output), "conform: ", c.says)
	}
}

func TestImageScriptSaysWhyABuildFailed(t *testing.T) {
	t.Parallel()
	engine(t)
	program(t, "docker")
	output, err := exec.CommandContext(t.Context(), imageScript(t), "Not A Name", built(t)).CombinedOutput()
	if err == nil {
		t.Fatal("an image has a name that none can have")
	}
	single(t, string(output), "building the image", "Not A Name")
}

func TestMakeImage(t *testing.T) {
	t.Parallel()
	program(t, "make")
	for image, arguments := range map[string][]string{"conform:dev": nil, "other:1": {"IMAGE=other:1"}} {
		dry := exec.CommandContext(t.Context(), "make", append([]string{"--dry-run", "--always-make", "image"}, arguments...)...)
		dry.Dir = filepath.Join("..", "..")
		output, err := dry.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, output)
		}
		if want := ".ci/image '" + image + "' bin/conform"; !strings.Contains(string(output), want) {
			t.Errorf("make image %q does not run %s: %s", arguments, want, output)
		}
	}
}
