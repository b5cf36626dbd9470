package judge

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"example.org/conform/harness/evidence"
)

// What a client sends may hold its secrets anywhere. What the contract describes is shown without them; of what nobody has described no value
// is shown.

const withheld = "(withheld)"

// plain are the fields that hold no secret, whoever sends them.
var plain = []string{
	"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Allow", "Cache-Control", "Connection", "Content-Length", "Content-Type", "Date", "Expect",
	"Host", "Retry-After", "Transfer-Encoding", "Upgrade-Insecure-Requests", "User-Agent", "Vary",
}

// named is a secret's name, and schemes are words before one.
var (
	named   = regexp.MustCompile(`‹[^›]*›`)
	schemes = regexp.MustCompile(`(?i)\b(basic|bearer|ntlm|negotiate)\b`)
)

// record is an exchange as a report has it.
func (j *Judge) record(x *exchange) evidence.Exchange {
	e := evidence.Exchange{
		Purpose: evidence.Act, Started: x.arrived.UTC(), DurationMs: float64(x.answered.Sub(x.arrived).Microseconds()) / 1000,
		Request: evidence.Request{Method: method(x.Method), URL: j.address(x), Headers: j.fields(x.Header), Body: j.sent(x)},
	}
	if x.op != nil {
		e.Operation = x.op.ID()
	}
	if !x.given {
		e.Error = "the answer did not reach the client"
		return e
	}
	e.Response = &evidence.Response{
		Proto: x.Proto, Status: x.status, Reason: http.StatusText(x.status), Headers: j.fields(x.header), Body: j.answered(x),
	}
	return e
}

// method is what a client may name so; what is none is its own word, and may be anything.
func method(text string) string {
	if slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}, text) {
		return text
	}
	return "…"
}

// address is the URL, with the values of those parameters alone that the contract describes.
func (j *Judge) address(x *exchange) string {
	u := *x.URL
	server, err := url.Parse(j.target.URL)
	if err != nil {
		return withheld
	}
	address := server.Scheme + "://" + server.Host
	if x.op == nil {
		return address + j.base + "/…"
	}
	address += j.redactor.Scrub(u.EscapedPath())
	if u.RawQuery == "" {
		return address
	}
	described := x.op.QueryParameters()
	var pairs []string
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, raw, _ := strings.Cut(pair, "=")
		shown := j.redactor.Scrub(raw)
		switch {
		case slices.Contains(described, name):
		case named.ReplaceAllString(shown, "") != "":
			shown = "…"
		}
		if !slices.Contains(described, name) && !simple.MatchString(name) {
			name = "…"
		}
		pairs = append(pairs, j.redactor.Scrub(name)+"="+shown)
	}
	return address + "?" + strings.Join(pairs, "&")
}

// simple is a name that is no secret.
var simple = regexp.MustCompile(`^[A-Za-z_]{1,20}$`)

// fields are those of a head.
func (j *Judge) fields(h http.Header) []evidence.Header {
	out := []evidence.Header{}
	for name, values := range h {
		for _, v := range values {
			shown := j.redactor.Scrub(v)
			known := slices.Contains(plain, name) || j.contract.Describes(name)
			rest := strings.TrimSpace(schemes.ReplaceAllString(named.ReplaceAllString(shown, ""), ""))
			for _, op := range j.contract.Operations() {
				for _, p := range op.Takes() {
					for _, word := range append([]string{p.Scheme.Prefix}, p.Scheme.Also...) {
						known = known || named.MatchString(shown) && p.Name == name && rest == strings.TrimSpace(word)
					}
				}
			}
			if !known && (rest != "" || !named.MatchString(shown)) {
				shown = withheld
			}
			out = append(out, evidence.Header{Name: j.redactor.Scrub(name), Value: shown})
		}
	}
	slices.SortStableFunc(out, func(a, b evidence.Header) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// keptBody is what evidence keeps of a body, in bytes.
const keptBody = 16 << 10

func unread(data []byte, what string) *evidence.Body {
	sum := sha256.Sum256(data)
	return &evidence.Body{
		Withheld: true, Size: len(data), Digest: fmt.Sprintf("%x", sum),
		Text: fmt.Sprintf("(withheld: %d bytes %s)", len(data), what),
	}
}

func (j *Judge) shown(data []byte) *evidence.Body {
	b := &evidence.Body{Size: len(data), Text: j.redactor.Scrub(string(data))}
	if b.Cut = len(b.Text) > keptBody; b.Cut {
		b.Text, b.Digest = strings.ToValidUTF8(b.Text[:keptBody], ""), fmt.Sprintf("%x", sha256.Sum256(data))
	}
	return b
}

// sent is the body of a request. One that cannot be read as what it should be is withheld, since a secret in it cannot be told from the rest.
func (j *Judge) sent(x *exchange) *evidence.Body {
	switch {
	case len(x.body) == 0:
		return nil
	case x.op == nil || x.Members == nil && string(x.body) != "null":
		return unread(x.body, "that cannot be read as what the document describes, and may hold secrets")
	}
	return j.shown(x.body)
}

// answered is the body of an answer.
func (j *Judge) answered(x *exchange) *evidence.Body {
	switch {
	case len(x.answer) == 0:
		return nil
	case x.op == nil || !utf8.Valid(x.answer) || !x.op.Legible(x.status, x.answer):
		return unread(x.answer, "of an answer that the contract does not describe")
	}
	return j.shown(x.answer)
}
