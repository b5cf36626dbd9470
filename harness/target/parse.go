package target

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"example.org/conform/harness/yamlfile"
)

// maxFile is far above any description.
const maxFile = 64 << 10

// format is that of a description. The accounts in other states have a name and a password only.
func format() yamlfile.Format {
	keys := map[string][]string{"accounts": AccountNames()}
	for _, name := range AccountNames() {
		keys["accounts."+name] = []string{"username", "password"}
	}
	return yamlfile.Format{Kind: "target file", Max: maxFile, Keys: keys}
}

// Load reads the description in a file, YAML or JSON, with the values of this process's environment. See Parse.
func Load(path string) (*Target, error) {
	data, err := format().Load(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data, nil)
}

// Parse reads and validates a description, YAML or JSON. In its values ${NAME} stands for what getenv gives for NAME
// (os.LookupEnv when getenv is nil), and $${ for a literal ${. Paths of files are relative to the folder of name.
//
// An error is one line: file, line and column, the key's path, what is wrong and what to do. It never quotes a value,
// but for an unknown profile.
func Parse(name string, data []byte, getenv func(string) (string, bool)) (*Target, error) {
	if getenv == nil {
		getenv = os.LookupEnv
	}
	f := format()
	f.Expand = func(text string) (string, error) { return expand(text, getenv) }
	doc, err := f.Parse(name, data)
	if err != nil {
		return nil, err
	}
	if doc.Empty() {
		return nil, doc.Fault("", "empty; it must have at least url and account")
	}
	t := &Target{Profile: DefaultProfile, Limits: Limits{BadLogins: DefaultBadLogins, Timeout: DefaultTimeout}}
	if err := doc.Into(t); err != nil {
		return nil, err
	}
	t.resolve(filepath.Dir(name))
	if err := t.Validate(); err != nil {
		var p *problem
		if errors.As(err, &p) {
			return nil, doc.Fault(p.path, "%s", p.text)
		}
		return nil, doc.Fault("", "%v", err)
	}
	return t, nil
}

// files are the fields that name files, by their key paths.
func (t *Target) files() map[string]*string {
	return map[string]*string{
		"tls.caFile": &t.TLS.CAFile, "tls.certFile": &t.TLS.CertFile, "tls.keyFile": &t.TLS.KeyFile,
		"kerberos.keytab": &t.Kerberos.Keytab, "kerberos.krb5Conf": &t.Kerberos.Krb5Conf,
	}
}

// resolve makes relative paths start from a folder.
func (t *Target) resolve(folder string) {
	for _, file := range t.files() {
		if *file != "" && !filepath.IsAbs(*file) {
			*file = filepath.Join(folder, *file)
		}
	}
}

// The environment variables that FromFlags reads.
const (
	EnvUsername      = "CONFORM_USERNAME"
	EnvPassword      = "CONFORM_PASSWORD"
	EnvDownLevelName = "CONFORM_DOWN_LEVEL_NAME" // may be unset
)

// FromFlags makes and validates the target of a command line that names no file: a URL, a profile (DefaultProfile when
// empty) and the credentials of the environment. Passwords are not taken from a command line, where others can see
// them. A nil getenv is os.LookupEnv.
func FromFlags(url, profile string, getenv func(string) (string, bool)) (*Target, error) {
	if getenv == nil {
		getenv = os.LookupEnv
	}
	t := &Target{Profile: profile, URL: url, Limits: Limits{BadLogins: DefaultBadLogins, Timeout: DefaultTimeout}}
	if profile == "" {
		t.Profile = DefaultProfile
	}
	// The URL comes first: one with a password in it must not be repeated by the messages below.
	if err := t.validateWhere(); err != nil {
		return nil, err
	}
	t.Account.Username, _ = getenv(EnvUsername)
	password, _ := getenv(EnvPassword)
	t.Account.Password = Secret(password)
	t.Account.DownLevelName, _ = getenv(EnvDownLevelName)
	var missing []string
	if t.Account.Username == "" {
		missing = append(missing, EnvUsername)
	}
	if t.Account.Password == "" {
		missing = append(missing, EnvPassword)
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("no credentials for %s: set %s, or name a target file with --target-file", t.URL, strings.Join(missing, " and "))
	}
	if err := t.Validate(); err != nil {
		return nil, err
	}
	return t, nil
}
