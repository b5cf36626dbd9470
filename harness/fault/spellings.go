package fault

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.org/conform/harness/reference/kernel"
)

// written is a request as its client wrote it: the lines of its head and what followed them, as they came, and its body.
type written struct {
	*http.Request
	lines        []string
	framed, body string
}

// stumble is what a server makes of a request that is not written as its makers thought: the status that it refuses it with, or 0
// where it goes on with what it takes the request for.
type stumble func(*written) int

// Spellings are the ways to refuse or to misread a request for how it is written. What is written plainly is understood.
func (s Seams[C, K, A, R]) Spellings() Kind[C] {
	all := map[string]Middleware{}
	for _, of := range []map[string]stumble{fieldStumbles(), preferenceStumbles(), messageStumbles(), jsonStumbles(), uriStumbles()} {
		for name, stumble := range of {
			all[name] = stumbling(stumble)
		}
	}
	maps.Copy(all, gzipStumbles())
	return bind("spellings", "", all, func(m Middleware) func(*C) {
		return func(c *C) {
			s.Server(c).KeepHeads = true
			s.Wrap(m)(c)
		}
	})
}

// stumbling puts a stumble before a server.
func stumbling(stumble stumble) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				http.Error(w, "reading the request: "+err.Error(), http.StatusBadRequest)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			head, framed, _ := strings.Cut(kernel.Head(r), "\r\n\r\n")
			lines := strings.Split(head, "\r\n")
			if status := stumble(&written{r, lines[1:], framed, string(body)}); status != 0 {
				http.Error(w, http.StatusText(status), status)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// refusing refuses what is written in a way.
func refusing(status int, is func(*written) bool) stumble {
	return func(r *written) int {
		if is(r) {
			return status
		}
		return 0
	}
}

// login is the path of a login.
var login = regexp.MustCompile(`(?i)/(create|sessions|acquire)$`)

// anyLine tells whether a line of the head has a form, inBody whether the body has one, and inField whether a field does.
func anyLine(form string) func(*written) bool {
	of := regexp.MustCompile(form)
	return func(r *written) bool { return slices.ContainsFunc(r.lines, of.MatchString) }
}

func inBody(form string) func(*written) bool {
	of := regexp.MustCompile(form)
	return func(r *written) bool { return of.MatchString(r.body) }
}

func inField(name, form string) func(*written) bool {
	of := regexp.MustCompile(form)
	return func(r *written) bool { return of.MatchString(r.Header.Get(name)) }
}

func without(name string) func(*written) bool {
	return func(r *written) bool { return len(r.Header[name]) == 0 }
}

func fieldStumbles() map[string]stumble {
	const bad, unsupported = http.StatusBadRequest, http.StatusUnsupportedMediaType
	const authorization = "Authorization"
	return map[string]stumble{
		"field-names-in-small-letters-unknown": func(r *written) int {
			for _, line := range r.lines {
				if name, _, _ := strings.Cut(line, ":"); name != "" && name[0] >= 'a' && name[0] <= 'z' {
					r.Header.Del(name)
				}
			}
			return 0
		},
		"field-names-in-capitals-refused": refusing(bad, anyLine(`^[A-Z-]{3,}:`)),
		"value-without-a-blank-refused":   refusing(bad, anyLine(`^[A-Za-z-]+:[^ ]`)),
		"blanks-around-values-refused":    refusing(bad, anyLine(`:[ ]*\t|[ \t]$`)),
		"scheme-in-small-letters-refused": refusing(http.StatusUnauthorized, inField(authorization, `^[a-z]+ `)),
		"scheme-in-capitals-refused":      refusing(http.StatusUnauthorized, inField(authorization, `^[A-Z]{5,} `)),

		"charset-refused":                refusing(unsupported, inField("Content-Type", `; charset=`)),
		"charset-in-quotes-refused":      refusing(unsupported, inField("Content-Type", `charset="`)),
		"charset-in-capitals-refused":    refusing(unsupported, inField("Content-Type", `CHARSET=`)),
		"media-type-in-capitals-refused": refusing(unsupported, inField("Content-Type", `^[A-Z/.+-]+$`)),
	}
}

func preferenceStumbles() map[string]stumble {
	return map[string]stumble{
		"no-accept-refused":               refusing(http.StatusNotAcceptable, without("Accept")),
		"accept-weighted-refused":         refusing(http.StatusNotAcceptable, inField("Accept", `;q=.*;q=.*;q=`)),
		"accept-range-refused":            refusing(http.StatusNotAcceptable, inField("Accept", `^application/\*`)),
		"languages-refused":               refusing(http.StatusNotAcceptable, inField("Accept-Language", `,`)),
		"no-user-agent-refused":           refusing(http.StatusForbidden, without("User-Agent")),
		"language-without-texts-refused":  refusing(http.StatusForbidden, inField("Accept-Language", `^en`)),
		"user-agent-of-a-library-refused": refusing(http.StatusForbidden, inField("User-Agent", `^Python-urllib`)),
		"unknown-field-refused":           refusing(http.StatusBadRequest, anyLine(`^X-.*-Unknown:`)),
		"credential-refused-at-login": refusing(http.StatusUnauthorized, func(r *written) bool {
			return login.MatchString(r.URL.Path) && anyLine(`^(Adm-)?Authorization: `)(r)
		}),
		"foreign-authorization-crashes-a-login": refusing(http.StatusInternalServerError, func(r *written) bool {
			return r.Method == http.MethodPost && login.MatchString(r.URL.Path) && inField("Authorization", `^Bearer`)(r)
		}),
		"stale-credential-refused-at-an-end": refusing(http.StatusUnauthorized, func(r *written) bool {
			return r.Method == http.MethodDelete && r.URL.Query().Has("id") && anyLine(`^Adm-Authorization: `)(r)
		}),
	}
}

// gzipStumbles are answers that are said to be gzip, as was asked for.
func gzipStumbles() map[string]Middleware {
	packed := func(pack func([]byte) []byte) Middleware {
		return On(func(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") },
			func(_ *http.Request, a *Response) {
				if len(a.Body) > 0 {
					a.Header.Set("Content-Encoding", "gzip")
					a.Body = pack(a.Body)
				}
			})
	}
	return map[string]Middleware{
		"gzip-said-and-not-done": packed(func(body []byte) []byte { return body }),
		"gzip-cut":               packed(func(body []byte) []byte { whole := gzipped(body); return whole[:len(whole)-10] }),
	}
}

// gzipped is a body as gzip.
func gzipped(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

func messageStumbles() map[string]stumble {
	return map[string]stumble{
		"absolute-form-unknown": refusing(http.StatusNotFound, func(r *written) bool { return r.URL.Host != "" }),
		// What has no content is commonly asked for on a connection of its own, which is closed behind it.
		"connection-close-refused":        refusing(http.StatusBadRequest, func(r *written) bool { return r.Close && r.Method != http.MethodDelete }),
		"expectation-taken-for-malformed": refusing(http.StatusBadRequest, func(r *written) bool { return r.Header.Get("Expect") != "" }),
		"length-required": refusing(http.StatusLengthRequired, func(r *written) bool {
			return r.Method == http.MethodPatch && !anyLine(`^(Content-Length|Transfer-Encoding):`)(r)
		}),
		"no-length-taken-for-malformed": refusing(http.StatusBadRequest, func(r *written) bool {
			return r.Method == http.MethodPost && !anyLine(`^(Content-Length|Transfer-Encoding):`)(r)
		}),
		"zero-length-refused": refusing(http.StatusBadRequest, func(r *written) bool {
			return r.Method == http.MethodDelete && anyLine(`^Content-Length: 0$`)(r)
		}),
		"chunked-body-unread": func(r *written) int {
			if slices.Contains(r.TransferEncoding, "chunked") {
				r.Body = http.NoBody
			}
			return 0
		},
		"first-chunk-alone-read": func(r *written) int {
			size, _, _ := strings.Cut(r.framed, "\r\n")
			if n, err := strconv.ParseUint(size, 16, 16); err == nil && slices.Contains(r.TransferEncoding, "chunked") {
				r.Body = io.NopCloser(strings.NewReader(r.body[:min(int(n), len(r.body))]))
			}
			return 0
		},
	}
}

func jsonStumbles() map[string]stumble {
	const bad = http.StatusBadRequest
	return map[string]stumble{
		"json-literals-refused": refusing(http.StatusForbidden,
			inBody(`"password":"(?:[^"\\]|\\.)*[&<>](?:[^"\\]|\\.)*","username"`)),
		"json-tabs-refused":                refusing(bad, inBody(`\t`)),
		"json-line-ends-refused":           refusing(bad, inBody(`\r\n`)),
		"json-line-ends-around-refused":    refusing(bad, inBody(`^\s`)),
		"json-over-lines-refused":          refusing(bad, inBody(`^\{\n`)),
		"json-in-another-order-refused":    refusing(bad, inBody(`^\{"(?:username|itemId|data)":.*,"(?:password|exportType|auth)":`)),
		"json-escapes-refused":             refusing(bad, inBody(`\\u00[67][a-f]`)),
		"json-escapes-in-capitals-refused": refusing(bad, inBody(`\\u00[67][A-F]`)),
		"json-escapes-in-values-refused":   refusing(bad, inBody(`"[A-Za-z]+":"(?:[^"\\]|\\u[0-9]{4})*\\u00[67][0-9]`)),
		"json-escaped-slashes-refused":     refusing(bad, inBody(`\\/`)),
	}
}

func uriStumbles() map[string]stumble {
	inQuery := func(form string) func(*written) bool {
		of := regexp.MustCompile(form)
		return func(r *written) bool { return of.MatchString(r.URL.RawQuery) }
	}
	return map[string]stumble{
		"escapes-in-small-letters-refused": refusing(http.StatusBadRequest, inQuery(`%[0-9a-f]?[a-f]`)),
		"escapes-without-need-refused":     refusing(http.StatusBadRequest, inQuery(`%(?:[46][1-9A-F]|[57][0-9A]|3[0-9])`)),
		"equals-sign-in-values-refused":    refusing(http.StatusBadRequest, inQuery(`=[^&]*=`)),
	}
}
