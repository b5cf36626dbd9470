package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// said expects an exit code, and one line on stderr that has some words.
func (o outcome) said(t *testing.T, code int, words ...string) {
	t.Helper()
	if o.code != code || strings.Count(o.stderr, "\n") != 1 || !strings.HasPrefix(o.stderr, "conform: ") {
		t.Errorf("exit code %d, want %d and one line:\n%s%s", o.code, code, o.stdout, o.stderr)
	}
	for _, w := range words {
		if !strings.Contains(o.stderr, w) {
			t.Errorf("%q is not in: %s", w, o.stderr)
		}
	}
}

// What cannot take the reports is found before anything is sent, and said in one line with what to do.
func TestFolderThatCannotTakeReports(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ script, words string }{
		"a file":           {`touch out`, "it is no folder; name one"},
		"below a file":     {`touch file; ln -s file/x out`, "it is a link that leads to no folder"},
		"a link to itself": {`ln -s out out`, "it is a link that leads to no folder"},
		"a link to none":   {`ln -s none out`, "it is a link that leads to no folder; make the folder"},
		"files too small":  {`ulimit -f 100`, "raise the limit of the size of files (ulimit -f)"},
		"somebody's files": {`mkdir -p out/index.html; echo mine >out/report.json; mkfifo out/run.har`,
			"it holds report.json, index.html and run.har, which no run has written: name another folder"},
		"somebody's link": {`mkdir out; echo mine >mine; ln -s ../mine out/summary.md`, "it holds summary.md, which no run has written"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, reference.Options{Profile: "aria-operations-8"})
			o := within(t, c.script+`; find . >before; "$@"; code=$?; find . >after; exit $code`, nil,
				"run", "--target-file", describe(t, server), "--out", "out")
			o.said(t, verdict.ExitUsage, "--out out: ", c.words)
			if n := len(server.Requests()); n > 0 {
				t.Errorf("%d requests were sent", n)
			}
			before, after := read(t, filepath.Join(o.dir, "before")), read(t, filepath.Join(o.dir, "after"))
			if name != "files too small" && strings.Replace(after, "./after\n", "", 1) != before {
				t.Errorf("there was:\n%s\nand there is:\n%s", before, after)
			}
		})
	}
	conform(t, nil, "run", "--profile", "aria-operations-8", "--out", "").said(t, verdict.ExitUsage, "it is empty: name a folder")
}

// unshared makes a script that has a file system of its own at out, which nobody else sees; the test is skipped where none can be made.
func unshared(t *testing.T, options, script string) string {
	t.Helper()
	if within(t, `unshare -m true`, nil).code != 0 {
		t.Skip("this user may mount nothing here")
	}
	return `mkdir out; exec unshare -m sh -c 'mount -t tmpfs -o ` + options + ` none out && ` + script + `' sh "$@"`
}

func TestFileSystemThatTakesNothing(t *testing.T) {
	t.Parallel()
	within(t, unshared(t, "ro", `exec "$@"`), nil, "run", "--profile", "aria-operations-8", "--out", "out").
		said(t, verdict.ExitUsage, "read-only file system; give --out a folder that can be written into")
	within(t, unshared(t, "size=64k", `exec "$@"`), nil, "run", "--profile", "aria-operations-8", "--out", "out/new").
		said(t, verdict.ExitUsage, "no space left on device; make room there")
}

// Where there is no room for all reports, those that fit are written, the rest is named, and a verdict is said: a breach stays one, and
// nothing else opens a gate.
func TestNoRoomForAllReports(t *testing.T) {
	t.Parallel()
	for fault, code := range map[string]int{"": verdict.ExitIncomplete, "validity-string": verdict.ExitNonconformant} {
		full := unshared(t, "size=400k", `"$@"; code=$?; ls -A out; exit $code`)
		server := serve(t, reference.Options{Profile: "aria-operations-8", Fault: fault})
		file := describe(t, server)
		for script, why := range map[string]string{full: "no space left on device; make room there", `ulimit -f 600; mkdir out; "$@"; code=$?; ls -A out; exit $code`: "ulimit -f"} {
			o := within(t, script, nil, "run", "--target-file", file, "--out", "out", "--explore", "0")
			o.said(t, code, "report.json", "run.har could not be written into out: ", why)
			_, names, _ := strings.Cut(o.stdout, "reports in out\n")
			if !strings.Contains(o.stdout, "CONFORM") || !strings.Contains(names, "junit.xml\n") || strings.Contains(names, "report.json") || strings.Contains(names, ".conform-") {
				t.Errorf("the verdict, or what could be written, is not there:\n%s", o.stdout)
			}
		}
	}
}

// limited makes a script that has a folder out of which a file system keeps a quota of 600 kB; the test is skipped where none can be made.
func limited(t *testing.T, script string) string {
	t.Helper()
	const made = `exec unshare -m sh -c '{ truncate -s 128M image && mkfs.btrfs -q image && mkdir on && mount -o loop image on && ` +
		`btrfs subvolume create on/out && btrfs quota enable on && btrfs qgroup limit 600k on/out; } >/dev/null 2>&1 || exit 99; cd on; `
	if within(t, made+`true'`, nil).code == 99 {
		t.Skip("no quota can be kept here: that takes root, a loop device and btrfs-progs")
	}
	return made + script + `' sh "$@"`
}

// A quota that is used up while reports are written is like a disk that is full: what fits is there, and one line says what is missing.
func TestQuotaIsUsedUp(t *testing.T) {
	t.Parallel()
	script := limited(t, `"$@"; code=$?; ls -A out; exit $code`)
	for fault, code := range map[string]int{"": verdict.ExitIncomplete, "validity-string": verdict.ExitNonconformant} {
		server := serve(t, reference.Options{Profile: "aria-operations-8", Fault: fault})
		o := within(t, script, nil, "run", "--target-file", describe(t, server), "--out", "out", "--explore", "0")
		o.said(t, code, "could not be written into out: ", "disk quota exceeded; make room in the quota")
		_, names, _ := strings.Cut(o.stdout, "reports in out\n")
		if !strings.Contains(o.stdout, "CONFORM") || strings.Contains(names, ".conform-") || strings.Count(o.stderr, "could not be written") != 1 {
			t.Errorf("the verdict, or what could be written, is not there:\n%s\n%s", o.stdout, o.stderr)
		}
	}
}

// A folder that goes during a run is made again for its reports. Where something else has come to stand there, they are not written, and
// that is said.
func TestFolderGoesDuringARun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		then func(out string) error
		said string
	}{
		"gone":   {func(string) error { return nil }, ""},
		"a file": {func(out string) error { return os.WriteFile(out, []byte("mine"), 0o600) }, "has gone during the run, and they could not be written: it is no folder"},
		"somebody's folder": {func(out string) error {
			return os.WriteFile(mustMake(t, out)+"/report.json", []byte("mine"), 0o600)
		}, "it holds report.json, which no run has written"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t)
			if err := os.RemoveAll(r.out); err != nil {
				t.Fatal(err)
			}
			if err := c.then(r.out); err != nil {
				t.Fatal(err)
			}
			r.signal(t, syscall.SIGTERM)
			output := r.wait(t, verdict.ExitIncomplete)
			left, err := os.ReadFile(filepath.Join(r.out, "report.json"))
			if !strings.Contains(output, c.said) || !strings.Contains(output, "INCOMPLETE") || c.said == "" && err != nil || c.said != "" && len(left) > len("mine") {
				t.Errorf("%v, %d bytes:\n%s", err, len(left), output)
			}
		})
	}
}

func mustMake(t *testing.T, dir string) string {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A run that was killed disturbs no later one, and what it had begun to write goes. What merely looks alike stays.
func TestAfterAKilledRun(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, name := range []string{".conform-0123abcd-report.json", ".conform-89abcdef-.conform-probe", ".conform-0123abcd-mine", ".conform-notes"} {
		if err := os.WriteFile(filepath.Join(r.out, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.signal(t, syscall.SIGKILL)
	r.wait(t, -1)
	if left, _ := os.ReadDir(r.temporary); len(left) > 0 {
		t.Errorf("%s is left among the temporary files", left[0].Name())
	}
	o := conform(t, nil, "run", "--target-file", r.file, "--out", r.out, "--label-filter", "ADX-TOK-02", "--reports", "summary.md")
	left, _ := os.ReadDir(r.out)
	if o.code != 0 || len(left) != 3 || left[0].Name() != ".conform-0123abcd-mine" || left[1].Name() != ".conform-notes" {
		t.Errorf("exit code %d, and %v are there: %s", o.code, left, o.stderr)
	}
}
