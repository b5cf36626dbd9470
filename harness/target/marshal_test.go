package target

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestMarshalFileRoundTrips(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	ca := filepath.Join(folder, `c a"\.pem`)
	if err := os.WriteFile(ca, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	base := func() *Target {
		return &Target{Profile: "adaxes-2023.2", URL: "http://127.0.0.1:1", Account: Account{Username: "u", Password: "p"},
			Limits: Limits{BadLogins: 0, Timeout: time.Millisecond}, Own: map[string]string{}}
	}
	for name, change := range map[string]func(*Target){
		"the least": func(*Target) {},
		"everything": func(t *Target) {
			t.Account = Account{Username: "u@e", Password: "p", DownLevelName: `E\u`, Domain: "E"}
			t.Accounts = map[string]Account{}
			for _, name := range reader().accounts() {
				t.Accounts[name] = Account{Username: name, Password: Secret("of " + strings.Repeat(name, 7))}
			}
			t.Probe = Probe{"POST", "/a?b=%20", "{\n}"}
			t.Lifetimes = Lifetimes{1500 * time.Millisecond, time.Hour}
			t.MaxWait = 2 * time.Second
			t.Instances = []string{"http://127.0.0.1:2", "http://127.0.0.1:3"}
			t.Limits = Limits{7, 3, 99, 0.25, 3, time.Minute}
			t.TLS = TLS{CAFile: ca, CertFile: ca, KeyFile: ca, InsecureSkipVerify: true}
			t.Own = map[string]string{"account.authSource": "${HOME}", "authorizationScheme": "OpsToken",
				"kerberos.realm": "R", "kerberos.kdc": "k", "kerberos.keytab": ca}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := base()
			change(want)
			roundTrip(t, want, filepath.Join(t.TempDir(), "target.yaml"))
		})
	}
	for _, awkward := range []string{
		"${HOME}", "$${HOME}", "$$${x", "${", "$", "'", `"`, `\`, "a: b", "#x", " x ", "a\n\nb", "\t", "null", "~", "true", "0123",
		"ä😀\u2028\u0085\u007f\x01", "<&>", "---", "- a", "{}", "[", "&a", "*a", "!x", "|", ">", "%", "@", "`", "a\r\nb", "a\uFEFF",
	} {
		want := base()
		want.Account.Password = Secret(awkward)
		roundTrip(t, want, filepath.Join(t.TempDir(), "target.yaml"))
	}
}

func roundTrip(t *testing.T, want *Target, path string) {
	t.Helper()
	data, err := want.MarshalFile()
	if err != nil {
		t.Fatal(err)
	}
	got, err := reader().Parse(path, data, nil)
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v with %q, want %+v with %q, from\n%s", got, got.Account.Password.Reveal(), want, want.Account.Password.Reveal(), data)
	}
}

func FuzzParse(f *testing.F) {
	const secret = "s3cr3t-from-the-environment"
	getenv := func(name string) (string, bool) { return secret, name == "PW" }
	f.Add([]byte(minimal))
	f.Add([]byte(`{"url": "http://h", "account": {"username": "u", "password": "\u00e4\ud83d\ude00"}, "limits": {"badLogins": 1}}`))
	f.Add([]byte(minimal + "accounts: {disabled: {username: a, password: |-\n  b}}\nmaxWait: 1s\ninstances: [http://a, http://b]\n"))
	f.Add([]byte("url: &a https://h\naccount: *a\n<<: {}\n--- !!map\n? x\n: y\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := reader().Parse("target.yaml", data, getenv)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("quotes the environment: %v", err)
			}
			return
		}
		written, err := got.MarshalFile()
		if err != nil {
			t.Fatal(err)
		}
		again, err := reader().Parse("target.yaml", written, func(string) (string, bool) { return "", false })
		if err != nil {
			t.Fatalf("%v in\n%s", err, written)
		}
		if len(got.Accounts) == 0 {
			got.Accounts = nil // an empty mapping is not written
		}
		if !reflect.DeepEqual(got, again) {
			t.Errorf("%+v is read back as %+v from\n%s", got, again, written)
		}
	})
}
