package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Looks is what an answer is like, where its status alone does not tell: it has one of the statuses, and all of the conditions hold.
type Looks struct {
	// Statuses are those that it may have; none for any 2xx.
	Statuses []int `json:"statuses"`
	// Where are the conditions on what is in it.
	Where []Condition `json:"where"`
}

// Condition is one on a value of an answer. It says one thing: that the value is there (or is not), is another, is not another, or matches a
// pattern.
type Condition struct {
	Value   Expression      `json:"value"`
	Exists  *bool           `json:"exists"`
	Is      json.RawMessage `json:"is"`
	Not     json.RawMessage `json:"not"`
	Matches string          `json:"matches"`
}

// check says what is wrong with it, as the extension of a name; nil Looks are in order.
func (l *Looks) check(name string) error {
	if l == nil {
		return nil
	}
	if len(l.Statuses) == 0 && len(l.Where) == 0 {
		return said(name, "it says nothing: statuses or where is needed")
	}
	for _, status := range l.Statuses {
		if status < 200 || status > 599 {
			return said(name, "a status is a number from 200 to 599")
		}
	}
	for _, c := range l.Where {
		said1 := 0
		for _, one := range []bool{c.Exists != nil, c.Is != nil, c.Not != nil, c.Matches != ""} {
			if one {
				said1++
			}
		}
		if err := c.Value.check(); err != nil || c.Value == "" || !strings.HasPrefix(string(c.Value), "$response.") {
			return said(name, "the value of a condition is a runtime expression that begins with $response.")
		}
		if said1 != 1 {
			return said(name, "a condition says one of exists, is, not and matches")
		}
		if _, err := regexp.Compile(c.Matches); err != nil {
			return said(name, "matches is no regular expression")
		}
	}
	return nil
}

// fit says whether an answer is like that.
func (l *Looks) fit(a Answer) bool {
	if len(l.Statuses) == 0 && a.Status/100 != 2 || len(l.Statuses) > 0 && !slices.Contains(l.Statuses, a.Status) {
		return false
	}
	return !slices.ContainsFunc(l.Where, func(c Condition) bool { return !c.holds(a) })
}

func (c Condition) holds(a Answer) bool {
	value, has := c.Value.value(Exchange{Body: a.Body, Header: a.Header})
	equals := func(text json.RawMessage) bool {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		var other any
		return d.Decode(&other) == nil && reflect.DeepEqual(value, other)
	}
	switch {
	case c.Exists != nil:
		return has == *c.Exists
	case c.Is != nil:
		return has && equals(c.Is)
	case c.Not != nil:
		return !has || !equals(c.Not)
	}
	text, isText := value.(string)
	if !isText {
		text = fmt.Sprint(value)
	}
	return has && regexp.MustCompile(c.Matches).MatchString(text)
}

// value is the value that an expression names, of whatever type; a body that is not pointed into is a text without the line's end behind it.
func (e Expression) value(x Exchange) (any, bool) {
	where, pointer, pointed := strings.Cut(string(e), "#")
	if where != "$response.body" {
		text, ok := e.Read(x)
		return text, ok
	}
	if !pointed {
		return strings.TrimRight(string(bytes.TrimPrefix(x.Body, byteOrderMark)), "\r\n"), true
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(x.Body, byteOrderMark)))
	d.UseNumber()
	var body any
	if d.Decode(&body) != nil {
		return nil, false
	}
	return lookUp(body, pointer)
}

// Judge says what an answer shows where its status alone does not tell: that it grants what was asked for, or that it refuses it. An
// operation that says nothing of it leaves both to the status.
func (o *Operation) Judge(a Answer) (works, dead bool) {
	if o.dead != nil && o.dead.fit(a) {
		return false, true
	}
	if o.works == nil {
		return false, false
	}
	works = o.works.fit(a)
	return works, !works && a.Status/100 == 2 && o.dead == nil
}

// NeedsMore reports whether more than its status has to show that an answer of it grants what was asked for.
func (o *Operation) NeedsMore() bool { return o.works != nil }

// DeadStatuses are the statuses with which it answers, by the contract, a credential that is none, or none any more; none where that does
// not say.
func (o *Operation) DeadStatuses() []int {
	if o.dead == nil {
		return nil
	}
	return slices.Clone(o.dead.Statuses)
}
