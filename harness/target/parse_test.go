package target

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// environment makes a getenv from pairs.
func environment(pairs map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, set := pairs[name]
		return value, set
	}
}

const password = "hunter2-S3cr3t"

// minimal is the least that a description needs.
const minimal = `url: https://host.example.com/restApi
account: {username: svc@example.com, password: "${PW}"}
`

func parseMinimal(t *testing.T, more string) *Target {
	t.Helper()
	got, err := reader().Parse("target.yaml", []byte(minimal+more), environment(map[string]string{"PW": password}))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestParseReadsEverything(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"ca.pem", "cert.pem", "key.pem", "svc.keytab"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := `
profile: adaxes-2023.2
url: https://adaxes.example.com/restApi//
account: {username: svc@example.com, password: "${CONFORM_PASSWORD}", downLevelName: 'EXAMPLE\svc', domain: EXAMPLE, authSource: local}
accounts:
  passwordExpired: {username: old@example.com, password: 0123}
  disabled:
    username: off@example.com
    password: a$${b}$c
probe: {method: POST, path: '/api/directoryObjects?directoryObject=CN%3Dx', body: '{"a": [1]}'}
lifetimes: {session: 10m, token: 1h30m}
maxWait: 0s
instances: [https://a.example.com/restApi/, "https://${B}.example.com/restApi"]
limits: {badLogins: 0, requestsPerSecond: 2.5, concurrency: 4, timeout: 3s}
tls: {caFile: ca.pem, certFile: cert.pem, keyFile: key.pem, insecureSkipVerify: true}
kerberos: {realm: EXAMPLE.COM, kdc: 'kdc.example.com:88', keytab: svc.keytab}
authorizationScheme: OpsToken
`
	got, err := reader().Parse(filepath.Join(folder, "target.yaml"), []byte(text),
		environment(map[string]string{"CONFORM_PASSWORD": "p: {\n${B}", "B": "b"}))
	if err != nil {
		t.Fatal(err)
	}
	want := &Target{
		Profile: "adaxes-2023.2",
		URL:     "https://adaxes.example.com/restApi",
		Account: Account{Username: "svc@example.com", Password: "p: {\n${B}", DownLevelName: `EXAMPLE\svc`, Domain: "EXAMPLE"},
		Accounts: map[string]Account{
			"passwordExpired": {Username: "old@example.com", Password: "0123"},
			"disabled":        {Username: "off@example.com", Password: "a${b}$c"},
		},
		Probe:     Probe{"POST", "/api/directoryObjects?directoryObject=CN%3Dx", `{"a": [1]}`},
		Lifetimes: Lifetimes{10 * time.Minute, 90 * time.Minute},
		Instances: []string{"https://a.example.com/restApi", "https://b.example.com/restApi"},
		Limits:    Limits{0, 0, 0, 2.5, 4, 3 * time.Second},
		TLS: TLS{filepath.Join(folder, "ca.pem"), filepath.Join(folder, "cert.pem"),
			filepath.Join(folder, "key.pem"), true},
		Own: map[string]string{
			"account.authSource": "local", "authorizationScheme": "OpsToken", "kerberos.realm": "EXAMPLE.COM",
			"kerberos.kdc": "kdc.example.com:88", "kerberos.keytab": filepath.Join(folder, "svc.keytab"),
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestParseReadsJSON(t *testing.T) {
	t.Parallel()
	text := "{\n\t\"url\": \"http:\\/\\/127.0.0.1:8080\",\n\t\"account\": {\"username\": \"\\u00e4\\ud83d\\ude00\", \"password\": \"a\\\"b\\\\c\\nd\"},\n" +
		"\t\"lifetimes\": {\"session\": \"10m\"},\n\t\"limits\": {\"badLogins\": 1},\n\t\"probe\": {\"path\": \"/x\", \"body\": null}\n}\n"
	got, err := reader().Parse("target.json", []byte(text), environment(nil))
	if err != nil {
		t.Fatal(err)
	}
	if got.URL != "http://127.0.0.1:8080" || got.Account.Username != "ä😀" || got.Account.Password.Reveal() != "a\"b\\c\nd" ||
		got.Lifetimes.Session != 10*time.Minute || got.Limits.BadLogins != 1 || got.Probe != (Probe{Method: "GET", Path: "/x"}) {
		t.Errorf("got %+v with the password %q", got, got.Account.Password.Reveal())
	}
}

func TestParseDefaults(t *testing.T) {
	t.Parallel()
	got := parseMinimal(t, "")
	want := &Target{
		Profile: "adaxes-2025.1", URL: "https://host.example.com/restApi",
		Account: Account{Username: "svc@example.com", Password: password},
		Limits:  Limits{BadLogins: 2, Timeout: 10 * time.Second},
		Own:     map[string]string{},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// A value left empty means the same as a key left out, so that a file with every key serves as a form to fill in.
func TestParseTakesNullAsAbsent(t *testing.T) {
	t.Parallel()
	got := parseMinimal(t, "profile:\naccounts:\n  disabled:\nprobe: {path: null}\nlifetimes: ~\nlimits: {badLogins: }\ntls:\n")
	got.Accounts = nil // an empty mapping
	if want := parseMinimal(t, ""); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestValidateFillsInWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	got := &Target{Profile: "adaxes-2025.1", URL: "http://h/", Account: Account{Username: "u", Password: "p"}, Probe: Probe{Path: "/x"},
		Instances: []string{"http://a/", "http://b"}}
	if err := reader().Validate(got); err != nil {
		t.Fatal(err)
	}
	want := &Target{Profile: "adaxes-2025.1", URL: "http://h", Account: got.Account, Probe: Probe{Method: "GET", Path: "/x"},
		Instances: []string{"http://a", "http://b"}, Limits: Limits{Timeout: DefaultTimeout}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	got.Accounts = map[string]Account{"other": {Username: "a", Password: "b"}}
	if err := reader().Validate(got); err == nil || !strings.HasPrefix(err.Error(), "accounts: unknown name; known are another, disabled, ") {
		t.Errorf("error %v", err)
	}
}

func TestAKeytabStandsForThePassword(t *testing.T) {
	t.Parallel()
	keytab := filepath.Join(t.TempDir(), "svc.keytab")
	if err := os.WriteFile(keytab, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	text := "url: http://h\naccount: {username: u}\nkerberos: {realm: R, kdc: k, keytab: '" + keytab + "'}\n"
	if _, err := reader().Parse("target.yaml", []byte(text), environment(nil)); err != nil {
		t.Error(err)
	}
}

func TestParseTakesScalarsAsWritten(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"12345": "12345", "0x1F": "0x1F", "1_000": "1_000", "1e3": "1e3", "true": "true", "Yes": "Yes", "2026-01-02": "2026-01-02",
		".inf": ".inf", "'it''s'": "it's", `"tab\t"`: "tab\t", "$": "$", "a$b": "a$b", "$$${x}": "$${x}", "p#w": "p#w", `'a: b'`: "a: b",
		"|-\n    two\n    lines": "two\nlines", "007 # comment": "007", "+1.50": "+1.50",
	} {
		text := "url: http://h\naccount:\n  username: u\n  password: " + written + "\n"
		got, err := reader().Parse("t.yaml", []byte(text), environment(nil))
		if err != nil {
			t.Errorf("%s: %v", written, err)
		} else if got.Account.Password.Reveal() != want {
			t.Errorf("%s is read as %q, want %q", written, got.Account.Password.Reveal(), want)
		}
	}
}

func TestFilesAreRelativeToTheDescription(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "target.yaml")
	text := strings.ReplaceAll(minimal, `"${PW}"`, password) + "tls: {caFile: ca.pem}\n"
	for name, content := range map[string]string{"ca.pem": "x", "target.yaml": text} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := reader().Parse(path, []byte(text), nil)
	if err != nil || got.TLS.CAFile != filepath.Join(folder, "ca.pem") {
		t.Errorf("got %+v, %v", got, err)
	}
	// What is in it is looked at when the description is read from its file.
	if _, err := reader().Load(path); err == nil || !strings.HasPrefix(err.Error(), path+":3:15: tls.caFile: no certificate in the file") {
		t.Errorf("a file without a certificate: %v", err)
	}
}

// What is written of a target that was read can stand in any folder.
func TestFilesBecomeAbsolute(t *testing.T) {
	t.Parallel()
	want, err := filepath.Abs("parse_test.go")
	if err != nil {
		t.Fatal(err)
	}
	got := parseMinimal(t, "tls: {caFile: parse_test.go}\nkerberos: {realm: R, keytab: parse_test.go}\n")
	if got.TLS.CAFile != want || got.Own["kerberos.keytab"] != want {
		t.Errorf("got %+v", got)
	}
}

func TestLoadSaysWhichFileIsMissing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "none.yaml")
	_, err := reader().Load(path)
	if err == nil || err.Error() != "opening the target file: open "+path+": no such file or directory" {
		t.Errorf("error %v", err)
	}
}

func TestFromFlags(t *testing.T) {
	t.Parallel()
	full := map[string]string{EnvUsername: "svc@example.com", EnvPassword: password, EnvDownLevelName: `EXAMPLE\svc`}
	got, err := reader().FromFlags("https://host.example.com/restApi/", "", environment(full))
	if err != nil {
		t.Fatal(err)
	}
	want := &Target{
		Profile: "adaxes-2025.1", URL: "https://host.example.com/restApi",
		Account: Account{Username: "svc@example.com", Password: password, DownLevelName: `EXAMPLE\svc`},
		Limits:  Limits{BadLogins: DefaultBadLogins, Timeout: DefaultTimeout},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, err := reader().FromFlags("http://h", "adaxes-2023.2", environment(full)); err != nil || got.Profile != "adaxes-2023.2" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestFromFlagsRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		url, profile, want string
		env                map[string]string
	}{
		"no credentials":        {"https://h/restApi/", "", "no credentials for https://h/restApi: set CONFORM_USERNAME and CONFORM_PASSWORD, or name a target file with --target-file", nil},
		"no password":           {"https://h/restApi", "", "no credentials for https://h/restApi: set CONFORM_PASSWORD, or name a target file with --target-file", map[string]string{EnvUsername: "u", EnvPassword: ""}},
		"a password in the URL": {"https://u:" + password + "@h/restApi", "", "url: must hold no credentials, since URLs are printed; put them under account", nil},
		"a broken URL":          {"https://u:" + password + "@[h", "", "url: is not a URL; write it as https://host.example.com/path", nil},
		"an unknown profile":    {"https://h", "adaxes-2025.2", "profile: unknown profile \"adaxes-2025.2\" (did you mean adaxes-2025.1?)", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := reader().FromFlags(tt.url, tt.profile, environment(tt.env))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.ContainsAny(err.Error(), "\n") || strings.Contains(err.Error(), password) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

// What a description says of wrong passwords in a row holds; where it says nothing, few are enough for an account that may be given many.
func TestWrongPasswordsInARow(t *testing.T) {
	t.Parallel()
	for want, limits := range map[int]Limits{
		1: {BadLogins: DefaultBadLogins}, 4: {BadLogins: 64}, 2: {BadLogins: 64, BadLoginsInARow: 2}, 9: {BadLogins: 2, BadLoginsInARow: 20},
	} {
		if got := limits.InARow(9); got != want {
			t.Errorf("%+v: %d, want %d", limits, got, want)
		}
	}
}

// The body of a probe may be written as what it is, and is sent as JSON with its members in their order.
func TestParseTakesABodyInYAML(t *testing.T) {
	t.Parallel()
	for yaml, want := range map[string]string{
		`'{"a": [1]}'`: `{"a": [1]}`,
		`[]`:           `[]`,
		"\n    query: {z: 1, a: 2.50}\n    names: [x, \"1\", 'no', no, true, null, ~]\n    text: |\n      two\n      lines\n    secret: \"a${PW}<&>\"": `{"query":{"z":1,"a":2.50},` +
			`"names":["x","1","no","no",true,null,null],"text":"two\nlines\n","secret":"a` + password + `<&>"}`,
	} {
		if got := parseMinimal(t, "probe:\n  method: POST\n  path: /x\n  body: "+yaml+"\n").Probe.Body; got != want {
			t.Errorf("%s is sent as %s, want %s", yaml, got, want)
		}
	}
	for yaml, want := range map[string]string{
		"{a: 0x1F}":           "probe.body: must be a number as JSON writes it, or a text in quotes",
		"{a: [1, .inf]}":      "probe.body: must be a number as JSON writes it",
		"{a: 1, a: 2}":        "probe.body: a member stands twice; keep one",
		"{a: !!str 1}":        "probe.body: must be a text, a number, a list or a mapping",
		`{a: ["${NOWHERE}"]}`: "probe.body: environment variable NOWHERE is not set",
	} {
		_, err := reader().Parse("target.yaml", []byte(minimal+"probe: {method: POST, path: /x, body: "+yaml+"}\n"), environment(map[string]string{"PW": password}))
		if err == nil || !strings.HasPrefix(err.Error(), "target.yaml:3:") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", yaml, err, want)
		}
	}
}

// A name written DOMAIN\user is the down-level name too, and no user@domain.
func TestParseKnowsTheFormOfAName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		downLevel string
		principal bool
	}{
		`EXAMPLE\svc`: {`EXAMPLE\svc`, false}, "svc@example.com": {"", true}, "svc": {"", false}, `EXAMPLE\`: {"", false},
		`EXAMPLE\svc@example.com`: {`EXAMPLE\svc@example.com`, false}, "@example.com": {"", false},
	} {
		got, err := reader().Parse("t.yaml", []byte("url: https://h/restApi\naccount: {username: '"+name+"', password: p}\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got.Account.DownLevelName != want.downLevel || (all().Remedy(got, "account.principalName") == "") != want.principal {
			t.Errorf("%s: down-level name %q, lacks %q", name, got.Account.DownLevelName, all().Remedy(got, "account.principalName"))
		}
	}
}
