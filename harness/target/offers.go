package target

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Need asks a target for what a requirement needs. The remedy says in one line what to add to the description; it is empty where
// the target has all.
type Need func(*Target) (remedy string)

// When is the need for something that a target has or has not.
func When(has func(*Target) bool, remedy string) Need {
	return func(t *Target) string {
		if has(t) {
			return ""
		}
		return remedy
	}
}

const (
	setSession = "set lifetimes.session to the session lifetime configured on the server"
	setToken   = "set lifetimes.token to the token lifetime configured on the server"
)

// needs are those that requirements of any API may have, in the words of the catalogues.
var needs = map[string]Need{
	"account.downLevelName": When(func(t *Target) bool { return t.Account.DownLevelName != "" },
		`add account.downLevelName, the account's name as DOMAIN\user`),
	"account.principalName": When(func(t *Target) bool { return principalName.MatchString(t.Account.Username) },
		`write account.username as user@domain, and DOMAIN\user as account.downLevelName`),
	"account.domain": When(func(t *Target) bool { return t.Account.Domain != "" }, "add account.domain, the account's domain"),
	"probe": When(func(t *Target) bool { return t.Probe.Path != "" },
		"add probe.path, a read-only request that needs a valid token"),
	"instances": When(func(t *Target) bool { return len(t.Instances) >= 2 },
		"add instances, the base URLs of at least two instances behind url"),
	"lifetimes.session": When(func(t *Target) bool { return t.Lifetimes.Session > 0 }, setSession),
	"lifetimes.token":   When(func(t *Target) bool { return t.Lifetimes.Token > 0 }, setToken),
	"tls":               When(func(t *Target) bool { return strings.HasPrefix(t.URL, "https://") }, "name the target by an https URL"),

	"accounts." + OddPassword: has(OddPassword, "the username and password of an account whose password holds +, a blank, an accent, <, "+
		"% before two hexadecimal digits, and an entity such as &amp;"),
	"accounts." + LongPassword: has(LongPassword, fmt.Sprintf("the username and password of an account whose password has more than %d bytes",
		LongerThan)),

	"accounts." + AnotherToken: When(func(t *Target) bool { return t.Accounts[AnotherToken].Token != "" }, "add accounts."+AnotherToken+" with the token of another account"),
	"accounts." + EndedToken:   When(func(t *Target) bool { return t.Accounts[EndedToken].Token != "" }, "add accounts."+EndedToken+" with a token that was ended"),
	"accounts." + LapsedToken:  When(func(t *Target) bool { return t.Accounts[LapsedToken].Token != "" }, "add accounts."+LapsedToken+" with a token whose time is up"),

	"lifetimes.tokenOutlivesSession": (*Target).tokenOutlivesSession,
	"expiry.session":                 func(t *Target) string { return t.expiry("session", t.Lifetimes.Session) },
	"expiry.token":                   func(t *Target) string { return t.expiry("token", t.Lifetimes.Token) },
}

// has is the need for an account beside the target's own.
func has(name, with string) Need {
	return When(func(t *Target) bool { _, has := t.Accounts[name]; return has }, "add accounts."+name+" with "+with)
}

// Remedy says what to add to a target that lacks what a requirement of the system needs; it is empty for one that lacks nothing.
// A word that is not known is not to be had.
func (v Vocabulary) Remedy(t *Target, need string) string {
	if name, isAccount := strings.CutPrefix(need, "accounts."); isAccount && slices.Contains(v.Accounts, name) {
		return has(name, "the username and password of an account in that state")(t)
	}
	for _, known := range []map[string]Need{v.Needs, needs} {
		if ask, isKnown := known[need]; isKnown {
			return ask(t)
		}
	}
	return fmt.Sprintf("unknown need %q", need)
}

// Lacking is the word for a need that a target does not meet, as people say it of many, and whether the target would have to allow it
// rather than to name it.
func (t *Target) Lacking(need string) (what string, allowed bool) {
	group, of, _ := strings.Cut(need, ".")
	switch group {
	case "limits":
		if of == "refusedLogins" {
			return "refused logins", true
		}
		return "wrong passwords", true
	case "expiry":
		if of == "session" && t.Lifetimes.Session > 0 || of == "token" && t.Lifetimes.Token > 0 {
			return "waits", true
		}
		return "lifetimes", false
	case "lifetimes", "accounts":
		return group, false
	case "tls":
		return "https", false
	}
	return need, false
}

// Keys are the keys of the description that needs ask for, each once.
func (t *Target) Keys(needs []string) []string {
	var keys []string
	for _, need := range needs {
		switch what, allowed := t.Lacking(need); {
		case what == "lifetimes":
			need = what
		case strings.HasPrefix(need, "expiry.") && allowed:
			need = "maxWait"
		case need == "tls":
			need = "an https url"
		}
		if !slices.Contains(keys, need) {
			keys = append(keys, need)
		}
	}
	return keys
}

// expiry asks for the permission to wait for something to expire.
func (t *Target) expiry(what string, lifetime time.Duration) string {
	switch {
	case lifetime <= 0 && t.MaxWait <= 0:
		return fmt.Sprintf("set lifetimes.%s to the %[1]s lifetime configured on the server, and maxWait to at least as long", what)
	case lifetime <= 0:
		return fmt.Sprintf("set lifetimes.%s to the %[1]s lifetime configured on the server (maxWait is %[2]s)", what, short(t.MaxWait))
	case lifetime > t.MaxWait:
		return fmt.Sprintf("set maxWait to %s or more (it is %s), or shorten the %s lifetime on the server and in lifetimes.%[3]s",
			short(lifetime), short(t.MaxWait), what)
	}
	return ""
}

// margin is how much longer a token must live than a session for the one to be seen to outlive the other.
const margin = 500 * time.Millisecond

// tokenOutlivesSession asks for a margin between the two.
func (t *Target) tokenOutlivesSession() string {
	session, token := t.Lifetimes.Session, t.Lifetimes.Token
	switch {
	case session <= 0 && token <= 0:
		return "set lifetimes.session and lifetimes.token to those configured on the server"
	case session <= 0:
		return setSession
	case token <= 0:
		return setToken
	case token-margin < session:
		return fmt.Sprintf("configure a token lifetime of %s or more on the server and set lifetimes.token to it (it is %s)",
			short(session+margin), short(token))
	}
	return ""
}

// short writes a duration as people do: 10m, not 10m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
