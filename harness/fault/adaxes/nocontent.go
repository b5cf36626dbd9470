package adaxes

import (
	"net/http"
	"slices"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// noContentFaults break what a 204 is on the wire (ADX-NOC-01 to ADX-NOC-06).
func noContentFaults() []Fault {
	return append(
		framings("termination", adaxes.TerminateSession, "ADX-NOC-01", "ADX-NOC-03", "ADX-NOC-05"),
		framings("destruction", adaxes.DestroyToken, "ADX-NOC-02", "ADX-NOC-04", "ADX-NOC-06")...)
}

// framings are the ways to frame the 204 of an operation: wrong in its content, in what becomes of the connection, and
// in a Content-Length that says nothing.
func framings(prefix string, operation adaxes.Operation, content, connection, length string) []Fault {
	match := to(operation)
	// sent writes the answers to the operation, and leaves the connection in order for the next request.
	sent := func(text func(fault.Response) string) override {
		return wrap(fault.Connection(func(r, _ *http.Request, a fault.Response) string {
			if match(r) {
				return text(a)
			}
			return a.Text()
		}))
	}
	// with is an answer with one more header field, and bytes behind the blank line.
	with := func(name, value, behind string) func(fault.Response) string {
		return func(a fault.Response) string {
			a.Header.Set(name, value)
			return a.Text() + behind
		}
	}
	return slices.Concat(
		breaks(content, "nothing after the blank line",
			Fault{Name: prefix + "-with-a-body", Story: "the framework serializes the null that the handler returns",
				Apply: sent(with("Content-Length", "4", "null"))},
			Fault{Name: prefix + "-with-an-empty-chunk", Story: "the answer is streamed, and the stream is closed without content",
				Apply: sent(with("Transfer-Encoding", "chunked", "0\r\n\r\n"))},
			Fault{Name: prefix + "-announces-chunks", Reason: "no Transfer-Encoding",
				Story: "a proxy adds the header and another one strips the chunks", Apply: sent(with("Transfer-Encoding", "chunked", ""))},
			Fault{Name: prefix + "-announces-content", Reason: "no Content-Length above 0",
				Story: "the length of a body that is then dropped stays in the header", Apply: sent(with("Content-Length", "5", ""))}),
		breaks(connection, "the next request on the connection",
			Fault{Name: prefix + "-with-a-body-and-closed", Reason: "nothing before the connection's end",
				Story: "the body is written past the framework, which closes the connection to be safe",
				Apply: wrap(fault.Raw(match, false, func(a fault.Response) string { return a.Text() + `{"status":"ok"}` }))},
			Fault{Name: prefix + "-swallows-the-next-request", Story: "the next request is read as the body of this one",
				Apply: wrap(fault.Raw(match, true, fault.Response.Text))},
			Fault{Name: prefix + "-garbles-the-next-request", Story: "the first bytes of the next request are read as the rest of this one",
				Apply: wrap(fault.Connection(func(_, previous *http.Request, a fault.Response) string {
					if previous != nil && match(previous) {
						a = fault.Response{Status: http.StatusBadRequest, Body: []byte("Invalid verb.")}
					}
					return a.Text()
				}))}),
		breaks(length, "no Content-Length", Fault{Name: prefix + "-with-content-length-zero",
			Story: "the server states the length of every answer", Apply: sent(with("Content-Length", "0", ""))}),
	)
}
