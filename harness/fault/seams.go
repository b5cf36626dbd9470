package fault

import (
	"net/http"
	"sync/atomic"
	"time"

	"example.org/conform/harness/reference/kernel"
)

// Seams make the overrides that every catalogue has, of a server with configuration C, calls K, answers A and refusals R.
type Seams[C, K, A, R any] struct {
	// Of are the seams of a configuration.
	Of func(*C) *kernel.Seams[K, A, R]
	// Call is the part of a call that every vendor's has.
	Call func(*K) *kernel.Call
	// Refusal is what an answer refuses, nil where it grants what was asked for.
	Refusal func(*A) *R
	// Refusals are the kinds of refusals that catalogues tell apart, by their words.
	Refusals map[string]func(*K, *R) bool
	// Requests are the kinds of requests that they tell apart.
	Requests map[string]func(*K) bool
	// Deeds are what a catalogue can have done to what a server keeps, by their words.
	Deeds map[string]func(*K)
	// Restate makes a refusal one of another status: 500 is what an exception is answered with. Fail makes one of a
	// granted answer.
	Restate func(*R, int)
	Fail    func(*A, int)
	// Admit is the decision whether a request is looked at, and Refuses makes a refusal of a status.
	Admit   func(*C) *func(*K) *R
	Refuses func(status int) *R
	// Parts are those of an answer that every vendor's has.
	Parts func(*A) Parts
	// Server is the part of a configuration that every vendor's has.
	Server func(*C) *kernel.Config
}

func (s Seams[C, K, A, R]) refused(a *A) bool { return s.Refusal(a) != nil }

// Ruling makes the overrides that replace one decision of a server.
func Ruling[C, D any](rule func(*C) *D) func(D) func(*C) {
	return func(decision D) func(*C) {
		return func(c *C) { *rule(c) = decision }
	}
}

// RulingOnEnded makes those that replace a decision, which then is about what has ended and expired too.
func RulingOnEnded[C, D any](keepEnded func(*C), rule func(*C) *D) func(D) func(*C) {
	return func(decision D) func(*C) {
		return func(c *C) {
			keepEnded(c)
			*rule(c) = decision
		}
	}
}

// Edit changes answers before they are written. It adds to what the configuration changes already.
func (s Seams[C, K, A, R]) Edit(change func(*K, *A)) func(*C) {
	return func(c *C) {
		seam := &s.Of(c).Edit
		before := *seam
		*seam = func(c *K, a *A) {
			if before != nil {
				before(c, a)
			}
			change(c, a)
		}
	}
}

// RefuseWhere changes the refusals that match, before their bodies are made.
func (s Seams[C, K, A, R]) RefuseWhere(match func(*K, *R) bool, change func(*R)) func(*C) {
	return func(c *C) {
		s.Of(c).Refuse = func(c *K, r *R) {
			if match(c, r) {
				change(r)
			}
		}
	}
}

// Wrap puts a middleware before every address, outside those that are there already.
func (s Seams[C, K, A, R]) Wrap(m Middleware) func(*C) {
	return func(c *C) {
		seam := &s.Of(c).Wrap
		inner := *seam
		*seam = func(next http.Handler) http.Handler {
			if inner != nil {
				next = inner(next)
			}
			return m(next)
		}
	}
}

// Nth returns a function that reports true at every nth call of it, beginning with the nth. It may be called by several
// goroutines at once.
func Nth(n int64) func() bool {
	var seen atomic.Int64
	return func() bool { return seen.Add(1)%n == 0 }
}

// Granted changes the answers to an operation that grant what was asked for.
func (s Seams[C, K, A, R]) Granted(operation kernel.Operation, change func(*A)) func(*C) {
	return s.editWhere(s.granting(operation), change)
}

// Errors changes the answers of all refusals.
func (s Seams[C, K, A, R]) Errors(change func(*A)) func(*C) {
	return s.editWhere(func(_ *K, a *A) bool { return s.refused(a) }, change)
}

func (s Seams[C, K, A, R]) editWhere(match func(*K, *A) bool, change func(*A)) func(*C) {
	return s.Edit(func(c *K, a *A) {
		if match(c, a) {
			change(a)
		}
	})
}

func (s Seams[C, K, A, R]) granting(operation kernel.Operation) func(*K, *A) bool {
	return func(c *K, a *A) bool { return s.Call(c).Operation == operation && !s.refused(a) }
}

// KeepEnded lets rules see what has ended and expired.
func (s Seams[C, K, A, R]) KeepEnded(c *C) { s.Of(c).KeepEnded = time.Hour }
