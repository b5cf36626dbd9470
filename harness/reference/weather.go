package reference

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/judge"
	"example.org/conform/harness/verdict"
)

// Weather is what clients meet in use and seldom in their tests: connections that break, a server that asks to be left alone for a while, one
// that is slow, tokens that end before their time, and answers that the documents allow and few have seen. What it does next depends on
// its seed and on the order of the requests. After each rough moment some requests pass, so that whoever tries again gets on.

// What one request in so many meets.
const (
	brokenBefore, brokenAfter, throttled, unavailable, slow, endedEarly = 20, 40, 20, 20, 8, 30
	// longest is how long a slow answer may take, and calm how many requests pass after a rough moment.
	longest = 250 * time.Millisecond
	calm    = 3
)

// weather is that of one server; nil is none.
type weather struct {
	end   func(pick func(int) int) string
	judge *judge.Judge
	// ofConnection says that a login takes several requests on a connection, which are left alone.
	ofConnection bool
	seed         uint64
	oddities     string

	mu    sync.Mutex
	rand  *rand.Rand
	calm  int
	times map[string]int
}

func newWeather(o Options, system System) *weather {
	if o.Weather == 0 {
		return nil
	}
	return &weather{
		end: system.EndEarly, judge: o.Judge, ofConnection: system.OfConnection(), seed: o.Weather, oddities: o.Variant,
		rand: rand.New(rand.NewPCG(o.Weather, 2)), times: map[string]int{},
	}
}

// moment is what one request meets.
type moment struct {
	what string
	wait time.Duration
}

// The words for it, as the report has them.
const (
	wasBroken    = "lost its connection before it was looked at"
	wasUnheard   = "lost its connection before the answer"
	wasThrottled = "was answered 429"
	wasRefused   = "was answered 503"
)

// next is what the next request meets.
func (w *weather) next(r *http.Request) (m moment) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if in := func(n int) bool { return w.rand.IntN(n) == 0 }; in(slow) {
		m.wait = time.Duration(w.rand.Int64N(int64(longest)))
	}
	word, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	handshake := w.ofConnection && (strings.EqualFold(word, "NTLM") || strings.EqualFold(word, "Negotiate"))
	draw := w.rand.IntN(1 << 20)
	if w.calm--; w.calm >= 0 || handshake {
		return m
	}
	for _, rough := range []struct {
		what string
		n    int
	}{{wasBroken, brokenBefore}, {wasUnheard, brokenAfter}, {wasThrottled, throttled}, {wasRefused, unavailable}, {"", endedEarly}} {
		share := (1 << 20) / rough.n
		if draw -= share; draw >= 0 {
			continue
		}
		w.calm = calm
		if m.what = rough.what; m.what != "" {
			w.times[m.what]++
		} else if name := w.end(w.rand.IntN); name != "" {
			w.times["ended"]++
			if w.judge != nil {
				w.judge.EndedEarly(name)
			}
		}
		return m
	}
	return m
}

// over has the weather stand before an address.
func (w *weather) over(address http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		m := w.next(r)
		if m.wait > 0 {
			select {
			case <-time.After(m.wait):
			case <-r.Context().Done():
				return
			}
		}
		switch m.what {
		case wasBroken:
			panic(http.ErrAbortHandler)
		case wasUnheard:
			address.ServeHTTP(&unheard{header: http.Header{}}, r)
			panic(http.ErrAbortHandler)
		case wasThrottled:
			later(out, http.StatusTooManyRequests)
		case wasRefused:
			later(out, http.StatusServiceUnavailable)
		default:
			address.ServeHTTP(out, r)
		}
	})
}

// later asks a client to come again in a second, in no form of the API: it is a gateway that does.
func later(out http.ResponseWriter, status int) {
	out.Header().Set("Retry-After", "1")
	out.WriteHeader(status)
}

// unheard takes an answer that nobody gets.
type unheard struct{ header http.Header }

func (u *unheard) Header() http.Header            { return u.header }
func (u *unheard) Write(data []byte) (int, error) { return len(data), nil }
func (u *unheard) WriteHeader(int)                {}

// says tells what there was, a sentence each.
func (w *weather) says() (all []string) {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	all = append(all, fmt.Sprintf("the weather had the seed %d", w.seed))
	if w.oddities != "" {
		all = append(all, "the server differed as the document allows: "+strings.ReplaceAll(w.oddities, ",", ", "))
	}
	for _, what := range []string{wasBroken, wasUnheard, wasThrottled, wasRefused} {
		if n := w.times[what]; n > 0 {
			all = append(all, fmt.Sprintf("%s %s", verdict.Count(n, "request", "requests"), what))
		}
	}
	if n := w.times["ended"]; n > 0 {
		all = append(all, verdict.Count(n, "token was ended", "tokens were ended")+" before the time that its answer had named")
	}
	return all
}

// mostOddities is how many ways of differing a server has at most.
const mostOddities = 3

// oddities are the variants of a server in such weather, separated by commas: some that have nothing in common.
func (o Options) oddities() string {
	if o.Weather == 0 || o.Fault+o.Hostile != "" || o.Make != nil {
		return ""
	}
	draw := rand.New(rand.NewPCG(o.Weather, 1))
	all := Legal(o.Profile)
	draw.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
	var names, taken []string
	for _, v := range all {
		if len(names) < mostOddities && !slices.ContainsFunc(v.Changes, func(c string) bool { return slices.Contains(taken, c) }) {
			names, taken = append(names, v.Name), append(taken, v.Changes...)
		}
	}
	return strings.Join(names, ",")
}

// Legal are the variants of a profile that every client which keeps the document gets on with: no connection is taken over, and nothing takes
// longer than it has to.
func Legal(profile string) []fault.Named {
	return slices.DeleteFunc(Variants(), func(v fault.Named) bool {
		return !slices.Contains(v.Profiles, profile) || v.Bars || v.Long || len(v.Changes) == 0 || slices.Contains(v.Of, "connection")
	})
}
