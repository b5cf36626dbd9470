package aria

import (
	"strings"
	"testing"
	"time"
)

func TestReadProse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		at    string
		zoned bool
	}{
		"Friday, August 5, 2016 6:22:05 PM UTC":                          {"2016-08-05T18:22:05Z", true},
		"Wednesday, April 29, 2026 at 12:31:12 AM Eastern Daylight Time": {"2026-04-29T00:31:12Z", false},
		"Wednesday, April 29, 2026 at 12:31:12\u202fAM Greenwich Time":   {"2026-04-29T00:31:12Z", false},
		"April 9, 2026, 1:31:12 PM":                                      {"2026-04-09T13:31:12Z", false},
		"2026-04-29T12:31:12+02:00":                                      {"2026-04-29T10:31:12Z", true},
		"mercredi 29 avril 2026":                                         {"", false},
		"in six hours":                                                   {"", false},
	} {
		at, zoned, ok := readProse(text)
		if got := at.UTC().Format(time.RFC3339); ok != (want.at != "") || ok && (got != want.at || zoned != want.zoned) {
			t.Errorf("%q: %s, %t, %t", text, got, zoned, ok)
		}
	}
}

// FuzzReadProse reads dates for people from outside, blanks of any kind being one.
func FuzzReadProse(f *testing.F) {
	for _, text := range []string{"Wednesday, April 29, 2026 at 12:31:12 AM Eastern Daylight Time", "April 29, 2026, 12:31:12\u202fPM UTC", "2026-04-29T00:00:00Z", "Wed, 29 Apr 2026 00:00:00 +0000", "x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, zoned, ok := readProse(text)
		again, zonedAgain, okAgain := readProse("\u2003" + strings.ReplaceAll(text, " ", " \t") + "\n")
		if ok != okAgain || zoned != zonedAgain || !at.Equal(again) {
			t.Errorf("%q: %v %v %v, and with other blanks %v %v %v", text, at, zoned, ok, again, zonedAgain, okAgain)
		}
	})
}
