package ledger

import (
	"maps"
	"slices"
	"time"
)

// A door counts as shut where so many requests were refused by the same status, with hardly one that was granted among them, and good
// ones of so many checks: one check that breaks is the server's doing.
const shutRequests, shutChecks = 5, 2

// Fate is what became of a request.
type Fate struct {
	Check string
	// Account is the name of the account that a login was for.
	Account string
	At      time.Time
	// Login says that it was a login, and Good that it was good by all that its check knew.
	Login, Good, Granted bool
	Status               int
	// By is what the server that answered says of itself.
	By string
}

// Closing is a time in which the server refused logins, or everything, as it had not before.
type Closing struct {
	// From is when the first request was sent that was refused, and Until when the next was that was granted: zero for none.
	From, Until time.Time
}

// blur is how near to a closing a request counts as one in it: of those under way together, nobody knows which was looked at first.
const blur = time.Second

// Holds reports whether what was sent at a moment may have met it.
func (c Closing) Holds(at time.Time) bool {
	return at.After(c.From.Add(-blur)) && (c.Until.IsZero() || at.Before(c.Until.Add(blur)))
}

// RefusedLogins are the logins that were refused, by check.
func (r *Run) RefusedLogins() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.refused)
}

// MayBeRefused reports whether the run may make one more login that is refused.
func (r *Run) MayBeRefused() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := 0
	for _, n := range r.refused {
		all += n
	}
	return r.refusedLogins == 0 || all < r.refusedLogins
}

// mostFates bounds how many are remembered: walks may go on for hours.
const mostFates = 1 << 16

// Fared enters what became of a request.
func (r *Run) Fared(f Fate) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case f.Login && f.Granted:
		r.servers.answered(f.By)
	case f.Login:
		r.refused[f.Check]++
	case !f.Good:
		return // it says nothing of a door
	}
	if r.fates = append(r.fates, f); len(r.fates) == mostFates {
		r.shut = r.closings()
		r.fates = slices.Clone(r.fates[mostFates/2:])
	}
}

// Closings are the times in which a door was shut, in order. That good requests are refused which are no logins says nothing by itself: what
// they name may have ended.
func (r *Run) Closings() []Closing {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closings()
}

func (r *Run) closings() []Closing {
	slices.SortStableFunc(r.fates, func(a, b Fate) int { return a.At.Compare(b.At) })
	statuses := map[int]bool{}
	for _, f := range r.fates {
		if f.Login && f.Good && !f.Granted {
			statuses[f.Status] = true
		}
	}
	out := slices.Clone(r.shut)
	for status := range statuses {
		out = append(out, closings(r.fates, status, func(f Fate) bool { return f.Login })...)
		out = append(out, closings(r.fates, status, func(f Fate) bool { return f.Good })...)
	}
	slices.SortFunc(out, func(a, b Closing) int { return a.From.Compare(b.From) })
	return slices.CompactFunc(out, func(next, before Closing) bool { return before.Holds(next.From) })
}

// closings are those among some of the fates in which a status was the answer. Of requests under way together nobody knows which was
// looked at first, so that some that were granted may lie among those that were refused: a closing is where the latter outweigh them.
func closings(fates []Fate, status int, concerned func(Fate) bool) (out []Closing) {
	open, login, weight, most := false, false, 0, 0
	var from, until time.Time
	checks, entered := map[string]bool{}, map[string]bool{}
	end := func() {
		if most >= shutRequests && len(checks) >= shutChecks && login {
			out = append(out, Closing{from, until})
		}
		weight, most, login, checks = 0, 0, false, map[string]bool{}
	}
	for _, f := range fates {
		if f.Login && f.Granted {
			entered[f.Account] = true
		}
		switch {
		case !concerned(f):
		case f.Granted && weight > 0:
			if weight == most {
				until = f.At
			}
			if weight--; weight == 0 {
				end()
			}
		case f.Granted:
			open = true
		case f.Status == status && open: // what was never granted was never shut
			if weight++; weight == 1 {
				from = f.At
			}
			if weight > most {
				most, until = weight, time.Time{}
			}
			if f.Good && (!f.Login || entered[f.Account]) { // who never came in is refused for himself
				checks[f.Check], login = true, login || f.Login
			}
		}
	}
	end()
	return out
}
