package life

import (
	"context"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/target"
)

// nearName makes of an account's name, without its domain, one that is nearly that.
type nearName struct {
	words string
	of    miss
	// form is the form of the name that is sent, where an account has several; "" for the one that the login sends by itself.
	form string
}

// The forms of a name, of which one may be looked up by other code than the other, and what they are in words behind a name.
const (
	principal = "principal"
	downLevel = "down-level"
)

var formWords = map[string]string{principal: ", as user@domain,", downLevel: `, as DOMAIN\user,`}

// nearNameCalled is the one that a contract calls so: by its name, behind a form and a slash where that is not the login's own.
func nearNameCalled(called string) (n nearName, known bool) {
	form, name, formed := strings.Cut(called, "/")
	if !formed {
		n, known = nearNames()[called]
		return n, known
	}
	n, known = nearNames()[name]
	n.form, n.words = form, n.words+formWords[form]
	return n, known && formWords[form] != ""
}

// nearNames are they. White space around a name, its letter case and its accents are none of them: directories may well overlook those.
func nearNames() map[string]nearName {
	return map[string]nearName{
		"shorter-name": {words: "the name without its last character", of: prefix},
		"longer-name":  {words: "the name with one character more", of: func(n string) (string, bool) { return n + "x", n != "" }},
		"tagged-name":  {words: "the name with a tag behind a plus sign", of: func(n string) (string, bool) { return n + "+conform", n != "" }},
		"wildcard-name": {words: "the name with a wildcard of SQL (_) for one of its characters", of: func(n string) (string, bool) {
			w := asWildcard(n, len(n)/2)
			return w, w != n
		}},
	}
}

// within changes what a name has before its domain, or behind it.
func within(name string, change miss) (string, bool) {
	if domain, local, has := strings.Cut(name, `\`); has {
		near, ok := change(local)
		return domain + `\` + near, ok
	}
	local, domain, has := strings.Cut(name, "@")
	near, ok := change(local)
	if has {
		near += "@" + domain
	}
	return near, ok
}

// nearly is the account under such a name; ok is false where it has none, or another account of the target has it.
func (n nearName) nearly(t *target.Target) (account target.Account, ok bool) {
	account = t.Account
	switch n.form {
	case principal:
		if !strings.Contains(account.Username, "@") || account.DownLevelName == "" {
			return account, false
		}
		account.DownLevelName = ""
	case downLevel:
		if account.DownLevelName == "" || account.DownLevelName == account.Username {
			return account, false
		}
		account.Username, account.DownLevelName = account.DownLevelName, ""
	}
	if account.Username, ok = within(account.Username, n.of); !ok {
		return account, false
	}
	if account.DownLevelName != "" {
		account.DownLevelName, ok = within(account.DownLevelName, n.of)
	}
	for _, other := range t.Accounts {
		ok = ok && !strings.EqualFold(other.Username, account.Username)
	}
	return account, ok
}

// lackingIn says, before anything is sent, whether the name in a target has no such near one.
func (n nearName) lackingIn(t *target.Target) (reason, remedy string) {
	if _, ok := n.nearly(t); ok {
		return "", ""
	}
	return "there is no " + strings.TrimPrefix(n.words, "the ") + " that is nobody's", "nothing: the promise is empty for this account"
}

// try tries the name with the right password. A server that takes it for the account may count what it refuses.
func (n nearName) try(called string) attempt {
	return func(a *API, ctx context.Context) *client.Answer {
		account, _ := n.nearly(a.Target) // else the check is not run
		return a.TryAccount(ctx, called, account)
	}
}
