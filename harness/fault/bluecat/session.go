package bluecat

import (
	"strconv"
	"time"

	"example.org/conform/harness/reference/bluecat"
)

// sessionFaults break the answer to a login: one member of it, its links, its Location, or the whole.
var sessionFaults = overrides{
	"session-sent-as-json":        onCreated(header("Content-Type", bluecat.JSON)),
	"id-as-string":                member("id").From(func(a *answer) any { return strconv.FormatInt(a.Session.ID, 10) }),
	"id-missing":                  member("id").Missing(),
	"type-renamed":                member("type").As("Session"),
	"token-renamed":               member("apiToken").Renamed("api_token"),
	"token-empty":                 member("apiToken").As(""),
	"credentials-of-another-name": written(func(s session) string { return bluecat.BasicCredentials("api", s.Token) }),
	"credentials-token-first":     written(func(s session) string { return bluecat.BasicCredentials(s.Token, s.User.Name) }),
	"credentials-missing":         member("basicAuthenticationCredentials").Missing(),
	"state-active":                member("state").As("ACTIVE"),
	"state-in-small-letters":      member("state").As("logged_in"),
	"remote-address-missing":      member("remoteAddress").Missing(),
	"read-only-as-string":         member("readOnly").As("false"),
	"login-in-the-future":         formatting(func(t time.Time) string { return t.Add(2 * time.Hour).UTC().Format(time.RFC3339) }),
	"login-date-in-words":         member("loginDateTime").From(func(a *answer) any { return a.Session.LoginAt.UTC().Format(time.RFC1123) }),
	"logout-date-missing":         member("logoutDateTime").Missing(),
	"logout-date-planned":         member("logoutDateTime").From(func(a *answer) any { return a.Session.ExpiresAt.UTC().Format(time.RFC3339) }),
	"response-filled":             member("response").As("OK"),
	"response-missing":            member("response").Missing(),
	"user-missing":                member("user").Missing(),
	"user-name-of-the-directory":  within("user", func(m *members) { m.Set("name", "CN=Conform Service") }),
	"user-id-as-string":           within("user", func(m *members) { m.Set("id", "100893") }),
	"user-without-link":           within("user", func(m *members) { m.Drop("_links") }),
	"authenticator-missing":       member("authenticator").Missing(),
	"authenticator-as-name":       member("authenticator").As("proteusAuthenticator"),
	"links-missing":               member("_links").Missing(),
	"self-link-to-current":        within("_links", func(m *members) { m.Set("self", members{{Name: "href", Value: "/api/v2/sessions/current"}}) }),
	"self-link-missing":           within("_links", func(m *members) { m.Drop("self") }),
	"collection-link-missing":     within("_links", func(m *members) { m.Drop("collection") }),
	"location-missing":            onCreated(func(a *answer) { a.Header.Del("Location") }),
	"location-of-the-collection":  onCreated(header("Location", "/api/v2/sessions")),
}
