// Package hostile is what a server may do to whoever judges it: answers without an end, in sizes that nobody needs, out of all forms, in
// texts that mean something to logs and pages, and with every secret that it was sent. Each kind is what is done, and when; it stands
// before a reference server, which goes on doing what it is asked, and takes its connections from net/http, which would write none of it.
// A fault must be found; of a kind here is asked that the run comes to its end, at a bounded cost, with every secret withheld.
package hostile

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"example.org/conform/harness/fault"
)

// Kind is one way to answer.
type Kind struct {
	// Name is stable; words are joined by hyphens.
	Name string `json:"name"`
	// Story says in one line what such a server does.
	Story string `json:"story"`

	when moment
	says says
	// unread says that the request is neither read to its end nor done.
	unread bool
	// secured is nil for what needs no TLS.
	secured *Secured
}

// Secured is how the kind speaks TLS, and whether it has to.
func (k Kind) Secured() (s Secured, has bool) {
	if k.secured == nil {
		return Secured{}, false
	}
	return *k.secured, true
}

// says answers a turn, and says whether the connection lives on.
type says func(*turn) (goesOn bool)

// moment is when a kind does what it does.
type moment struct {
	// name is that of the kind behind a hyphen, and story is that of the kind behind a comma; both are empty for every answer.
	name, story string
	// is says whether a turn is one, where so many requests came to the address until then.
	is func(t *turn, n int64) bool
}

var (
	always = moment{is: func(*turn, int64) bool { return true }}
	// later lets a run begin: it has what has to be ended by then.
	later = moment{"later", "from the 100th request on", func(_ *turn, n int64) bool { return n >= 100 }}
	// often lets it go on.
	often = moment{"often", "at every seventh request", func(_ *turn, n int64) bool { return n%7 == 0 }}
	// granting are the answers that hold what only their reader knows.
	granting = moment{"granting", "where something is handed out", func(t *turn, _ int64) bool {
		return t.Request.Method == http.MethodPost && t.Answer.Status < 300 && len(t.fresh()) > 0
	}}
)

// row is a kind at each of some moments.
type row struct {
	name, story string
	says        says
	when        []moment
}

// unread are the kinds that answer before they have read what they answer.
func unread() (all []Kind) {
	for _, r := range []row{
		{"answers-before-reading", "refuses each request before it has read it", (*turn).plain, nil},
		{"closes-before-reading", "closes the connection on each request before it has read it", func(*turn) bool { return false }, nil},
		{"resets-before-reading", "resets the connection on each request before it has read it", reset, nil},
		{"never-reads", "reads no request", (*turn).hold, nil},
	} {
		for _, m := range []moment{always, often} {
			k := r.at(m)
			k.unread = true
			all = append(all, k)
		}
	}
	return all
}

// at is the kind at one moment.
func (r row) at(m moment) Kind {
	k := Kind{Name: r.name, Story: r.story, when: m, says: r.says}
	if m.name != "" {
		k.Name, k.Story = r.name+"-"+m.name, r.story+", "+m.story
	}
	return k
}

// Kinds are all there are, by kind of thing.
func Kinds() []Kind { return slices.Clone(kinds()) }

var kinds = sync.OnceValue(func() (all []Kind) {
	for _, rows := range [][]row{lines(), fields(), chunks(), bodies(), codings(), connections(), elsewhere(), texts(), echoes(), orders()} {
		for _, r := range rows {
			for _, m := range r.when {
				all = append(all, r.at(m))
			}
		}
	}
	return append(append(all, unread()...), certificates()...)
})

// Find is the kind of a name.
func Find(name string) (Kind, error) {
	i := slices.IndexFunc(kinds(), func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, fmt.Errorf("there is no hostile server %q: conform list hostile shows them", name)
	}
	return kinds()[i], nil
}

// Over is the middleware that answers so in place of one address. What has no end, or holds a connection, ends with the context of the
// request that the connection began with.
func (k Kind) Over(next http.Handler) http.Handler {
	if k.says == nil { // what is odd lies below
		return next
	}
	at := &address{}
	due := func(t *turn) bool { return k.when.is(t, at.came.Add(1)) }
	talk := fault.Conversation(func(t fault.Turn) bool {
		turn := at.turn(t)
		if !due(turn) {
			return turn.plain()
		}
		return k.says(turn) && !t.Request.Close
	})(kept(next))
	if !k.unread {
		return talk
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !due(nil) {
			next.ServeHTTP(w, r)
			return
		}
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		refusal := fault.Response{Status: http.StatusBadRequest, Header: http.Header{"Connection": {"close"}}}
		k.says(at.turn(fault.Turn{Conn: conn, Out: rw.Writer, Request: r, Answer: refusal}))
		_ = rw.Flush()
	})
}

// address is what a kind keeps of one address.
type address struct {
	came atomic.Int64
	last atomic.Pointer[fault.Response]
}

// kept has the body of a request read before it is answered, so that it can be sent back.
func kept(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		r.Body, _ = r.GetBody()
		next.ServeHTTP(w, r)
	})
}
