package adaxes

import (
	"strings"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
)

// expectExpiresLater expects a date-time later than the server's own time at the answer.
func (a *API) expectExpiresLater(answer *client.Answer) {
	text := a.expiresAtUTC(answer)
	ends, err := check.ParseTime(text)
	if err != nil {
		a.Fail("expiresAtUtc as an RFC 3339 date-time", "a string of another form")
	}
	now, _ := a.Written(answer)
	a.Require(ends.After(now), "expiresAtUtc later than the moment of the response, "+stamp(now), stamp(ends))
}

// expectUTC expects a date-time with a designator of UTC.
func (a *API) expectUTC(answer *client.Answer) {
	text := a.expiresAtUTC(answer)
	utc := strings.HasSuffix(strings.ToUpper(text), "Z") || strings.HasSuffix(text, "+00:00")
	a.Require(utc, "expiresAtUtc that ends in Z or +00:00", text)
}

// expiresAtUTC reads the member, or ends the check: that it is there is another check's matter.
func (a *API) expiresAtUTC(answer *client.Answer) string {
	var body struct {
		ExpiresAtUTC string `json:"expiresAtUtc"`
	}
	if !check.Granted(answer) {
		a.Aged(answer)
	}
	if !readable(answer, &body) || body.ExpiresAtUTC == "" {
		a.Inconclusive("the answer has no expiresAtUtc to read: %s", check.Describe(answer))
	}
	return body.ExpiresAtUTC
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
