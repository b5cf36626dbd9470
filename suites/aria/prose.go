package aria

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"example.org/conform/suites/check"
)

// agreement declares the check that the two members that say when a token ends say the same.
func agreement(s *check.Suite[*API]) {
	s.Check("agrees", "names in expiresAt the moment that validity does", func(ctx context.Context, api *API) {
		made := api.Make(ctx, token)
		ends, said := api.validity(made)
		var body struct {
			ExpiresAt string `json:"expiresAt"`
		}
		_ = json.Unmarshal(made.Given.Body, &body) // what is no text is none that could be read
		if body.ExpiresAt == "" {
			api.Skip("the answer has no expiresAt, which is optional", "nothing: the promise is empty for this server")
		}
		prose, zoned, ok := readProse(body.ExpiresAt)
		if !ok {
			api.Skip("expiresAt is written in words that the suite does not read: "+body.ExpiresAt, "nothing: the form is for people")
		}
		apart := prose.Sub(ends)
		if !zoned { // zones lie whole quarters of an hour apart, and fourteen hours at most
			if apart.Abs() > 14*time.Hour+time.Minute {
				api.Fail("expiresAt on the day of validity, "+said, body.ExpiresAt)
			}
			apart = apart.Abs() % (15 * time.Minute)
			apart = min(apart, 15*time.Minute-apart)
		}
		api.Require(apart.Abs() <= time.Minute, "expiresAt at the moment of validity, "+said, body.ExpiresAt)
	}, check.Proves("ARO-VAL-09"))
}

// A date in English as servers in use write it, "Wednesday, April 29, 2026 at 12:31:12 AM Eastern Daylight Time", or in the form of a
// standard. The name of a zone says nothing to this machine, but for that of UTC.
var prose = regexp.MustCompile(`^(?:\w+, )?(\w+ \d{1,2}, \d{4})(?:,| at|, at)? (\d{1,2}:\d{2}:\d{2})\s?([AP]M)(?: (.*))?$`)

// readProse reads a date that is written for people. Without zoned it is known but for its zone.
func readProse(text string) (at time.Time, zoned, ok bool) {
	text = strings.Join(strings.Fields(text), " ") // blanks of any kind
	for _, standard := range []string{time.RFC3339, time.RFC1123Z} {
		if at, err := time.Parse(standard, text); err == nil {
			return at, true, true
		}
	}
	parts := prose.FindStringSubmatch(text)
	if parts == nil {
		return time.Time{}, false, false
	}
	at, err := time.Parse("January 2, 2006 3:04:05 PM", parts[1]+" "+parts[2]+" "+parts[3])
	zone := strings.ToUpper(parts[4])
	return at, zone == "UTC" || zone == "GMT" || zone == "COORDINATED UNIVERSAL TIME", err == nil
}
