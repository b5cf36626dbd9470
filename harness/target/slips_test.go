package target

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"example.org/conform/harness/testkit/slip"
)

// everyField are descriptions with every key that there is, as people write them and as programs do.
var everyField = []string{
	`profile: «adaxes-2025.1»
url: «https://h.example.com/restApi»
account:
  username: «svc@example.com»
  password: «"Secret-1"»
  downLevelName: «'EXAMPLE\svc'»
  domain: «EXAMPLE»
  authSource: «local»
accounts:
  oddPassword: «{username: odd@example.com, password: x}»
  disabled:
    username: «off@example.com»
    password: «x»
probe:
  method: «POST»
  path: «'/api/x?y=z'»
  body: «{a: [1], b: c}»
lifetimes: {session: «10m», token: «30m»}
maxWait: «30m»
instances: [«https://a.example.com/restApi», «https://b.example.com/restApi»]
limits:
  badLogins: «2»
  badLoginsInARow: «1»
  refusedLogins: «0»
  requestsPerSecond: «0.5»
  concurrency: «0»
  timeout: «10s»
tls: {caFile: «''», certFile: «''», keyFile: «''», insecureSkipVerify: «false»}
kerberos: {realm: «EXAMPLE.COM», kdc: «dc», keytab: «''»}
authorizationScheme: «OpsToken»
`,
	`{
  "profile": «"adaxes-2025.1"»,
  "url": «"https://h.example.com/restApi"»,
  "account": {"username": «"svc"», "password": «"x"», "downLevelName": «"E\\svc"»},
  "accounts": {"disabled": {"username": «"off"», "password": «"x"»}},
  "probe": {"method": «"POST"», "path": «"/x"», "body": {"a": «"b"», "c": [«1»]}},
  "lifetimes": {"session": «"10m"»},
  "instances": [«"https://a"», «"https://b"»],
  "limits": {"badLogins": «1», "requestsPerSecond": «0.5»},
  "tls": {"insecureSkipVerify": «true»}
}
`,
}

// placeless are the errors of files that are wrong as a whole.
var placeless = regexp.MustCompile(`^t\.yaml: (not UTF-8 text|empty; |larger than )`)

var withPlace = regexp.MustCompile(`^t\.yaml:[1-9][0-9]*:[1-9][0-9]*: `)

// Whatever a slip of the hand makes of a description, wherever the secret stands in it: no piece of it is told, and the place is.
func TestNoErrorTellsASecret(t *testing.T) {
	t.Parallel()
	refused, files := 0, 0
	judge := func(text string) {
		files++
		got, err := reader().Parse("t.yaml", []byte(text), environment(map[string]string{slip.Variable: slip.Secret}))
		if err == nil {
			if told := slip.Told(strings.Join(got.Doubts(), "\n")); told != "" {
				t.Errorf("%q: a doubt tells %q: %q", text, told, got.Doubts())
			}
			return
		}
		refused++
		message := err.Error()
		if told := slip.Told(message); told != "" {
			t.Errorf("%q:\nthe error tells %q: %s", text, told, message)
		}
		if strings.ContainsAny(message, "\n\r") || !withPlace.MatchString(message) && !placeless.MatchString(message) {
			t.Errorf("%q:\nnot one line with its place: %q", text, message)
		}
	}
	m := slip.New(1)
	for _, template := range everyField {
		for place := range slip.Places(template) {
			for way := range slip.Ways() {
				judge(m.At(template, place, way))
			}
		}
		for range 1500 {
			judge(m.Mix(template))
		}
	}
	if t.Logf("%d of %d files refused", refused, files); refused < 10000 {
		t.Errorf("only %d files were refused: that proves little", refused)
	}
}

// What FromFlags finds wrong with the environment quotes nothing of it.
func TestNoErrorTellsTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, odd := range []string{"%s", "%s\n", "\r\n%s", "\uFEFF%s", "%s\xff", "\x00%s", `%s\`, `\%s`, `a\b\%s`, "%s\x1b[0m", ""} {
		value := strings.ReplaceAll(odd, "%s", slip.Secret)
		for _, name := range []string{EnvUsername, EnvPassword, EnvDownLevelName} {
			env := map[string]string{EnvUsername: "u", EnvPassword: "p", EnvDownLevelName: `E\u`}
			env[name] = value
			got, err := reader().FromFlags("https://h", "", environment(env))
			message := ""
			if err != nil {
				message = err.Error()
			} else {
				message = strings.Join(got.Doubts(), "\n")
			}
			if slip.Told(message) != "" || strings.ContainsAny(message, "\r\x00\x1b") {
				t.Errorf("%s=%q: %q", name, value, message)
			}
		}
	}
}

// Nor does what is wrong with the files that a description names, whatever they hold.
func TestNoErrorTellsAFile(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"%s", "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n", "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n", "\xff\xfe%s"} {
		file := t.TempDir() + "/" + slip.Secret + ".pem" // a name may come from the environment, too
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(content, "%s", slip.Secret)), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, tls := range []TLS{{CAFile: file}, {CertFile: file, KeyFile: file}, {CAFile: file + "/x"}, {CertFile: file, KeyFile: file + "x"}} {
			target := parseMinimal(t, "")
			target.TLS = tls
			_, err := target.HTTPTLS()
			for _, err := range []error{err, errors.Join(reader().Validate(target))} {
				if err != nil && slip.Told(err.Error()) != "" {
					t.Errorf("%+v with %q: %v", tls, content, err)
				}
			}
		}
	}
}
