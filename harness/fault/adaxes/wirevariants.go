package adaxes

import (
	"net/http"
	"strings"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/adaxes"
)

// sessionCap is how many sessions a server with a licence for few keeps at once.
const sessionCap = 48

// wireVariants send otherwise: other framings and other manners of a server that is busy.
func wireVariants() []Variant {
	later := func() *refusal {
		return &refusal{Kind: "throttled", Status: http.StatusTooManyRequests, Code: "tooManyRequests", Message: "Try again later.",
			Header: http.Header{"Retry-After": {"1"}}}
	}
	return []Variant{
		{Name: "chunked", Story: "bodies are streamed in chunks", Apply: edit(func(_ *call, a *answer) {
			if a.Members != nil {
				a.Header.Set("Transfer-Encoding", "chunked")
			}
		})},
		{Name: "connection-closed", Story: "a connection serves one request", Apply: edit(func(_ *call, a *answer) { a.Header.Set("Connection", "close") })},
		{Name: "connection-closed-unannounced", Story: "the connection is closed after a 204, as HTTP allows between two answers",
			Apply: wrap(fault.Raw(func(r *http.Request) bool { return r.Method == http.MethodDelete }, false, fault.Response.Text))},
		{Name: "cookies", Story: "a balancer pins clients by a cookie", Apply: wrap(fault.On(fault.Always, func(_ *http.Request, a *fault.Response) {
			a.Header.Add("Set-Cookie", "ARRAffinity=7c2f; Path=/; HttpOnly; SameSite=Lax")
		}))},
		{Name: "content-length-zero-on-204", Story: "the length of every answer is stated", Apply: wrap(fault.Connection(func(_, _ *http.Request, a fault.Response) string {
			if a.Status == http.StatusNoContent {
				a.Header.Set("Content-Length", "0")
			}
			return a.Text()
		}))},
		{Name: "early-hints", Story: "a proxy sends 103 Early Hints before every answer (RFC 8297)", Apply: wrap(fault.Connection(func(_, _ *http.Request, a fault.Response) string {
			return "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" + a.Text()
		}))},
		{Name: "lower-case-headers", Story: "a proxy that speaks HTTP/2 writes names in lower case", Apply: wrap(fault.Connection(func(_, _ *http.Request, a fault.Response) string {
			return lowerNames(a.Text())
		}))},
		{Name: "password-a-plain-word", Story: "the account of a laboratory has a password that stands in many texts without being repeated",
			Apply: func(c *config) { c.Password = func() string { return "password" } }},
		{Name: "password-a-number", Story: "the account has a number for a password, as kiosks and telephones do",
			Apply: func(c *config) { c.Password = func() string { return "20251" } }},
		{Name: "latency", Story: "every answer takes 300 ms", Long: true, Apply: func(c *config) { c.Latency += 300 * time.Millisecond }},
		{Name: "sessions-capped", Story: "only so many sessions are kept at once, and more are refused for the time being", Apply: func(c *config) {
			c.Rules.Sessions.Create = func(c *call, of account) (session, *refusal) {
				if len(c.Sessions(func(s session) bool { return s.Live(c.Now) })) >= sessionCap {
					return session{}, later()
				}
				return c.NewSession(of)
			}
		}},
		{Name: "throttled", Story: "every fortieth request is asked to come again in a second", Apply: func(c *config) {
			nth := fault.Nth(40)
			admit(func(*call) *refusal {
				if nth() {
					return later()
				}
				return nil
			})(c)
		}},
		{Name: "connections-dropped", Story: "every fiftieth session creation ends without an answer, as was seen of a live server",
			Apply: func(c *config) {
				wrap(fault.Raw(fault.Every(50, to(adaxes.CreateSession)), false, func(fault.Response) string { return "" }))(c)
			}},
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
