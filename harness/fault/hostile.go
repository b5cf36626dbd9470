package fault

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"example.org/conform/harness/reference/kernel"
)

// Hostile are the ways to fall over what no good client sends, in the requests for an operation.
func (s Seams[C, K, A, R]) Hostile(word string, operation kernel.Operation) Kind[C] {
	in := func(form string) func(*kernel.Call) bool {
		of := regexp.MustCompile(form)
		return func(c *kernel.Call) bool { return of.Match(c.Body) }
	}
	query := func(is func(raw string) bool) func(*kernel.Call) bool {
		return func(c *kernel.Call) bool { return is(c.Request.URL.RawQuery) }
	}
	deep := func(opening string) func(*kernel.Call) bool {
		return func(c *kernel.Call) bool { return bytes.Contains(c.Body, []byte(strings.Repeat(opening, 1000))) }
	}
	return bind("hostile", word, map[string]func(*kernel.Call) bool{
		"*-deep-array-crashes":          deep("["),
		"*-lone-surrogate-crashes":      in(`\\u[dD][89a-fA-F]`),
		"*-escaped-nul-crashes":         in(`\\u0000`),
		"*-huge-number-crashes":         in(`:1e[0-9]{4,}`),
		"*-bad-utf-8-crashes":           func(c *kernel.Call) bool { return len(c.Body) > 0 && c.Body[0] != 0xff && !utf8.Valid(c.Body) },
		"*-member-without-name-crashes": in(`"":`),
		"*-bad-escape-crashes":          query(badEscape),
		"*-nul-in-query-crashes":        query(func(raw string) bool { return strings.Contains(raw, "%00") }),
		"*-parameter-twice-crashes":     query(func(raw string) bool { return strings.Contains(raw, "=a&") && strings.HasSuffix(raw, "=b") }),
		"*-parameter-as-list-crashes":   query(func(raw string) bool { return strings.Contains(raw, "[]=") }),
		"*-field-beyond-ascii-crashes":  func(c *kernel.Call) bool { return beyondASCII(c.Request.Header) },
		"*-strange-id-crashes":          func(c *kernel.Call) bool { return strings.Contains(c.Request.URL.Path, "'") },
		"*-number-beyond-64-bits-crashes": func(c *kernel.Call) bool {
			return strings.Contains(c.Request.URL.Path, strings.Repeat("9", 20)) || bytes.Contains(c.Body, bytes.Repeat([]byte("9"), 20))
		},
	}, func(is func(*kernel.Call) bool) func(*C) {
		return s.Edit(func(c *K, a *A) {
			if call := s.Call(c); call.Operation == operation && is(call) {
				s.Fail(a, http.StatusInternalServerError)
			}
		})
	})
}

// badEscape tells whether a query holds an escape that is none.
func badEscape(raw string) bool {
	_, err := url.QueryUnescape(raw)
	return err != nil
}

// beyondASCII tells whether the value of a field holds bytes that no credential does.
func beyondASCII(header http.Header) bool {
	for _, values := range header {
		if strings.ContainsFunc(strings.Join(values, ""), func(c rune) bool { return c >= 0x80 }) {
			return true
		}
	}
	return false
}
