package reply

import (
	"strings"
	"time"
)

// TimeLayout states times in UTC with as many fraction digits as the unit needs, so that no multiple of it is cut: two
// for 250 ms. The unit is a second or a part of one.
func TimeLayout(unit time.Duration) string {
	digits := 0
	for scale := time.Second; unit%scale != 0; scale /= 10 {
		digits++
	}
	if digits == 0 {
		return "2006-01-02T15:04:05Z"
	}
	return "2006-01-02T15:04:05." + strings.Repeat("0", digits) + "Z"
}

// RoundUp is a time in multiples of the unit, rounded up: what is stated so is never before what was meant. It has the
// wall clock alone, which is all that an answer can state.
func RoundUp(at time.Time, unit time.Duration) time.Time {
	at = at.Round(0)
	if cut := at.Truncate(unit); cut.Before(at) {
		return cut.Add(unit)
	}
	return at
}
