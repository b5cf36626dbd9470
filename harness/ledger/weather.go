package ledger

import (
	"fmt"
	"slices"
	"time"
)

// weather is what came between a run and the API: who answered in its stead, or what held a request before it was sent.
type weather struct {
	by    string
	first time.Time
	times int
}

// servers is what those that answered say of themselves.
type servers struct {
	logins     map[string]int // by each
	last       string
	all, turns int
}

// Two servers answer by turns where each gave at least one of so many answers, and they took turns so often at least: one that was
// exchanged for another during a run has done so once. More than mostServers of them are none that take turns.
const shareOfEach, turns, mostServers = 8, 4, 64

// answered enters who granted the next login.
func (s *servers) answered(by string) {
	if s.all > 0 && by != s.last {
		s.turns++
	}
	if s.all++; s.logins[by] > 0 || len(s.logins) < mostServers {
		s.logins[by]++
	}
	s.last = by
}

// Versions are what the servers say of themselves that answer by turns; none where one answers.
func (r *Run) Versions() (each []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for by, n := range r.servers.logins {
		if n*shareOfEach >= r.servers.all && r.servers.turns >= turns {
			each = append(each, by)
		}
	}
	if len(each) < 2 {
		return nil
	}
	slices.Sort(each)
	return each
}

// InStead enters that something has answered in the API's stead, and when it was asked.
func (r *Run) InStead(by string, at time.Time) { r.met(&r.weather, by, at) }

// Unsent enters that a request never left this machine, why, and when it was to.
func (r *Run) Unsent(why string, at time.Time) { r.met(&r.unsent, why, at) }

func (r *Run) met(w *weather, by string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w.times++; w.times == 1 || at.Before(w.first) {
		w.by, w.first = by, at
	}
}

// Weather says what has answered in the API's stead, how often and from when on; "" where nothing has.
func (r *Run) Weather() string { return r.said(&r.weather) }

// Held says what held requests on this machine, how often and from when on; "" where nothing did.
func (r *Run) Held() string { return r.said(&r.unsent) }

func (r *Run) said(w *weather) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch w.times {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%s at %s", w.by, w.first.UTC().Format(time.TimeOnly+" UTC"))
	default:
		return fmt.Sprintf("%s, and so %d times from %s on", w.by, w.times, w.first.UTC().Format(time.TimeOnly+" UTC"))
	}
}
