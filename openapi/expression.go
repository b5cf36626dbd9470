package openapi

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"net/http"
	"regexp"
	"strings"
)

// Expression is a runtime expression (OpenAPI 3.1, 4.7.20.4): where in an exchange a value stands. Beside what OpenAPI knows it
// can name a cookie that an answer sets: $response.cookie.SID.
type Expression string

var expressions = regexp.MustCompile(`^\$(?:(request|response)\.body(#(?:/[^{}]*)?)?|response\.(?:header|cookie)\.[^{}#/ ]+)$`)

// Exchange is what an expression is read from: the bodies of a request and its answer, and the answer's header.
type Exchange struct {
	RequestBody, Body []byte
	Header            http.Header
}

// check is an error for a text that is no expression which can be read.
func (e Expression) check() error {
	if e != "" && !expressions.MatchString(string(e)) {
		return errors.New("no runtime expression that names a body, a header or a cookie")
	}
	return nil
}

// Member is the last name of a pointer into a body, "" for any other expression.
func (e Expression) Member() string {
	_, pointer, _ := strings.Cut(string(e), "#")
	return pointer[strings.LastIndexByte(pointer, '/')+1:]
}

// Read is the value as a text, numbers as they are written; ok is false where there is none, or it is empty. A body that stands
// for the value as a whole is read leniently: without a JSON string's quotes and without line ends. Of a body that is XML, a
// pointer's value is the first element of its name.
func (e Expression) Read(x Exchange) (text string, ok bool) {
	where, pointer, pointed := strings.Cut(string(e), "#")
	body := x.Body
	switch {
	case strings.HasPrefix(where, "$response.header."):
		text = x.Header.Get(strings.TrimPrefix(where, "$response.header."))
		return text, text != ""
	case strings.HasPrefix(where, "$response.cookie."):
		return cookie(x.Header, strings.TrimPrefix(where, "$response.cookie."))
	case where == "$request.body":
		body = x.RequestBody
	case where != "$response.body":
		return "", false
	}
	if !pointed {
		return whole(body)
	}
	body = bytes.TrimPrefix(body, byteOrderMark)
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		text = element(body, e.Member())
		return text, text != ""
	}
	switch v, _ := lookUp(value, pointer); v := v.(type) {
	case string:
		return v, v != ""
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// whole is a body that is one value. A page and a sentence are none.
func whole(body []byte) (string, bool) {
	text := strings.TrimSpace(strings.TrimPrefix(string(body), string(byteOrderMark)))
	var inner string
	if json.Unmarshal([]byte(text), &inner) == nil {
		text = inner
	}
	text = strings.NewReplacer("\r", "", "\n", "").Replace(text)
	if text == "null" || strings.ContainsAny(text, " \t<>{}\"") {
		return "", false
	}
	return text, text != ""
}

func cookie(header http.Header, name string) (string, bool) {
	for _, c := range (&http.Response{Header: header}).Cookies() {
		if strings.EqualFold(c.Name, name) && c.Value != "" && c.MaxAge >= 0 {
			return c.Value, true
		}
	}
	return "", false
}

// element is the text of the first XML element of a name, in whatever namespace: what a server gave in another form than the one
// it documents has to be ended too.
func element(body []byte, name string) (text string) {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	for {
		next, err := decoder.Token()
		if err != nil {
			return ""
		}
		if start, ok := next.(xml.StartElement); ok && start.Name.Local == name {
			if decoder.DecodeElement(&text, &start) != nil {
				return ""
			}
			return strings.TrimSpace(text)
		}
	}
}
