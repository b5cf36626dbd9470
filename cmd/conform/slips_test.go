package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/harness/testkit/slip"
	"example.org/conform/harness/verdict"
	"example.org/conform/harness/waiver"
)

// What is wrong with a file, with the environment or with what --out names is said without a piece of what stands there. The packages that
// read them try thousands; here the command tells of some.
func TestNoMessageTellsASecret(t *testing.T) {
	t.Parallel()
	const url = "http://127.0.0.1:1/restApi"
	holds := []string{slip.Variable + "=" + slip.Secret}
	try := func(name string, env []string, args ...string) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := conform(t, env, args...)
			if o.code != verdict.ExitUsage || o.stdout != "" || strings.Count(o.stderr, "\n") != 1 {
				t.Errorf("exit code %d, want 2 and one line, got\n%s---\n%s", o.code, o.stdout, o.stderr)
			}
			if told := slip.Told(o.stdout + o.stderr); told != "" {
				t.Errorf("%q is told:\n%s%s", told, o.stdout, o.stderr)
			}
		})
	}

	const described = `profile: «adaxes-2025.1»
url: «` + url + `»
account: {username: «svc», password: «Secret-1», domain: «EXAMPLE»}
accounts:
  disabled: {username: «off», password: «Secret-2»}
probe: {method: «POST», path: «/x», body: «{a: b}»}
maxWait: «1s»
limits: {badLogins: «1», requestsPerSecond: «0.5»}
kerberos: {realm: «R», kdc: «k», krb5Conf: «''»}
tls: {insecureSkipVerify: «false»}
`
	commands := [][]string{{"run"}, {"run", "--dry-run"}, {"compat"}}
	m := slip.New(7)
	environment := func(name string) (string, bool) { return slip.Secret, name == slip.Variable }
	for tried := 0; tried < 24; {
		text := m.Mix(described)
		if _, err := reader().Parse("t.yaml", []byte(text), environment); err == nil {
			continue
		}
		try(fmt.Sprintf("target %d", tried), holds, append(commands[tried%len(commands)], "--target-file", write(t, "target.yaml", text))...)
		tried++
	}

	const excused = "- check: «a/ADX-TOK-04/b»\n  requirement: «ADX-TOK-04»\n  profile: «adaxes-2025.1»\n  reason: «x»\n  expires: «2031-02-28»\n  target: «https://*»\n"
	for tried := 0; tried < 6; {
		text := m.Mix(excused)
		if list, err := waiver.Parse("w.yaml", []byte(text)); err == nil && waiver.Vet(list, nil) == nil {
			continue
		}
		try(fmt.Sprintf("waivers %d", tried), holds, append(commands[tried%2], "--profile", "adaxes-2025.1", "--waivers", write(t, "waivers.yaml", text))...)
		tried++
	}

	const report = `{"schema": "` + verdict.Schema + `", "started": «"2031-01-01T00:00:00Z"», "runs": [{"profile": «"x"», "checks": [{"durationMs": «1», "requirements": [«"a"»]}]}]}`
	for name, text := range map[string]string{
		"a date":              strings.NewReplacer(`«"2031-01-01T00:00:00Z"»`, `"`+slip.Secret+`"`, "«", "", "»", "").Replace(report),
		"a text for a number": strings.NewReplacer("«1»", `"`+slip.Secret+`"`, "«", "", "»", "").Replace(report),
		"a number for a text": strings.NewReplacer(`«"a"»`, "123456789012", "«", "", "»", "").Replace(report),
		"another schema":      `{"schema": "` + slip.Secret + `"}`,
		"a target file":       strings.NewReplacer("Secret-1", slip.Secret, "«", "", "»", "").Replace(described),
		"a text":              `"` + slip.Secret + `"`,
		"a name":              `{"` + slip.Secret + `": 1}`,
	} {
		try("report with "+name, nil, "diff", write(t, "old.json", text), write(t, "new.json", text))
	}

	for name, value := range map[string]string{
		"CONFORM_USERNAME": slip.Secret + "\x01", "CONFORM_PASSWORD": slip.Secret + "\r\n", "CONFORM_DOWN_LEVEL_NAME": slip.Secret,
	} {
		env := []string{"CONFORM_USERNAME=u", "CONFORM_PASSWORD=p", name + "=" + value}
		try(name, env, "run", "--target", url)
		try(name+" of compat", env, "compat", "--target", url)
	}

	file := write(t, "file", slip.Secret)
	try("a file for a folder", nil, "run", "--profile", "adaxes-2025.1", "--out", file)
	try("a folder in a file", nil, "compat", "--out", filepath.Join(file, "reports"))
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "report.json"), []byte(`{"schema": "conform-report/1", "x": "`+slip.Secret+`"`), 0o600); err != nil {
		t.Fatal(err)
	}
	try("an old report", holds, "run", "--target-file", write(t, "target.yaml", "url: '${"+slip.Variable+"}'\n"), "--out", folder)
}
