package fault

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"example.org/conform/harness/reference/random"
)

// Sticks are the ways to let somebody in again who was let in once. Take takes a credential out of a request, "" where there is
// none, and give puts one in.
func (s Seams[C, K, A, R]) Sticks(take func(*http.Request) string, give func(*http.Request, string)) Kind[C] {
	const cookie = "sid"
	// place is where a credential sticks: what tells a request's, and what an answer puts there. Unasked, it counts in place of what is refused.
	type place struct {
		of      func(*http.Request) string
		put     func(*Response) string
		unasked bool
		// showings is how often what is refused is shown until the last that was let in counts in its place; 0 for never.
		showings int
		// row is how many refused ones follow each other until that counts in the place of the last of them; 0 for never.
		row int64
		// by tells for whose requests it counts, by what they bring; nil for those that bring nothing, and are written as any.
		by func(r *http.Request, given string) bool
		// heads says that HEAD is answered as GET, without its content.
		heads bool
	}
	anywhere := func(*http.Request) string { return "" }
	// filter is passed by a request that brings nothing and is as is says.
	filter := func(is func(*http.Request) bool) place {
		return place{of: anywhere, by: func(r *http.Request, given string) bool { return given == "" && is(r) }}
	}
	slash := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/") }
	backslash := func(r *http.Request) bool { return strings.Contains(r.URL.Path, `\`) }
	head := func(r *http.Request) bool { return r.Method == http.MethodHead }
	return bind("sticks", "", map[string]place{
		"third-showing-lets-in":           {of: anywhere, showings: 3},
		"ninth-refused-in-a-row-let-in":   {of: anywhere, row: 9},
		"filter-passed-by-a-slash":        filter(slash),
		"filter-passed-by-a-backslash":    filter(backslash),
		"filter-passed-by-head":           {of: anywhere, heads: true, by: func(r *http.Request, given string) bool { return given == "" && head(r) }},
		"filter-passed-by-a-cookie":       filter(func(r *http.Request) bool { return len(r.Cookies()) > 0 }),
		"filter-passed-from-this-machine": filter(func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("X-Forwarded-For"), "127.") }),
		"filter-passed-by-a-query":        filter(func(r *http.Request) bool { return r.URL.Query().Has("conform") }),
		"filter-passed-by-http-1-0":       filter(func(r *http.Request) bool { return !r.ProtoAtLeast(1, 1) }),
		"word-for-nobody-let-in": {of: anywhere, by: func(_ *http.Request, given string) bool {
			return strings.HasSuffix(given, "undefined")
		}},
		"login-sticks-to-the-connection":   {of: connectionOf},
		"login-is-asked-once-a-connection": {of: connectionOf, unasked: true},
		"login-sticks-to-the-user-agent":   {of: (*http.Request).UserAgent},
		"login-sticks-to-a-cookie": {
			of: func(r *http.Request) string {
				c, err := r.Cookie(cookie)
				if err != nil {
					return ""
				}
				return c.Value
			},
			put: func(a *Response) string {
				id := random.ID(16)
				a.Header.Add("Set-Cookie", (&http.Cookie{Name: cookie, Value: id, Path: "/", HttpOnly: true}).String())
				return id
			},
		},
	}, func(p place) func(*C) {
		known := recent{of: map[string][]string{}}
		refused := tally{of: map[string]int{}}
		var row atomic.Int64
		return s.Wrap(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost && login.MatchString(r.URL.Path) { // to ask twice would be two logins
					next.ServeHTTP(w, r)
					return
				}
				given, at := take(r), p.of(r)
				let := known.at(at)
				path := strings.ReplaceAll(strings.TrimSuffix(r.URL.Path, "/"), `\`, "/")
				anew := replays(r)
				ask := func(change func(*http.Request)) Response {
					again := anew()
					if p.heads && head(r) {
						again.Method = http.MethodGet
					}
					change(again)
					return record(next, again)
				}
				// as is what is answered to one that was let in, where any of them still is: the last may have ended since.
				as := func(answer Response) Response {
					for _, before := range slices.Backward(let) {
						answer = ask(func(again *http.Request) {
							again.URL.Path = path
							give(again, before)
						})
						if answer.Status < http.StatusBadRequest {
							break
						}
					}
					return answer
				}
				answer := ask(func(*http.Request) {})
				failed := answer.Status >= http.StatusBadRequest
				if !failed {
					row.Store(0)
				}
				inARow := failed && given != "" && row.Add(1) == p.row
				sticks := given == "" && p.showings == 0 && p.row == 0 && !slash(r) && !backslash(r) && !head(r)
				if p.by != nil {
					sticks = p.by(r, given)
				}
				if failed && (sticks || p.unasked || inARow || given != "" && refused.add(given) == p.showings) {
					answer, given = as(answer), ""
				}
				if given != "" && answer.Status == http.StatusOK {
					if p.put != nil {
						at = p.put(&answer)
					}
					known.add(at, given)
				}
				answer.write(w)
			})
		})
	})
}

// connectionOf tells the connection of a request.
func connectionOf(r *http.Request) string { return r.RemoteAddr }

// replays gives copies of a request, each with the whole body.
func replays(r *http.Request) func() *http.Request {
	body, _ := io.ReadAll(r.Body) // what cannot be read is for who answers to find out
	return func() *http.Request {
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		return again
	}
}

// recent are the last credentials that were let in, by where they stick.
type recent struct {
	mu sync.Mutex
	of map[string][]string
}

func (r *recent) at(place string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.of[place])
}

func (r *recent) add(place, credential string) {
	const most = 64 // others may have ended the last ones
	r.mu.Lock()
	defer r.mu.Unlock()
	all := append(slices.DeleteFunc(r.of[place], func(c string) bool { return c == credential }), credential)
	r.of[place] = all[max(0, len(all)-most):]
}

// InField takes a credential out of a header field, and puts one there.
func InField(name string) (take func(*http.Request) string, give func(*http.Request, string)) {
	return func(r *http.Request) string { return r.Header.Get(name) }, func(r *http.Request, text string) { r.Header.Set(name, text) }
}

// tally counts by words.
type tally struct {
	mu sync.Mutex
	of map[string]int
}

func (t *tally) add(word string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of[word]++
	return t.of[word]
}
