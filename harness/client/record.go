package client

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
)

// What evidence keeps of one answer, in bytes: of its body, of one field or its reason phrase, and of its header section. Of what is longer
// it keeps the length and a digest too. Of a request, which is the suite's own and to be repeated, it keeps more.
const keptBody, keptText, keptHead, keptRequest = 16 << 10, 2 << 10, 8 << 10, 64 << 10

// Violations are the answer's differences in the form that evidence keeps.
func (a *Answer) Violations() []evidence.Violation {
	out := make([]evidence.Violation, 0, len(a.Differences))
	for _, d := range a.Differences {
		out = append(out, evidence.Violation(d))
	}
	return out
}

// Record turns the answer into evidence. The scrub function replaces every secret by its name; it is applied to the
// whole of a text before anything is cut, so that no half of a secret is left at the cut.
func (a *Answer) Record(scrub func(string) string) []evidence.Exchange {
	var out []evidence.Exchange
	if a.First != nil {
		out = a.First.Record(scrub)
	}
	e := evidence.Exchange{
		Purpose: a.Purpose, Operation: a.Operation.ID(), Effect: effect(a.Operation), Started: a.Sent.UTC(),
		DurationMs: float64(a.Received.Sub(a.Sent).Microseconds()) / 1000,
		Request: evidence.Request{
			Method: a.Method, URL: scrub(a.URL), Headers: headers(a.RequestHeader, scrub),
			Body: body(a.RequestBody, scrub, a.RequestBody != nil, keptRequest), HTTP2: a.HTTP2, Head: a.sentHead(scrub),
		},
		Violations: a.Violations(),
	}
	for i, v := range e.Violations {
		e.Violations[i].Actual = scrub(v.Actual)
	}
	if a.Err != nil {
		e.Error = scrub(evidence.OneLine(a.Err.Error()))
	} else {
		e.Response = &evidence.Response{
			Proto: a.Proto, Status: a.Status, Reason: a.reason(scrub), Headers: shortenedAll(a.fields(scrub)),
			Body: a.shown(scrub), Wire: scrub(a.Wire),
		}
	}
	return append(out, e)
}

func effect(o *openapi.Operation) evidence.Effect {
	switch h := o.HandsOut(); {
	case o.Ends() != nil:
		return evidence.Ends
	case h == nil:
		return ""
	case h.Renews():
		return evidence.Renews
	}
	return evidence.HandsOut
}

func headers(h http.Header, scrub func(string) string) []evidence.Header {
	out := make([]evidence.Header, 0, len(h))
	for name, values := range h {
		for _, v := range values {
			out = append(out, evidence.Header{Name: scrub(name), Value: withoutCookie(name, scrub(v))})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// reason is the reason phrase, which is the server's own word as anything else.
func (a *Answer) reason(scrub func(string) string) string {
	if a.withheld {
		return http.StatusText(a.Status)
	}
	return shortened(scrub(a.Reason))
}

// fields are the header section, with no values of what is withheld.
func (a *Answer) fields(scrub func(string) string) []evidence.Header {
	all := headers(a.Header, scrub)
	if !a.withheld {
		return all
	}
	for i, h := range all {
		if !slices.Contains([]string{"Content-Type", "Content-Length", "Date", "Connection"}, h.Name) {
			all[i].Value = "(withheld)"
		}
	}
	return all
}

// Withhold keeps what the answer holds out of the evidence, since what in it is secret cannot be told from the rest.
func (a *Answer) Withhold() {
	a.withheld = true
	if a.digest == "" && len(a.Body) > 0 {
		a.digest = fmt.Sprintf("%x", sha256.Sum256(a.Body))
	}
}

// shortenedAll are the fields of an answer, each shortened, up to as many as evidence keeps.
func shortenedAll(all []evidence.Header) []evidence.Header {
	size := 0
	for i, h := range all {
		if size > keptHead {
			rest := sha256.New()
			for _, h := range all[i:] {
				_, _ = fmt.Fprintf(rest, "%s: %s\r\n", h.Name, h.Value) // a hash takes everything
			}
			left := fmt.Sprintf("and %d more fields, not shown; SHA-256 %x", len(all)-i, rest.Sum(nil))
			return append(slices.Clone(all[:i]), evidence.Header{Name: "…", Value: left})
		}
		all[i] = evidence.Header{Name: shortened(h.Name), Value: shortened(h.Value)}
		size += len(all[i].Name) + len(all[i].Value)
	}
	return all
}

// shortened is a text of a head, or the beginning of a long one with what it is.
func shortened(text string) string {
	if len(text) <= keptText {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes, SHA-256 %x)", strings.ToValidUTF8(text[:keptText], ""), len(text), sha256.Sum256([]byte(text)))
}

// shown is the body of an answer as evidence keeps it.
func (a *Answer) shown(scrub func(string) string) *evidence.Body {
	if a.digest != "" {
		return &evidence.Body{Withheld: true, Size: a.size, Text: fmt.Sprintf(
			"(withheld: %d bytes that cannot be read as what the document describes, and may hold secrets; SHA-256 %s)", a.size, a.digest)}
	}
	b := body(a.Body, scrub, len(a.Body) > 0, keptBody)
	if b != nil {
		b.Size, b.Decoded = a.size, strings.Trim(a.Coding+", "+a.Charset, ", ")
	}
	return b
}

// briefBody is the longest body that Brief gives, in bytes.
const briefBody = 200

// Brief is the body on one line where it is a short text of which evidence withholds nothing, else "". It is not scrubbed, and never
// cut, so that what scrubs it finds secrets whole.
func (a *Answer) Brief() string {
	if a.withheld || a.digest != "" || len(a.Body) > briefBody || !utf8.Valid(a.Body) || strings.ContainsRune(string(a.Body), 0) {
		return ""
	}
	return evidence.OneLine(string(a.Body))
}

// body is one that was sent, or an answer's that is text, up to so many bytes.
func body(data []byte, scrub func(string) string, present bool, kept int) *evidence.Body {
	if !present {
		return nil
	}
	size, decoded := len(data), ""
	if name, charset := charsetOf(data); charset != nil { // in which a secret is not known again
		if text, err := charset.NewDecoder().Bytes(data); err == nil {
			data, decoded = text, name
		}
	}
	text := scrub(string(data))
	b := &evidence.Body{Size: size, Decoded: decoded, Binary: !utf8.ValidString(text) || strings.ContainsRune(text, 0)}
	if b.Binary {
		kept /= 8 // a dump is that much longer
	}
	if b.Cut = len(text) > kept; b.Cut {
		b.Digest = fmt.Sprintf("%x", sha256.Sum256(data))
		for !b.Binary && !utf8.RuneStart(text[kept]) {
			kept--
		}
		text = text[:kept]
	}
	if b.Text = text; b.Binary {
		b.Text = hex.Dump([]byte(text))
	}
	return b
}
