package openapi

import (
	"bytes"
	"cmp"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Answer is a response as it was read: the status, the header and all bytes of the body.
type Answer struct {
	Status int
	Header http.Header
	// Body is what a reader who undoes Coding and Charset reads.
	Body []byte
	// Coding is the content coding that the body came in though the request asked for none, and Charset that of a text which came in
	// another one than UTF-8; both empty for what is as it should be.
	Coding, Charset string
}

// Difference is one way in which an answer differs from what the contract describes.
type Difference struct {
	// Requirement is the ID of the requirement that the contract gives the place, or "" when it gives none.
	Requirement string
	// Place is "status", "media type", "body", a header's name, or the JSON pointer of a part of the body. Members
	// that the contract does not name are "*" in it.
	Place string
	// Expected and Actual are one line each. Actual names types, sizes and statuses, never a value of the answer.
	Expected, Actual string
}

// Validate compares an answer with the contract: the status, the headers, the media type, that the body is exactly one
// well-formed JSON value, and its schema with the formats. A place is reported once. An answer as described gives none.
func (o *Operation) Validate(a Answer) []Difference {
	var c comparison
	r := o.responseFor(a.Status)
	switch {
	case r != nil:
	case a.Status == http.StatusHTTPVersionNotSupported:
		return nil // it is about the version of HTTP (RFC 9110, 15.6.6), and no failure of the operation
	case a.Status >= 500 && o.never5xx != "":
		c.add(o.never5xx, "status", "no 5xx", strconv.Itoa(a.Status))
		return c.found
	case o.lenient && a.Status/100 != 2:
		return nil // few documents describe every way to refuse; whether it should have been granted is asked elsewhere
	default:
		r = o.succeeded()
		c.add(r.status, "status", strings.Join(slices.Sorted(maps.Keys(o.responses)), ", "), strconv.Itoa(a.Status))
		if a.Status/100 != 2 || isEmptyStatus(a.Status) {
			return c.found
		}
		// The request was granted, only not as promised: the rest is judged as if the status were right.
	}
	c.headers(r, a.Header)
	switch {
	case isEmptyStatus(a.Status):
		c.noContent(r, a)
	case len(r.contents) > 0:
		c.content(r, a)
	}
	return c.found
}

// isEmptyStatus tells whether answers of a status have no content (RFC 9110, 15.3.5, 15.3.6 and 15.4.5).
func isEmptyStatus(status int) bool {
	return status == http.StatusNoContent || status == http.StatusResetContent || status == http.StatusNotModified
}

// comparison collects the differences of one answer.
type comparison struct{ found []Difference }

func (c *comparison) add(requirement, place, expected, actual string) {
	if !slices.ContainsFunc(c.found, func(d Difference) bool { return d.Place == place && d.Actual == actual }) {
		c.found = append(c.found, Difference{requirement, place, expected, actual})
	}
}

func (c *comparison) headers(r *response, sent http.Header) {
	for _, h := range r.headers {
		values := sent.Values(h.name)
		if len(values) == 0 {
			if h.required {
				c.add(h.requirement, h.name, "the header", "missing")
			}
			continue
		}
		if h.schema != nil && len(h.schema.failures(values[0])) > 0 {
			c.add(h.requirement, h.name, h.schema.at(nil).expected(), describeValue(values[0]))
		}
	}
}

// noContent looks for content where there may be none. A client that follows the protocol hides such bytes; the header
// may still speak of them.
func (c *comparison) noContent(r *response, a Answer) {
	if len(a.Body) > 0 {
		c.add(r.body, "body", "no content", count(len(a.Body), "byte"))
	}
	if length := a.Header.Get("Content-Length"); length != "" && length != "0" && a.Status == http.StatusNoContent {
		c.add(r.body, "Content-Length", "none, or 0", "another value")
	}
	if a.Header.Get("Transfer-Encoding") != "" {
		c.add(r.body, "Transfer-Encoding", "none", "present")
	}
}

func (c *comparison) content(r *response, a Answer) {
	body, matches := r.contentFor(a.Header.Get("Content-Type"))
	if !matches {
		body = r.contents[0]
	}
	if a.Coding != "" {
		c.add(r.media, "Content-Encoding", "a body without a content coding, since the request asked for none", a.Coding)
	}
	if a.Charset != "" && (isJSON(body.mediaType) || !namesCharset(a.Header)) {
		c.add(r.media, "body", "text in UTF-8", a.Charset)
	}
	if len(bytes.TrimSpace(a.Body)) == 0 && (isJSON(body.mediaType) || r.body != r.media && !body.takes(a.Body)) {
		actual := "an empty body"
		if len(a.Body) > 0 {
			actual = "nothing but white space"
		}
		c.add(r.body, "body", "a body that is not blank", actual)
		return
	}
	if !matches {
		described := strings.Join(slices.Sorted(maps.Keys(r.described)), " or ")
		c.add(r.media, "media type", strings.ToLower(described), describeMediaType(a.Header))
	}
	if !isJSON(body.mediaType) {
		if !utf8.Valid(a.Body) {
			c.add(r.media, "body", "text in UTF-8", "bytes that are not UTF-8")
			return
		}
		c.schema(r, body, string(a.Body))
		return
	}
	value, flaws, ok := decode(a.Body)
	if !matches && !ok {
		return // a page of HTML is one difference, not two
	}
	for _, f := range flaws {
		c.add(r.media, cmp.Or(body.schema.at(f.tokens).pointer, "body"), f.expected, f.actual)
	}
	if ok {
		c.schema(r, body, value)
	}
}

// namesCharset tells whether the header says in which charset a text is.
func namesCharset(sent http.Header) bool {
	_, parameters, err := mime.ParseMediaType(sent.Get("Content-Type"))
	return err == nil && parameters["charset"] != ""
}

// schema adds one difference for each place at which the value does not match.
func (c *comparison) schema(r *response, body content, value any) {
	for _, tokens := range body.schema.failures(value) {
		at := body.schema.at(tokens)
		actual := "missing"
		if found, present := lookUp(value, pointerOf(tokens)); present {
			actual = at.describe(found)
		}
		c.add(cmp.Or(r.all, at.requirement, r.media), cmp.Or(at.pointer, "body"), at.expected(), actual)
	}
}

// describeMediaType names the media type of an answer when it is a usual one. Others are the server's own words, which
// may hold anything.
func describeMediaType(sent http.Header) string {
	value := sent.Get("Content-Type")
	if value == "" {
		return "no Content-Type"
	}
	mediaType, _, err := mime.ParseMediaType(value)
	if err != nil {
		return "a malformed Content-Type"
	}
	switch mediaType {
	case "application/json", "application/problem+json", "application/hal+json", "application/xml", "application/octet-stream",
		"application/x-www-form-urlencoded", "text/html", "text/plain", "text/xml", "text/json":
		return mediaType
	}
	return "another media type"
}
