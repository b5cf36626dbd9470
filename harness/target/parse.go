package target

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"example.org/conform/harness/yamlfile"
	"example.org/conform/specs"
)

// maxFile is far above any description.
const maxFile = 64 << 10

// format is that of a description. The accounts beside the target's own have their names and a password, or a token, only.
func (r Reader) format() yamlfile.Format {
	f := yamlfile.Format{Kind: "target file", Max: maxFile, JSON: []string{"probe.body"}, Keys: map[string][]string{"accounts": r.accounts()}}
	for _, name := range r.accounts() {
		f.Keys["accounts."+name] = []string{"username", "downLevelName", "password", "token"}
	}
	for _, key := range r.keys() {
		f.Texts = append(f.Texts, key.Path)
	}
	return f
}

// Load reads the description in a file, YAML or JSON, with the values of this process's environment, and looks into the files for TLS that it
// names. See Parse.
func (r Reader) Load(path string) (*Target, error) {
	data, err := r.format().Load(path)
	if err != nil {
		return nil, err
	}
	t, doc, err := r.parse(path, data, nil)
	if err != nil {
		return nil, err
	}
	if _, err := t.HTTPTLS(); err != nil {
		return nil, placed(doc, err)
	}
	return t, nil
}

// Parse reads and validates a description, YAML or JSON. In its values ${NAME} stands for what getenv gives for NAME
// (os.LookupEnv when getenv is nil), and $${ for a literal ${. Paths of files are relative to the folder of name.
//
// An error is one line: file, line and column, the key's path, what is wrong and what to do. It never quotes a value,
// but for a profile that is a known one but for a slip of the hand.
func (r Reader) Parse(name string, data []byte, getenv func(string) (string, bool)) (*Target, error) {
	t, _, err := r.parse(name, data, getenv)
	return t, err
}

func (r Reader) parse(name string, data []byte, getenv func(string) (string, bool)) (*Target, *yamlfile.Document, error) {
	if getenv == nil {
		getenv = os.LookupEnv
	}
	f, files := r.format(), r.files(&Target{})
	f.Expand = func(key, text string) (string, error) {
		text, err := expand(key, text, getenv)
		if _, isFile := files[key]; !isFile || err != nil || text == "" || filepath.IsAbs(text) {
			return text, err
		}
		return filepath.Abs(filepath.Join(filepath.Dir(name), text))
	}
	doc, err := f.Parse(name, data)
	if err != nil {
		return nil, nil, err
	}
	if doc.Empty() {
		return nil, nil, doc.Fault("", "empty; it must have at least url and account")
	}
	t := r.blank()
	if err := doc.Into(t); err != nil {
		return nil, nil, err
	}
	t.Own = doc.Texts()
	if err := r.Validate(t); err != nil {
		return nil, nil, placed(doc, err)
	}
	return t, doc, nil
}

// placed says where the value stands that is wrong.
func placed(doc *yamlfile.Document, err error) error {
	if p, is := errors.AsType[*problem](err); is {
		return doc.Fault(p.path, "%s", p.text)
	}
	return doc.Fault("", "%v", err)
}

// blank is a description that says nothing.
func (r Reader) blank() *Target {
	return &Target{Profile: r.Profile, Limits: Limits{BadLogins: DefaultBadLogins, Timeout: DefaultTimeout}}
}

// files are the files that a description names, by the keys that name them.
func (r Reader) files(t *Target) map[string]string {
	files := map[string]string{"tls.caFile": t.TLS.CAFile, "tls.certFile": t.TLS.CertFile, "tls.keyFile": t.TLS.KeyFile}
	for _, key := range r.keys() {
		if key.File {
			files[key.Path] = t.Own[key.Path]
		}
	}
	return files
}

// The environment variables that FromFlags reads.
const (
	EnvUsername      = "CONFORM_USERNAME"
	EnvPassword      = "CONFORM_PASSWORD"
	EnvDownLevelName = "CONFORM_DOWN_LEVEL_NAME" // may be unset
	EnvToken         = "CONFORM_TOKEN"           // for profiles whose credential the target gives, in place of the others
)

// FromFlags makes and validates the target of a command line that names no file: a URL, a profile (Reader.Profile when
// empty) and the credentials of the environment. Passwords are not taken from a command line, where others can see
// them. A nil getenv is os.LookupEnv.
func (r Reader) FromFlags(url, profile string, getenv func(string) (string, bool)) (*Target, error) {
	if getenv == nil {
		getenv = os.LookupEnv
	}
	t := r.blank()
	t.URL, t.Profile = url, cmp.Or(profile, t.Profile)
	// The URL comes first: one with a password in it must not be repeated by the messages below.
	if err := cmp.Or(baseURL("url", &t.URL), r.knownProfile(t.Profile, (*specs.Unknown).Error)); err != nil {
		return nil, err
	}
	t.Account.Username, _ = getenv(EnvUsername)
	password, _ := getenv(EnvPassword)
	t.Account.Password = Secret(password)
	t.Account.DownLevelName, _ = getenv(EnvDownLevelName)
	token, _ := getenv(EnvToken)
	var missing []string
	if r.Given(t.Profile) {
		if t.Account.Token = Secret(token); token == "" {
			return nil, fmt.Errorf("no credential for %s: set %s, or name a target file with --target-file", t.URL, EnvToken)
		}
		return t, r.Validate(t)
	}
	if t.Account.Username == "" {
		missing = append(missing, EnvUsername)
	}
	if t.Account.Password == "" {
		missing = append(missing, EnvPassword)
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("no credentials for %s: set %s, or name a target file with --target-file", t.URL, strings.Join(missing, " and "))
	}
	if err := r.Validate(t); err != nil {
		return nil, err
	}
	return t, nil
}

// variable is ${NAME}, a literal ${ written as $${, or a ${ that is neither.
var variable = regexp.MustCompile(`\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)\})?`)

// variableName is how people name variables for others to set. What stands otherwise between the braces may be a piece of a password.
var variableName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// expand replaces ${NAME} by the environment's value and $${ by a literal ${. What a value brings in is not expanded
// again. A lone dollar stays as it is.
func expand(key, text string, getenv func(string) (string, bool)) (string, error) {
	var problem error
	expanded := variable.ReplaceAllStringFunc(text, func(found string) string {
		name := variable.FindStringSubmatch(found)[1]
		value, set := getenv(name)
		switch {
		case found == "$${":
			return "${"
		case name == "":
			problem = cmp.Or(problem, errors.New("${ must be followed by the name of an environment variable and }; write $${ for a literal ${"))
		case !set:
			if !variableName.MatchString(name) || strings.HasSuffix(key, ".password") && found != text {
				name = "between ${ and }"
			}
			problem = cmp.Or(problem, fmt.Errorf("environment variable %s is not set; set it, or write $${ for a literal ${", name))
		}
		return value
	})
	return expanded, problem
}

// literal is the opposite of expand: expanding what it returns gives the text back, whatever the environment holds.
func literal(text string) string {
	return strings.ReplaceAll(text, "${", "$${")
}
