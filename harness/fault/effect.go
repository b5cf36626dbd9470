package fault

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/goccy/go-yaml"

	"example.org/conform/harness/reference/kernel"
)

// effect is a mechanism that a catalogue writes down: which answers change, and what in them. It decides nothing; what it has
// done beside the answer is one of the vendor's deeds.
type effect struct {
	// Answer is the operation whose granting answers change, Request one all of whose answers do, and Refusal says which
	// refusals do: any, those of a status, or those of one of the vendor's words. One of the three is given.
	Answer  kernel.Operation `yaml:"answer"`
	Request kernel.Operation `yaml:"request"`
	Refusal string           `yaml:"refusal"`
	// Where are the vendor's words for requests: all of them have to hold.
	Where []string `yaml:"where"`
	// Every is how many such answers there are to one that changes; without it all do.
	Every int64 `yaml:"every"`
	// After says that an answer changes only where it is the first after one of another kind.
	After *effect `yaml:"after"`

	// Fail makes an answer a failure of this status.
	Fail   int `yaml:"fail"`
	Status int `yaml:"status"`
	// Header are fields in place of those of their names. One that is null is not sent.
	Header map[string]*string `yaml:"header"`
	// Drop, Rename and Set are about members, also of an object within ("user/id") where there is one.
	Drop   []string          `yaml:"drop"`
	Rename map[string]string `yaml:"rename"`
	Set    yaml.MapSlice     `yaml:"set"`
	Body   *string           `yaml:"body"`
	// Do are the vendor's words for what is done to what the server keeps, before an answer leaves.
	Do []string `yaml:"do"`
}

// effect is the override that a catalogue describes.
func (s Seams[C, K, A, R]) effect(e *effect) (func(*C), error) {
	matches, err := s.matching(e)
	if err != nil || e.After == nil {
		return s.changing(e, matches), err
	}
	first, err := s.matching(e.After)
	return func(c *C) {
		var pending atomic.Bool
		s.Edit(func(c *K, a *A) {
			if first(c, a) {
				pending.Store(true)
			}
		})(c)
		s.changing(e, func(c *K, a *A) bool { return matches(c, a) && pending.Swap(false) })(c)
	}, err
}

// matching says which answers an effect is about.
func (s Seams[C, K, A, R]) matching(e *effect) (func(*K, *A) bool, error) {
	given := slices.DeleteFunc([]string{string(e.Answer), string(e.Request), e.Refusal}, func(one string) bool { return one == "" })
	refusal, known := s.refusalOf(e.Refusal)
	unknown := slices.IndexFunc(e.Where, func(word string) bool { return s.Requests[word] == nil })
	undone := slices.IndexFunc(e.Do, func(word string) bool { return s.Deeds[word] == nil })
	switch {
	case len(given) != 1:
		return nil, errors.New("one of answer, request and refusal says what changes")
	case e.Refusal != "" && !known:
		return nil, fmt.Errorf("no refusal is called %q", e.Refusal)
	case unknown >= 0:
		return nil, fmt.Errorf("no request is called %q", e.Where[unknown])
	case undone >= 0:
		return nil, fmt.Errorf("nothing that can be done is called %q", e.Do[undone])
	}
	return func(c *K, a *A) bool {
		if slices.ContainsFunc(e.Where, func(word string) bool { return !s.Requests[word](c) }) {
			return false
		}
		switch {
		case e.Answer != "":
			return s.granting(e.Answer)(c, a)
		case e.Request != "":
			return s.Call(c).Operation == e.Request
		}
		return s.refused(a) && refusal(c, a)
	}, nil
}

// changing makes the changes of an effect in the answers that match.
func (s Seams[C, K, A, R]) changing(e *effect, matches func(*K, *A) bool) func(*C) {
	return func(c *C) {
		nth := Nth(max(e.Every, 1))
		s.Edit(func(c *K, a *A) {
			if !matches(c, a) || !nth() {
				return
			}
			for _, word := range e.Do {
				s.Deeds[word](c)
			}
			s.make(e, a)
		})(c)
	}
}

// ofForm are the statuses that say how a request is to be made and when, whatever it asks for: no API gives them another meaning.
var ofForm = []int{
	http.StatusLengthRequired, http.StatusExpectationFailed, http.StatusTooManyRequests, http.StatusHTTPVersionNotSupported,
}

// refusalOf matches refusals by what a catalogue calls them: any, those that are told from others by what was asked for, those of a status,
// or those of a kind.
func (s Seams[C, K, A, R]) refusalOf(word string) (match func(*K, *A) bool, known bool) {
	switch word {
	case "any":
		return func(*K, *A) bool { return true }, true
	case "told":
		return func(_ *K, a *A) bool { return !slices.Contains(ofForm, *s.Parts(a).Status) }, true
	}
	if status, err := strconv.Atoi(word); err == nil {
		return func(_ *K, a *A) bool { return *s.Parts(a).Status == status }, true
	}
	of, known := s.Refusals[word]
	return func(c *K, a *A) bool { return of(c, s.Refusal(a)) }, known
}

// make changes an answer.
func (s Seams[C, K, A, R]) make(e *effect, a *A) {
	if e.Fail != 0 {
		s.Fail(a, e.Fail)
	}
	p := s.Parts(a)
	if e.Status != 0 {
		*p.Status = e.Status
	}
	for name, value := range e.Header {
		p.Header[name] = nil
		if value != nil {
			p.Header[name] = []string{*value}
		}
	}
	for _, path := range e.Drop {
		p.at(path, members.Drop)
	}
	for from, to := range e.Rename {
		p.at(from, func(object members, name string) { object.Rename(name, to) })
	}
	for _, member := range e.Set {
		p.set(fmt.Sprint(member.Key), member.Value)
	}
	if e.Body != nil {
		p.send(*e.Body)
	}
}
