package player

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/openapi"
)

// ends are the faults of what an order to end does.
func (m *maker) ends(e *openapi.End) {
	op := e.By
	id, word := operation(op), slug(op)
	end := ending(id)
	m.statuses(op)
	m.wire(op)
	m.take(fault.Ends(word, end, (*call).End, ofAccount), word+"-does-nothing")
	if !e.Reach("siblings") {
		m.take(fault.Ends(word, end, (*call).End, ofAccount), word+"-ends-all")
	}
	m.take(fault.Orders(word, end, func(c *call, one credential) { c.EndAll(one) }, ofAccount, same), "every-third-"+word+"-does-nothing")
	for _, reached := range e.Reaches {
		if reached == "account" {
			m.own(word+"-ends-one-alone", "the list of what the account has is not looked at", end((*call).End))
			continue
		}
		m.own(fmt.Sprintf("%s-spares-its-%s", word, slugOf(reached)), "what belongs together is ended by a job that nobody starts", end(sparing(reached)))
	}
	if slices.Contains(e.Spares, "children") {
		m.own(word+"-ends-its-children", "the database deletes what refers to the row", end(kin(func(one, other credential) bool {
			return other.Parent == one.Text && other.Kind != one.Kind
		})))
	}
	if slices.Contains(e.Spares, "original") {
		m.own(word+"-ends-the-original", "a renewal and what it renews are one row", end(kin(func(one, other credential) bool { return one.Original == other.Text })))
	}
	if slices.Contains(e.Spares, "renewal") {
		m.own(word+"-ends-the-renewal", "a chain of renewals is ended as a whole", end(kin(func(one, other credential) bool { return other.Original == one.Text })))
	}
	if takes := op.Takes(); len(takes) > 1 && takes[0].Kind == takes[1].Kind {
		if slices.Contains(e.Spares, "others") {
			m.own(word+"-ends-the-caller", "who signs another out is signed out too", end(func(c *call, one credential) {
				c.EndCaller()
				c.EndAll(one)
			}))
		}
		if !op.Anonymous() {
			m.own(word+"-by-anybody", "the route is open, since who knows an identifier is taken for its owner", open(id))
		}
	}
	if len(e.Again) > 0 {
		status := http.StatusForbidden
		if slices.Contains(e.Again, status) {
			status = http.StatusConflict
		}
		m.own(fmt.Sprintf("second-%s-%d", word, status), "what has ended is found, and not allowed to end", seams.Edit(func(c *call, a *answer) {
			if c.Operation == id && slices.Contains(e.Again, a.Status) && c.HasEnded() {
				seams.Fail(a, status)
			}
		}))
	}
	if e.Always {
		m.own("second-"+word+"-404", "what is not there, or not any more, is a resource that is not found", seams.Edit(func(c *call, a *answer) {
			if c.Operation == id && a.Refusal == nil && c.HasEnded() {
				seams.Fail(a, http.StatusNotFound)
			}
		}))
	}
}

// wire are the faults of an answer without content on the connection.
func (m *maker) wire(op *openapi.Operation) {
	if op.Success() != http.StatusNoContent {
		return
	}
	path := regexp.MustCompile("^" + regexp.MustCompile(`\\\{[^}]*\\\}`).ReplaceAllString(regexp.QuoteMeta(op.Path()), "[^/]+") + "$")
	sends := func(length, body string) override {
		return seams.Wrap(fault.Connection(func(r, _ *http.Request, a fault.Response) string {
			text := a.Text()
			if a.Status == http.StatusNoContent && r.Method == op.Method() && path.MatchString(r.URL.Path) {
				text = strings.Replace(text, "\r\n\r\n", "\r\nContent-Length: "+length+"\r\n\r\n", 1) + body
			}
			return text
		}))
	}
	m.own(slug(op)+"-with-a-body", "the serializer writes null for nothing", sends("4", "null"))
	m.own(slug(op)+"-with-content-length-zero", "the length of every answer is stated", sends("0", ""))
	m.own(slug(op)+"-garbles-the-next-request", "a filter goes on to wait for a body, and takes what comes next for it", seams.Wrap(
		fault.Connection(func(_, previous *http.Request, a fault.Response) string {
			if previous != nil && previous.Method == op.Method() && path.MatchString(previous.URL.Path) {
				a = fault.Response{Status: http.StatusBadRequest, Body: []byte("Invalid verb.")}
			}
			return a.Text()
		})))
}
