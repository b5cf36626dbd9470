package target

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/http/httpguts"

	"example.org/conform/specs"
)

// problem is what is wrong with the value at a key path. It never quotes the value, but for a profile that is a known one but for a slip of the hand.
type problem struct{ path, text string }

func (p *problem) Error() string { return p.path + ": " + p.text }

// Wrong makes the error about the value at a key path, for Vocabulary.Check. It must not quote the value.
func Wrong(path, format string, args ...any) error {
	return &problem{path, fmt.Sprintf(format, args...)}
}

// A rule is a way in which the value at a key path can be wrong, and what is then said of it.
type rule struct {
	broken    bool
	key, text string
}

// first is the error of the first rule that is broken.
func first(rules ...rule) error {
	for _, r := range rules {
		if r.broken {
			return Wrong(r.key, "%s", r.text)
		}
	}
	return nil
}

// Validate checks that the description can be used, and brings it into its one form: no slash at the end of a URL,
// GET for a probe without a method, a name written DOMAIN\user for the down-level name as well, DefaultTimeout for a timeout of zero. The error names the first value that is
// wrong by its key path, with what to do about it, in one line. It reads no network; the files that are named are
// opened.
func (r Reader) Validate(t *Target) error {
	return cmp.Or(r.validateWhere(t), r.validateAccounts(t), t.validateProbe(), t.validateInstances(), t.validateNumbers(),
		r.validateFiles(t), r.validateOwn(t))
}

// validateWhere checks the profile and the URL.
func (r Reader) validateWhere(t *Target) error {
	return cmp.Or(baseURL("url", &t.URL), r.knownProfile(t.Profile, (*specs.Unknown).Guarded))
}

// knownProfile says that no catalogue has a profile.
func (r Reader) knownProfile(profile string, say func(*specs.Unknown) string) error {
	if r.Brought != "" {
		if profile != r.Brought {
			return Wrong("profile", "is not that of the contract, %s; leave it out, or judge without --contract", r.Brought)
		}
		return nil
	}
	_, err := specs.ForProfile(profile)
	if unknown, is := errors.AsType[*specs.Unknown](err); is {
		return Wrong("profile", "%s", say(unknown))
	}
	return err
}

// baseURL checks a URL that paths are appended to, and takes the slashes off its end.
func baseURL(key string, text *string) error {
	missing := *text == ""
	*text = strings.TrimRight(*text, "/")
	u, err := url.Parse(*text)
	if err != nil {
		u = &url.URL{}
	}
	_, nameErr := httpguts.PunycodeHostPort(u.Hostname())
	port, portErr := strconv.ParseUint(cmp.Or(u.Port(), "80"), 10, 16)
	return first(
		rule{missing, key, "is missing; give the base URL of the API, such as https://host.example.com/restApi"},
		rule{err != nil, key, "is not a URL; write it as https://host.example.com/path"},
		rule{u.User != nil, key, "must hold no credentials, since URLs are printed; put them under account"},
		rule{u.Scheme != "http" && u.Scheme != "https", key, "must begin with https:// or http://"},
		rule{nameErr != nil, key, "has a host name with characters that no host name has"},
		rule{u.Hostname() == "", key, "has no host; write it as https://host.example.com/path"},
		rule{strings.ContainsAny(*text, "?#"), key, "must have no query and no fragment; leave off everything from ? or # on"},
		rule{strings.ContainsFunc(*text, unicode.IsSpace), key, "must have no blank in it"},
		rule{portErr != nil || port == 0, key, "has a port outside 1 to 65535"},
	)
}

// The two forms of an account's name in a directory.
var (
	downLevelName = regexp.MustCompile(`^(?s:[^\\]+\\[^\\]+)?$`)
	principalName = regexp.MustCompile(`^[^\\@]+@[^\\@]+$`)
)

func (r Reader) validateAccounts(t *Target) error {
	if t.Account.DownLevelName == "" && strings.Contains(t.Account.Username, `\`) && downLevelName.MatchString(t.Account.Username) {
		t.Account.DownLevelName = t.Account.Username
	}
	passwordless := slices.ContainsFunc(r.keys(), func(key Key) bool { return key.Password && t.Own[key.Path] != "" })
	given := r.Given(t.Profile)
	err := cmp.Or(credentials("account", t.Account, passwordless, given), downLevel("account", t.Account), first(
		rule{!isName(t.Account.Domain), "account.domain", noName},
	))
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(t.Accounts)) {
		if !slices.Contains(r.accounts(), name) {
			return Wrong("accounts", "unknown name; known are %s", strings.Join(r.accounts(), ", "))
		}
		password := t.Accounts[name].Password.Reveal()
		err := cmp.Or(credentials("accounts."+name, t.Accounts[name], false, given), downLevel("accounts."+name, t.Accounts[name]), first(
			rule{name == LongPassword && len(password) <= LongerThan, "accounts." + name + ".password",
				fmt.Sprintf("must have more than %d bytes", LongerThan)},
			rule{name == OddPassword && strings.ContainsFunc(password, unicode.IsControl), "accounts." + name + ".password",
				"must hold no control character: not every way to log in can send one"},
			rule{given && t.Accounts[name].Token == t.Account.Token, "accounts." + name + ".token", "is the one of account; name another"},
			rule{!given && strings.EqualFold(t.Accounts[name].Username, t.Account.Username), "accounts." + name + ".username",
				"is the one of account, which must be an account that can log on; name another"},
		))
		if err != nil {
			return err
		}
	}
	return nil
}

// downLevel checks an account's other name.
func downLevel(key string, a Account) error {
	return first(
		rule{!downLevelName.MatchString(a.DownLevelName), key + ".downLevelName", `must have the form DOMAIN\user (in double quotes, YAML and JSON want \\)`},
		rule{!isName(a.DownLevelName), key + ".downLevelName", noName},
	)
}

// credentials checks an account's name and password, or the token that is given in their place.
func credentials(key string, a Account, passwordless, given bool) error {
	const missing = "is missing or empty"
	if given {
		return first(
			rule{a.Token == "", key + ".token", missing + "; the API hands out no credential, so that the target gives one, which an administrator has made"},
			rule{!isName(a.Token.Reveal()), key + ".token", noName + "; take off a line break that echo or an editor has written"},
			rule{strings.TrimSpace(a.Token.Reveal()) != a.Token.Reveal(), key + ".token", "begins or ends with a blank, which no header can send; take it off"},
			rule{!isName(a.Username), key + ".username", noName},
		)
	}
	noPassword := a.Password == "" && !passwordless
	return first(
		rule{a.Username == "" && noPassword, key, missing + "; it must have username and password"},
		rule{a.Username == "", key + ".username", missing},
		rule{noPassword, key + ".password", missing},
		rule{!isName(a.Username), key + ".username", noName},
		rule{!utf8.ValidString(a.Password.Reveal()), key + ".password", "is not UTF-8 text, so that it cannot be sent as JSON"},
		rule{strings.ContainsAny(ends(a.Password.Reveal()), "\r\n"), key + ".password", "begins or ends with a line break, as what echo or an editor " +
			"has written does; take it off (printf %s in place of echo)"},
		rule{strings.HasPrefix(a.Password.Reveal(), "\uFEFF"), key + ".password", "begins with a byte order mark, as what an editor has saved does; take it off"},
	)
}

// ends are the first and the last character of a text.
func ends(text string) string {
	runes := []rune(text)
	if len(runes) == 0 {
		return ""
	}
	return string([]rune{runes[0], runes[len(runes)-1]})
}

// isName tells whether a text can be a name. One that cannot would show as a failure of the server that judges it.
func isName(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

const noName = "holds a control character, or is not UTF-8 text"

func (t *Target) validateProbe() error {
	if t.Probe == (Probe{}) {
		return nil
	}
	t.Probe.Method = cmp.Or(t.Probe.Method, http.MethodGet)
	method, at := t.Probe.Method, t.Probe.Path
	u, err := url.Parse(t.URL + at)
	if err != nil || strings.ContainsFunc(at, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		u = nil
	}
	return first(
		rule{!slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodPost}, method), "probe.method",
			"must be GET, HEAD or POST; the probe reads, and changes nothing"},
		rule{t.Probe.Body != "" && method != http.MethodPost, "probe.body", "is for the method POST alone; leave it out"},
		rule{!utf8.ValidString(t.Probe.Body), "probe.body", "is not UTF-8 text"},
		rule{!strings.HasPrefix(at, "/"), "probe.path", "must begin with a slash; it follows url"},
		rule{u == nil, "probe.path", "cannot be a part of a URL; percent-encode what is special in it"},
		rule{strings.Contains(at, "#"), "probe.path", "must have no fragment; write # as %23"},
		rule{!t.isBelow(u), "probe.path", "leads out of url; it must name something below it"},
	)
}

// isBelow tells whether a URL is below that of the target.
func (t *Target) isBelow(u *url.URL) bool {
	base, err := url.Parse(t.URL)
	return err == nil && u != nil && strings.HasPrefix(path.Clean(u.Path), strings.TrimRight(path.Clean("/"+base.Path), "/")+"/")
}

func (t *Target) validateInstances() error {
	for i := range t.Instances {
		key := fmt.Sprintf("instances[%d]", i)
		if err := baseURL(key, &t.Instances[i]); err != nil {
			return err
		}
		if same := slices.Index(t.Instances[:i], t.Instances[i]); same >= 0 {
			return Wrong(key, "is the same as instances[%d]; list each instance once", same)
		}
	}
	return nil
}

func (t *Target) validateNumbers() error {
	const negative, unlimited = "must not be negative", "must be 0 (unlimited) or more"
	l := &t.Limits
	l.Timeout = cmp.Or(l.Timeout, DefaultTimeout)
	return first(
		rule{t.Lifetimes.Session < 0, "lifetimes.session", negative},
		rule{t.Lifetimes.Token < 0, "lifetimes.token", negative},
		rule{t.MaxWait < 0, "maxWait", negative},
		rule{l.Timeout < 0, "limits.timeout", negative},
		rule{l.BadLogins < 0, "limits.badLogins", negative + "; 0 allows no wrong password"},
		rule{l.BadLoginsInARow < 0, "limits.badLoginsInARow", negative},
		rule{l.RefusedLogins < 0, "limits.refusedLogins", unlimited},
		rule{!(l.RequestsPerSecond >= 0) || math.IsInf(l.RequestsPerSecond, 0), "limits.requestsPerSecond", unlimited},
		rule{l.Concurrency < 0, "limits.concurrency", unlimited},
	)
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
		err := first(
			rule{keys[i].Values != nil && !slices.Contains(keys[i].Values, t.Own[path]), path, "must be " + strings.Join(keys[i].Values, " or ")},
			rule{!isName(t.Own[path]), path, noName},
		)
		if err != nil {
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
