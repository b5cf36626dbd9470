package fault

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
)

// Parts are what an answer of every vendor has, to change.
type Parts struct {
	Status  *int
	Header  http.Header
	Members members
	// Body is sent in place of the members where it is not nil.
	Body *[]byte
}

type members interface {
	Get(name string) any
	Set(name string, value any)
	Drop(name string)
	Rename(from, to string)
}

// Text is the body that the members make.
func (p Parts) Text() string {
	text, err := reply.JSON(p.Members)
	if err != nil {
		return err.Error() // no member of a server is without a JSON form; a test would show it
	}
	return string(text)
}

// at does something to the member of a path ("user/id"), where the object is there that has it.
func (p Parts) at(path string, do func(object members, name string)) {
	outer, name, nested := strings.Cut(path, "/")
	if !nested {
		do(p.Members, path)
		return
	}
	if object, is := p.Members.Get(outer).(reply.Members); is {
		do(&object, name)
		p.Members.Set(outer, object)
	}
}

// set sends a value of a member, which is added where there is none.
func (p Parts) set(path string, value any) {
	p.at(path, func(object members, name string) { object.Set(name, value) })
}

// send sends another body, which is JSON where no media type is set.
func (p Parts) send(body string) {
	*p.Body = []byte(body)
	if _, set := p.Header["Content-Type"]; !set && body != "" {
		p.Header.Set("Content-Type", "application/json")
	}
}

// change is one of the parts that every answer has.
func (s Seams[C, K, A, R]) change(change func(Parts)) func(*A) {
	return func(a *A) { change(s.Parts(a)) }
}

// Header sends a header field, in place of those of its name; without values it sends none, not even one that net/http
// would add.
func (s Seams[C, K, A, R]) Header(name string, values ...string) func(*A) {
	return s.change(func(p Parts) { p.Header[name] = values })
}

// Body sends another body, made from the right one.
func (s Seams[C, K, A, R]) Body(change func(string) string) func(*A) {
	return s.change(func(p Parts) { p.send(change(p.Text())) })
}

// Member sends another value of a member of the answers that grant an operation, made from what the answer is about.
func (s Seams[C, K, A, R]) Member(operation kernel.Operation, name string, value func(*A) any) func(*C) {
	return s.Granted(operation, func(a *A) { s.Parts(a).set(name, value(a)) })
}

// Bodies are the ways in which an answer is not one JSON object, sent as application/json. The seam changes answers of a
// kind.
func (s Seams[C, K, A, R]) Bodies(word string, seam func(change func(*A)) func(*C)) Kind[C] {
	return bind("bodies", word, map[string]func(*A){
		"*-as-text": s.Header("Content-Type", "text/plain; charset=utf-8"),
		"*-as-page": s.change(func(p Parts) {
			p.Header.Set("Content-Type", "text/html; charset=utf-8")
			*p.Body = []byte("<!DOCTYPE html><title>" + http.StatusText(*p.Status) + "</title>")
		}),
		"*-without-media-type": s.Header("Content-Type"),
		"*-without-body":       s.Body(func(string) string { return "" }),
		"*-of-white-space":     s.Body(func(string) string { return "\r\n" }),
		"*-in-an-array":        s.Body(func(text string) string { return "[" + text + "]" }),
		"*-as-a-string": s.Body(func(text string) string {
			quoted, _ := json.Marshal(text) // a string always has a JSON form
			return string(quoted)
		}),
		"*-with-a-member-twice": s.Body(func(text string) string {
			last := text[strings.LastIndex(text, `,"`)+1 : len(text)-1]
			return text[:len(text)-1] + "," + last + "}"
		}),
		"*-with-trailing-text":   s.Body(func(text string) string { return text + "\n<!-- served in 3 ms -->" }),
		"*-sent-twice":           s.Body(func(text string) string { return text + text }),
		"*-cut-short":            s.Body(func(text string) string { return text[:len(text)-1] }),
		"*-with-byte-order-mark": s.Body(func(text string) string { return "\ufeff" + text }),
	}, seam)
}

// Dates are the ways in which a member of the answers that grant an operation, the end of a record, is no RFC 3339 date-time in
// the future.
func (s Seams[C, K, A, R]) Dates(word string, operation kernel.Operation, member string) Kind[C] {
	type writing = func(time.Time) any
	layout := func(l string) writing { return func(t time.Time) any { return t.UTC().Format(l) } }
	return bind("dates", word, map[string]writing{
		"*-as-net-date":     func(t time.Time) any { return fmt.Sprintf("/Date(%d)/", t.UnixMilli()) },
		"*-as-a-number":     func(t time.Time) any { return t.Unix() },
		"*-in-milliseconds": func(t time.Time) any { return t.UnixMilli() },
		"*-without-zone":    layout("2006-01-02T15:04:05.0000000"),
		"*-with-a-blank":    layout("2006-01-02 15:04:05Z"),
		"*-as-http-date":    layout(http.TimeFormat),
		"*-impossible":      layout("2006-02-30T15:04:05Z"),
		"*-blank":           func(time.Time) any { return "" },
		"*-null":            func(time.Time) any { return nil },
		"*-in-the-past":     func(t time.Time) any { return t.UTC().Add(-8 * time.Hour).Format(time.RFC3339Nano) },
		"*-an-hour-late":    func(t time.Time) any { return t.UTC().Add(time.Hour).Format(time.RFC3339Nano) },
		"*-in-local-time":   func(t time.Time) any { return t.In(time.FixedZone("", 2*60*60)).Format(time.RFC3339Nano) },
	}, func(write writing) func(*C) {
		return s.Granted(operation, func(a *A) {
			p := s.Parts(a)
			text, _ := p.Members.Get(member).(string)
			if ends, err := time.Parse(time.RFC3339Nano, text); err == nil {
				p.set(member, write(ends))
			}
		})
	})
}
