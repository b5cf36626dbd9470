package ledger

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// A door counts as shut where so many requests in a row were refused by the same status, good ones of so many checks among them: one
// check that breaks is the server's doing.
const shutRequests, shutChecks = 5, 2

// Fate is what became of a request.
type Fate struct {
	Check string
	At    time.Time
	// Good says that the request was good by all that its check knew.
	Good, Granted bool
	Status        int
}

// Closing is a time in which the server refused all requests for an operation, which it had granted before.
type Closing struct {
	Operation string
	// From is when the first of them was sent that was refused, and Until when the next was that was granted: zero for none.
	From, Until time.Time
}

// blur is how near to a closing a request counts as one in it: of those under way together, nobody knows which was looked at first.
const blur = time.Second

// Holds reports whether what was sent at a moment may have met it.
func (c Closing) Holds(at time.Time) bool {
	return at.After(c.From.Add(-blur)) && (c.Until.IsZero() || at.Before(c.Until.Add(blur)))
}

// LoginRefused enters that a login of a check was refused.
func (r *Run) LoginRefused(check string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused[check]++
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

// Fared enters what became of a request for an operation.
func (r *Run) Fared(operation string, f Fate) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fates[operation] = append(r.fates[operation], f)
}

// Closings are the times in which a door was shut, by operation and in order.
func (r *Run) Closings() []Closing {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []Closing
	for operation, fates := range r.fates {
		slices.SortStableFunc(fates, func(a, b Fate) int { return a.At.Compare(b.At) })
		out = append(out, closings(operation, fates)...)
	}
	slices.SortFunc(out, func(a, b Closing) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.Operation, b.Operation)) })
	return out
}

func closings(operation string, fates []Fate) (out []Closing) {
	open, refused := false, []Fate(nil)
	end := func(until time.Time) {
		checks := map[string]bool{}
		for _, f := range refused {
			if f.Good {
				checks[f.Check] = true
			}
		}
		if len(refused) >= shutRequests && len(checks) >= shutChecks {
			out = append(out, Closing{operation, refused[0].At, until})
		}
		refused = nil
	}
	for _, f := range fates {
		switch {
		case f.Granted:
			end(f.At)
			open = true
		case !open: // what was never granted was never shut
		case len(refused) > 0 && refused[0].Status != f.Status:
			if f.Good || !refused[0].Good {
				refused = []Fate{f}
			}
		default:
			refused = append(refused, f)
		}
	}
	end(time.Time{})
	return out
}
