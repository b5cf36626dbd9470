package bluecat

import (
	"slices"
	"strconv"
	"time"

	"example.org/conform/harness/reference/bluecat"
)

// creationFaults break the answer to a login as a whole (BCT-SES-01, BCT-SES-02).
func creationFaults() []Fault {
	return slices.Concat(
		creations("BCT-SES-01", "", "session-answered-200", "session-refused-now-and-then", "session-fails-now-and-then"),
		breaks("BCT-SES-02", "application/json", Fault{Name: "session-sent-as-json", Story: "a gateway rewrites the media type to one it knows",
			Apply: onCreated(header("Content-Type", bluecat.JSON))}),
		sessionBodies("BCT-SES-02", "", "session-as-text", "session-sent-twice", "session-in-an-array"),
	)
}

// memberFaults break one member of a session (BCT-SES-03 to BCT-SES-15).
func memberFaults() []Fault {
	const missing = "members without a value are left out"
	id, kind, token, state, credentials := member("id"), member("type"), member("apiToken"), member("state"),
		member("basicAuthenticationCredentials")
	login, logout, response, authenticator := member("loginDateTime"), member("logoutDateTime"), member("response"), member("authenticator")
	return slices.Concat(
		breaks("BCT-SES-03", "/id: an integer", id.From(func(a *answer) any { return strconv.FormatInt(a.Session.ID, 10) },
			"id-as-string", "ids are strings since they outgrew 53 bits")),
		breaks("BCT-SES-03", "missing", id.Missing("id-missing", "the id is in the link and was thought to be enough")),
		breaks("BCT-SES-04", "UserSession", kind.As("Session", "type-renamed", "the class was renamed and its name is the type")),
		breaks("BCT-SES-05", "/apiToken",
			token.Renamed("api_token", "token-renamed", "the member follows another naming rule"),
			token.As("", "token-empty", "the token is masked in every answer, also in the only one that needs it")),
		dates("BCT-SES-06", "later than loginDateTime", "expiry-in-the-past"),
		dates("BCT-SES-06", "/apiTokenExpirationDateTime", "expiry-in-milliseconds", "expiry-without-zone"),
		breaks("BCT-SES-07", "the name that was sent",
			Fault{Name: "credentials-of-another-name", Story: "the encoding takes the name of the API's own user, as in the document's example",
				Apply: written(func(s session) string { return bluecat.BasicCredentials("api", s.Token) })},
			Fault{Name: "credentials-token-first", Story: "the two parts are joined the wrong way round",
				Apply: written(func(s session) string { return bluecat.BasicCredentials(s.Token, s.User.Name) })}),
		breaks("BCT-SES-07", "missing", credentials.Missing("credentials-missing", "a convenience that a rewrite forgot")),
		breaks("BCT-SES-08", "LOGGED_IN",
			state.As("ACTIVE", "state-active", "the state is that of another kind of session"),
			state.As("logged_in", "state-in-small-letters", "a serializer lowers the case of enumerations")),
		breaks("BCT-SES-09", "/remoteAddress", member("remoteAddress").Missing(
			"remote-address-missing", missing+", and a proxy hides the address")),
		breaks("BCT-SES-10", "/readOnly: a boolean", member("readOnly").As("false", "read-only-as-string", "properties are kept as texts")),
		breaks("BCT-SES-11", "no later than the moment of the response", Fault{Name: "login-in-the-future",
			Story: "local time, ahead of UTC, is written with a Z",
			Apply: formatting(func(t time.Time) string { return t.Add(2 * time.Hour).UTC().Format(time.RFC3339) })}),
		breaks("BCT-SES-11", "/loginDateTime", login.From(func(a *answer) any { return a.Session.LoginAt.UTC().Format(time.RFC1123) },
			"login-date-in-words", "the date is formatted for people")),
		breaks("BCT-SES-12", "/logoutDateTime",
			logout.Missing("logout-date-missing", missing),
			logout.From(func(a *answer) any { return a.Session.ExpiresAt.UTC().Format(time.RFC3339) },
				"logout-date-planned", "the member is filled with the time at which the token will expire")),
		breaks("BCT-SES-13", "/response",
			response.As("OK", "response-filled", "the authenticator's answer is passed on, also when it is good"),
			response.Missing("response-missing", missing)),
		breaks("BCT-SES-14", "/user",
			member("user").Missing("user-missing", "the user is one more request away"),
			Fault{Name: "user-name-of-the-directory", Reason: "Conform.Service",
				Story: "the name is that of the directory and not the one of the login",
				Apply: within("user", func(m *members) { m.Set("name", "CN=Conform Service") })},
			Fault{Name: "user-id-as-string", Reason: "/user/id", Story: "ids are strings within other objects",
				Apply: within("user", func(m *members) { m.Set("id", "100893") })},
			Fault{Name: "user-without-link", Reason: "/user/_links", Story: "links are made for the outer object alone",
				Apply: within("user", func(m *members) { m.Drop("_links") })}),
		breaks("BCT-SES-15", "/authenticator",
			authenticator.Missing("authenticator-missing", "the server's own authenticator counts as none"),
			authenticator.As("proteusAuthenticator", "authenticator-as-name", "the reference is written as a name")),
	)
}

// linkFaults break the links of a session and its Location (BCT-SES-16, BCT-SES-17, BCT-SES-23).
func linkFaults() []Fault {
	elsewhere := members{{Name: "href", Value: "/api/v2/sessions/current"}}
	return slices.Concat(
		breaks("BCT-SES-16", "/_links",
			member("_links").Missing("links-missing", "the media type says HAL and the serializer does not"),
			Fault{Name: "self-link-to-current", Reason: "_links.self.href", Story: "the link names the session as its client would",
				Apply: within("_links", func(m *members) { m.Set("self", elsewhere) })},
			Fault{Name: "self-link-missing", Reason: "/_links/self", Story: "a session that was just made has no address yet",
				Apply: within("_links", func(m *members) { m.Drop("self") })}),
		breaks("BCT-SES-17", "/_links/collection", Fault{Name: "collection-link-missing",
			Story: "the collection cannot be listed, so nothing links to it", Apply: within("_links", func(m *members) { m.Drop("collection") })}),
		breaks("BCT-SES-23", "",
			Fault{Name: "location-missing", Reason: "Location", Story: "the address is in the links and was thought to be enough",
				Apply: onCreated(func(a *answer) { a.Header.Del("Location") })},
			Fault{Name: "location-of-the-collection", Reason: "Location that ends in", Story: "the header is set before the id is known",
				Apply: onCreated(header("Location", "/api/v2/sessions"))}),
	)
}
