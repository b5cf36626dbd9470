package target

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// maxFile is far above any description, and keeps a path given by mistake from being read without end.
const maxFile = 64 << 10

// Load reads the description in a file, YAML or JSON, with the values of this process's environment. See Parse.
func Load(path string) (*Target, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the target file: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading the target file: %w", err)
	}
	return Parse(path, data, os.LookupEnv)
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
	d := &decoder{name: name, getenv: getenv, at: map[string]*token.Position{}}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if len(data) > maxFile {
		return nil, d.fault(nil, "", "larger than %d bytes; that is no description of a target", maxFile)
	}
	if !utf8.Valid(data) {
		return nil, d.fault(nil, "", "not UTF-8 text; save it as UTF-8")
	}
	root, err := d.root(data)
	if err != nil {
		return nil, err
	}
	t := &Target{Profile: DefaultProfile, Limits: Limits{BadLogins: DefaultBadLogins, Timeout: DefaultTimeout}}
	if err := d.target(root, t); err != nil {
		return nil, err
	}
	t.resolve(filepath.Dir(name))
	if err := t.Validate(); err != nil {
		var p *problem
		if errors.As(err, &p) {
			return nil, d.fault(d.place(p.path), p.path, "%s", p.text)
		}
		return nil, d.fault(nil, "", "%w", err)
	}
	return t, nil
}

// target reads the whole description.
func (d *decoder) target(root ast.Node, t *Target) error {
	return d.mapping(root, "", false, readers{
		"profile": read(d, &t.Profile, asText),
		"url":     read(d, &t.URL, asText),
		"account": func(n ast.Node, path string) error {
			a := &t.Account
			return d.mapping(n, path, true, readers{
				"username":      read(d, &a.Username, asText),
				"password":      read(d, &a.Password, asSecret),
				"downLevelName": read(d, &a.DownLevelName, asText),
				"domain":        read(d, &a.Domain, asText),
				"authSource":    read(d, &a.AuthSource, asText),
			})
		},
		"accounts": func(n ast.Node, path string) error { return d.accounts(n, path, t) },
		"probe": func(n ast.Node, path string) error {
			return d.mapping(n, path, false, readers{
				"method": read(d, &t.Probe.Method, asText),
				"path":   read(d, &t.Probe.Path, asText),
				"body":   read(d, &t.Probe.Body, asText),
			})
		},
		"lifetimes": func(n ast.Node, path string) error {
			return d.mapping(n, path, false, readers{
				"session": read(d, &t.Lifetimes.Session, asDuration),
				"token":   read(d, &t.Lifetimes.Token, asDuration),
			})
		},
		"maxWait":   read(d, &t.MaxWait, asDuration),
		"instances": func(n ast.Node, path string) error { return d.instances(n, path, t) },
		"limits": func(n ast.Node, path string) error {
			return d.mapping(n, path, false, readers{
				"badLogins":         read(d, &t.Limits.BadLogins, asCount),
				"requestsPerSecond": read(d, &t.Limits.RequestsPerSecond, asNumber),
				"concurrency":       read(d, &t.Limits.Concurrency, asCount),
				"timeout":           read(d, &t.Limits.Timeout, asDuration),
			})
		},
		"tls": func(n ast.Node, path string) error {
			return d.mapping(n, path, false, readers{
				"caFile":             read(d, &t.TLS.CAFile, asText),
				"certFile":           read(d, &t.TLS.CertFile, asText),
				"keyFile":            read(d, &t.TLS.KeyFile, asText),
				"insecureSkipVerify": read(d, &t.TLS.InsecureSkipVerify, asTruth),
			})
		},
		"kerberos": func(n ast.Node, path string) error {
			return d.mapping(n, path, false, readers{
				"realm":    read(d, &t.Kerberos.Realm, asText),
				"kdc":      read(d, &t.Kerberos.KDC, asText),
				"keytab":   read(d, &t.Kerberos.Keytab, asText),
				"spn":      read(d, &t.Kerberos.SPN, asText),
				"krb5Conf": read(d, &t.Kerberos.Krb5Conf, asText),
			})
		},
		"authorizationScheme": read(d, &t.AuthorizationScheme, asText),
	})
}

func (d *decoder) accounts(n ast.Node, path string, t *Target) error {
	t.Accounts = map[string]Account{}
	known := readers{}
	for _, name := range AccountNames() {
		known[name] = func(n ast.Node, path string) error {
			var a Account
			err := d.mapping(n, path, true, readers{
				"username": read(d, &a.Username, asText),
				"password": read(d, &a.Password, asSecret),
			})
			t.Accounts[name] = a
			return err
		}
	}
	return d.mapping(n, path, false, known)
}

func (d *decoder) instances(n ast.Node, path string, t *Target) error {
	list, isList := n.(*ast.SequenceNode)
	if !isList {
		return d.fault(position(n), path, "must be a list of URLs")
	}
	for i, item := range list.Values {
		path := fmt.Sprintf("%s[%d]", path, i)
		d.at[path] = position(item)
		var instance string
		if err := read(d, &instance, asText)(item, path); err != nil {
			return err
		}
		t.Instances = append(t.Instances, instance)
	}
	return nil
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
