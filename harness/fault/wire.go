package fault

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// Wire are the variants that send the same otherwise, and those of accounts whose password is hard to watch for.
func (s Seams[C, K, A, R]) Wire() Kind[C] {
	all := func(change func(*Response)) func(*C) {
		return s.Wrap(On(Always, func(_ *http.Request, a *Response) { change(a) }))
	}
	password := func(text string) func(*C) {
		return func(c *C) { s.Server(c).Password = func() string { return text } }
	}
	halves := func(body []byte) [][]byte { return [][]byte{body[:len(body)/2], body[len(body)/2:]} }
	return bind("wire", "", map[string]func(*C){
		"chunked":          s.Wrap(Chunked(halves)),
		"connection-close": all(func(a *Response) { a.Header.Set("Connection", "close") }),
		"no-date":          all(func(a *Response) { a.Header["Date"] = nil }),
		"media-type-in-capitals": all(func(a *Response) {
			a.Header.Set("Content-Type", strings.Replace(a.Header.Get("Content-Type"), "application/", "Application/", 1))
		}),
		"indented": all(func(a *Response) {
			var indented bytes.Buffer
			if json.Indent(&indented, a.Body, "", "\t") == nil {
				a.Body = append(indented.Bytes(), "\r\n"...)
			}
		}),
		"password-a-plain-word": password("password"),
		"password-a-number":     password("20251"),
		"slow":                  func(c *C) { s.Server(c).Latency += 300 * time.Millisecond },
	}, func(override func(*C)) func(*C) { return override })
}
