package fault

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// places is how many requests a server with little room takes at a time, and stay how long each of them is there at least.
	places, stay = 8, 2 * time.Millisecond
	// patience is how long an idle connection is kept by a server that has few.
	patience = 30 * time.Millisecond
	// away is how far off a clock is that nobody has set.
	away = 3 * time.Minute
	// apart is how much later one answer may come than another.
	apart = 400 * time.Millisecond
)

// Manners are the variants of servers, proxies and gateways that take requests, connections and clocks otherwise. The parameters of
// queries, the members of bodies and the paths, as http.ServeMux has them, are all that the API knows.
func (s Seams[C, K, A, R]) Manners(parameters, members, paths []string) Kind[C] {
	refusing := func(status int, is func(*http.Request) bool) func(*C) {
		return s.Admitting(func(c *K) *R {
			if is(s.Call(c).Request) {
				return s.Refuses(status)
			}
			return nil
		})
	}
	return bind("manners", "", map[string]func(*C){
		"eight-at-a-time":            s.placed(),
		"idle-connections-closed":    s.Wrap(line{idle: patience}.middleware()),
		"reused-connections-dropped": s.dropped(30),
		"tenth-answer-closes": s.Wrap(On(Every(10, Always), func(_ *http.Request, a *Response) {
			a.Header.Set("Connection", "close")
		})),
		"jitter":                      s.Wrap(jittery),
		"clock-three-minutes-ahead":   s.clock(away),
		"clock-three-minutes-behind":  s.clock(-away),
		"chunked-refused":             refusing(http.StatusLengthRequired, func(r *http.Request) bool { return r.ContentLength < 0 }),
		"expectation-refused":         refusing(http.StatusExpectationFailed, func(r *http.Request) bool { return r.Header.Get("Expect") != "" }),
		"http-1-0-refused":            refusing(http.StatusHTTPVersionNotSupported, func(r *http.Request) bool { return !r.ProtoAtLeast(1, 1) }),
		"gzip":                        s.Wrap(On(gzipAccepted, zipped)),
		"tiny-chunks-with-extensions": s.Wrap(Connection(tinyChunks)),
		"cookies-that-mean-nothing":   s.Wrap(On(Always, cookie)),
		"paths-by-a-router":           s.Wrap(routed(paths)),
		"unknown-parameter-refused": refusing(http.StatusBadRequest, func(r *http.Request) bool {
			for name := range r.URL.Query() {
				if !slices.ContainsFunc(parameters, func(known string) bool { return strings.EqualFold(known, name) }) {
					return true
				}
			}
			return false
		}),
		"unknown-member-refused": refusing(http.StatusBadRequest, func(r *http.Request) bool {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			var object map[string]json.RawMessage
			_ = json.Unmarshal(body, &object) // what is no object has no members
			for name := range object {
				if !slices.ContainsFunc(members, func(known string) bool { return strings.EqualFold(known, name) }) {
					return true
				}
			}
			return false
		}),
	}, func(override func(*C)) func(*C) { return override })
}

// Admitting refuses requests before anything is looked at, after what the configuration refuses already.
func (s Seams[C, K, A, R]) Admitting(refusal func(*K) *R) func(*C) {
	return func(c *C) {
		seam := s.Admit(c)
		before := *seam
		*seam = func(c *K) *R {
			if before != nil {
				if refused := before(c); refused != nil {
					return refused
				}
			}
			return refusal(c)
		}
	}
}

// crowded is the mark of a request that has found no place.
type crowded struct{}

// placed takes so many requests at a time, and asks the others to come again.
func (s Seams[C, K, A, R]) placed() func(*C) {
	return func(c *C) {
		var under atomic.Int64
		s.Wrap(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer under.Add(-1)
				if under.Add(1) > places {
					r = r.WithContext(context.WithValue(r.Context(), crowded{}, true))
				}
				time.Sleep(stay)
				next.ServeHTTP(w, r)
			})
		})(c)
		is := func(c *K) bool { return s.Call(c).Request.Context().Value(crowded{}) != nil }
		s.Admitting(func(c *K) *R {
			if is(c) {
				return s.Refuses(http.StatusTooManyRequests)
			}
			return nil
		})(c)
		s.editWhere(func(c *K, _ *A) bool { return is(c) }, s.Header("Retry-After", "1"))(c)
	}
}

// dropped closes every n-th connection that is used again.
func (s Seams[C, K, A, R]) dropped(n int64) func(*C) {
	return func(c *C) { s.Wrap(line{idle: abandoned, drop: Nth(n)}.middleware())(c) }
}

// clock sets the server's clock, and its Date, off by so much.
func (s Seams[C, K, A, R]) clock(by time.Duration) func(*C) {
	return func(c *C) {
		s.Server(c).Clock = func() time.Time { return time.Now().Add(by) }
		s.Edit(func(c *K, a *A) { s.Parts(a).Header.Set("Date", s.Call(c).Now.UTC().Format(http.TimeFormat)) })(c)
	}
}

// jittery has requests wait on their way in, and answers on their way out.
func jittery(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(rand.N(apart / 2))
		answer := record(next, r)
		time.Sleep(rand.N(apart / 2))
		answer.write(w)
	})
}

// gzipAccepted says whether a client asks for gzip by name.
func gzipAccepted(r *http.Request) bool {
	return strings.Contains(strings.ToLower(r.Header.Get("Accept-Encoding")), "gzip") &&
		!strings.Contains(r.Header.Get("Accept-Encoding"), "q=0")
}

func zipped(_ *http.Request, a *Response) {
	if len(a.Body) == 0 {
		return
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(a.Body) // a buffer takes everything
	_ = z.Close()
	a.Body = b.Bytes()
	a.Header.Set("Content-Encoding", "gzip")
	a.Header.Add("Vary", "Accept-Encoding")
}

// tinyChunks sends bodies in chunks of three bytes, each with an extension (RFC 9112, 7.1.1).
func tinyChunks(r, _ *http.Request, a Response) string {
	if len(a.Body) == 0 || !r.ProtoAtLeast(1, 1) {
		return a.Text()
	}
	a.Header.Set("Transfer-Encoding", "chunked")
	head, _, _ := strings.Cut(a.Text(), "\r\n\r\n")
	lines := slices.DeleteFunc(strings.Split(head, "\r\n"), func(line string) bool { return strings.HasPrefix(line, "Content-Length:") })
	var b strings.Builder
	b.WriteString(strings.Join(lines, "\r\n") + "\r\n\r\n")
	for piece := range slices.Chunk(a.Body, 3) {
		fmt.Fprintf(&b, "%x;part=\"a b\"\r\n%s\r\n", len(piece), piece)
	}
	b.WriteString("0;last\r\n\r\n")
	return b.String()
}

// routed hands on what is asked at a path as it is written, and answers the rest as Go's router does, in text.
func routed(paths []string) Middleware {
	return func(next http.Handler) http.Handler {
		mux := http.NewServeMux()
		for _, path := range paths {
			mux.Handle(path, next)
		}
		return mux
	}
}

// cookie sets one that nobody asks for again.
func cookie(_ *http.Request, a *Response) {
	a.Header.Add("Set-Cookie", fmt.Sprintf("visit=%d; Path=/; Max-Age=3600", rand.Uint32()))
}
