package bluecat

import (
	"strconv"
	"time"

	"example.org/conform/harness/reference/bluecat"
)

// creationFaults break the answer to a login as a whole (BCT-SES-01, BCT-SES-02).
var creationFaults = overrides{
	"session-sent-as-json": onCreated(header("Content-Type", bluecat.JSON)),
}

// memberFaults break one member of a session (BCT-SES-03 to BCT-SES-15).
func memberFaults() overrides {
	const missing = "members without a value are left out"
	id, kind, token, state, credentials := member("id"), member("type"), member("apiToken"), member("state"),
		member("basicAuthenticationCredentials")
	login, logout, response, authenticator := member("loginDateTime"), member("logoutDateTime"), member("response"), member("authenticator")
	return overrides{
		"id-as-string":                id.From(func(a *answer) any { return strconv.FormatInt(a.Session.ID, 10) }),
		"id-missing":                  id.Missing(),
		"type-renamed":                kind.As("Session"),
		"token-renamed":               token.Renamed("api_token"),
		"token-empty":                 token.As(""),
		"credentials-of-another-name": written(func(s session) string { return bluecat.BasicCredentials("api", s.Token) }),
		"credentials-token-first":     written(func(s session) string { return bluecat.BasicCredentials(s.Token, s.User.Name) }),
		"credentials-missing":         credentials.Missing(),
		"state-active":                state.As("ACTIVE"),
		"state-in-small-letters":      state.As("logged_in"),
		"remote-address-missing":      member("remoteAddress").Missing(),
		"read-only-as-string":         member("readOnly").As("false"),
		"login-in-the-future":         formatting(func(t time.Time) string { return t.Add(2 * time.Hour).UTC().Format(time.RFC3339) }),
		"login-date-in-words":         login.From(func(a *answer) any { return a.Session.LoginAt.UTC().Format(time.RFC1123) }),
		"logout-date-missing":         logout.Missing(),
		"logout-date-planned":         logout.From(func(a *answer) any { return a.Session.ExpiresAt.UTC().Format(time.RFC3339) }),
		"response-filled":             response.As("OK"),
		"response-missing":            response.Missing(),
		"user-missing":                member("user").Missing(),
		"user-name-of-the-directory":  within("user", func(m *members) { m.Set("name", "CN=Conform Service") }),
		"user-id-as-string":           within("user", func(m *members) { m.Set("id", "100893") }),
		"user-without-link":           within("user", func(m *members) { m.Drop("_links") }),
		"authenticator-missing":       authenticator.Missing(),
		"authenticator-as-name":       authenticator.As("proteusAuthenticator"),
	}
}

// linkFaults break the links of a session and its Location (BCT-SES-16, BCT-SES-17, BCT-SES-23).
func linkFaults() overrides {
	elsewhere := members{{Name: "href", Value: "/api/v2/sessions/current"}}
	return overrides{
		"links-missing":              member("_links").Missing(),
		"self-link-to-current":       within("_links", func(m *members) { m.Set("self", elsewhere) }),
		"self-link-missing":          within("_links", func(m *members) { m.Drop("self") }),
		"collection-link-missing":    within("_links", func(m *members) { m.Drop("collection") }),
		"location-missing":           onCreated(func(a *answer) { a.Header.Del("Location") }),
		"location-of-the-collection": onCreated(header("Location", "/api/v2/sessions")),
	}
}
