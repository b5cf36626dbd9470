package adaxes

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/random"
)

// answerVariants write the same answers otherwise.
func answerVariants() []Variant {
	// described changes the answers that have a body.
	described := func(change func(*answer)) override {
		return edit(func(_ *call, a *answer) {
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
	variants := []Variant{
		{Name: "whole-seconds", Story: "expiresAtUtc has no fraction: the text names no number of digits", Long: true,
			Apply: unit(time.Second)},
		{Name: "tenths", Story: "expiresAtUtc has one fraction digit, as a serializer leaves that drops zeros",
			Apply: unit(100 * time.Millisecond)},
		{Name: "milliseconds", Story: "expiresAtUtc has three fraction digits", Apply: unit(time.Millisecond)},
		{Name: "microseconds", Story: "expiresAtUtc has six fraction digits, as in the examples of tokens", Apply: unit(time.Microsecond)},
		{Name: "nanoseconds", Story: "expiresAtUtc has nine fraction digits", Apply: unit(time.Nanosecond)},
		{Name: "utc-as-an-offset", Story: "UTC is written +00:00", Apply: formatted("2006-01-02T15:04:05.0000000-07:00")},
		{Name: "extra-members", Story: "a later release tells more",
			Apply: described(func(a *answer) {
				a.Members = append(adaxes.Members{{Name: "$type", Value: "Adaxes.Rest"}}, a.Members...)
				a.Members.Set("links", []any{map[string]any{"rel": "self", "href": "/restApi"}})
				a.Members.Set("apiVersion", nil)
			})},
		{Name: "members-in-reverse", Story: "the order of members has no meaning (RFC 8259, 4)",
			Apply: described(func(a *answer) {
				a.Members = slices.Clone(a.Members)
				slices.Reverse(a.Members)
			})},
		{Name: "no-charset", Story: "the media type is sent without a parameter", Apply: described(header("Content-Type", "application/json"))},
		{Name: "escaped-characters", Story: "a plus is written \\u002B and a slash \\/, as .NET does and JSON allows",
			Apply: described(body(func(s string) string {
				return strings.NewReplacer("+", `\u002B`, "/", `\/`, "<", `\u003C`).Replace(s)
			}))},
		{Name: "application-in-brackets", Story: "the name is written <REST API>, as in the examples",
			Apply: described(func(a *answer) {
				if a.Ticket != nil {
					a.Members.Set("applications", []string{"<REST API>"})
				}
			})},
		{Name: "error-with-more-members", Story: "errors carry a number for the support desk",
			Apply: edit(func(c *call, a *answer) {
				if a.Refusal != nil {
					a.Members.Set("traceId", fmt.Sprintf("%s-%d", c.Operation, c.Number))
					a.Members.Set("details", []string{})
				}
			})},
		{Name: "totp-state-sent", Profiles: only2025, Story: "the members of the older release are still sent",
			Apply: created(set("totpState", nil), set("changePasswordReason", 0))},
		{Name: "clock-a-second-slow", Story: "Date lags a second behind the clock by which things expire", Long: true,
			Apply: ahead(-time.Second)},
		{Name: "date-of-a-proxy-ahead", Story: "a proxy writes the Date, and its clock is three seconds ahead", Long: true,
			Apply: ahead(3 * time.Second)},
		{Name: "date-of-a-proxy-behind", Story: "a proxy writes the Date, and its clock is three seconds behind", Long: true,
			Apply: ahead(-3 * time.Second)},
		{Name: "dates-of-two-proxies", Story: "two proxies take turns, and their clocks are two seconds apart", Long: true,
			Apply: dated(func(c *call) time.Time { return c.Now.Add(time.Duration(c.Number%2) * 2 * time.Second) })},
		{Name: "date-from-a-timer", Story: "Date is written anew by a timer, and up to a second old", Long: true,
			Apply: func(c *config) {
				started := time.Now()
				dated(func(c *call) time.Time { return started.Add(c.Now.Sub(started).Truncate(time.Second)) })(c)
			}},
		{Name: "clock-ahead-without-date", Story: "the server's clock is three hours ahead, and nothing tells a client so",
			Apply: func(c *config) {
				c.Clock = func() time.Time { return time.Now().Add(3 * time.Hour) }
				edit(func(_ *call, a *answer) { a.Header["Date"] = nil })(c)
			}},
		{Name: "dates-in-small-letters", Story: "T and Z may be small letters (RFC 3339, 5.6)",
			Apply: formatted("2006-01-02t15:04:05.0000000z")},
	}
	for _, code := range []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound} {
		variants = append(variants, Variant{
			Name: fmt.Sprintf("refusals-as-%d", code), Story: "every refusal has the same status: the documents name none",
			Apply: refuse(func(_ *call, r *refusal) {
				r.Status = code
				if code != http.StatusBadRequest {
					r.ModelState = nil
				}
				if code != http.StatusForbidden {
					r.Inner = nil
				}
			}),
		})
	}
	return variants
}

// decisionVariants decide otherwise where the documents leave it open.
func decisionVariants() []Variant {
	return []Variant{
		{Name: "short-tokens", Story: "tokens have 16 characters: the documents name no length",
			Apply: making(func() string { return random.Token(16) })},
		{Name: "long-tokens", Story: "tokens have 8,000 characters, as those with many claims",
			Apply: making(func() string { return random.Token(8000) })},
		{Name: "hexadecimal-tokens", Story: "tokens hold nothing that a URL would escape",
			Apply: making(func() string { return strings.ReplaceAll(random.GUID()+random.GUID()+random.GUID(), "-", "") })},
		{Name: "guid-tokens-in-any-case", Story: "tokens are GUIDs, which are read in either letter case",
			Apply: func(c *config) {
				c.Rules.Tickets.NewToken = random.GUID
				near(strings.EqualFold)(c)
			}},
		{Name: "upper-case-tokens", Story: "tokens have letters of one case",
			Apply: making(func() string { return rand.Text() + rand.Text() })},
		{Name: "guids", Story: "sessions and tickets are named by GUIDs",
			Apply: func(c *config) { c.Rules.Sessions.NewID, c.Rules.Tickets.NewID = random.GUID, random.GUID }},
		{Name: "ticket-id-kept", Story: "a renewal keeps the ticket's id, as the examples show it",
			Apply: func(c *config) { c.Rules.Tickets.KeepID = true }},
		{Name: "termination-without-id-400", Story: "a parameter that is required is asked for",
			Apply: func(c *config) { c.Rules.Sessions.RequireID = true }},
		{Name: "destruction-without-token-400", Story: "a parameter that is required is asked for",
			Apply: func(c *config) { c.Rules.Tickets.RequireToken = true }},
		{Name: "destruction-without-credential-401", Story: "the header that is required is asked for",
			Apply: func(c *config) { c.Rules.Tickets.RefuseUnauthorized = true }},
		{Name: "destruction-not-by-ticket-id", Story: "only a sample destroys by the ticket's id",
			Apply: notByID(func(c *call, place adaxes.Place) bool {
				return place == adaxes.InQuery && c.Operation == adaxes.DestroyToken
			})},
		{Name: "paths-by-letter-case", Story: "paths are compared exactly, as URLs are",
			Apply: routing(func(c *call) (adaxes.Operation, *refusal) {
				if !strings.HasPrefix(c.Request.URL.Path, adaxes.BasePath+"/") {
					return adaxes.NoOperation, notFound()
				}
				return c.Route()
			})},
		{Name: "type-required", Profiles: only2023, Story: "a request without type is refused: the duty to send it is the client's",
			Apply: accepts(func(_ *call, raw string) bool { return raw == "0" })},
		{Name: "type-only-zero", Profiles: only2025, Story: "a type other than 0 is refused, as in the older release",
			Apply: accepts(func(_ *call, raw string) bool { return raw == "" || raw == "0" })},
		{Name: "locked-after-three", Story: "three wrong passwords in a row lock an account", Apply: func(c *config) { c.LockoutAfter = 3 }},
		{Name: "never-locked", Story: "no account is locked, so no attempts are counted", Apply: func(c *config) { c.LockoutAfter = -1 }},
	}
}

// dated writes the Date of another clock, and ahead that of one which is this much ahead.
func dated(clock func(*call) time.Time) override {
	return edit(func(c *call, a *answer) { a.Header.Set("Date", clock(c).UTC().Format(http.TimeFormat)) })
}

func ahead(by time.Duration) override {
	return dated(func(c *call) time.Time { return c.Now.Add(by) })
}
