package reference

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/felixge/httpsnoop"

	"example.org/conform/harness/judge"
	"example.org/conform/harness/verdict"
)

// Start starts a reference server for a Go test of a client: with lifetimes of seconds, on a free port of loopback,
// until the test ends. The options change what it does, and can break it in a named way. What the client did to it is
// in Requests and Live; the accounts to log in with are in Target.
func Start(t testing.TB, profile string, options ...func(*Options)) *Server {
	t.Helper()
	o := Options{Profile: profile, Lifetimes: ShortLifetimes()}
	for _, change := range options {
		change(&o)
	}
	s, err := Serve(o)
	if err != nil {
		t.Fatalf("starting the reference server: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// Judged is an option of Start: the client is judged, and Server.Verdict says what it came to. A profile without a contract is refused by Start.
func Judged(o *Options) { o.Judge, _ = judge.ForProfile(o.Profile) }

// Stormy is an option of Start: the client has to get on with bad weather, the same for a seed other than 0 as far as its requests come in the
// same order.
func Stormy(seed uint64) func(*Options) { return func(o *Options) { o.Weather = seed } }

// Verdict is the verdict on the clients so far, of a server that was started Judged. A client that is still at work may have left open what it
// is about to end.
func (s *Server) Verdict() verdict.Run {
	if s.judge == nil {
		return verdict.Run{Verdict: verdict.Incomplete, Reason: "the clients are not judged", Remedy: "start the server with the option Judged"}
	}
	return s.judge.Run(s.weather.says()...)
}

// kept is the number of requests that a server remembers.
const kept = 1000

// Request is one request that a server has answered.
type Request struct {
	// Time is when it came.
	Time time.Time
	// Method and Path are what was asked for, without the query, which may hold a token.
	Method, Path string
	// Status is what it was answered.
	Status int
}

// Requests are the last 1,000 requests that the server has answered, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Answered counts the requests that the server has answered, with those that Requests no longer holds.
func (s *Server) Answered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answered
}

// remember notes every request that a handler answers.
func (s *Server) remember(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := Request{Time: time.Now(), Method: r.Method, Path: r.URL.Path}
		request.Status = httpsnoop.CaptureMetrics(next, w, r).Code
		s.mu.Lock()
		defer s.mu.Unlock()
		s.answered++
		if len(s.requests) == kept {
			s.requests = s.requests[1:]
		}
		s.requests = append(s.requests, request)
	})
}
