package adaxes

import (
	"net/http"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/kernel"
)

// framings break what a 204 of an operation is on the wire: its content, what becomes of the
// connection, and a Content-Length that says nothing.
func framings(prefix, path string) overrides {
	match := to(http.MethodDelete, path)
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
	// meeting writes the answers to the orders that meet a state.
	meeting := func(state func(*call, *kernel.Life) bool, text func(fault.Response) string) override {
		const mark = "X-Met"
		return func(c *config) {
			seams.KeepEnded(c)
			c.Rules.Requests.Admit = func(c *call) *refusal {
				if match(c.Request) && named(c, "id")+named(c, "token") != "" && state(c, ordered(c)) {
					c.Request.Header.Set(mark, "1")
				}
				return nil
			}
			seams.Wrap(fault.Connection(func(r, _ *http.Request, a fault.Response) string {
				if r.Header.Get(mark) != "" {
					return text(a)
				}
				return a.Text()
			}))(c)
		}
	}
	itself := func(c *call, _ *kernel.Life) bool {
		return c.Request.Header.Get("Adm-Authorization") == named(c, "token")
	}
	all := overrides{
		prefix + "-again-with-an-empty-chunk":      meeting(ended, with("Transfer-Encoding", "chunked", "0\r\n\r\n")),
		prefix + "-of-nothing-with-an-empty-chunk": meeting(unknown, with("Transfer-Encoding", "chunked", "0\r\n\r\n")),
		prefix + "-too-late-with-an-empty-chunk":   meeting(expired, with("Transfer-Encoding", "chunked", "0\r\n\r\n")),
		prefix + "-again-with-content-length-zero": meeting(ended, with("Content-Length", "0", "")),

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
	if prefix == "destruction" {
		all["destruction-of-itself-with-a-body"] = meeting(itself, with("Content-Length", "4", "null"))
	}
	return all
}

// sessionCap is how many sessions a server with a licence for few keeps at once.
const sessionCap = 48

// wireVariants send otherwise: other framings and other manners of a server that is busy.
func wireVariants() overrides {
	later := func() *refusal {
		return &refusal{Kind: "throttled", Status: http.StatusTooManyRequests, Code: "tooManyRequests", Message: "Try again later.",
			Header: http.Header{"Retry-After": {"1"}}}
	}
	sending := func(text func(fault.Response) string) override {
		return seams.Wrap(fault.Connection(func(_, _ *http.Request, a fault.Response) string { return text(a) }))
	}
	return overrides{
		"connection-closed-unannounced": seams.Wrap(fault.Raw(func(r *http.Request) bool {
			return r.Method == http.MethodDelete
		}, false, fault.Response.Text)),
		"cookies": seams.Wrap(fault.On(fault.Always, func(_ *http.Request, a *fault.Response) {
			a.Header.Add("Set-Cookie", "ARRAffinity=7c2f; Path=/; HttpOnly; SameSite=Lax")
		})),
		"content-length-zero-on-204": sending(func(a fault.Response) string {
			if a.Status == http.StatusNoContent {
				a.Header.Set("Content-Length", "0")
			}
			return a.Text()
		}),
		"early-hints": sending(func(a fault.Response) string {
			return "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" + a.Text()
		}),
		"lower-case-headers": sending(func(a fault.Response) string { return lowerNames(a.Text()) }),
		"sessions-capped": creating(func(c *call, of account) (session, *refusal) {
			if len(c.Sessions(func(s session) bool { return s.Live(c.Now) })) >= sessionCap {
				return session{}, later()
			}
			return c.NewSession(of)
		}),
		"throttled": func(c *config) {
			nth := fault.Nth(200)
			seams.Admitting(func(*call) *refusal {
				if nth() {
					return later()
				}
				return nil
			})(c)
		},
		"connections-dropped": func(c *config) {
			fiftieth := fault.Every(50, to(http.MethodPost, "/api/authsessions/create"))
			seams.Wrap(fault.Raw(fiftieth, false, func(fault.Response) string { return "" }))(c)
		},
	}
}

// lowerNames writes the names of a header section in lower case.
func lowerNames(text string) string {
	head, rest, _ := strings.Cut(text, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	for i, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		lines[i+1] = strings.ToLower(name) + ":" + value
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + rest
}
