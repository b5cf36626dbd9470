package target

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Offers says whether the target has what a requirement needs, in the words of the catalogues. When it has not, the
// remedy says in one line what to add to the description. A word that is not known is not offered.
func (t *Target) Offers(need string) (ok bool, remedy string) {
	if name, isAccount := strings.CutPrefix(need, "accounts."); isAccount && slices.Contains(AccountNames(), name) {
		_, ok = t.Accounts[name]
		return offer(ok, "add accounts.%s with the username and password of an account in that state", name)
	}
	switch need {
	case "account.downLevelName":
		return offer(t.Account.DownLevelName != "", `add account.downLevelName, the account's name as DOMAIN\user`)
	case "account.domain":
		return offer(t.Account.Domain != "", "add account.domain, the account's domain")
	case "account.authSource":
		return offer(t.Account.AuthSource != "", "add account.authSource, the name of the account's authentication source")
	case "probe":
		return offer(t.Probe.Path != "", "add probe.path, a read-only request that needs a valid token")
	case "instances":
		return offer(len(t.Instances) >= 2, "add instances, the base URLs of at least two instances behind url")
	case "lifetimes.session":
		return offer(t.Lifetimes.Session > 0, "set lifetimes.session to the session lifetime configured on the server")
	case "lifetimes.token":
		return offer(t.Lifetimes.Token > 0, "set lifetimes.token to the token lifetime configured on the server")
	case "lifetimes.tokenOutlivesSession":
		return t.tokenOutlivesSession()
	case "expiry.session":
		return t.expiry("session", t.Lifetimes.Session)
	case "expiry.token":
		return t.expiry("token", t.Lifetimes.Token)
	case "kerberos":
		return offer(t.Kerberos != Kerberos{}, "add kerberos, with realm and kdc")
	case "kerberos.keytab":
		return offer(t.Kerberos.Keytab != "", "add kerberos.keytab, a file with the account's keys")
	case "tls":
		return offer(strings.HasPrefix(t.URL, "https://"), "name the target by an https URL")
	}
	return false, fmt.Sprintf("unknown need %q", need)
}

func offer(ok bool, remedy string, args ...any) (bool, string) {
	if ok {
		return true, ""
	}
	return false, fmt.Sprintf(remedy, args...)
}

// expiry says whether a run may wait for something to expire.
func (t *Target) expiry(what string, lifetime time.Duration) (bool, string) {
	switch {
	case lifetime <= 0 && t.MaxWait <= 0:
		return offer(false, "set lifetimes.%s to the %s lifetime configured on the server, and maxWait to at least as long", what, what)
	case lifetime <= 0:
		return offer(false, "set lifetimes.%s to the %s lifetime configured on the server (maxWait is %s)", what, what, short(t.MaxWait))
	}
	return offer(lifetime <= t.MaxWait, "set maxWait to %s or more (it is %s), or shorten the %s lifetime on the server and in lifetimes.%s",
		short(lifetime), short(t.MaxWait), what, what)
}

// margin is how much longer a token must live than a session for the one to be seen to outlive the other.
const margin = 500 * time.Millisecond

// tokenOutlivesSession asks for a margin between the two.
func (t *Target) tokenOutlivesSession() (bool, string) {
	session, token := t.Lifetimes.Session, t.Lifetimes.Token
	switch {
	case session <= 0 && token <= 0:
		return offer(false, "set lifetimes.session and lifetimes.token to those configured on the server")
	case session <= 0:
		return offer(false, "set lifetimes.session to the session lifetime configured on the server")
	case token <= 0:
		return offer(false, "set lifetimes.token to the token lifetime configured on the server")
	}
	return offer(token-margin >= session,
		"configure a token lifetime of %s or more on the server and set lifetimes.token to it (it is %s)",
		short(session+margin), short(token))
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
