package target

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.org/conform/specs"
)

// problem is what is wrong with the value at a key path. It never quotes the value, but for an unknown profile.
type problem struct{ path, text string }

func (p *problem) Error() string { return p.path + ": " + p.text }

// Wrong makes the error about the value at a key path, for Vocabulary.Check. It must not quote the value.
func Wrong(path, format string, args ...any) error {
	return &problem{path, fmt.Sprintf(format, args...)}
}

// Validate checks that the description can be used, and brings it into its one form: no slash at the end of a URL,
// GET for a probe without a method, DefaultTimeout for a timeout of zero. The error names the first value that is
// wrong by its key path, with what to do about it, in one line. It reads no network; the files that are named are
// opened.
func (r Reader) Validate(t *Target) error {
	for _, check := range []func() error{
		t.validateWhere, func() error { return r.validateAccounts(t) }, t.validateProbe, t.validateInstances, t.validateNumbers,
		func() error { return r.validateFiles(t) }, func() error { return r.validateOwn(t) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// validateWhere checks the profile and the URL.
func (t *Target) validateWhere() error {
	base, err := baseURL("url", t.URL)
	if err != nil {
		return err
	}
	t.URL = base
	if _, err := specs.ForProfile(t.Profile); err != nil {
		return Wrong("profile", "%v", err)
	}
	return nil
}

// baseURL checks a URL that paths are appended to, and takes the slashes off its end.
func baseURL(key, text string) (string, error) {
	if text == "" {
		return "", Wrong(key, "is missing; give the base URL of the API, such as https://host.example.com/restApi")
	}
	text = strings.TrimRight(text, "/")
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", Wrong(key, "is not a URL; write it as https://host.example.com/path")
	case u.User != nil:
		return "", Wrong(key, "must hold no credentials, since URLs are printed; put them under account")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", Wrong(key, "must begin with https:// or http://")
	case u.Hostname() == "":
		return "", Wrong(key, "has no host; write it as https://host.example.com/path")
	case strings.ContainsAny(text, "?#"):
		return "", Wrong(key, "must have no query and no fragment; leave off everything from ? or # on")
	case strings.ContainsFunc(text, unicode.IsSpace):
		return "", Wrong(key, "must have no blank in it")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return "", Wrong(key, "has a port outside 1 to 65535")
		}
	}
	return text, nil
}

func (r Reader) validateAccounts(t *Target) error {
	passwordless := slices.ContainsFunc(r.keys(), func(key Key) bool { return key.Password && t.Own[key.Path] != "" })
	if err := credentials("account", t.Account, passwordless); err != nil {
		return err
	}
	if name := t.Account.DownLevelName; name != "" {
		domain, user, split := strings.Cut(name, `\`)
		if !split || domain == "" || user == "" || strings.Contains(user, `\`) {
			return Wrong("account.downLevelName", `must have the form DOMAIN\user (in double quotes, YAML and JSON want \\)`)
		}
	}
	err := cmp.Or(sendable("account.downLevelName", t.Account.DownLevelName), sendable("account.domain", t.Account.Domain))
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(t.Accounts)) {
		key := "accounts." + name
		if !slices.Contains(r.accounts(), name) {
			return Wrong("accounts", "unknown name; known are %s", strings.Join(r.accounts(), ", "))
		}
		if err := credentials(key, t.Accounts[name], false); err != nil {
			return err
		}
		if strings.EqualFold(t.Accounts[name].Username, t.Account.Username) {
			return Wrong(key+".username", "is the one of account, which must be an account that can log on; name another")
		}
	}
	return nil
}

func credentials(key string, a Account, passwordless bool) error {
	switch {
	case a.Username == "" && a.Password == "" && !passwordless:
		return Wrong(key, "is missing or empty; it must have username and password")
	case a.Username == "":
		return Wrong(key+".username", "is missing or empty")
	case a.Password == "" && !passwordless:
		return Wrong(key+".password", "is missing or empty")
	}
	if err := sendable(key+".username", a.Username); err != nil {
		return err
	}
	if !utf8.ValidString(a.Password.Reveal()) {
		return Wrong(key+".password", "is not UTF-8 text, so that it cannot be sent as JSON")
	}
	return nil
}

// sendable refuses what cannot be a name: it would show as a failure of the server that judges it.
func sendable(key, text string) error {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return Wrong(key, "holds a control character, or is not UTF-8 text")
	}
	return nil
}

func (t *Target) validateProbe() error {
	if t.Probe == (Probe{}) {
		return nil
	}
	switch t.Probe.Method {
	case "":
		t.Probe.Method = "GET"
	case "GET", "HEAD", "POST":
	default:
		return Wrong("probe.method", "must be GET, HEAD or POST; the probe reads, and changes nothing")
	}
	if t.Probe.Body != "" && t.Probe.Method != "POST" {
		return Wrong("probe.body", "is for the method POST alone; leave it out")
	}
	if !utf8.ValidString(t.Probe.Body) {
		return Wrong("probe.body", "is not UTF-8 text")
	}
	p := t.Probe.Path
	if !strings.HasPrefix(p, "/") {
		return Wrong("probe.path", "must begin with a slash; it follows url")
	}
	u, err := url.Parse(t.URL + p)
	if err != nil || strings.ContainsFunc(p, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return Wrong("probe.path", "cannot be a part of a URL; percent-encode what is special in it")
	}
	if strings.Contains(p, "#") {
		return Wrong("probe.path", "must have no fragment; write # as %%23")
	}
	base, err := url.Parse(t.URL)
	if err != nil || !strings.HasPrefix(path.Clean(u.Path), strings.TrimRight(path.Clean("/"+base.Path), "/")+"/") {
		return Wrong("probe.path", "leads out of url; it must name something below it")
	}
	return nil
}

func (t *Target) validateInstances() error {
	for i, instance := range t.Instances {
		key := fmt.Sprintf("instances[%d]", i)
		base, err := baseURL(key, instance)
		if err != nil {
			return err
		}
		if first := slices.Index(t.Instances[:i], base); first >= 0 {
			return Wrong(key, "is the same as instances[%d]; list each instance once", first)
		}
		t.Instances[i] = base
	}
	return nil
}

func (t *Target) validateNumbers() error {
	const negative = "must not be negative"
	rate := t.Limits.RequestsPerSecond
	for _, rule := range []struct {
		key    string
		broken bool
		text   string
	}{
		{"lifetimes.session", t.Lifetimes.Session < 0, negative},
		{"lifetimes.token", t.Lifetimes.Token < 0, negative},
		{"maxWait", t.MaxWait < 0, negative},
		{"limits.timeout", t.Limits.Timeout < 0, negative},
		{"limits.badLogins", t.Limits.BadLogins < 0, negative + "; 0 allows no wrong password"},
		{"limits.requestsPerSecond", !(rate >= 0) || math.IsInf(rate, 0), "must be 0 (unlimited) or more"},
		{"limits.concurrency", t.Limits.Concurrency < 0, "must be 0 (unlimited) or more"},
	} {
		if rule.broken {
			return Wrong(rule.key, "%s", rule.text)
		}
	}
	t.Limits.Timeout = cmp.Or(t.Limits.Timeout, DefaultTimeout)
	return nil
}

func (r Reader) validateFiles(t *Target) error {
	if (t.TLS.CertFile == "") != (t.TLS.KeyFile == "") {
		return Wrong("tls", "certFile and keyFile belong together; give both or neither")
	}
	files := r.files(t)
	for _, key := range slices.Sorted(maps.Keys(files)) {
		if files[key] == "" {
			continue
		}
		if err := readable(files[key]); err != nil {
			return Wrong(key, "cannot be read: %v", err)
		}
	}
	return nil
}

// readable opens a file and closes it. The error leaves the name out, which may have come from the environment.
func readable(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return errors.Unwrap(err)
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return errors.New("it is a folder")
	}
	return nil
}

// validateOwn checks the values of own keys, singly and then together.
func (r Reader) validateOwn(t *Target) error {
	keys := r.keys()
	for _, path := range slices.Sorted(maps.Keys(t.Own)) {
		i := slices.IndexFunc(keys, func(key Key) bool { return key.Path == path })
		if i < 0 {
			return Wrong(path, "unknown key")
		}
		if values := keys[i].Values; len(values) > 0 && !slices.Contains(values, t.Own[path]) {
			return Wrong(path, "must be %s", strings.Join(values, " or "))
		}
		if err := sendable(path, t.Own[path]); err != nil {
			return err
		}
	}
	for _, v := range r.Systems {
		if v.Check == nil {
			continue
		}
		if err := v.Check(t); err != nil {
			return err
		}
	}
	return nil
}
