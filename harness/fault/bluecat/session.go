package bluecat

import (
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

// sessionFaults let in who should stay out, and break what a session says of itself and how it ends.
var sessionFaults = overrides{
	"unknown-user-created": func(c *config) {
		c.Rules.Login.Unknown = func(_ *call, name string) (user, bool) { return user{ID: 100999, Name: name}, true }
	},
	"domain-of-a-name-ignored": func(c *config) {
		c.Rules.Login.Find = func(c *call, name string) (user, bool) {
			local, _, _ := strings.Cut(name, "@")
			return c.User(local)
		}
	},
	"json-for-anything": negotiating(func(_ *call, accept string) (string, bool) {
		if strings.TrimSpace(accept) == "*/*" {
			return bluecat.JSON, true
		}
		return bluecat.Negotiate(accept)
	}),
	"first-media-type-alone-read": negotiating(func(_ *call, accept string) (string, bool) {
		first, _, _ := strings.Cut(accept, ",")
		first, _, _ = strings.Cut(first, ";")
		return bluecat.Negotiate(first)
	}),
	"hal-taken-among-others-alone": negotiating(func(_ *call, accept string) (string, bool) {
		if !strings.Contains(accept, ",") {
			return bluecat.JSON, true
		}
		return bluecat.Negotiate(accept)
	}),
	"hal-whatever-is-asked": negotiating(func(*call, string) (string, bool) { return bluecat.HAL, true }),
	"json-unless-asked": negotiating(func(_ *call, accept string) (string, bool) {
		if accept == "" {
			return bluecat.JSON, true
		}
		return bluecat.Negotiate(accept)
	}),
	"json-refused": negotiating(func(_ *call, accept string) (string, bool) {
		mediaType, ok := bluecat.Negotiate(accept)
		return mediaType, ok && mediaType == bluecat.HAL
	}),
	"json-with-links": func(c *config) { c.Rules.Answers.Links = func(string) bool { return true } },
	"unknown-members-refused": credentials(func(c *call) (string, string, *refusal) {
		if len(fault.Object(c.Body)) > 2 {
			return "", "", &refusal{Status: http.StatusBadRequest, Code: bluecat.InvalidFieldValue, Message: "There is an unknown field."}
		}
		return c.Credentials()
	}),
	"token-of-the-user": func(c *config) {
		token := bluecat.RandomToken()
		c.Rules.Sessions.NewToken = func(*call, user) string { return token }
	},

	// The answer, where what is sent in place of the right text is made from the session.
	"credentials-of-another-name": written(func(s session) string { return bluecat.BasicCredentials("api", s.Token) }),
	"credentials-token-first":     written(func(s session) string { return bluecat.BasicCredentials(s.Token, s.User.Name) }),
	"login-in-the-future":         formatting(func(t time.Time) string { return t.Add(2 * time.Hour).UTC().Format(time.RFC3339) }),
	"login-date-in-words":         member("loginDateTime", func(s *session) any { return s.LoginAt.UTC().Format(time.RFC1123) }),
	"logout-date-planned":         member("logoutDateTime", func(s *session) any { return s.ExpiresAt.UTC().Format(time.RFC3339) }),

	// The current session, and logging out.
	"current-unknown": refusedFor(bluecat.GetCurrentSession, http.StatusNotFound, bluecat.ResourceNotFound),
	"current-is-the-newest": seams.Edit(func(c *call, a *answer) {
		var newest int64
		for _, s := range c.Sessions(func(session) bool { return true }) {
			newest = max(newest, s.ID)
		}
		if c.Operation == bluecat.GetCurrentSession && a.Refusal == nil {
			a.Members.Set("id", newest)
		}
	}),
	"logout-not-allowed":   refusedFor(bluecat.PatchCurrentSession, http.StatusMethodNotAllowed, bluecat.MethodNotAllowed),
	"logout-by-id-unknown": refusedFor(bluecat.PatchSession, http.StatusNotFound, bluecat.ResourceNotFound),
}

// member sends another value of a member of the session that is handed out.
func member(name string, value func(*session) any) override {
	return seams.Member(bluecat.CreateSession, name, func(a *answer) any { return value(a.Session) })
}
