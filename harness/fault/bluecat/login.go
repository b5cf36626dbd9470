package bluecat

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
)

// matching changes which passwords are right for a user.
func matching(same func(right, given string) bool) override {
	return func(c *config) {
		c.Rules.Login.Matches = func(_ *call, u user, given string) bool { return same(u.Password, given) }
	}
}

// passwordFaults let in who should stay out (BCT-SES-18, BCT-SES-19).
func passwordFaults() []Fault {
	return []Fault{
		{Name: "any-password", Requirement: "BCT-SES-18", Story: "the authenticator is unreachable and counts as content", Reason: "a wrong password gives no session",
			Apply: matching(func(string, string) bool { return true })},
		{Name: "empty-password", Requirement: "BCT-SES-18", Story: "a directory takes a bind without a password for an anonymous one and says yes", Reason: "a password that nearly matches gives no session",
			Apply: matching(func(right, given string) bool { return given == "" || given == right })},
		{Name: "password-in-any-case", Requirement: "BCT-SES-18", Story: "the column of the database compares without regard to case", Reason: "a password that nearly matches gives no session",
			Apply: matching(strings.EqualFold)},
		{Name: "password-cut-short", Requirement: "BCT-SES-18", Story: "an old hash looks at the first eight characters", Reason: "a password that nearly matches gives no session",
			Apply: matching(func(right, given string) bool { return len(given) >= 8 && given[:8] == right[:8] })},
		{Name: "password-without-its-end", Requirement: "BCT-SES-18", Story: "the comparison stops at the end of the shorter text", Reason: "a password that nearly matches gives no session",
			Apply: matching(func(right, given string) bool { return len(given) >= 8 && strings.HasPrefix(right, given) })},
		{Name: "password-trimmed", Requirement: "BCT-SES-18", Story: "form input is trimmed before it is compared", Reason: "a password that nearly matches gives no session",
			Apply: matching(func(right, given string) bool { return right == strings.TrimSpace(given) })},
		{Name: "third-wrong-password", Requirement: "BCT-SES-18", Story: "a counter of attempts runs over and lets the next one in", Reason: "gives no session",
			Apply: func(c *config) {
				var wrong atomic.Int64
				matching(func(right, given string) bool { return given == right || wrong.Add(1) == 3 })(c)
			}},
		{Name: "unknown-user-created", Requirement: "BCT-SES-19", Story: "users of a directory are made at their first login, before it has been asked", Reason: "an unknown user gives no session",
			Apply: func(c *config) {
				c.Rules.Login.Unknown = func(_ *call, name string) (user, bool) { return user{ID: 100999, Name: name}, true }
			}},
	}
}

// reading changes how the body of a login is read: change may replace the body first.
func reading(change func(*call)) override {
	return func(c *config) {
		c.Rules.Requests.Credentials = func(c *call) (string, string, *refusal) {
			change(c)
			return c.Credentials()
		}
	}
}

// malformedFaults break what a request gets that is no login (BCT-SES-20).
func malformedFaults() []Fault {
	return append(misshapenFaults(), []Fault{
		{Name: "empty-body-500", Requirement: "BCT-SES-20", Story: "nobody asked whether there is a body before reading its members", Reason: "500",
			Apply: onRefusal(bluecat.EmptyRequestBody, status(http.StatusInternalServerError))},
		{Name: "malformed-json-500", Requirement: "BCT-SES-20", Story: "the parser's exception is caught by nobody", Reason: "500",
			Apply: onRefusal(bluecat.JSONParseError, status(http.StatusInternalServerError))},
		{Name: "missing-field-500", Requirement: "BCT-SES-20", Story: "a member that is missing is null, and null has no length", Reason: "500",
			Apply: onRefusal(bluecat.MissingRequiredField, status(http.StatusInternalServerError))},
		{Name: "missing-password-accepted", Requirement: "BCT-SES-20", Story: "a password is compared where there is one", Reason: "gives no session",
			Apply: func(c *config) {
				c.Rules.Requests.Credentials = func(c *call) (string, string, *refusal) {
					body := fault.Object(c.Body)
					if _, given := body["password"]; !given {
						for _, u := range c.Users() {
							if u.Name == body["username"] {
								return u.Name, u.Password, nil
							}
						}
					}
					return c.Credentials()
				}
			}},
		{Name: "array-unwrapped", Requirement: "BCT-SES-20", Story: "the parser is set to take an array of one for its element", Reason: "gives no session",
			Apply: reading(func(c *call) {
				c.Body = bytes.TrimSuffix(bytes.TrimPrefix(c.Body, []byte("[")), []byte("]"))
			})},
		{Name: "truncated-json-accepted", Requirement: "BCT-SES-20", Story: "a streaming parser stops at the last member that it needs", Reason: "gives no session",
			Apply: reading(func(c *call) {
				if !json.Valid(c.Body) && len(c.Body) > 0 {
					c.Body = append(bytes.Clone(c.Body), '}')
				}
			})},
	}...)
}

// misshapenFaults fall over one wrong form of one member.
func misshapenFaults() []Fault {
	return fault.Misshapes("BCT-SES-20", "username", "password", func(in func([]byte) bool) override {
		return seams.Refuse(func(c *call, r *refusal) {
			if c.Operation == bluecat.CreateSession && in(c.Body) {
				r.Status = http.StatusInternalServerError
			}
		})
	})
}

// habitFaults break what is good practice around a login (BCT-SES-21, BCT-SES-22, BCT-SES-24 to BCT-SES-27).
func habitFaults() []Fault {
	return []Fault{
		{Name: "json-for-anything", Requirement: "BCT-SES-21", Story: "the order of the media types changed, and the first one is the default", Reason: "media type application/hal+json",
			Apply: negotiating(func(accept string) (string, bool) {
				if strings.TrimSpace(accept) == "*/*" || accept == "" {
					return bluecat.JSON, true
				}
				return bluecat.Negotiate(accept)
			})},
		{Name: "hal-whatever-is-asked", Requirement: "BCT-SES-22", Story: "nobody looks at Accept", Reason: "media type application/json",
			Apply: negotiating(func(string) (string, bool) { return bluecat.HAL, true })},
		{Name: "json-refused", Requirement: "BCT-SES-22", Story: "only one media type is registered for the resource", Reason: "406",
			Apply: negotiating(func(accept string) (string, bool) {
				if mediaType, ok := bluecat.Negotiate(accept); mediaType != bluecat.HAL || !ok {
					return "", false
				}
				return bluecat.HAL, true
			})},
		{Name: "json-with-links", Requirement: "BCT-SES-22", Story: "the same object is written under both names", Reason: "no _links",
			Apply: func(c *config) { c.Rules.Answers.Links = func(string) bool { return true } }},
		{Name: "unknown-members-refused", Requirement: "BCT-SES-24", Story: "the parser is set to fail on members that it does not know", Reason: "the members type and conform",
			Apply: func(c *config) {
				c.Rules.Requests.Credentials = func(c *call) (string, string, *refusal) {
					if len(fault.Object(c.Body)) > 2 {
						return "", "", &refusal{Status: http.StatusBadRequest, Code: bluecat.InvalidFieldValue, Message: "The request has an unknown field."}
					}
					return c.Credentials()
				}
			}},
		{Name: "session-handed-out-again", Requirement: "BCT-SES-25", Story: "a user has one session, which every login returns to", Reason: "two logins",
			Apply: func(c *config) {
				c.Rules.Sessions.Create = func(c *call, u user) session {
					if live := c.Sessions(func(s session) bool { return s.User.ID == u.ID && s.Live(c.Now) }); len(live) > 0 {
						return live[0]
					}
					return c.NewSession(u)
				}
			}},
		{Name: "token-of-the-user", Requirement: "BCT-SES-25", Story: "the token is made of the user's name and a secret of the server", Reason: "two logins give two tokens",
			Apply: func(c *config) {
				token := bluecat.RandomToken()
				c.Rules.Sessions.NewToken = func(*call, user) string { return token }
			}},
		{Name: "password-in-the-error", Requirement: "BCT-SES-26", Story: "the message of an error quotes the request", Reason: "the password, in its body",
			Apply: onRefusal(bluecat.InvalidUsernameOrPassword, func(c *call, r *refusal) { r.Message += " Request: " + string(c.Body) })},
		{Name: "password-in-the-session", Requirement: "BCT-SES-26", Story: "the user is written with all that the database holds", Reason: "the password, in its body",
			Apply: onCreated(func(a *answer) { a.Members.Set("login", members{{Name: "pw", Value: a.Session.User.Password}}) })},
		{Name: "unknown-user-404", Requirement: "BCT-SES-27", Story: "the user is looked up as any other resource", Reason: "also for an unknown user",
			Apply: onRefusal(bluecat.InvalidUsernameOrPassword, func(_ *call, r *refusal) {
				if !r.KnownUser {
					r.Status, r.Code = http.StatusNotFound, bluecat.ResourceNotFound
				}
			})},
		{Name: "wrong-password-named", Requirement: "BCT-SES-27", Story: "the message is meant to help", Reason: "also for an unknown user",
			Apply: onRefusal(bluecat.InvalidUsernameOrPassword, func(_ *call, r *refusal) {
				if r.KnownUser {
					r.Message = "The password is wrong."
				}
			})},
	}
}

// negotiating changes how the media type of an answer is chosen.
func negotiating(choose func(accept string) (string, bool)) override {
	return func(c *config) {
		c.Rules.Answers.Negotiate = func(_ *call, accept string) (string, bool) { return choose(accept) }
	}
}
