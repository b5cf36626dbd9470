package ledger

import (
	"fmt"
	"slices"
	"time"
)

// weather is what has answered in a run in the API's stead.
type weather struct {
	by    string
	first time.Time
	times int
}

// AnsweredBy enters what the server that answered says of itself.
func (r *Run) AnsweredBy(identity string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answered = append(r.answered, identity)
}

// Two servers answer by turns where each gave at least one of so many answers, and they took turns so often at least: one that was
// exchanged for another during a run has done so once.
const shareOfEach, turns = 8, 4

// Versions are what the servers say of themselves that answer by turns; none where one answers.
func (r *Run) Versions() (each []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	counts, taken := map[string]int{}, 0
	for i, identity := range r.answered {
		counts[identity]++
		if i > 0 && identity != r.answered[i-1] {
			taken++
		}
	}
	for identity, n := range counts {
		if n*shareOfEach >= len(r.answered) && taken >= turns {
			each = append(each, identity)
		}
	}
	if len(each) < 2 {
		return nil
	}
	slices.Sort(each)
	return each
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
