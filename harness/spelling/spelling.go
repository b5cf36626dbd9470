// Package spelling holds the legal ways to write one and the same request: those that clients in use are known to write, and those
// that HTTP, URIs and JSON let every client write.
package spelling

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
)

// The requirements of what not every contract has: an authentication scheme, a body, a query.
const (
	schemes = "RFC-SPL-03"
	types   = "RFC-SPL-04"
	escapes = "RFC-SPL-10"
	bodies  = "RFC-SPL-11"
)

// The beginnings of the slugs of what writes JSON, and forms.
const ofJSON, ofForms = "json-", "form-"

// Literals is the slug of the spelling of characters that not every password has, and LiteralCharacters are those.
const Literals, LiteralCharacters = "json-literals", "&<>"

// noLength and zeroLength are the slugs of what says, and what does not say, that a request has no content.
const noLength, zeroLength = "no-content-length", "content-length-zero"

// HTTP2 is the slug of the spelling that not every server offers: its own requests say whether it does.
const HTTP2 = "http-2"

// Spelling is one of the legal ways to write a request.
type Spelling struct {
	// Slug is its name, which never changes, and Words say how the request is written.
	Slug, Words string
	// Requirement is the one of any HTTP API that a server breaks which does not understand it.
	Requirement string
	// Part is the part of a request that it writes. Spellings of different parts can be written together; see Groups. It is "" for one
	// that a server may decline, or need not offer, which stays alone.
	Part string
	// Write writes a request so, which is whole otherwise.
	Write func(*client.Request)
}

// The parts of a request that are more than one field. What one reader of a server reads is one part: the media type says by which
// parser a body is read, and the path and the query are cut out of the target together.
const (
	names   = "the names of fields"
	blanks  = "the blanks around values"
	content = "the content and its media type"
	target  = "the target"
)

// declined are the statuses with which a server may decline to understand a spelling, or may answer in a form that the contract does
// not describe.
var declined = map[string]int{
	"chunked": http.StatusLengthRequired, noLength: http.StatusLengthRequired, "expect-continue": http.StatusExpectationFailed, "no-accept": http.StatusOK,
	"accept-range": http.StatusOK,
}

// hops are the slugs of what concerns one connection alone (RFC 9110, 7.6): what stands before a server reads it in its stead, and
// writes it anew.
var hops = []string{"absolute-form", "connection-close", "chunked", "expect-continue", noLength, zeroLength, "http-1-0", HTTP2}

// Hop reports whether what stands before a server reads the spelling in its stead.
func (s Spelling) Hop() bool { return slices.Contains(hops, s.Slug) }

// Declines reports whether a status is one with which a server may decline to understand the spelling.
func (s Spelling) Declines(status int) bool { return status != 0 && status == declined[s.Slug] }

// Apart writes as the spelling does what it writes beside what it is about; nil for nothing. What fails so fails for that.
func (s Spelling) Apart() func(*client.Request) {
	if s.Slug != "chunked" {
		return nil
	}
	return message(func(req *http.Request) { req.Close = req.Close || req.ContentLength > 0 })
}

// Changes reports whether the spelling writes any request of a contract otherwise: what none of them has cannot be asked.
func (s Spelling) Changes(doc *openapi.Document) bool {
	return slices.ContainsFunc(doc.Operations(), func(op *openapi.Operation) bool {
		if strings.HasPrefix(s.Slug, ofForms) {
			return op.IsForm()
		}
		if strings.HasPrefix(s.Slug, ofJSON) {
			return op.RequestMediaType() != "" && !op.IsForm()
		}
		switch s.Slug {
		case noLength:
			return op.RequestMediaType() == "" && op.Method() != http.MethodDelete && op.Method() != http.MethodGet
		case zeroLength:
			return op.RequestMediaType() == "" && op.Method() == http.MethodDelete
		}
		switch s.Requirement {
		case types, bodies:
			return op.RequestMediaType() != ""
		case schemes:
			return op.CredentialHeader() == "Authorization" && !slices.ContainsFunc(op.Takes(), bare)
		case escapes:
			return len(op.QueryParameters()) > 0
		}
		return true
	})
}

// bare says that a credential stands in its header as it is, behind no word.
func bare(p openapi.Place) bool {
	return p.Authority && p.Scheme.Prefix == "" && p.Scheme.User == "" && p.Scheme.Ready == ""
}

// Of finds a spelling by its slug.
func Of(slug string) (Spelling, error) {
	all := All()
	if i := slices.IndexFunc(all, func(s Spelling) bool { return s.Slug == slug }); i >= 0 {
		return all[i], nil
	}
	return Spelling{}, fmt.Errorf("nothing is called %q in which a request could be written", slug)
}

// All are the spellings, in the order of their requirements.
func All() []Spelling {
	return slices.Concat(fieldSpellings(), mediaSpellings(), messageSpellings(), jsonSpellings(), uriSpellings(), formSpellings())
}

// header changes the header section as net/http has it.
func header(change func(http.Header)) func(*client.Request) {
	return message(func(req *http.Request) { change(req.Header) })
}

// message changes the message as net/http has it.
func message(change func(*http.Request)) func(*client.Request) {
	return func(r *client.Request) {
		before := r.Spell
		r.Spell = func(req *http.Request) {
			if before != nil {
				before(req)
			}
			change(req)
		}
	}
}

// head changes the request line and header section as they go on the connection.
func head(change func([]byte) []byte) func(*client.Request) {
	return func(r *client.Request) {
		before := r.Head
		r.Head = func(head []byte) []byte {
			if before != nil {
				head = before(head)
			}
			return change(head)
		}
	}
}

// named writes the names of all fields but those that net/http writes itself.
func named(write func(string) string) func(*client.Request) {
	return authorized(header(func(h http.Header) {
		for name, values := range maps.Clone(h) {
			if name != "User-Agent" {
				delete(h, name)
				h[write(name)] = values
			}
		}
	}), func(name, scheme string) (string, string) { return write(name), scheme })
}

// scheme writes the name of the authorization's scheme, where there is one.
func scheme(write func(string) string) func(*client.Request) {
	return authorized(header(func(h http.Header) {
		if name, rest, found := strings.Cut(h.Get("Authorization"), " "); found {
			h.Set("Authorization", write(name)+" "+rest)
		}
	}), func(name, scheme string) (string, string) { return name, write(scheme) })
}

// authorized spells, and writes an Authorization too that is added when the request is sent, as a login by Windows does.
func authorized(spell func(*client.Request), write func(name, scheme string) (string, string)) func(*client.Request) {
	again := head(func(h []byte) []byte {
		return authorization.ReplaceAllFunc(h, func(line []byte) []byte {
			parts := authorization.FindStringSubmatch(string(line))
			name, scheme := write(parts[1], parts[3])
			if parts[4] == "" { // the credential alone
				scheme = parts[3]
			}
			return []byte(name + parts[2] + scheme + parts[4])
		})
	})
	return func(r *client.Request) {
		spell(r)
		again(r)
	}
}

var authorization = regexp.MustCompile(`(?mi)^(Authorization)(:[ \t]*)(\S+)([ \t]+\S)?`)

// value sets a field, "" for none.
func value(name, text string) func(*client.Request) {
	return header(func(h http.Header) {
		if h.Set(name, text); text == "" {
			h[name] = nil // net/http adds none of its own then
		}
	})
}

// field is a line of a header section that says nothing of where the message goes and ends: blanks in those are refused by
// some, who guard against requests that are read in two ways.
var field = regexp.MustCompile(`(?mi)^((?:A|Content-T|User|X)[A-Za-z-]*):[ ]*([^\r\n]*)`)

func fieldSpellings() []Spelling {
	// Blanks and no tabs: nginx, which is in front of many, keeps a tab for a part of the value.
	around := func(before, after string) func(*client.Request) {
		return head(func(h []byte) []byte { return field.ReplaceAll(h, []byte("$1:"+before+"$2"+after)) })
	}
	return []Spelling{
		{"field-names-small", "names of fields in small letters", "RFC-SPL-01", names, named(strings.ToLower)},
		{"field-names-capital", "names of fields in capitals", "RFC-SPL-01", names, named(strings.ToUpper)},
		{"no-blank-before-values", "no blank before the values of fields", "RFC-SPL-02", blanks, around("", "")},
		{"blanks-around-values", "blanks around the values of fields", "RFC-SPL-02", blanks, around("   ", "  ")},
		{"scheme-small", "the authentication scheme in small letters", schemes, "Authorization", scheme(strings.ToLower)},
		{"scheme-capital", "the authentication scheme in capitals", schemes, "Authorization", scheme(strings.ToUpper)},
	}
}

// media changes the media type of what has a body.
func media(write func(string) string) func(*client.Request) {
	return header(func(h http.Header) {
		if given := h.Get("Content-Type"); given != "" {
			h.Set("Content-Type", write(given))
		}
	})
}

func mediaSpellings() []Spelling {
	behind := func(parameter string) func(*client.Request) {
		return media(func(given string) string { return given + parameter })
	}
	return []Spelling{
		{"charset", "the media type with its charset", "RFC-SPL-04", content, behind("; charset=utf-8")},
		{"charset-quoted", "the media type with its charset in quotes, and no blank", "RFC-SPL-04", content, behind(`;charset="utf-8"`)},
		{"charset-capital", "the media type with its charset in capitals", "RFC-SPL-04", content, behind("; CHARSET=UTF-8")},
		{"media-type-capital", "the media type in capitals", "RFC-SPL-04", content, media(strings.ToUpper)},
		{"no-accept", "no Accept", "RFC-SPL-05", "", value("Accept", "")},
		{"accept-weighted", "several media types in Accept, with weights", "RFC-SPL-05", "Accept",
			value("Accept", "text/html;q=0.1, application/json;q=0.9, application/hal+json;q=0.8, text/plain;q=0.5, */*;q=0.2")},
		{"accept-range", "ranges of media types in Accept", "RFC-SPL-05", "", value("Accept", "application/*, text/*;q=0.5")},
		{"gzip-accepted", "gzip among the encodings that are accepted", "RFC-SPL-05", "Accept-Encoding",
			value("Accept-Encoding", "gzip;q=1.0, identity;q=0.5")},
		{"languages", "languages that are preferred", "RFC-SPL-05", "Accept-Language",
			value("Accept-Language", "de-DE,de;q=0.9,en;q=0.1")},
		{"no-user-agent", "no User-Agent", "RFC-SPL-06", "User-Agent", value("User-Agent", "")},
		{"user-agent-changes", "another User-Agent each time", "RFC-SPL-06", "User-Agent",
			inTurn("User-Agent", "curl/8.14.1", "Python-urllib/3.13", "node", "Java/21.0.5", "PostmanRuntime/7.43.0")},
		{"language-changes", "another Accept-Language each time", "RFC-SPL-06", "Accept-Language",
			inTurn("Accept-Language", "nl-NL,nl;q=0.9", "en", "ja;q=0.8", "fr-CA", "*")},
		{"unknown-field", "a field that nobody knows", "RFC-SPL-06", "X-Conform-Unknown", value("X-Conform-Unknown", "1")},
	}
}

// inTurn has each request sent with another value of a field than the one before, as a credential is that several programs use.
func inTurn(field string, values ...string) func(*client.Request) {
	var sent atomic.Int64
	return header(func(h http.Header) { h.Set(field, values[int(sent.Add(1))%len(values)]) })
}

// lengths says of a head that it tells how much follows, or asks for what has no content.
var lengths = regexp.MustCompile(`^(?:GET|HEAD) |(?i:\r\n(?:Content-Length|Transfer-Encoding):)`)

// anyPath is the target of a request line.
var anyPath = regexp.MustCompile(`^([A-Z]+) (/\S*) HTTP/1\.1\r\n(?s:.*?)Host: ([^\r\n]+)`)

// halves is a body that is read, and so sent, in two pieces.
type halves struct {
	io.ReadCloser
	half int
}

func (h *halves) Read(into []byte) (int, error) {
	return h.ReadCloser.Read(into[:min(len(into), h.half)])
}

func messageSpellings() []Spelling {
	return []Spelling{
		{"absolute-form", "the absolute form of the target", "RFC-SPL-07", target, head(func(h []byte) []byte {
			parts := anyPath.FindSubmatch(h)
			if parts == nil {
				return h
			}
			// Without TLS: behind it a server sees https all the same (RFC 9112, 3.3).
			return bytes.Replace(h, parts[2], slices.Concat([]byte("http://"), parts[3], parts[2]), 1)
		})},
		{"connection-close", "the wish to close the connection", "RFC-SPL-08", "Connection",
			message(func(req *http.Request) { req.Close = true })},
		{"chunked", "a body in chunks", "RFC-SPL-11", "", message(func(req *http.Request) {
			if req.ContentLength > 0 {
				req.Close = true // who reads no chunks takes them for the next request of the connection, which nobody is to be blamed for
				half, whole := int(req.ContentLength+1)/2, req.GetBody
				req.ContentLength = -1
				req.GetBody = func() (io.ReadCloser, error) { // each sending takes it anew
					body, err := whole()
					return &halves{body, half}, err
				}
			}
		})},
		{"expect-continue", "Expect: 100-continue", "RFC-SPL-11", "", message(func(req *http.Request) {
			if req.ContentLength > 0 {
				req.Header.Set("Expect", "100-continue")
			}
		})},
		{noLength, "no Content-Length where nothing is sent", "RFC-SPL-11", "", head(func(h []byte) []byte {
			return bytes.Replace(h, []byte("Content-Length: 0\r\n"), nil, 1)
		})},
		{zeroLength, "Content-Length: 0 where nothing is sent", "RFC-SPL-06", "Content-Length", head(func(h []byte) []byte {
			if lengths.Match(h) {
				return h
			}
			return append(bytes.TrimSuffix(h, []byte("\r\n")), "Content-Length: 0\r\n\r\n"...)
		})},
		{"http-1-0", "HTTP/1.0", "RFC-SPL-12", "", head(func(h []byte) []byte {
			return bytes.Replace(h, []byte(" HTTP/1.1\r\n"), []byte(" HTTP/1.0\r\n"), 1)
		})},
		{"media-type-of-nothing", "a media type and no body", "RFC-SPL-12", "", header(func(h http.Header) {
			if h.Get("Content-Type") == "" {
				h.Set("Content-Type", "application/json")
			}
		})},
		{HTTP2, "HTTP/2", "RFC-SPL-13", "", func(r *client.Request) { r.HTTP2 = true }},
	}
}

// query writes the values of the query's parameters as escape has them.
func query(escape func(string) string) func(*client.Request) {
	return func(r *client.Request) {
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(r.Query)) {
			for _, v := range r.Query[name] {
				parts = append(parts, url.QueryEscape(name)+"="+escape(v))
			}
		}
		if len(parts) > 0 {
			r.Query, r.RawQuery = nil, strings.Join(parts, "&")
		}
	}
}

// unescaped writes the characters as they are that a query may hold so (RFC 3986, 3.4), and no form reads otherwise.
var unescaped = strings.NewReplacer("%3D", "=", "%2F", "/", "%3A", ":", "%40", "@", "%3F", "?", "%2C", ",")

var escape = regexp.MustCompile(`%[0-9A-F]{2}`)

func uriSpellings() []Spelling {
	return []Spelling{
		{"escapes-small", "percent-escapes in small letters", escapes, target, query(func(v string) string {
			return escape.ReplaceAllStringFunc(strings.ReplaceAll(url.QueryEscape(v), "+", "%20"), strings.ToLower)
		})},
		{"escapes-needless", "percent-escapes of characters that need none", escapes, target, query(func(v string) string {
			var b strings.Builder
			for _, c := range []byte(v) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
			return b.String()
		})},
		{"escapes-spared", "a query in which what needs no escape has none", escapes, target, query(func(v string) string {
			return unescaped.Replace(strings.ReplaceAll(url.QueryEscape(v), "+", "%20"))
		})},
		{"unknown-parameter", "a parameter that nobody knows", "RFC-SPL-12", "", func(r *client.Request) {
			if r.Path == "" {
				r.Query = maps.Clone(r.Query)
				if r.Query == nil {
					r.Query = url.Values{}
				}
				r.Query.Set("conformUnknown", "1")
			}
		}},
	}
}
