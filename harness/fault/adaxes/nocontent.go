package adaxes

import (
	"net/http"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// framings break what a 204 of an operation is on the wire: its content, what becomes of the
// connection, and a Content-Length that says nothing.
func framings(prefix string, operation adaxes.Operation) overrides {
	match := to(operation)
	// sent writes the answers to the operation, and leaves the connection in order for the next request.
	sent := func(text func(fault.Response) string) override {
		return seams.Wrap(fault.Connection(func(r, _ *http.Request, a fault.Response) string {
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
	return overrides{
		prefix + "-with-a-body":         sent(with("Content-Length", "4", "null")),
		prefix + "-with-an-empty-chunk": sent(with("Transfer-Encoding", "chunked", "0\r\n\r\n")),
		prefix + "-announces-chunks":    sent(with("Transfer-Encoding", "chunked", "")),
		prefix + "-announces-content":   sent(with("Content-Length", "5", "")),
		prefix + "-with-a-body-and-closed": seams.Wrap(fault.Raw(match, false, func(a fault.Response) string {
			return a.Text() + `{"status":"ok"}`
		})),
		prefix + "-swallows-the-next-request": seams.Wrap(fault.Raw(match, true, fault.Response.Text)),
		prefix + "-garbles-the-next-request": seams.Wrap(fault.Connection(func(_, previous *http.Request, a fault.Response) string {
			if previous != nil && match(previous) {
				a = fault.Response{Status: http.StatusBadRequest, Body: []byte("Invalid verb.")}
			}
			return a.Text()
		})),
		prefix + "-with-content-length-zero": sent(with("Content-Length", "0", "")),
	}
}
