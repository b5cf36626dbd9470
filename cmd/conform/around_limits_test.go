package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// What the system does not allow is found before anything is sent.
func TestLimitsThatAreTooLow(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "bluecat-9.5"})
	file := describe(t, server)
	for script, c := range map[string]struct {
		words string
		args  []string
	}{
		`ulimit -n 64; exec "$@"`:      {"64 files open, and connections count: 128 are needed; raise the limit (ulimit -n 1024)", []string{"run", "--target-file", file}},
		`ulimit -n 128; exec "$@"`:     {"512 are needed", []string{"run"}},
		`ulimit -n 500; exec "$@"`:     {"512 are needed", []string{"compat"}},
		`ulimit -n 1000; exec "$@"`:    {"1024 are needed", []string{"prove"}},
		`ulimit -n 9; exec "$@"`:       {"16 are needed", []string{"list", "profiles"}},
		`ulimit -v 2000000; exec "$@"`: {"raise the limit (ulimit -v unlimited)", []string{"run", "--target-file", file}},
	} {
		within(t, script, nil, c.args...).said(t, verdict.ExitUsage, c.words)
	}
	if n := len(server.Requests()); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// What this machine has no more is held against no server.
func TestNoMoreConnections(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1", Lifetimes: reference.ShortLifetimes()})
	file := describe(t, server)
	// Of the files that the process may have, another hundred are open from the start.
	script := `ulimit -n 128; exec bash -c 'for i in $(seq 20 119); do eval "exec $i</dev/null"; done; exec "$@"' bash "$@"`
	o := within(t, script, nil, "run", "--target-file", file, "--explore", "0")
	if o.report == nil || o.code != verdict.ExitIncomplete {
		t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	run := o.report.Runs[0]
	if run.Totals.Failed+run.Totals.Warned > 0 || !strings.Contains(run.Reason, "this machine could not open one more connection") || !strings.Contains(run.Remedy, "ulimit -n") {
		t.Errorf("%+v: %s; %s", run.Totals, run.Reason, run.Remedy)
	}
}

// A check whose one side cannot go on does not leave the other at it for ever.
func TestAnEndThatOnlyAGatewayAnswers(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1"})
	file := reachedThrough(t, server, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method == http.MethodDelete {
			answer(w, http.StatusBadGateway, "text/html", "<html><title>502 Bad Gateway</title></html>")
			return
		}
		pass.ServeHTTP(w, r)
	})
	o := conform(t, nil, "run", "--target-file", file, "--label-filter", "ADX-DST-04", "--explore", "0")
	if o.code != verdict.ExitIncomplete || o.report.Runs[0].Totals.Failed > 0 {
		t.Errorf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
}

// What a proof that was killed has left among the temporary files goes with the next, and what is in use or merely looks alike does not.
func TestScratch(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	used, forget, err := scratch("conform-prove-")
	if err != nil {
		t.Fatal(err)
	}
	left, link := filepath.Join(dir, "conform-prove-1"), filepath.Join(dir, "conform-prove-link")
	for _, made := range []error{os.MkdirAll(filepath.Join(left, "run"), 0o755), os.Mkdir(filepath.Join(dir, "mine"), 0o755), os.Symlink("mine", link)} {
		if made != nil {
			t.Fatal(made)
		}
	}
	old := time.Now().Add(-time.Hour)
	for _, name := range []string{left, used} {
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	}
	again, forgetAgain, err := scratch("conform-prove-")
	if err != nil {
		t.Fatal(err)
	}
	for name, there := range map[string]bool{left: false, used: true, again: true, link: true, filepath.Join(dir, "mine"): true} {
		if _, err := os.Lstat(name); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
	forget()
	forgetAgain()
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("%d are left", len(entries))
	}
}
