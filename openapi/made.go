package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Made is an answer that is made as a contract describes it, by whoever plays the server.
type Made struct {
	Status int
	Header http.Header
	// MediaType is that of the body, "" where there is none.
	MediaType string
	// Body is a value of JSON, as encoding/json reads it, or a text where the media type is no JSON.
	Body any
}

// Granting makes the answer to a good request, with nothing of anybody's in it: where a credential stands, or when it ends, is for its
// maker to put there.
func (o *Operation) Granting() *Made {
	m := o.Answering(o.success)
	if o.works != nil {
		for _, c := range o.works.Where {
			c.enter(m)
		}
	}
	if o.dead != nil && o.dead.fit(m.Answer()) && len(o.dead.Where) > 0 {
		o.dead.Where[0].avoid(m)
	}
	return m
}

// Refusing makes the answer to a credential, or to an account's name and password, that is none: as x-dead says, or else with the first of some statuses
// that the document describes, or the first of them all.
func (o *Operation) Refusing(statuses ...int) *Made {
	if o.dead == nil {
		return o.Answering(o.described(statuses))
	}
	status := o.success
	if len(o.dead.Statuses) > 0 {
		status = o.dead.Statuses[0]
	}
	m := o.Answering(status)
	for _, c := range o.dead.Where {
		c.enter(m)
	}
	return m
}

// Denying makes the answer to a request that is wrong in another way than by its credentials, with one of some statuses.
func (o *Operation) Denying(statuses ...int) *Made { return o.Answering(o.described(statuses)) }

// described is the first of some statuses that the document describes as such, or else the first.
func (o *Operation) described(statuses []int) int {
	if i := slices.IndexFunc(statuses, func(status int) bool { return o.responses[strconv.Itoa(status)] != nil }); i >= 0 {
		return statuses[i]
	}
	return statuses[0]
}

// Answering makes an answer of a status, as far as the document describes it.
func (o *Operation) Answering(status int) *Made {
	m := &Made{Status: status, Header: http.Header{}}
	r := o.responseFor(status)
	if r == nil {
		return m
	}
	for _, h := range r.headers {
		if h.required && h.schema != nil {
			m.Header.Set(h.name, fmt.Sprint(sample(h.schema.described)))
		} else if h.required {
			m.Header.Set(h.name, "text")
		}
	}
	if len(r.contents) == 0 || isEmptyStatus(status) {
		return m
	}
	c := r.contents[max(0, slices.IndexFunc(r.contents, func(c content) bool { return isJSON(c.mediaType) }))]
	m.MediaType, m.Body = c.mediaType, c.sample()
	return m
}

// sample is a value of a content: the first of its examples that its schema takes, or else one made by that.
func (c content) sample() any {
	for _, name := range slices.Sorted(maps.Keys(c.examples)) {
		value := asJSON(c.examples[name])
		if _, isText := value.(string); (isJSON(c.mediaType) || isText) && len(c.schema.failures(value)) == 0 {
			return value
		}
	}
	value := sample(c.schema.described)
	if _, isText := value.(string); !isText && !isJSON(c.mediaType) {
		return "text"
	}
	return value
}

// Answer is the answer as it comes in.
func (m *Made) Answer() Answer {
	header := m.Header.Clone()
	if m.MediaType != "" {
		header.Set("Content-Type", m.MediaType)
	}
	return Answer{Status: m.Status, Header: header, Body: m.Text()}
}

// Text is the body as it is sent, nil for none.
func (m *Made) Text() []byte {
	if m.MediaType == "" {
		return nil
	}
	if text, is := m.Body.(string); is && !isJSON(m.MediaType) {
		return []byte(text)
	}
	text, err := json.Marshal(m.Body)
	if err != nil {
		return []byte("null") // it holds what JSON has, and nothing else
	}
	return text
}

// Put has a value stand where an expression says: in the header, in a cookie, which gets the attributes behind it, or in the body. A body that was none is JSON
// then. It reports whether it could.
func (m *Made) Put(e Expression, value any, attributes ...string) bool {
	where, pointer, pointed := strings.Cut(string(e), "#")
	if name, is := strings.CutPrefix(where, "$response.header."); is {
		m.Header.Set(name, fmt.Sprint(value))
		return true
	}
	if name, is := strings.CutPrefix(where, cookieExpression); is {
		m.Header.Add("Set-Cookie", strings.Join(append([]string{name + "=" + fmt.Sprint(value)}, attributes...), "; "))
		return true
	}
	if where != "$response.body" || isEmptyStatus(m.Status) {
		return false
	}
	if m.MediaType == "" {
		m.MediaType = "application/json"
	}
	if !pointed {
		m.Body = value
		return true
	}
	body, could := placed(m.Body, pointerTokens(pointer), value)
	if could {
		m.Body = body
	}
	return could
}

// pointerTokens are the tokens of a JSON pointer.
func pointerTokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, token := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return tokens
}

// gone is the value of what is not to be there.
type gone struct{}

// placed is a value with another at the end of a way through it, made where it is not there yet.
func placed(within any, way []string, value any) (any, bool) {
	if len(way) == 0 {
		return value, true
	}
	if list, isList := within.([]any); isList {
		i, err := strconv.Atoi(way[0])
		if err != nil || i < 0 || i > len(list) || i > 100 {
			return nil, false
		}
		if i == len(list) {
			list = append(list, nil)
		}
		inner, could := placed(list[i], way[1:], value)
		if could {
			list[i] = inner
		}
		return list, could
	}
	object, isObject := within.(map[string]any)
	if !isObject {
		object = map[string]any{}
	}
	if _, drops := value.(gone); drops && len(way) == 1 {
		delete(object, way[0])
		return object, true
	}
	inner, could := placed(object[way[0]], way[1:], value)
	if could {
		object[way[0]] = inner
	}
	return object, could
}

// enter makes a condition hold of an answer.
func (c Condition) enter(m *Made) {
	if c.holds(m.Answer()) {
		return
	}
	switch {
	case c.Exists != nil && *c.Exists:
		m.Put(c.Value, "text")
	case c.Exists != nil:
		m.Put(c.Value, gone{})
	case c.Is != nil:
		m.Put(c.Value, readJSON(c.Is))
	case c.Not != nil:
		m.Put(c.Value, another(readJSON(c.Not)))
	default:
		text, _ := matching(c.Matches)
		m.Put(c.Value, text)
	}
}

// avoid makes a condition fail of an answer.
func (c Condition) avoid(m *Made) {
	switch {
	case c.Exists != nil && *c.Exists:
		m.Put(c.Value, gone{})
	case c.Exists != nil:
		m.Put(c.Value, "text")
	case c.Is != nil:
		m.Put(c.Value, another(readJSON(c.Is)))
	case c.Not != nil:
		m.Put(c.Value, readJSON(c.Not))
	default:
		m.Put(c.Value, "")
	}
}

func readJSON(text json.RawMessage) (value any) {
	_ = json.Unmarshal(text, &value) // it was read with the contract
	return value
}

// another is a value of the same type, or a text where that is of none.
func another(value any) any {
	switch v := value.(type) {
	case bool:
		return !v
	case float64:
		return v + 1
	case string:
		return v + "text"
	}
	return "text"
}

// TypesAt are the types of JSON that the body of the success may have where an expression leads; none for any, and for what is no body's.
func (o *Operation) TypesAt(e Expression) (types []string) {
	where, pointer, _ := strings.Cut(string(e), "#")
	r := o.succeeded()
	if where != "$response.body" || r == nil || len(r.contents) == 0 {
		return nil
	}
	for _, s := range r.contents[0].schema.at(pointerTokens(pointer)).schemas {
		types = append(types, s.Value.Type.Slice()...)
	}
	return types
}

// ReadBody reads the body of a request, as JSON or as a form, and reports whether it is as the operation describes it. Members of a form are
// of the types that the schema has for them.
func (o *Operation) ReadBody(contentType string, body []byte) (members map[string]any, good bool) {
	media, parameters, err := mime.ParseMediaType(contentType)
	if len(o.request) == 0 || err != nil && media == "" {
		return nil, len(o.request) == 0
	}
	if charset := parameters["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") || !utf8.Valid(body) {
		return nil, false
	}
	i := slices.IndexFunc(o.request, func(c content) bool { return c.mediaType == media })
	if i < 0 {
		return nil, false
	}
	if c := o.request[i]; media == formMedia {
		members, good = c.readForm(string(body))
	} else if value, flaws, ok := decode(body); ok && len(flaws) == 0 {
		members, good = value.(map[string]any)
	}
	if len(body) == 0 && len(o.Required()) == 0 {
		return map[string]any{}, true
	}
	return members, good && len(o.request[i].schema.failures(members)) == 0
}

// readForm reads a form strictly.
func (c content) readForm(body string) (map[string]any, bool) {
	form, err := url.ParseQuery(body)
	if err != nil {
		return nil, false
	}
	members := map[string]any{}
	for name, values := range form {
		types := []string{}
		for _, s := range c.schema.at([]string{name}).schemas {
			types = append(types, s.Value.Type.Slice()...)
		}
		if slices.Contains(types, "array") {
			list := []any{}
			for _, one := range values {
				list = append(list, one)
			}
			members[name] = list
			continue
		}
		if len(values) > 1 {
			return nil, false
		}
		members[name] = typed(values[0], types)
	}
	return members, true
}

// typed is the value of a form's text, as the types of its member have it.
func typed(text string, types []string) any {
	if slices.Contains(types, "string") || len(types) == 0 {
		return text
	}
	var value any
	if json.Unmarshal([]byte(text), &value) != nil || reflect.TypeOf(value) == nil {
		return text
	}
	if number, is := value.(float64); is {
		return json.Number(strconv.FormatFloat(number, 'f', -1, 64))
	}
	return value
}
