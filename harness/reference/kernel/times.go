package kernel

import (
	"strings"
	"time"
)

// TimeRules decide how answers state times.
type TimeRules struct {
	// TimeUnit is the precision of times: a second or a part of one. Times have as many fraction digits as it needs, so that
	// no multiple of it is cut: two for 250 ms, seven for 100 ns, none for a second. Expiry itself is rounded up to it, so
	// that what is handed out ends when the answer says. Zero means the vendor's.
	TimeUnit time.Duration
	// FormatTime writes a time. Own decision: UTC with Z, and the fraction digits of TimeUnit.
	FormatTime func(time.Time) string
}

// Time writes a time as the rules say.
func (t TimeRules) Time(at time.Time) string {
	if t.FormatTime != nil {
		return t.FormatTime(at)
	}
	digits := 0
	for scale := time.Second; t.TimeUnit%scale != 0; scale /= 10 {
		digits++
	}
	layout := "2006-01-02T15:04:05"
	if digits > 0 {
		layout += "." + strings.Repeat("0", digits)
	}
	return at.UTC().Format(layout + "Z")
}

// Ends is the time after a lifetime from now, in multiples of the unit, rounded up: what is stated so is never before what
// was meant. It has the wall clock alone, which is all that an answer can state.
func (t TimeRules) Ends(now time.Time, lifetime time.Duration) time.Time {
	at := now.Add(lifetime).Round(0)
	if cut := at.Truncate(t.TimeUnit); cut.Before(at) {
		return cut.Add(t.TimeUnit)
	}
	return at
}
