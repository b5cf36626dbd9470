package ledger

import (
	"fmt"
	"time"
)

// weather is what has answered in a run in the API's stead.
type weather struct {
	by    string
	first time.Time
	times int
}

// InStead enters that something has answered in the API's stead, and when it was asked.
func (r *Run) InStead(by string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.weather.times++; r.weather.times == 1 || at.Before(r.weather.first) {
		r.weather.by, r.weather.first = by, at
	}
}

// Weather says what has answered in the API's stead, how often and from when on; "" where nothing has.
func (r *Run) Weather() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch w := r.weather; w.times {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%s at %s", w.by, w.first.UTC().Format(time.TimeOnly+" UTC"))
	default:
		return fmt.Sprintf("%s, and so %d times from %s on", w.by, w.times, w.first.UTC().Format(time.TimeOnly+" UTC"))
	}
}
