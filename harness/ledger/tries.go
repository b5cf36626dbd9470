package ledger

// How often an operation may fail for one reason before no check relies on it again: one that has never worked is broken;
// one that has may have had a bad moment.
const (
	neverWorked = 3
	workedOnce  = 10
	// mostLost is how many sessions or tokens may be made that nobody can end, since their answers do not name them, and mostLostAsked how many
	// of them by good requests. Beyond mostLost, what is granted against a promise is seen once for each promise.
	mostLost, mostLostAsked, mostLostInAll = 6, 3, 9
)

// tries is how an operation by which many checks arrange what they need has fared in a run.
type tries struct {
	worked bool
	failed int             // in a row, for the same reason
	lost   map[bool]int    // by whether the request was good
	judged map[string]bool // requirements whose checks have sent one of them
	why    Why
}

// Why says how an operation failed, and which requirement's check shows it.
type Why struct{ Reason, Requirement string }

func (r *Run) of(operation string) *tries {
	if r.tries[operation] == nil {
		r.tries[operation] = &tries{lost: map[bool]int{}, judged: map[string]bool{}}
	}
	return r.tries[operation]
}

// Worked enters that an operation gave what a check needed.
func (r *Run) Worked(operation string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.of(operation)
	t.worked, t.failed = true, 0
}

// Reopened forgets how operations have failed that have worked before: what stood in the way is gone.
func (r *Run) Reopened() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.tries {
		if t.worked {
			t.failed = 0
		}
	}
}

// Failed enters that an operation did not give what a check needed.
func (r *Run) Failed(operation string, why Why) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.of(operation)
	if t.why != why {
		t.failed, t.why = 0, why
	}
	t.failed++
}

// Lost enters that an answer to such a request says something was made, and does not name it, so that it cannot be ended.
func (r *Run) Lost(operation string, by Asked, why Why) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.of(operation)
	t.why = why
	t.lost[by.Good()]++
	t.judged[by.Odd] = true
}

// Losses are the numbers of things made that cannot be ended, by the operation that made them.
func (r *Run) Losses() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	losses := map[string]int{}
	for operation, t := range r.tries {
		if n := t.lost[true] + t.lost[false]; n > 0 {
			losses[operation] = n
		}
	}
	return losses
}

// Asked is what a request of an operation is to the check that sends it.
type Asked struct {
	// Arranges says that the check needs what it gives, and that it is good by all that is known; Sound that it is a login which is good.
	Arranges, Sound bool
	// Odd is the requirement of a check whose login is none of these: that it is granted is to be seen once for each.
	Odd string
}

// Good says whether the answer to such a request tells what good ones are granted.
func (a Asked) Good() bool { return a.Arranges || a.Sound }

// Hopeless reports whether an operation is not to be tried again by such a request, and why: no check is to make with it what nobody can end,
// and it does not give what checks need it for. That nobody can end what odd requests are granted is no matter of the good ones.
func (r *Run) Hopeless(operation string, by Asked) (why Why, hopeless bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.of(operation)
	limit := neverWorked
	if t.worked {
		limit = workedOnce
	}
	lost := t.lost[true] + t.lost[false]
	switch {
	case by.Arranges:
		return t.why, t.lost[true] >= mostLostAsked || t.failed >= limit
	case by.Sound:
		return t.why, t.lost[true] >= mostLostAsked
	case by.Odd != "":
		return t.why, lost >= mostLostInAll || lost >= mostLost && t.judged[by.Odd]
	}
	return t.why, lost >= mostLost
}
