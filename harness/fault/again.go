package fault

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"example.org/conform/harness/reference/kernel"
)

// held is how long a request that others must not meet is under way: long enough for all that are sent at the same moment.
const held = 15 * time.Millisecond

// Again are the ways in which the n-th record is not as good as the first. The arguments are those of Births.
func Again[C, K, O, T, R any](
	word string, seam func(func(*K, O) (T, *R)) func(*C), own func(*K, O) (T, *R), earlier func(*K, O) []T, end func(*K, T),
) Kind[C] {
	type birth = func(*K, O) (T, *R)
	return bindAnew("again", word, func() map[string]birth {
		var mu sync.Mutex
		last, made := map[string]T{}, map[string]int{} // by what they are made of
		return map[string]birth{
			"third-*-dead": func(c *K, of O) (T, *R) {
				before := len(earlier(c, of))
				one, refused := own(c, of)
				if refused == nil && before == 2 {
					end(c, one)
				}
				return one, refused
			},
			"third-*-ends-the-first": func(c *K, of O) (T, *R) {
				if all := earlier(c, of); len(all) > 1 {
					end(c, all[0])
				}
				return own(c, of)
			},
			"third-*-is-the-first": func(c *K, of O) (T, *R) {
				if all := earlier(c, of); len(all) > 1 {
					return all[0], nil
				}
				return own(c, of)
			},
			"every-seventh-*-is-the-one-before": func(c *K, of O) (T, *R) {
				from := fmt.Sprint(of)
				mu.Lock()
				defer mu.Unlock()
				if made[from]++; made[from]%7 == 0 {
					return last[from], nil
				}
				one, refused := own(c, of)
				if refused == nil {
					last[from] = one
				}
				return one, refused
			},
			"*-at-once-the-same": func(c *K, of O) (T, *R) {
				from := fmt.Sprint(of)
				mu.Lock()
				if made[from]++; made[from] > 1 {
					defer mu.Unlock()
					defer func() { made[from]-- }()
					return last[from], nil
				}
				one, refused := own(c, of)
				last[from] = one
				mu.Unlock()
				time.Sleep(held)
				mu.Lock()
				made[from]--
				mu.Unlock()
				return one, refused
			},
		}
	}, seam)
}

// Races are the ways to answer badly whoever asks for an operation while another's request for it is under way.
func (s Seams[C, K, A, R]) Races(word string, operation kernel.Operation) Kind[C] {
	type race struct {
		status int
		room   int64 // for so many
	}
	return bind("races", word, map[string]race{
		"second-*-at-once-409": {http.StatusConflict, 1},
		"second-*-at-once-404": {http.StatusNotFound, 1},
		"second-*-at-once-500": {http.StatusInternalServerError, 1},
		"fourth-*-at-once-500": {http.StatusInternalServerError, 3},
	}, func(r race) func(*C) {
		return func(c *C) {
			var under atomic.Int64
			s.Edit(func(c *K, a *A) {
				if !s.granting(operation)(c, a) {
					return
				}
				defer under.Add(-1)
				if under.Add(1) > r.room {
					s.Fail(a, r.status)
					return
				}
				time.Sleep(held)
			})(c)
		}
	})
}

// Twins is what becomes of a request while one that is the same is under way.
func (s Seams[C, K, A, R]) Twins(word string, operation kernel.Operation) Kind[C] {
	return bindAnew("twins", word, func() map[string]func(*K, *A) {
		var mu sync.Mutex
		under := map[string]int{}
		return map[string]func(*K, *A){"second-of-two-equal-*s-refused": func(c *K, a *A) {
			if !s.granting(operation)(c, a) {
				return
			}
			r := s.Call(c).Request
			same := fmt.Sprint(r.Method, r.URL, r.Header["Authorization"], r.Header["Adm-Authorization"], s.Call(c).Body)
			enter := func(n int) int {
				mu.Lock()
				defer mu.Unlock()
				under[same] += n
				return under[same]
			}
			defer enter(-1)
			if enter(1) > 1 {
				s.Fail(a, http.StatusConflict)
				return
			}
			time.Sleep(held)
		}}
	}, s.Edit)
}

// Orders are the ways in which an order to end a record depends on those before it and on what else there is. The arguments are
// those of Ends; all has those that live, oldest first, and may have the one that is named.
func Orders[C, K, T any](
	word string, seam func(func(*K, T)) func(*C), end func(*K, T), all func(*K, T) []T, same func(a, b T) bool,
) Kind[C] {
	type order = func(*K, T)
	others := func(c *K, named T) (rest []T) {
		for _, one := range all(c, named) {
			if !same(one, named) {
				rest = append(rest, one)
			}
		}
		return rest
	}
	return bindAnew("orders", word, func() map[string]order {
		third := Nth(3)
		var under atomic.Int64
		return map[string]order{
			"*-beside-another-does-nothing": func(c *K, named T) {
				defer under.Add(-1)
				if under.Add(1) > 1 {
					return
				}
				time.Sleep(held)
				end(c, named)
			},
			"every-third-*-does-nothing": func(c *K, named T) {
				if !third() {
					end(c, named)
				}
			},
			"every-third-*-ends-the-last": func(c *K, named T) {
				if rest := others(c, named); third() && len(rest) > 0 {
					end(c, rest[len(rest)-1])
				}
				end(c, named)
			},
			"*-of-one-of-three-ends-the-first": func(c *K, named T) {
				if rest := others(c, named); len(rest) > 1 {
					end(c, rest[0])
				}
				end(c, named)
			},
			"*-of-one-of-three-does-nothing": func(c *K, named T) {
				if len(others(c, named)) < 2 {
					end(c, named)
				}
			},
		}
	}, seam)
}

// How long something is remembered: as a cache in front of a store is told to, and as one that nobody gave a thought to.
const (
	brief = 200 * time.Millisecond
	long  = 2 * time.Second
)

// Memories are the ways in which uses, and what was known of a record, come between the record and its end. The arguments are
// those of Lifetimes.
func Memories[C, K, T any](word string, seam func(live func(*K, T) bool) func(*C), record func(*K, T) Record) Kind[C] {
	return bindAnew("memories", word, func() map[string]func(Record) bool {
		m := &memory{uses: map[string]uses{}}
		ended := func(r Record) bool { return !r.EndedAt.IsZero() && r.Now.Before(r.ExpiresAt) }
		// cached accepts what was accepted a while ago, from the n-th use on.
		cached := func(from int, during time.Duration) func(Record) bool {
			return func(r Record) bool {
				u := m.of(r.Name)
				return r.Live(r.Now) && m.use(r) || ended(r) && u.count >= from && r.Now.Before(u.last.Add(during))
			}
		}
		return map[string]func(Record) bool{
			"*-cached-for-a-moment":         cached(1, brief),
			"*-cached-for-two-seconds":      cached(1, long),
			"*-cached-from-its-fourth-use":  cached(4, long),
			"fifth-use-of-a-*-refused":      func(r Record) bool { return r.Live(r.Now) && m.use(r) && m.of(r.Name).count != 5 },
			"*-works-eight-times":           func(r Record) bool { return r.Live(r.Now) && m.use(r) && m.of(r.Name).count <= 8 },
			"*-end-late-at-one-node-of-two": func(r Record) bool { return r.Live(r.Now) || ended(r) && m.other() && r.Now.Sub(r.EndedAt) < brief },
			"*-end-undone-by-a-late-write": func(r Record) bool {
				u := m.of(r.Name)
				return r.Live(r.Now) && m.use(r) || ended(r) && r.EndedAt.Sub(u.last) < brief && r.Now.Sub(u.last) > brief
			},
			"*-end-lost-beside-a-use": func(r Record) bool {
				if ended(r) {
					return m.beside(r)
				}
				m.use(r)
				time.Sleep(held + rand.N(2*held)) // so that those who ask over and over do not ask in step
				return r.Live(r.Now)
			},
			"first-use-of-a-*-after-a-refusal-missed": func(r Record) bool {
				if !r.Live(r.Now) {
					return m.miss()
				}
				return m.of(r.Name).count > 0 || !m.missed() && m.use(r)
			},
		}
	}, func(counts func(Record) bool) func(*C) {
		return seam(func(c *K, t T) bool { return counts(record(c, t)) })
	})
}

// memory is what a server remembers of uses.
type memory struct {
	mu     sync.Mutex
	uses   map[string]uses
	refuse bool
	asked  int
	latest time.Time // that a record was made
}

type uses struct {
	count int
	last  time.Time
	// began are the last of them, as they began.
	began []time.Time
}

// born notes when a record was made, and bornSince reports whether any was since then.
func (m *memory) born(at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at.After(m.latest) {
		m.latest = at
	}
}

func (m *memory) bornSince(moment time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.latest.After(moment)
}

func (m *memory) of(name string) uses {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.uses[name]
}

// use counts a use. It is true, so that it can stand in a condition.
func (m *memory) use(r Record) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := m.uses[r.Name]
	u.count, u.last, u.began = u.count+1, r.Now, append(u.began[max(0, len(u.began)-8):len(u.began):len(u.began)], r.Now)
	m.uses[r.Name] = u
	return true
}

// beside says that a record ended while a use of it was under way.
func (m *memory) beside(r Record) bool {
	return slices.ContainsFunc(m.of(r.Name).began, func(began time.Time) bool {
		return began.Before(r.EndedAt) && r.EndedAt.Before(began.Add(held))
	})
}

// miss remembers a refusal, and missed tells once of it.
func (m *memory) miss() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuse = true
	return false
}

func (m *memory) missed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	refuse := m.refuse
	m.refuse = false
	return refuse
}

// other tells every second time that it is the other node's turn.
func (m *memory) other() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	return m.asked%2 == 0
}
