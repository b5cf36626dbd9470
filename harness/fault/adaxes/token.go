package adaxes

import (
	"net/http"
	"strconv"

	"example.org/conform/harness/reference/adaxes"
)

// tokenFaults break what a granted token issue promises.
func tokenFaults() overrides {
	of := func(name string) spoilt { return member(adaxes.IssueToken, name) }
	id, token, sid, applications := of("id"), of("token"), of("sid"), of("applications")
	return overrides{
		"issue-refused-now-and-then": everyGranted(5, adaxes.IssueToken, failed(http.StatusNotFound, "notFound", "There is no such session.")),
		"ticket-id-missing":          id.Missing(),
		"ticket-id-blank":            id.As(""),
		"ticket-id-number":           id.As(4711),
		"token-missing":              token.Missing(),
		"token-renamed":              token.Renamed("access_token"),
		"token-in-another-case":      token.Renamed("Token"),
		"token-blank":                token.As(""),
		"token-in-an-object":         token.From(func(a *answer) any { return map[string]any{"type": 0, "value": a.Ticket.Token} }),
		"sid-missing":                sid.Missing(),
		"sid-guid":                   sid.From(func(a *answer) any { return a.Ticket.Account.GUID }),
		"sid-account-name":           sid.From(func(a *answer) any { return a.Ticket.Account.DownLevelName }),
		"sid-binary":                 sid.As("AQUAAAAAAAUVAAAAmwYwTQ+yzDYyTUhoUgQAAA=="),
		"sid-cut":                    sid.As("S-1-"),
		"sid-of-the-session": sid.From(func(a *answer) any {
			return "S-1-5-5-0-" + strconv.FormatInt(a.Ticket.IssuedAt.UnixNano()%1_000_000_000, 10)
		}),
		"applications-missing":         applications.Missing(),
		"applications-empty":           applications.As([]string{}),
		"applications-null":            applications.As(nil),
		"applications-two":             applications.As([]string{"REST API", "Web Interface"}),
		"applications-bare-string":     applications.As("REST API"),
		"applications-another":         applications.As([]string{"Web Interface"}),
		"applications-in-another-case": applications.As([]string{"rest api"}),
	}
}
