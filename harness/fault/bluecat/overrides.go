package bluecat

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/bluecat"
	"example.org/conform/harness/reference/kernel"
)

// The server's own words, of which a catalogue is full. An override changes one decision, and overrides are those of a subject,
// by name.
type (
	config  = bluecat.Config
	call    = bluecat.Call
	answer  = bluecat.Answer
	members = bluecat.Members
	session = bluecat.Session
	refusal = bluecat.Refusal
	user    = bluecat.User

	override  = func(*config)
	overrides = fault.Overrides[config]
)

// seams make the overrides that all catalogues have.
var seams = fault.Seams[config, call, answer, refusal]{
	Of:      func(c *config) *bluecat.Seams { return &c.Rules.Seams },
	Server:  func(c *config) *kernel.Config { return &c.Config },
	Call:    func(c *call) *kernel.Call { return &c.Call },
	Refusal: func(a *answer) *refusal { return a.Refusal },
	Refusals: map[string]func(*call, *refusal) bool{
		"wrong-credentials":   coded(bluecat.InvalidUsernameOrPassword),
		"wrong-password":      loginBy(true),
		"stranger":            loginBy(false),
		"wrong-token":         coded(bluecat.InvalidAuthorizationToken),
		"missing-credentials": coded(bluecat.InvalidAuthorizationCredentials),
		"bearer":              unreadable(func(header string) bool { return strings.HasPrefix(header, "Bearer") }),
		"no-header":           unreadable(func(header string) bool { return header == "" }),
		"no-credentials":      unreadable(func(header string) bool { return header == "Basic" }),
		"missing-field":       coded(bluecat.MissingRequiredField),
		"blank-body":          coded(bluecat.EmptyRequestBody),
		"broken-json":         coded(bluecat.JSONParseError),
	},
	Requests: map[string]func(*call) bool{
		"some-credential": func(c *call) bool { return c.Request.Header.Get("Authorization") != "" },
		"probe":           func(c *call) bool { return c.Operation == bluecat.Probe },
		"hal-asked":       func(c *call) bool { return strings.Contains(c.Request.Header.Get("Accept"), "hal") },
		"no-colon": func(c *call) bool {
			_, _, readable := c.Basic()
			header := c.Request.Header.Get("Authorization")
			return !readable && strings.HasPrefix(header, "Basic ") && !strings.Contains(header, "%") && len(header) < 1000
		},
		"not-utf-8": func(c *call) bool { name, _, _ := c.Basic(); return !utf8.ValidString(name) },
	},
	Admit: func(c *config) *func(*call) *refusal { return &c.Rules.Requests.Admit },
	Refuses: func(status int) *refusal {
		return &refusal{Status: status, Code: bluecat.InvalidFieldValue, Message: "The request is not served in this form."}
	},
	Deeds: map[string]func(*call){
		"shorten-the-authority": func(c *call) {
			if own, refused := c.Authorize(); refused == nil {
				c.ExpireSession(own, c.Now.Add(own.ExpiresAt.Sub(c.Now)*4/5))
			}
		},
		"end-the-authority": func(c *call) {
			if own, refused := c.Authorize(); refused == nil {
				c.EndSession(own)
			}
		},
		"end-the-latest-session": func(c *call) {
			if all := c.Sessions(func(s session) bool { return s.Live(c.Now) }); len(all) > 0 {
				c.EndSession(all[len(all)-1])
			}
		},
	},
	Restate: func(r *refusal, status int) { r.Status = status },
	Fail: func(a *answer, status int) {
		a.Status, a.Session = status, nil
		a.Header.Set("Content-Type", bluecat.JSON)
		a.Header.Del("Location")
		a.Members = members{
			{Name: "status", Value: status}, {Name: "reason", Value: http.StatusText(status)},
			{Name: "code", Value: "Unavailable"}, {Name: "message", Value: "The request could not be served."},
		}
	},
	Parts: func(a *answer) fault.Parts {
		return fault.Parts{Status: &a.Status, Header: a.Header, Members: &a.Members, Body: &a.Body}
	},
}

// Each replaces one decision of a server.
var (
	credentials = fault.Ruling(func(c *config) *func(*call) (string, string, *refusal) { return &c.Rules.Requests.Credentials })
	matching    = fault.Ruling(func(c *config) *func(*call, user, string) bool { return &c.Rules.Login.Matches })
	ending      = fault.Ruling(func(c *config) *func(*call, session) { return &c.Rules.Sessions.End })
	written     = fault.Ruling(func(c *config) *func(session) string { return &c.Rules.Sessions.Credentials })
	authorizing = fault.Ruling(func(c *config) *func(*call) (session, *refusal) { return &c.Rules.Access.Authorize })
	finding     = fault.Ruling(func(c *config) *func(*call, string) (session, bool) { return &c.Rules.Access.Find })
	naming      = fault.Ruling(func(c *config) *func(*call, session, string) bool { return &c.Rules.Access.Names })
	negotiating = fault.Ruling(func(c *config) *func(*call, string) (string, bool) { return &c.Rules.Answers.Negotiate })
	living      = fault.RulingOnEnded(seams.KeepEnded, func(c *config) *func(*call, session) bool { return &c.Rules.Access.Live })
	formatting  = fault.Ruling(func(c *config) *func(time.Time) string { return &c.Rules.Answers.FormatTime })
)

// coded matches the refusals with a code, and loginBy those of logins by a user who is known, or by one who is not.
func coded(code bluecat.Code) func(*call, *refusal) bool {
	return func(_ *call, r *refusal) bool { return r.Code == code }
}

func loginBy(known bool) func(*call, *refusal) bool {
	return func(_ *call, r *refusal) bool {
		return r.Code == bluecat.InvalidUsernameOrPassword && r.KnownUser == known
	}
}

// unreadable matches the refusals of an Authorization of a kind, which has no credentials that could be read.
func unreadable(is func(header string) bool) func(*call, *refusal) bool {
	return func(c *call, r *refusal) bool {
		return r.Code == bluecat.InvalidAuthorizationCredentials && is(c.Request.Header.Get("Authorization"))
	}
}

// refusedFor refuses an operation before anything is looked at.
func refusedFor(operation bluecat.Operation, status int, code bluecat.Code) override {
	return func(c *config) {
		c.Rules.Requests.Admit = func(c *call) *refusal {
			if c.Operation == operation {
				return &refusal{Status: status, Code: code, Message: "There is no such thing here."}
			}
			return nil
		}
	}
}

// endingBy changes what the logout by one operation does.
func endingBy(operation bluecat.Operation) func(end func(*call, session)) override {
	return func(end func(*call, session)) override {
		return ending(func(c *call, s session) {
			if c.Operation == operation {
				end(c, s)
				return
			}
			c.EndSession(s)
		})
	}
}

// ofUser are the live sessions of a user.
func ofUser(c *call, u user) []session {
	return c.Sessions(func(s session) bool { return s.User.ID == u.ID && s.Live(c.Now) })
}

// passing is a session of a user that nobody has logged in to and that lives no longer than its request.
func passing(c *call, u user) session {
	return session{User: u, Life: kernel.Life{ExpiresAt: c.Now.Add(1)}}
}
