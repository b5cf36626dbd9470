package fault

import (
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/reference/kernel"
)

// Lookups are the ways to find a credential by what is not its text. The seam takes what tells whether a text will do for
// a credential that nobody has asked for by its own.
func Lookups[C any](word string, seam func(like func(real, text string) bool) func(*C)) Choice[C] {
	type likeness = func(real, text string) bool
	const begins = 8 // what is shorter begins too many
	return choice(word, func() []way[likeness] {
		return []way[likeness]{
			{"any-*", "", "whoever is logged in anywhere is logged in everywhere", func(string, string) bool { return true }},
			{"empty-*", "", "a search without a text finds everything", func(_, text string) bool { return text == "" }},
			{"*-in-any-case", "", "a table's keys are compared without regard to letter case", strings.EqualFold},
			{"*-cut-accepted", "", "the column is shorter than the text, and what was cut off is not compared", func(real, text string) bool {
				column := len(real) * 3 / 4
				return len(text) >= column && text[:column] == real[:column]
			}},
			{"*-by-a-prefix", "", "the look-up is by how a text begins, so that a log's short form can be used too",
				func(real, text string) bool { return len(text) > begins && strings.HasPrefix(real, text) }},
			{"longer-*-accepted", "", "what does not fit the column is cut before the comparison",
				func(real, text string) bool { return strings.HasPrefix(text, real) }},
			{"*-one-character-forgiven", "", "the comparison forgives a slip of one character, as it does for names that people type", OneApart},
		}
	}, seam)
}

// StrangeTokens are the ways to fall over a credential that nobody thought of. The seam takes what tells whether one is so.
func StrangeTokens[C any](seam func(strange func(text string) bool) func(*C)) Choice[C] {
	containing := func(part string) func(string) bool {
		return func(text string) bool { return strings.Contains(text, part) }
	}
	return choice("", func() []way[func(string) bool] {
		return []way[func(string) bool]{
			{"quote-crashes", "", "the token is written into a query", containing("'")},
			{"percent-crashes", "", "the token is decoded as if it stood in a URL", containing("%")},
			{"scheme-crashes", "", "what is not base64 is not caught", containing(" ")},
			{"long-token-crashes", "", "the column for tokens is too narrow, and the error of the database is not caught",
				func(text string) bool { return len(text) > 2000 }},
		}
	}, seam)
}

// Record is a session or a token when somebody asks whether it counts.
type Record struct {
	Name       string
	Since, Now time.Time
	kernel.Life
}

// How far off an end is: by what nobody would call late or early by eye, and by what some libraries allow for differences
// of clocks.
const (
	little = 500 * time.Millisecond
	skew   = 5 * time.Minute
)

// Lifetimes are the ways in which a record lives shorter or longer than it says. The seam takes what tells whether one
// counts, which sees the ended and the expired ones too.
func Lifetimes[C any](word string, seam func(live func(Record) bool) func(*C)) Choice[C] {
	within := func(more time.Duration) func(Record) bool {
		return func(r Record) bool { return r.EndedAt.IsZero() && r.Now.Before(r.ExpiresAt.Add(more)) }
	}
	return choice(word, func() []way[func(Record) bool] {
		var seen sync.Map
		return []way[func(Record) bool]{
			{"*-never-stored", "", "the transaction that stores it is rolled back", func(Record) bool { return false }},
			{"*-works-from-its-second-use", "", "the first use fetches it into a cache and fails for want of it", func(r Record) bool {
				_, cached := seen.LoadOrStore(r.Name, true)
				return cached && r.Live(r.Now)
			}},
			{"*-ends-at-half", "", "an idle timeout is shorter than the lifetime",
				func(r Record) bool { return r.Live(r.Now) && r.Now.Sub(r.Since) < r.ExpiresAt.Sub(r.Since)/2 }},
			{"*-ends-early", "", "a clean-up takes with it what would expire before its next round",
				func(r Record) bool { return r.Live(r.Now.Add(little)) }},
			{"*-lives-on", "", "a clean-up ends what has expired since its last round", within(little)},
			{"*-ends-late", "", "five minutes are allowed for differences of clocks", within(skew)},
			{"*-never-ends", "", "expired ones are left to a nightly job, and nobody else looks at the date",
				func(r Record) bool { return r.EndedAt.IsZero() }},
		}
	}, seam)
}

// Births are the ways in which a new record does not stand beside the earlier ones. The seam takes what is done with
// those that an account, or a session, has already, before it gets one more: one may be found to be handed out again.
func Births[C, T any](word string, seam func(before func(earlier []T, end func(T)) (again T, found bool)) func(*C)) Choice[C] {
	type birth = func(earlier []T, end func(T)) (T, bool)
	return choice(word, func() []way[birth] {
		return []way[birth]{
			{"*-handed-out-again", "", "the one that is there already is found and handed out again",
				func(earlier []T, _ func(T)) (T, bool) { return First(earlier) }},
			{"*-ended-by-the-next", "", "only one is kept, and the last one wins", func(earlier []T, end func(T)) (none T, again bool) {
				for _, one := range earlier {
					end(one)
				}
				return none, false
			}},
		}
	}, seam)
}

// Ends are the ways in which an order to end a record ends none, or more. The seam takes what the order does; end and all
// are the server's own way to end one, and those that belong to the same account.
func Ends[C, K, T any](word string, seam func(func(*K, T)) func(*C), end func(*K, T), all func(*K, T) []T) Choice[C] {
	return choice(word, func() []way[func(*K, T)] {
		return []way[func(*K, T)]{
			{"*-does-nothing", "", "the order is answered, and the store never told", func(*K, T) {}},
			{"*-ends-all", "", "the account is signed out everywhere", func(c *K, named T) {
				for _, one := range all(c, named) {
					end(c, one)
				}
			}},
		}
	}, seam)
}
