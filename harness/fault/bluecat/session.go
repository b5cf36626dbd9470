package bluecat

import (
	"time"

	"example.org/conform/harness/reference/bluecat"
)

// sessionFaults break the answer to a login, where what is sent in place of the right text is made from the session.
var sessionFaults = overrides{
	"credentials-of-another-name": written(func(s session) string { return bluecat.BasicCredentials("api", s.Token) }),
	"credentials-token-first":     written(func(s session) string { return bluecat.BasicCredentials(s.Token, s.User.Name) }),
	"login-in-the-future":         formatting(func(t time.Time) string { return t.Add(2 * time.Hour).UTC().Format(time.RFC3339) }),
	"login-date-in-words":         member("loginDateTime", func(s *session) any { return s.LoginAt.UTC().Format(time.RFC1123) }),
	"logout-date-planned":         member("logoutDateTime", func(s *session) any { return s.ExpiresAt.UTC().Format(time.RFC3339) }),
}

func member(name string, value func(*session) any) override {
	return seams.Member(bluecat.CreateSession, name, func(a *answer) any { return value(a.Session) })
}
