package adaxes

import (
	"strconv"

	"example.org/conform/harness/reference/adaxes"
)

// tokenFaults break what a granted token issue promises.
func tokenFaults() overrides {
	of := func(member string, value func(ticket) any) override {
		return seams.Member(adaxes.IssueToken, member, func(a *answer) any { return value(*a.Ticket) })
	}
	return overrides{
		"token-in-an-object": of("token", func(t ticket) any { return map[string]any{"type": 0, "value": t.Token} }),
		"sid-guid":           of("sid", func(t ticket) any { return t.Account.GUID }),
		"sid-account-name":   of("sid", func(t ticket) any { return t.Account.DownLevelName }),
		"sid-of-the-session": of("sid", func(t ticket) any {
			return "S-1-5-5-0-" + strconv.FormatInt(t.IssuedAt.UnixNano()%1_000_000_000, 10)
		}),
	}
}
