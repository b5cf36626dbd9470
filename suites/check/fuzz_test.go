package check

import (
	"strings"
	"testing"
	"time"

	"example.org/conform/openapi"
)

// FuzzParseTime reads dates from outside: what it makes of one is written as a date-time that it reads back as the same.
func FuzzParseTime(f *testing.F) {
	for _, text := range []string{"2031-01-01T00:00:00Z", "2031-01-01t00:00:00.5z", "2031-01-01T00:00:00", "2031-01-01T00:00:00+14:00", "0000-01-01T00:00:00-23:59", "", "9999-12-31T23:59:59.999999999Z", "2031-01-01T00:00:00.123456789012Z"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if unit := step(text); unit <= 0 || unit > time.Second {
			t.Errorf("%q: the unit %v", text, unit)
		}
		at, err := openapi.ParseTime(text)
		if err != nil {
			return
		}
		if year := at.UTC().Year(); year < 0 || year > 9999 {
			return // has no date-time
		}
		if again, err := openapi.ParseTime(Stamp(at)); !at.IsZero() && (err != nil || !again.Equal(at)) {
			t.Errorf("%q is %v, and again %v, %v", text, at, again, err)
		}
		if lower, err := openapi.ParseTime(strings.ToLower(text)); err != nil || !lower.Equal(at) {
			t.Errorf("%q in small letters: %v, %v", text, lower, err)
		}
	})
}
