package kernel

import (
	"net/http"
	"strings"
	"time"
)

// The rules of a server are the decisions that can be replaced, each on its own: the code of a server knows nothing of the
// ways in which it may be made to differ. Those that every server has are here, and a server's own rules embed them. A nil
// function or a zero value means the server's own decision, which is a method of its Call, or a function of its package,
// wherever a rule may want to fall back on it. Functions are called by several goroutines at once.

// Seams are the decisions around every answer, in a server with calls C, answers A and refusals R.
type Seams[C, A, R any] struct {
	// KeepEnded is how long what has ended or expired is still found, marked as such, by rules that let it do what it no
	// longer may. Zero drops it at once.
	KeepEnded time.Duration
	// Refuse changes a refusal before its body is made: status, codes, texts. Own decision: nothing changes.
	Refuse func(*C, *R)
	// Edit changes an answer before it is written: status, header, members. Own decision: nothing changes.
	Edit func(*C, *A)
	// Wrap stands between the network and one address of the server: it can change a response on its way out, or take
	// over the connection to frame one that net/http would not write. It is called once an address, when the server is
	// made.
	Wrap func(next http.Handler) http.Handler
}

// OwnSeams change nothing.
func OwnSeams[C, A, R any]() Seams[C, A, R] {
	return Seams[C, A, R]{
		Refuse: func(*C, *R) {}, Edit: func(*C, *A) {},
		Wrap: func(next http.Handler) http.Handler { return next },
	}
}

// RequestRules decide how a request is taken in.
type RequestRules[C, R any] struct {
	// Route says what a request asks for: path and method. Own decision: the server's Call.Route or, where it has none, what
	// its routes say.
	Route func(*C) (Operation, *R)
	// Admit may refuse a request before anything else is looked at (throttling). Own decision: none is refused.
	Admit func(*C) *R
	// MediaType tells whether a body of this Content-Type is read. Own decision: isJSON.
	MediaType func(c *C, contentType string) bool
	// MaxBody is the largest body that is read, in bytes. Zero means DefaultMaxBody.
	MaxBody int64
}

// DefaultMaxBody is the largest request body that is read, in bytes.
const DefaultMaxBody = 64 << 10

// OwnRequests are a server's own decisions, with its own way to find what a request asks for, nil for that of its routes.
func OwnRequests[C, R any](route func(*C) (Operation, *R)) RequestRules[C, R] {
	return RequestRules[C, R]{
		Route: route, Admit: func(*C) *R { return nil }, MaxBody: DefaultMaxBody,
		MediaType: func(_ *C, contentType string) bool { return isJSON(contentType) },
	}
}

// TimeRules decide how answers state times.
type TimeRules struct {
	// TimeUnit is the precision of times: a second or a part of one. Times have as many fraction digits as it needs, so that
	// no multiple of it is cut: two for 250 ms, seven for 100 ns, none for a second. Expiry itself is rounded up to it, so
	// that what is handed out ends when the answer says. Zero means the vendor's.
	TimeUnit time.Duration
	// FormatTime writes a time. Own decision: UTC with Z, and the fraction digits of TimeUnit.
	FormatTime func(time.Time) string
}

// Time writes a time as the rules say.
func (t TimeRules) Time(at time.Time) string {
	if t.FormatTime != nil {
		return t.FormatTime(at)
	}
	digits := 0
	for scale := time.Second; t.TimeUnit%scale != 0; scale /= 10 {
		digits++
	}
	layout := "2006-01-02T15:04:05"
	if digits > 0 {
		layout += "." + strings.Repeat("0", digits)
	}
	return at.UTC().Format(layout + "Z")
}

// Ends is the time after a lifetime from now, in multiples of the unit, rounded up: what is stated so is never before what
// was meant. It has the wall clock alone, which is all that an answer can state.
func (t TimeRules) Ends(now time.Time, lifetime time.Duration) time.Time {
	at := now.Add(lifetime).Round(0)
	if cut := at.Truncate(t.TimeUnit); cut.Before(at) {
		return cut.Add(t.TimeUnit)
	}
	return at
}
