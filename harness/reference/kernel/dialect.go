package kernel

import (
	"errors"
	"io"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Dialect is what a vendor's server says in its own way, with calls C, answers A and refusals R of its own.
type Dialect[C, A, R any] struct {
	Seams    Seams[C, A, R]
	Requests RequestRules[C, R]
	Routes   Routes[C, A, R]
	// Call makes the server's call of a request.
	Call func(Call) *C
	// Refusal words a problem.
	Refusal func(Problem) *R
	// Refused makes the answer of a refusal.
	Refused func(*C, *R) *A
	// Finish adds what answers carry beside their members, before the rules see them; nil adds nothing.
	Finish func(*C, *A)
}

// Route is one operation of an API: what asks for it, and what answers it.
type Route[C, A, R any] struct {
	// Method and Path ask for the operation. A path is matched as path.Match does.
	Method, Path string
	Operation    Operation
	// Body says that the request has a body, which is read before the operation is answered.
	Body   bool
	Answer func(*C) (*A, *R)
}

// Routes are the operations of an API. The methods of one path stand together.
type Routes[C, A, R any] []Route[C, A, R]

// Find is the operation of a method and a path, or what is wrong with them, in the server's words.
func (all Routes[C, A, R]) Find(method, to string, word func(Problem) *R) (Operation, *R) {
	var pattern string
	var allowed []string
	for _, route := range all {
		if matches, _ := path.Match(route.Path, to); !matches || pattern != "" && route.Path != pattern {
			continue
		}
		if route.Method == method {
			return route.Operation, nil
		}
		pattern, allowed = route.Path, append(allowed, route.Method)
	}
	if allowed == nil {
		return NoOperation, word(notFound())
	}
	return NoOperation, word(Problem{Status: http.StatusMethodNotAllowed, Message: "The resource does not support this method.",
		Header: http.Header{"Allow": {strings.Join(allowed, ", ")}}})
}

// Serve answers requests in a server's dialect.
func Serve[C, A, R any, PC interface {
	*C
	call() *Call
}, PA interface {
	*A
	answer() *Answer
	Encode() ([]byte, error)
}](s *Server, d Dialect[C, A, R]) http.Handler {
	if d.Requests.Route == nil {
		d.Requests.Route = func(c *C) (Operation, *R) {
			r := PC(c).call().Request
			return d.Routes.Find(r.Method, r.URL.Path, d.Refusal)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.wait(r.Context()) {
			http.Error(w, "the server is closed", http.StatusServiceUnavailable)
			return
		}
		now := s.Now()
		s.sessions.Sweep(now)
		s.tokens.Sweep(now)
		c := d.Call(Call{Request: r, Now: now})
		answer, refusal := d.perform(s, c, PC(c).call(), w)
		if refusal != nil {
			d.Seams.Refuse(c, refusal)
			answer = d.Refused(c, refusal)
		}
		response := PA(answer).answer()
		if response.Header == nil {
			response.Header = http.Header{}
		}
		if d.Finish != nil {
			d.Finish(c, answer)
		}
		d.Seams.Edit(c, answer)
		body, err := PA(answer).Encode()
		if err != nil {
			// A rule set a member that has no JSON form. Saying so beats a broken body.
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		write(w, response.Status, response.Header, body)
	})
}

// perform does what the request asks for.
func (d Dialect[C, A, R]) perform(s *Server, c *C, call *Call, w http.ResponseWriter) (*A, *R) {
	var refusal *R
	call.Operation, refusal = d.Requests.Route(c)
	call.Number = s.number(call.Operation)
	if refusal == nil {
		refusal = d.Requests.Admit(c)
	}
	if refusal != nil {
		return nil, refusal
	}
	i := slices.IndexFunc(d.Routes, func(route Route[C, A, R]) bool { return route.Operation == call.Operation })
	if i < 0 {
		return nil, d.Refusal(notFound())
	}
	if d.Routes[i].Body {
		if unread := d.read(c, call, w); unread != nil {
			return nil, d.Refusal(*unread)
		}
	}
	return d.Routes[i].Answer(c)
}

// read checks the media type and reads the body.
func (d Dialect[C, A, R]) read(c *C, call *Call, w http.ResponseWriter) *Problem {
	if !d.Requests.MediaType(c, call.Request.Header.Get("Content-Type")) {
		return problem(http.StatusUnsupportedMediaType, "The request body must be sent as application/json.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, call.Request.Body, d.Requests.MaxBody))
	if over := (*http.MaxBytesError)(nil); errors.As(err, &over) {
		return problem(http.StatusRequestEntityTooLarge, "The request body is too large.")
	}
	if err != nil {
		return problem(http.StatusBadRequest, "The request body could not be read.")
	}
	call.Body = body
	return nil
}

// write sends an answer with the header as it is, in its own letter case. A body gets a Content-Length, unless the header
// has one or says that the length is not known. What a client that has gone does not take is lost.
func write(w http.ResponseWriter, status int, header http.Header, body []byte) {
	out := w.Header()
	for name, values := range header {
		out[name] = values
	}
	if body != nil && out.Get("Content-Length") == "" && out.Get("Transfer-Encoding") == "" {
		out.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	if len(body) > 0 {
		_, _ = w.Write(body)
	}
}
