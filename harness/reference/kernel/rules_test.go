package kernel

import (
	"testing"
	"time"
)

func TestTimesAreRoundedUpToWhatIsStated(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 123_456_789, time.UTC)
	for unit, want := range map[time.Duration]string{
		time.Second: "2026-01-02T03:04:06Z", 250 * time.Millisecond: "2026-01-02T03:04:05.25Z",
		time.Millisecond: "2026-01-02T03:04:05.124Z", 100 * time.Nanosecond: "2026-01-02T03:04:05.1234568Z",
	} {
		rules := TimeRules{TimeUnit: unit}
		if got := rules.Time(rules.Ends(at.Add(-time.Hour), time.Hour)); got != want {
			t.Errorf("in units of %s: %s, want %s", unit, got, want)
		}
	}
}
