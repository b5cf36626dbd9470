package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Legible reports whether the secrets in the body of an answer can be told, so that it can be shown without them. It cannot where it is
// no text, and where the operation hands out secrets and this is not what the contract describes: what broke off, what is XML where JSON
// is promised. A refusal in words hands out nothing that the contract has a name for.
func (o *Operation) Legible(status int, body []byte) bool {
	if !utf8.Valid(body) || bytes.IndexByte(body, 0) >= 0 {
		return false
	}
	body = bytes.TrimPrefix(body, byteOrderMark)
	named, whole := false, []content(nil)
	for _, c := range o.contentsFor(true, status) {
		named = named || len(c.schema.secrets) > 0
		if c.schema.secret != "" {
			whole = append(whole, c)
		}
	}
	switch {
	case status/100 != 2, page.Match(body):
		return true
	case named:
		return (&finder{}).tokens(body)
	case len(whole) > 0:
		var quoted string
		return json.Unmarshal(body, &quoted) == nil || slices.ContainsFunc(whole, func(c content) bool { return c.takes(bytes.TrimSpace(body)) })
	}
	return true
}

// page is the beginning of one in HTML.
var page = regexp.MustCompile(`(?i)^\s*<(?:!doctype html|html)[\s>]`)

// Undescribed are the texts in the body of an answer that the contract has no name for, of an operation that hands out secrets: a server
// may hand out more than its document says. All of a body is one that is not JSON throughout.
func (o *Operation) Undescribed(status int, body []byte) (texts []Text) {
	known, secrets := map[string]bool{}, false
	for _, c := range o.contentsFor(true, status) {
		for name := range c.schema.names {
			known[name] = true
		}
		secrets = secrets || len(c.schema.secrets) > 0 || c.schema.secret != ""
	}
	if !secrets {
		return nil
	}
	d := tokensOf(bytes.TrimPrefix(body, byteOrderMark))
	next := []string{""} // the name above the next value, by depth
	for {
		token, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			return append(texts, Text{"", strings.ReplaceAll(string(body), "\x00", "")})
		}
		depth := d.StackDepth()
		switch open := token.Kind(); {
		case open == '{' || open == '[':
			next = append(next[:depth], next[depth-1])
		case isName(d, token):
			next[depth] = token.String()
		case open == '"' && !known[next[depth]]:
			texts = append(texts, Text{next[depth], token.String()})
		}
	}
}

// Resembles reports whether the body of an answer with this status has anything of what the contract describes: one that is an object of JSON
// without any member that is described does not, as an error does that is sent with the status of a success.
func (o *Operation) Resembles(status int, body []byte) bool {
	var members map[string]json.RawMessage
	described := o.responseFor(status)
	if described == nil || json.Unmarshal(bytes.TrimPrefix(body, byteOrderMark), &members) != nil {
		return true
	}
	return slices.ContainsFunc(described.contents, func(c content) bool {
		for name := range members {
			if c.schema.names[name] {
				return true
			}
		}
		return false
	})
}

// Text is a text of a body, under the name of the member that it stands in, "" for none.
type Text struct{ Name, Text string }

// Describes reports whether the document describes a header of answers, of whichever operation.
func (d *Document) Describes(name string) bool {
	for _, o := range d.operations {
		for _, r := range o.responses {
			if slices.ContainsFunc(r.headers, func(h header) bool { return strings.EqualFold(h.name, name) }) {
				return true
			}
		}
	}
	return false
}
