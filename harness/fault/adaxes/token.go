package adaxes

import (
	"net/http"
	"slices"
	"strconv"

	"example.org/conform/harness/reference/adaxes"
)

// tokenFaults break what a granted token issue promises (ADX-TOK-01 to ADX-TOK-08).
func tokenFaults() []Fault {
	issued := func(changes ...func(*answer)) override { return granted(adaxes.IssueToken, changes...) }
	return slices.Concat([]Fault{
		{Name: "token-created-201", Requirement: "ADX-TOK-01", Story: "the framework answers a creation by POST with 201", Reason: "201",
			Apply: issued(status(http.StatusCreated))},
		{Name: "issue-fails-now-and-then", Requirement: "ADX-TOK-01", Story: "every seventh issue meets a store that is locked for a backup", Reason: "500",
			Apply: everyGranted(7, adaxes.IssueToken, crashed)},
		{Name: "issue-refused-now-and-then", Requirement: "ADX-TOK-01", Story: "every fifth issue goes to a node that has not heard of the session", Reason: "404",
			Apply: everyGranted(5, adaxes.IssueToken, func(a *answer) {
				a.Status, a.Ticket = http.StatusNotFound, nil
				a.Members = adaxes.Members{{Name: "message", Value: "There is no such session."}, {Name: "code", Value: "notFound"}}
			})},
	}, shapes("token", "ADX-TOK-02", adaxes.IssueToken), []Fault{
		{Name: "ticket-id-missing", Requirement: "ADX-TOK-03", Story: "a release that keeps no tickets leaves the member out", Reason: "/id",
			Apply: issued(drop("id"))},
		{Name: "ticket-id-blank", Requirement: "ADX-TOK-03", Story: "a release that keeps no tickets leaves the member blank", Reason: "/id",
			Apply: issued(set("id", ""))},
		{Name: "ticket-id-number", Requirement: "ADX-TOK-03", Story: "the identifier is a row number", Reason: "/id",
			Apply: issued(set("id", 4711))},
		{Name: "token-missing", Requirement: "ADX-TOK-04", Story: "the token goes into a cookie instead", Reason: "/token",
			Apply: issued(drop("token"))},
		{Name: "token-renamed", Requirement: "ADX-TOK-04", Story: "the member is named as OAuth names it", Reason: "/token",
			Apply: issued(rename("token", "access_token"))},
		{Name: "token-in-another-case", Requirement: "ADX-TOK-04", Story: "the member is written in the case of the class", Reason: "/token",
			Apply: issued(rename("token", "Token"))},
		{Name: "token-blank", Requirement: "ADX-TOK-04", Story: "the answer is made before the token is", Reason: "/token",
			Apply: issued(set("token", ""))},
		{Name: "token-in-an-object", Requirement: "ADX-TOK-04", Story: "the token is wrapped with its kind", Reason: "/token",
			Apply: issued(func(a *answer) { a.Members.Set("token", map[string]any{"type": 0, "value": a.Ticket.Token}) })},
		{Name: "sid-missing", Requirement: "ADX-TOK-05", Story: "accounts of another kind of directory have no SID", Reason: "/sid",
			Apply: issued(drop("sid"))},
		{Name: "sid-guid", Requirement: "ADX-TOK-05", Story: "accounts of a cloud directory are named by their GUID", Reason: "/sid",
			Apply: issued(func(a *answer) { a.Members.Set("sid", a.Ticket.Account.GUID) })},
		{Name: "sid-account-name", Requirement: "ADX-TOK-05", Story: "the SID is translated to a name", Reason: "/sid",
			Apply: issued(func(a *answer) { a.Members.Set("sid", a.Ticket.Account.DownLevelName) })},
		{Name: "sid-binary", Requirement: "ADX-TOK-05", Story: "the SID is sent as the directory stores it, in base64", Reason: "/sid",
			Apply: issued(set("sid", "AQUAAAAAAAUVAAAAmwYwTQ+yzDYyTUhoUgQAAA=="))},
		{Name: "sid-of-the-session", Requirement: "ADX-TOK-05", Story: "the SID is that of the logon session, as in a Windows access token", Reason: "the sid of the account's other token",
			Apply: issued(func(a *answer) {
				a.Members.Set("sid", "S-1-5-5-0-"+strconv.FormatInt(a.Ticket.IssuedAt.UnixNano()%1_000_000_000, 10))
			})},
		{Name: "sid-cut", Requirement: "ADX-TOK-05", Story: "the column for SIDs is too narrow", Reason: "/sid",
			Apply: issued(set("sid", "S-1-"))},
	}, dates("token", "ADX-TOK-06", adaxes.IssueToken), []Fault{
		{Name: "token-expiry-in-local-time", Requirement: "ADX-TOK-07", Story: "the date keeps the offset of the server's zone", Reason: "Z or +00:00",
			Apply: issued(stamped(local))},
		{Name: "applications-missing", Requirement: "ADX-TOK-08", Story: "there is one application only, so it goes without saying", Reason: "/applications",
			Apply: issued(drop("applications"))},
		{Name: "applications-empty", Requirement: "ADX-TOK-08", Story: "the list is filled by a later step", Reason: "/applications",
			Apply: issued(set("applications", []string{}))},
		{Name: "applications-null", Requirement: "ADX-TOK-08", Story: "an empty list is sent as null", Reason: "/applications",
			Apply: issued(set("applications", nil))},
		{Name: "applications-two", Requirement: "ADX-TOK-08", Story: "the token opens the web pages as well", Reason: "/applications",
			Apply: issued(set("applications", []string{"REST API", "Web Interface"}))},
		{Name: "applications-another", Requirement: "ADX-TOK-08", Story: "the token is one for the web pages", Reason: "/applications/0",
			Apply: issued(set("applications", []string{"Web Interface"}))},
		{Name: "applications-in-another-case", Requirement: "ADX-TOK-08", Story: "names are normalized to lower case", Reason: "/applications/0",
			Apply: issued(set("applications", []string{"rest api"}))},
		{Name: "applications-bare-string", Requirement: "ADX-TOK-08", Story: "a list of one is sent as the one", Reason: "/applications",
			Apply: issued(set("applications", "REST API"))},
	})
}
