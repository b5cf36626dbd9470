package fault

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Wire are the variants that send the same otherwise, and those of accounts whose password is hard to watch for. A
// vendor's catalogue has those of these names.
func (s Seams[C, K, A, R]) Wire(names ...string) []Variant[C] {
	all := func(change func(*Response)) func(*C) {
		return s.Wrap(On(Always, func(_ *http.Request, a *Response) { change(a) }))
	}
	password := func(text string) func(*C) {
		return func(c *C) { s.Server(c).Password = func() string { return text } }
	}
	halves := func(body []byte) [][]byte { return [][]byte{body[:len(body)/2], body[len(body)/2:]} }
	var chosen []Variant[C]
	for _, name := range names {
		for _, v := range []Variant[C]{
			{Name: "chunked", Story: "the length is not known when the answer begins", Apply: s.Wrap(Chunked(halves))},
			{Name: "connection-close", Story: "a server behind an old proxy closes the connection after each answer",
				Apply: all(func(a *Response) { a.Header.Set("Connection", "close") })},
			{Name: "no-date", Story: "a server without a clock that it trusts sends no Date (RFC 9110, 6.6.1)",
				Apply: all(func(a *Response) { a.Header["Date"] = nil })},
			{Name: "media-type-in-capitals", Story: "media types do not depend on letter case (RFC 9110, 8.3.1)", Apply: all(func(a *Response) {
				a.Header.Set("Content-Type", strings.Replace(a.Header.Get("Content-Type"), "application/", "Application/", 1))
			})},
			{Name: "indented", Story: "white space between the parts of JSON means nothing", Apply: all(func(a *Response) {
				var indented bytes.Buffer
				if json.Indent(&indented, a.Body, "", "\t") == nil {
					a.Body = append(indented.Bytes(), "\r\n"...)
				}
			})},
			{Name: "password-a-plain-word", Apply: password("password"),
				Story: "the account of a laboratory has a password that stands in many texts without being repeated"},
			{Name: "password-a-number", Story: "the account has a number for a password, as kiosks and telephones do", Apply: password("20251")},
			{Name: "slow", Story: "the server is 300 ms away", Long: true,
				Apply: func(c *C) { s.Server(c).Latency += 300 * time.Millisecond }},
		} {
			if v.Name == name {
				chosen = append(chosen, v)
			}
		}
	}
	return chosen
}
