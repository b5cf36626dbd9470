package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// The curl commands of a report repeat what the run did: sent one after the other, with the secrets that curl itself
// is given for those that the report names, they get the answers that the report shows.
func TestCurlCommandsRepeatTheRun(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl on this machine: its commands cannot be tried")
	}
	// One instance: which of several answers is chance, and a ticket id works on the one that issued it alone.
	o := wholeRun(t, "adaxes-2025.1")
	if o.code != 0 {
		t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	sent, skipped, long := 0, 0, 0
	for _, c := range o.report.Runs[0].Checks {
		if overlap(c.Exchanges) {
			continue // one after the other they are another matter
		}
		if len(c.Exchanges) > 12 { // those that sweep have as many exchanges as all others, and their commands are made alike
			if long++; long%5 != 1 {
				continue
			}
		}
		// The passwords are those of the target file, under the names that say where they stand in it.
		r := repetition{values: map[string]string{}}
		for _, secret := range o.server.Target().Secrets() {
			r.values[variableOf(secret.Name)] = secret.Value
		}
		for i, e := range c.Exchanges {
			command, variables := reports.Curl(e)
			if e.Response == nil || strings.Contains(command, "body.bin") || !r.knows(variables) {
				if e.Purpose != evidence.CleanUp { // that may end what another part of the run has made
					skipped++
				}
				continue
			}
			sent++
			status, body, output := r.send(t, command)
			if status != e.Response.Status {
				t.Errorf("%s, exchange %d (%s) was answered %d, and its repetition %d\n%s\n%s",
					c.ID, i+1, e.Purpose, e.Response.Status, status, command, output)
				break // what follows in the check builds upon it
			}
			r.learn(e.Response.Body, body)
		}
	}
	if sent < 400 || skipped > sent/8 { // what is sent in place of a credential only the run knows
		t.Errorf("%d exchanges were repeated and %d were not: that is no proof", sent, skipped)
	}
}

// overlap says whether some exchange had begun before the one that is shown before it was answered.
func overlap(exchanges []evidence.Exchange) bool {
	var before time.Time
	for _, e := range exchanges {
		if e.Started.Before(before) {
			return true
		}
		before = e.Started.Add(time.Duration(e.DurationMs * float64(time.Millisecond)))
	}
	return false
}

// The script of a check repeats all of it: it takes sessions and tokens from the answers that it gets, and wants no more
// than the passwords of the target file.
func TestScriptsRepeatAWholeCheck(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl on this machine: its commands cannot be tried")
	}
	for _, profile := range reference.Profiles() {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			o := wholeRun(t, profile)
			if o.code != 0 {
				t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
			}
			secrets := map[string]string{}
			for _, secret := range o.server.Target().Secrets() {
				secrets[variableOf(secret.Name)] = secret.Value
			}
			tried := 0
			for i := range o.report.Runs[0].Checks {
				if (i%5 == 0 || tried < 4) && repeats(t, &o.report.Runs[0].Checks[i], secrets) { // a fifth of them takes time enough
					tried++
				}
			}
			if tried < 4 { // a login by Windows is no curl command
				t.Errorf("%d scripts were tried: that is no proof", tried)
			}
		})
	}
}

var statusLine = regexp.MustCompile(`(?m)^HTTP/1\.1 (\d{3})`)

// repeats runs the script of a check and holds the last status of each step against the run's. It reports false for a
// check that wants a secret which only the run knows, or which curl cannot send, waits, or is itself about what is no HTTP.
func repeats(t *testing.T, c *verdict.Check, secrets map[string]string) bool {
	t.Helper()
	script, variables := reports.Script(c)
	asked := len(c.Exchanges)
	for asked > 0 && c.Exchanges[asked-1].Purpose == evidence.CleanUp {
		asked--
	}
	if asked == 0 || script == "" || strings.Contains(script, "sleep ") || strings.Contains(script, "body.bin") {
		return false
	}
	env := []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	for _, v := range variables {
		if secrets[v] == "" || strings.Contains(script, "--ntlm") && strings.ContainsFunc(secrets[v], func(r rune) bool { return r > unicode.MaxASCII }) {
			return false // curl's own NTLM does not know letters beyond ASCII
		}
		env = append(env, v+"="+secrets[v])
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", script)
	cmd.Env = env
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s\n%s", c.ID, err, script, output)
		return true
	}
	steps := strings.Split(string(output), "\n# ")[1:]
	if len(steps) < asked || len(steps) > len(c.Exchanges) {
		t.Errorf("%s: %d steps for %d exchanges, of which %d ask something\n%s", c.ID, len(steps), len(c.Exchanges), asked, output)
		return true
	}
	for i, step := range steps[:asked] { // what the check cleaned up comes last, and the script ends what it made itself
		lines := statusLine.FindAllStringSubmatch(step, -1)
		if e := c.Exchanges[i]; e.Response != nil && (len(lines) == 0 || lines[len(lines)-1][1] != strconv.Itoa(e.Response.Status)) {
			t.Errorf("%s, step %d: the run got %d\n%s\n%s", c.ID, i+1, e.Response.Status, step, script)
			return true
		}
	}
	return true
}

// repetition is one check that is sent again. The values are those of the variables in its commands.
type repetition struct{ values map[string]string }

var namedSecret = regexp.MustCompile(`‹([a-z-]+)-(\d+)›`)

// knows reports whether every variable has a value, and gives one to those that a check made up itself: any made-up
// value is as wrong as another.
func (r *repetition) knows(variables []string) bool {
	for _, v := range variables {
		if r.values[v] != "" {
			continue
		}
		wrong := []string{"CONFORM_MADE_UP_", "CONFORM_WRONG_PASSWORD_", "CONFORM_PASSWORD_", "CONFORM_NEAR_MISS_"}
		if !slices.ContainsFunc(wrong, func(prefix string) bool { return strings.HasPrefix(v, prefix) }) {
			return false
		}
		r.values[v] = `made up, with "quotes", a + and 100 %`
	}
	return true
}

func variableOf(name string) string {
	return "CONFORM_" + strings.ToUpper(strings.ReplaceAll(strings.Trim(name, "‹›"), "-", "_"))
}

// send runs a command as it stands in the report.
func (r *repetition) send(t *testing.T, command string) (status int, body, output string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	for name, value := range r.values {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	data, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s\n%s", err, command, data)
	}
	head, body, _ := strings.Cut(string(data), "\r\n\r\n")
	fields := strings.Fields(head)
	if len(fields) < 2 {
		t.Fatalf("no status line:\n%s\n%s", command, data)
	}
	if status, err = strconv.Atoi(fields[1]); err != nil {
		t.Fatalf("no status in %q:\n%s", head, command)
	}
	return status, body, string(data)
}

// learn takes the values of the secrets that a recorded answer names from the same places of the answer that came.
func (r *repetition) learn(recorded *evidence.Body, came string) {
	if recorded == nil {
		return
	}
	var before, now any
	if json.Unmarshal([]byte(recorded.Text), &before) != nil || json.Unmarshal([]byte(came), &now) != nil {
		return
	}
	r.walk(before, now)
}

func (r *repetition) walk(before, now any) {
	switch was := before.(type) {
	case string:
		if is, isText := now.(string); isText && namedSecret.FindString(was) == was && was != "" {
			r.values[variableOf(was)] = is
		}
	case map[string]any:
		if is, isObject := now.(map[string]any); isObject {
			for name := range was {
				r.walk(was[name], is[name])
			}
		}
	case []any:
		if is, isArray := now.([]any); isArray && len(is) == len(was) {
			for i := range was {
				r.walk(was[i], is[i])
			}
		}
	}
}

// The terminal shows the same command as the page does, where that needs no earlier answer.
func TestTheTerminalShowsTheCommandOfTheReport(t *testing.T) {
	t.Parallel()
	server := serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: "session-id-missing"})
	o := conform(t, nil, "run", "--target-file", describe(t, server), "--label-filter", "ADX-SES-04 && !sweep")
	if o.code != verdict.ExitNonconformant {
		t.Fatalf("exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
	}
	checks := o.report.Runs[0].Checks
	e := telling(&checks[slices.IndexFunc(checks, func(c verdict.Check) bool { return c.Status == verdict.Failed })])
	command, _ := reports.Curl(*e)
	if want := strings.ReplaceAll(strings.ReplaceAll(command, " \\\n ", ""), "\n", "\n            "); !strings.Contains(o.stdout, "  repeat    "+want+"\n") {
		t.Errorf("the output does not hold the line\n%s\n---\n%s", want, o.stdout)
	}
}

// Where an exchange needs an earlier answer, the line that the terminal shows is the command that repeats all of the check: pasted, it
// gets the answers that the run got.
func TestTheRepeatLineCanBePasted(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"curl", "sed"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("no %s on this machine: a script cannot be tried", program)
		}
	}
	server := serve(t, reference.Options{Profile: "adaxes-2025.1", Fault: "destruction-answered-200"})
	o := conform(t, nil, "run", "--target-file", describe(t, server), "--label-filter", "ADX-DST-02 && !sweep")
	line := regexp.MustCompile(`(?m)^  repeat    (\S+/conform repeat reports/run/report\.json (\S+) --run)$`).FindStringSubmatch(o.stdout)
	if line == nil {
		t.Fatalf("exit code %d, no line:\n%s", o.code, o.stdout)
	}
	var password string
	for _, secret := range server.Target().Secrets() {
		if variableOf(secret.Name) == "CONFORM_PASSWORD" {
			password = secret.Value
		}
	}
	var c *verdict.Check
	for _, other := range o.report.Checks() {
		if other.ID == line[2] {
			c = other
		}
	}
	paste := func(env ...string) (string, int) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		sh := exec.CommandContext(ctx, "sh", "-c", line[1])
		sh.Dir, sh.Env = o.dir, append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}, env...)
		output, _ := sh.CombinedOutput()
		return string(output), sh.ProcessState.ExitCode()
	}
	output, code := paste("CONFORM_PASSWORD=" + password)
	lines := statusLine.FindAllStringSubmatch(output, -1)
	if code != 0 || len(lines) != len(c.Exchanges) {
		t.Fatalf("exit code %d, %d answers for %d exchanges:\n%s", code, len(lines), len(c.Exchanges), output)
	}
	for i, e := range c.Exchanges {
		if lines[i][1] != strconv.Itoa(e.Response.Status) {
			t.Errorf("step %d got %s, and the run %d", i+1, lines[i][1], e.Response.Status)
		}
	}
	before := len(server.Requests())
	if output, code = paste(); code != verdict.ExitUsage || !strings.Contains(output, "wants CONFORM_PASSWORD in the environment") || len(server.Requests()) != before {
		t.Errorf("without the password: exit code %d:\n%s", code, output)
	}
	// Without --run it prints the script, and sends nothing.
	script, _ := reports.Script(c)
	printed := conform(t, nil, "repeat", filepath.Join(o.dir, "reports/run/report.json"), c.ID)
	if printed.code != 0 || printed.stdout != script || printed.stderr != "" || len(server.Requests()) != before {
		t.Errorf("exit code %d:\n%s%s", printed.code, printed.stdout, printed.stderr)
	}
}

// Which check is to be repeated has to be clear, and there has to be something of it.
func TestRepeatRefusesWhatItCannotFind(t *testing.T) {
	t.Parallel()
	const report = `{"schema": "conform-report/1", "runs": [
		{"profile": "p", "target": "https://a.example.com", "checks": [{"id": "p/R-01/x", "status": "passed"}, {"id": "p/R-01/once", "status": "skipped"}]},
		{"profile": "p", "target": "https://b.example.com", "checks": [{"id": "p/R-01/x", "status": "passed"}, {"id": "p/R-02/y", "status": "passed",
			"exchanges": [{"purpose": "in passing", "request": {"method": "GET", "url": "https://b.example.com/"}}]}]},
		{"profile": "q", "target": "https://c.example.com", "checks": [{"id": "q/R-01/z", "status": "passed"}]},
		{"profile": "q", "target": "https://c.example.com", "checks": [{"id": "q/R-01/z", "status": "passed"}]}]}`
	file := write(t, "report.json", report)
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"unknown":                {[]string{"p/R-01/y"}, `unknown check "p/R-01/y" (did you mean p/R-01/x?)`},
		"at several":             {[]string{"p/R-01/x"}, "at https://a.example.com and https://b.example.com; say which by --target URL"},
		"at none of these":       {[]string{"p/R-01/x", "--target", "https://c.example.com"}, "--target: the report has p/R-01/x at https://a.example.com and https://b.example.com"},
		"twice at one":           {[]string{"q/R-01/z"}, "2 times at one URL; name it q/R-01/z~2"},
		"skipped":                {[]string{"p/R-01/once"}, "which is skipped: there is nothing to repeat"},
		"another check's answer": {[]string{"p/R-02/y"}, "no script repeats p/R-02/y"},
		"found, and empty":       {[]string{"p/R-01/x", "--target", "https://b.example.com"}, "has no exchanges of p/R-01/x"},
		"found by its number":    {[]string{"q/R-01/z~2"}, "has no exchanges of q/R-01/z"},
	} {
		o := conform(t, nil, append([]string{"repeat", file}, c.args...)...)
		if o.code != verdict.ExitUsage || o.stdout != "" || strings.Count(o.stderr, "\n") != 1 || !strings.Contains(o.stderr, c.want) {
			t.Errorf("%s: exit code %d, want one line with %q:\n%s%s", name, o.code, c.want, o.stdout, o.stderr)
		}
	}
}
