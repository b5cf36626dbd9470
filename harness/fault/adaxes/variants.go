package adaxes

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/random"
)

// variants write the same answers otherwise, and decide otherwise where the documents leave it open.
func variants() overrides {
	// described changes the answers that have a body.
	described := func(change func(*answer)) override {
		return seams.Edit(func(_ *call, a *answer) {
			if a.Members != nil {
				change(a)
			}
		})
	}
	// formatted writes dates in another way, from those in UTC.
	formatted := func(layout string) override {
		return func(c *config) {
			c.Rules.Answers.FormatTime = func(t time.Time) string { return t.UTC().Format(layout) }
		}
	}
	unit := func(u time.Duration) override { return func(c *config) { c.Rules.Answers.TimeUnit = u } }
	return overrides{
		"whole-seconds":    unit(time.Second),
		"tenths":           unit(100 * time.Millisecond),
		"milliseconds":     unit(time.Millisecond),
		"microseconds":     unit(time.Microsecond),
		"nanoseconds":      unit(time.Nanosecond),
		"utc-as-an-offset": formatted("2006-01-02T15:04:05.0000000-07:00"),
		"extra-members": described(func(a *answer) {
			a.Members = append(adaxes.Members{{Name: "$type", Value: "Adaxes.Rest"}}, a.Members...)
			a.Members.Set("links", []any{map[string]any{"rel": "self", "href": "/restApi"}})
			a.Members.Set("apiVersion", nil)
		}),
		"members-in-reverse": described(func(a *answer) {
			a.Members = slices.Clone(a.Members)
			slices.Reverse(a.Members)
		}),
		"no-charset": described(seams.Header("Content-Type", "application/json")),
		"escaped-characters": described(seams.Body(func(s string) string {
			return strings.NewReplacer("+", `\u002B`, "/", `\/`, "<", `\u003C`).Replace(s)
		})),
		"application-in-brackets": described(func(a *answer) {
			if a.Ticket != nil {
				a.Members.Set("applications", []string{"<REST API>"})
			}
		}),
		"clock-a-second-slow":    ahead(-time.Second),
		"date-of-a-proxy-ahead":  ahead(3 * time.Second),
		"date-of-a-proxy-behind": ahead(-3 * time.Second),
		"dates-of-two-proxies":   dated(func(c *call) time.Time { return c.Now.Add(time.Duration(c.Number%2) * 2 * time.Second) }),
		"date-from-a-timer": func(c *config) {
			started := time.Now()
			dated(func(c *call) time.Time { return started.Add(c.Now.Sub(started).Truncate(time.Second)) })(c)
		},
		"clock-ahead-without-date": func(c *config) {
			c.Clock = func() time.Time { return time.Now().Add(3 * time.Hour) }
			seams.Edit(func(_ *call, a *answer) { a.Header["Date"] = nil })(c)
		},
		"dates-in-small-letters": formatted("2006-01-02t15:04:05.0000000z"),

		// What the documents leave open.
		"short-tokens":          making(func() string { return random.Token(16) }),
		"long-tokens":           making(func() string { return random.Token(8000) }),
		"hexadecimal-tokens":    making(func() string { return strings.ReplaceAll(random.GUID()+random.GUID()+random.GUID(), "-", "") }),
		"tokens-end-in-a-dot":   making(func() string { return random.Token(32) + "." }), // as those do that are signed by nobody
		"tokens-end-in-a-brace": making(func() string { return "{" + random.GUID() + "}" }),
		"guid-tokens-in-any-case": func(c *config) {
			c.Rules.Tickets.NewToken = random.GUID
			near(strings.EqualFold)(c)
		},
		"tokens-by-their-bytes": func(c *config) {
			finding(func(c *call, text string, place adaxes.Place) (credential, bool) {
				if found, ok := c.Find(text, place); ok {
					return found, true
				}
				found, ok := anyToken(c, func(t ticket) bool { return fault.SameBytes(t.Token, text) })
				found.Place = place
				return found, ok
			})(c)
			findingID(fault.Near((*call).Session, (*call).Sessions, func(_ *call, s session, text string) bool {
				return fault.SameBytes(s.ID, text)
			}))(c)
		},
		"upper-case-tokens":                  making(func() string { return rand.Text() + rand.Text() }),
		"guids":                              func(c *config) { c.Rules.Sessions.NewID, c.Rules.Tickets.NewID = random.GUID, random.GUID },
		"session-and-ticket-ids-in-any-case": idsInAnyCase,
		"ticket-id-kept":                     func(c *config) { c.Rules.Tickets.KeepID = true },
		"termination-without-id-400":         func(c *config) { c.Rules.Sessions.RequireID = true },
		"destruction-without-token-400":      func(c *config) { c.Rules.Tickets.RequireToken = true },
		"destruction-without-credential-401": func(c *config) { c.Rules.Tickets.RefuseUnauthorized = true },
		"destruction-of-the-own-account-alone": destroysWhere(func(_ *call, target, by credential) bool {
			return by.Ticket.Account.Username == target.Ticket.Account.Username
		}),
		"destruction-not-by-ticket-id": notByID(func(c *call, place adaxes.Place) bool {
			return place == adaxes.InQuery && c.Operation == adaxes.DestroyToken
		}),
		"paths-by-letter-case": routing(func(c *call) (adaxes.Operation, *refusal) {
			if !strings.HasPrefix(c.Request.URL.Path, adaxes.BasePath+"/") {
				return adaxes.NoOperation, notFound()
			}
			return c.Route()
		}),
		"type-only-zero": accepting(func(_ *call, raw json.RawMessage) bool { return raw == nil || string(raw) == "0" }),
		"single-quotes": func(c *config) {
			c.Rules.Requests.Credentials = func(c *call) (string, string, *refusal) {
				c.Body = doubleQuoted(c.Body)
				return c.Credentials()
			}
			c.Rules.Requests.SessionID = func(c *call) (string, *refusal) {
				c.Body = doubleQuoted(c.Body)
				return c.SessionID()
			}
		},
		"locked-after-three": func(c *config) { c.LockoutAfter = 3 },
		"never-locked":       func(c *config) { c.LockoutAfter = -1 },
	}
}

// doubleQuoted writes the texts of a body that stand in single quotes in double ones, and leaves alone what is JSON as it stands.
func doubleQuoted(body []byte) []byte {
	if json.Valid(body) {
		return body
	}
	var out []byte
	var within byte // the quote that the text began with
	for i := 0; i < len(body); i++ {
		char := body[i]
		switch {
		case within == 0 && (char == '\'' || char == '"'):
			within, char = char, '"'
		case char == '\\' && within != 0 && i+1 < len(body):
			i++
			if body[i] != '\'' {
				out = append(out, char)
			}
			char = body[i]
		case within != 0 && char == within:
			within, char = 0, '"'
		case within == '\'' && char == '"':
			out = append(out, '\\')
		}
		out = append(out, char)
	}
	if !json.Valid(out) {
		return body
	}
	return out
}

// dated writes the Date of another clock, and ahead that of one which is this much ahead.
func dated(clock func(*call) time.Time) override {
	return seams.Edit(func(c *call, a *answer) { a.Header.Set("Date", clock(c).UTC().Format(http.TimeFormat)) })
}

func ahead(by time.Duration) override {
	return dated(func(c *call) time.Time { return c.Now.Add(by) })
}

// idsInAnyCase names sessions and tickets by GUIDs, and finds them by what differs in letter case alone.
func idsInAnyCase(c *config) {
	c.Rules.Sessions.NewID, c.Rules.Tickets.NewID = random.GUID, random.GUID
	findingID(func(c *call, text string) (session, bool) {
		return fault.First(c.Sessions(func(s session) bool { return strings.EqualFold(s.ID, text) }))
	})(c)
	finding(func(c *call, text string, place adaxes.Place) (credential, bool) {
		if found, ok := c.Find(text, place); ok {
			return found, true
		}
		t, ok := fault.First(c.Tickets(func(t ticket) bool { return strings.EqualFold(t.ID, text) }))
		return credential{Ticket: t, ByID: true, Place: place}, ok
	})(c)
}
