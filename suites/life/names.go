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
}

// nearNames are they. White space around a name, its letter case and its accents are none of them: directories may well overlook those.
func nearNames() map[string]nearName {
	return map[string]nearName{
		"shorter-name":  {"the name without its last character", prefix},
		"longer-name":   {"the name with one character more", func(n string) (string, bool) { return n + "x", n != "" }},
		"tagged-name":   {"the name with a tag behind a plus sign", func(n string) (string, bool) { return n + "+conform", n != "" }},
		"wildcard-name": {"the name with a wildcard of SQL (_) for one of its characters", func(n string) (string, bool) { w := asWildcard(n, len(n)/2); return w, w != n }},
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
