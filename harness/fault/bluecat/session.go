package bluecat

import (
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/reference/bluecat"
)

// creationFaults break the answer to a login as a whole (BCT-SES-01, BCT-SES-02).
func creationFaults() []Fault {
	return []Fault{
		{Name: "session-answered-200", Requirement: "BCT-SES-01", Story: "the handler leaves the status to the framework", Reason: "200 OK",
			Apply: onCreated(func(a *answer) { a.Status = http.StatusOK })},
		{Name: "login-refused-now-and-then", Requirement: "BCT-SES-01", Story: "every second login meets a node that has not caught up with the users", Reason: "401 Unauthorized",
			Apply: everyGranted(2, bluecat.CreateSession, answered(http.StatusUnauthorized))},
		{Name: "login-fails-now-and-then", Requirement: "BCT-SES-01", Story: "every second login waits in vain for a connection of the database's pool", Reason: "500 Internal Server Error",
			Apply: everyGranted(2, bluecat.CreateSession, answered(http.StatusInternalServerError))},
		{Name: "session-sent-as-json", Requirement: "BCT-SES-02", Story: "a gateway rewrites the media type to one it knows", Reason: "application/json",
			Apply: onCreated(func(a *answer) { a.Header.Set("Content-Type", bluecat.JSON) })},
		{Name: "session-sent-as-text", Requirement: "BCT-SES-02", Story: "the serializer sets no media type and the framework guesses", Reason: "text/plain",
			Apply: onCreated(func(a *answer) { a.Header.Set("Content-Type", "text/plain; charset=utf-8") })},
		{Name: "session-sent-twice", Requirement: "BCT-SES-02", Story: "two filters write the body", Reason: "nothing after the JSON value",
			Apply: onCreated(func(a *answer) {
				if one, err := a.Members.MarshalJSON(); err == nil {
					a.Body = append(one, one...)
				}
			})},
		{Name: "session-in-an-array", Requirement: "BCT-SES-02", Story: "one session is treated as a collection of one", Reason: "body",
			Apply: onCreated(func(a *answer) {
				if one, err := a.Members.MarshalJSON(); err == nil {
					a.Body = append(append([]byte{'['}, one...), ']')
				}
			})},
	}
}

// memberFaults break one member of a session (BCT-SES-03 to BCT-SES-15).
func memberFaults() []Fault {
	return []Fault{
		{Name: "id-as-string", Requirement: "BCT-SES-03", Story: "ids are strings since they outgrew 53 bits", Reason: "/id: an integer",
			Apply: onCreated(func(a *answer) {
				a.Members.Set("id", strings.TrimPrefix(a.Header.Get("Location"), "/api/v2/sessions/"))
			})},
		{Name: "id-missing", Requirement: "BCT-SES-03", Story: "the id is in the link and was thought to be enough", Reason: "missing", Apply: drop("id")},
		{Name: "type-renamed", Requirement: "BCT-SES-04", Story: "the class was renamed and its name is the type", Reason: "UserSession", Apply: set("type", "Session")},
		{Name: "token-renamed", Requirement: "BCT-SES-05", Story: "the member follows another naming rule", Reason: "/apiToken",
			Apply: onMembers(func(m *members) { m.Rename("apiToken", "api_token") })},
		{Name: "token-empty", Requirement: "BCT-SES-05", Story: "the token is masked in every answer, also in the only one that needs it", Reason: "/apiToken", Apply: set("apiToken", "")},
		{Name: "expiry-before-login", Requirement: "BCT-SES-06", Story: "the expiry is written in local time, behind UTC", Reason: "later than loginDateTime",
			Apply: onCreated(func(a *answer) {
				a.Members.Set("apiTokenExpirationDateTime", a.Session.ExpiresAt.Add(-8*time.Hour).UTC().Format(time.RFC3339))
			})},
		{Name: "expiry-in-milliseconds", Requirement: "BCT-SES-06", Story: "one date escaped the formatter", Reason: "/apiTokenExpirationDateTime",
			Apply: onCreated(func(a *answer) { a.Members.Set("apiTokenExpirationDateTime", a.Session.ExpiresAt.UnixMilli()) })},
		{Name: "expiry-without-zone", Requirement: "BCT-SES-06", Story: "a date without a zone is formatted as one", Reason: "/apiTokenExpirationDateTime",
			Apply: onCreated(func(a *answer) {
				a.Members.Set("apiTokenExpirationDateTime", a.Session.ExpiresAt.UTC().Format("2006-01-02T15:04:05"))
			})},
		{Name: "credentials-of-another-name", Requirement: "BCT-SES-07", Story: "the encoding takes the name of the API's own user, as in the document's example", Reason: "the name that was sent",
			Apply: func(c *config) {
				c.Rules.Sessions.Credentials = func(s session) string { return bluecat.BasicCredentials("api", s.Token) }
			}},
		{Name: "credentials-token-first", Requirement: "BCT-SES-07", Story: "the two parts are joined the wrong way round", Reason: "the name that was sent",
			Apply: func(c *config) {
				c.Rules.Sessions.Credentials = func(s session) string { return bluecat.BasicCredentials(s.Token, s.User.Name) }
			}},
		{Name: "credentials-missing", Requirement: "BCT-SES-07", Story: "a convenience that a rewrite forgot", Reason: "missing", Apply: drop("basicAuthenticationCredentials")},
		{Name: "state-active", Requirement: "BCT-SES-08", Story: "the state is that of another kind of session", Reason: "LOGGED_IN", Apply: set("state", "ACTIVE")},
		{Name: "state-in-small-letters", Requirement: "BCT-SES-08", Story: "a serializer lowers the case of enumerations", Reason: "LOGGED_IN", Apply: set("state", "logged_in")},
		{Name: "remote-address-missing", Requirement: "BCT-SES-09", Story: "members without a value are left out, and a proxy hides the address", Reason: "/remoteAddress", Apply: drop("remoteAddress")},
		{Name: "read-only-as-string", Requirement: "BCT-SES-10", Story: "properties are kept as texts", Reason: "/readOnly: a boolean", Apply: set("readOnly", "false")},
		{Name: "login-in-the-future", Requirement: "BCT-SES-11", Story: "local time, ahead of UTC, is written with a Z", Reason: "no later than the moment of the response",
			Apply: func(c *config) {
				c.Rules.Answers.FormatTime = func(t time.Time) string { return t.Add(2 * time.Hour).UTC().Format(time.RFC3339) }
			}},
		{Name: "login-date-in-words", Requirement: "BCT-SES-11", Story: "the date is formatted for people", Reason: "/loginDateTime",
			Apply: onCreated(func(a *answer) { a.Members.Set("loginDateTime", a.Session.LoginAt.UTC().Format(time.RFC1123)) })},
		{Name: "logout-date-missing", Requirement: "BCT-SES-12", Story: "members without a value are left out", Reason: "/logoutDateTime", Apply: drop("logoutDateTime")},
		{Name: "logout-date-planned", Requirement: "BCT-SES-12", Story: "the member is filled with the time at which the token will expire", Reason: "/logoutDateTime",
			Apply: onCreated(func(a *answer) { a.Members.Set("logoutDateTime", a.Session.ExpiresAt.UTC().Format(time.RFC3339)) })},
		{Name: "response-filled", Requirement: "BCT-SES-13", Story: "the authenticator's answer is passed on, also when it is good", Reason: "/response", Apply: set("response", "OK")},
		{Name: "response-missing", Requirement: "BCT-SES-13", Story: "members without a value are left out", Reason: "/response", Apply: drop("response")},
		{Name: "user-missing", Requirement: "BCT-SES-14", Story: "the user is one more request away", Reason: "/user", Apply: drop("user")},
		{Name: "user-name-of-the-directory", Requirement: "BCT-SES-14", Story: "the name is that of the directory and not the one of the login", Reason: "Conform.Service",
			Apply: within("user", func(m *members) { m.Set("name", "CN=Conform Service") })},
		{Name: "user-id-as-string", Requirement: "BCT-SES-14", Story: "ids are strings within other objects", Reason: "/user/id",
			Apply: within("user", func(m *members) { m.Set("id", "100893") })},
		{Name: "user-without-link", Requirement: "BCT-SES-14", Story: "links are made for the outer object alone", Reason: "/user/_links",
			Apply: within("user", func(m *members) { m.Drop("_links") })},
		{Name: "authenticator-missing", Requirement: "BCT-SES-15", Story: "the server's own authenticator counts as none", Reason: "/authenticator", Apply: drop("authenticator")},
		{Name: "authenticator-as-name", Requirement: "BCT-SES-15", Story: "the reference is written as a name", Reason: "/authenticator", Apply: set("authenticator", "proteusAuthenticator")},
	}
}

// linkFaults break the links of a session and its Location (BCT-SES-16, BCT-SES-17, BCT-SES-23).
func linkFaults() []Fault {
	elsewhere := members{{Name: "href", Value: "/api/v2/sessions/current"}}
	return []Fault{
		{Name: "self-link-to-current", Requirement: "BCT-SES-16", Story: "the link names the session as its client would", Reason: "_links.self.href",
			Apply: within("_links", func(m *members) { m.Set("self", elsewhere) })},
		{Name: "self-link-missing", Requirement: "BCT-SES-16", Story: "a session that was just made has no address yet", Reason: "/_links/self",
			Apply: within("_links", func(m *members) { m.Drop("self") })},
		{Name: "links-missing", Requirement: "BCT-SES-16", Story: "the media type says HAL and the serializer does not", Reason: "/_links", Apply: drop("_links")},
		{Name: "collection-link-missing", Requirement: "BCT-SES-17", Story: "the collection cannot be listed, so nothing links to it", Reason: "/_links/collection",
			Apply: within("_links", func(m *members) { m.Drop("collection") })},
		{Name: "location-missing", Requirement: "BCT-SES-23", Story: "the address is in the links and was thought to be enough", Reason: "Location",
			Apply: onCreated(func(a *answer) { a.Header.Del("Location") })},
		{Name: "location-of-the-collection", Requirement: "BCT-SES-23", Story: "the header is set before the id is known", Reason: "Location that ends in",
			Apply: onCreated(func(a *answer) { a.Header.Set("Location", "/api/v2/sessions") })},
	}
}
