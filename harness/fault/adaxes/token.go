package adaxes

import (
	"net/http"
	"slices"
	"strconv"

	"example.org/conform/harness/reference/adaxes"
)

// tokenFaults break what a granted token issue promises (ADX-TOK-01 to ADX-TOK-08).
func tokenFaults() []Fault {
	of := func(name string) spoilt { return member(adaxes.IssueToken, name) }
	id, token, sid, applications := of("id"), of("token"), of("sid"), of("applications")
	return slices.Concat(
		seams.Statuses("token", adaxes.IssueToken, 7)("ADX-TOK-01", "", "token-created-201", "token-fails-now-and-then"),
		breaks("ADX-TOK-01", "404", Fault{Name: "issue-refused-now-and-then",
			Story: "every fifth issue goes to a node that has not heard of the session",
			Apply: everyGranted(5, adaxes.IssueToken, failed(http.StatusNotFound, "notFound", "There is no such session."))}),
		shapes("ADX-TOK-02", "token", adaxes.IssueToken),
		breaks("ADX-TOK-03", "/id",
			id.Missing("ticket-id-missing", "a release that keeps no tickets leaves the member out"),
			id.As("", "ticket-id-blank", "a release that keeps no tickets leaves the member blank"),
			id.As(4711, "ticket-id-number", "the identifier is a row number")),
		breaks("ADX-TOK-04", "/token",
			token.Missing("token-missing", "the token goes into a cookie instead"),
			token.Renamed("access_token", "token-renamed", "the member is named as OAuth names it"),
			token.Renamed("Token", "token-in-another-case", "the member is written in the case of the class"),
			token.As("", "token-blank", "the answer is made before the token is"),
			token.From(func(a *answer) any { return map[string]any{"type": 0, "value": a.Ticket.Token} },
				"token-in-an-object", "the token is wrapped with its kind")),
		breaks("ADX-TOK-05", "/sid",
			sid.Missing("sid-missing", "accounts of another kind of directory have no SID"),
			sid.From(func(a *answer) any { return a.Ticket.Account.GUID }, "sid-guid", "accounts of a cloud directory are named by their GUID"),
			sid.From(func(a *answer) any { return a.Ticket.Account.DownLevelName }, "sid-account-name", "the SID is translated to a name"),
			sid.As("AQUAAAAAAAUVAAAAmwYwTQ+yzDYyTUhoUgQAAA==", "sid-binary", "the SID is sent as the directory stores it, in base64"),
			sid.As("S-1-", "sid-cut", "the column for SIDs is too narrow")),
		breaks("ADX-TOK-05", "the sid of the account's other token", sid.From(func(a *answer) any {
			return "S-1-5-5-0-" + strconv.FormatInt(a.Ticket.IssuedAt.UnixNano()%1_000_000_000, 10)
		}, "sid-of-the-session", "the SID is that of the logon session, as in a Windows access token")),
		dates("ADX-TOK-06", "token", adaxes.IssueToken),
		written("token", adaxes.IssueToken)("ADX-TOK-06", "later than the moment of the response", "token-expiry-in-the-past"),
		written("token", adaxes.IssueToken)("ADX-TOK-07", "Z or +00:00", "token-expiry-in-local-time"),
		breaks("ADX-TOK-08", "/applications",
			applications.Missing("applications-missing", "there is one application only, so it goes without saying"),
			applications.As([]string{}, "applications-empty", "the list is filled by a later step"),
			applications.As(nil, "applications-null", "an empty list is sent as null"),
			applications.As([]string{"REST API", "Web Interface"}, "applications-two", "the token opens the web pages as well"),
			applications.As("REST API", "applications-bare-string", "a list of one is sent as the one")),
		breaks("ADX-TOK-08", "/applications/0",
			applications.As([]string{"Web Interface"}, "applications-another", "the token is one for the web pages"),
			applications.As([]string{"rest api"}, "applications-in-another-case", "names are normalized to lower case")),
	)
}
