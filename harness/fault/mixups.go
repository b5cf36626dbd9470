package fault

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
)

// Mixups are the ways to answer one credential by what became of another, or of itself elsewhere. Take takes a credential out of a
// request, "" where there is none, and give puts one in.
func (s Seams[C, K, A, R]) Mixups(take func(*http.Request) string, give func(*http.Request, string)) Kind[C] {
	// desk answers a request with a credential; ask is what is answered to it with whichever.
	type desk func(r *http.Request, given string, ask func(credential string) Response) Response
	// bound refuses what was let in at one place at any other.
	bound := func(place func(*http.Request) string) func() desk {
		return func() desk {
			var homes sync.Map // the place where a credential was let in first
			return func(r *http.Request, given string, ask func(string) Response) Response {
				if home, known := homes.Load(given); known && home != place(r) {
					return ask("elsewhere")
				}
				answer := ask(given)
				if answer.Status == http.StatusOK {
					homes.LoadOrStore(given, place(r))
				}
				return answer
			}
		}
	}
	// leaks has the status of a refusal go out with what the last that was let in gets.
	leaks := func(with func(good []byte) []byte) func() desk {
		return func() desk {
			let := recent{of: map[string][]string{}}
			return func(_ *http.Request, given string, ask func(string) Response) Response {
				answer := ask(given)
				if answer.Status < http.StatusBadRequest {
					let.add("", given)
					return answer
				}
				for _, before := range slices.Backward(let.at("")) { // the last may have ended since
					if good := ask(before); good.Status < http.StatusBadRequest {
						answer.Header, answer.Body = good.Header, with(good.Body)
						break
					}
				}
				return answer
			}
		}
	}
	// spoils refuses what came with an error before, as over says of it.
	spoils := func(over func(spoilt *sync.Map, given string) bool) func() desk {
		return func() desk {
			var spoilt sync.Map
			return func(_ *http.Request, given string, ask func(string) Response) Response {
				if over(&spoilt, given) {
					return ask("spoilt")
				}
				answer := ask(given)
				if s := answer.Status; s >= 400 && s < 500 && s != http.StatusUnauthorized && s != http.StatusForbidden {
					spoilt.Store(given, true)
				}
				return answer
			}
		}
	}
	return bind("mixups", "", map[string]func() desk{
		"bound-to-the-user-agent":       bound((*http.Request).UserAgent),
		"bound-to-the-language":         bound(func(r *http.Request) string { return r.Header.Get("Accept-Language") }),
		"refusal-with-the-answer-in-it": leaks(func(good []byte) []byte { return good }),
		"refusal-with-the-answer-beside-it": leaks(func(good []byte) []byte {
			return fmt.Appendf(nil, `{"error":"refused","data":%s}`, good)
		}),
		"first-of-a-connection-answered": func() desk {
			let := recent{of: map[string][]string{}}
			return func(r *http.Request, given string, ask func(string) Response) Response {
				answer := ask(given)
				if answer.Status >= http.StatusBadRequest {
					return answer
				}
				let.add(connectionOf(r), given)
				if first := ask(let.at(connectionOf(r))[0]); first.Status < http.StatusBadRequest {
					return first
				}
				return answer
			}
		},
		"error-ends-what-it-came-with": spoils(func(spoilt *sync.Map, given string) bool { _, over := spoilt.Load(given); return over }),
		"error-shuts-out-once":         spoils(func(spoilt *sync.Map, given string) bool { _, over := spoilt.LoadAndDelete(given); return over }),
	}, func(open func() desk) func(*C) {
		answers := open()
		return s.Wrap(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				given := take(r)
				if given == "" || r.Method == http.MethodPost && login.MatchString(r.URL.Path) { // to ask twice would be two logins
					next.ServeHTTP(w, r)
					return
				}
				anew := replays(r)
				answer := answers(r, given, func(credential string) Response {
					again := anew()
					give(again, credential)
					return record(next, again)
				})
				answer.write(w)
			})
		})
	})
}
