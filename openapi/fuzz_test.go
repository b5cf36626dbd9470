package openapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// FuzzValidate holds a body against an operation, whichever it is: what differs has a place, in words of one line.
func FuzzValidate(f *testing.F) {
	var operations []*Operation
	for _, profile := range Profiles() {
		operations = append(operations, mustLoad(f, profile).Operations()...)
	}
	for which, o := range operations {
		for i, body := range []string{"", "null", "{}", okTicket, okSession, `{"a":`, "\ufeff{}", `{"a":1,"a":1}`, "[[[[", `{"sid":1e999}`, `{"~/":{"\ud800":0}}`,
			fmt.Sprintf(innerError, `{"code":"x","attemptsLeft":-0.5}`), strings.Repeat("[", 2000)} {
			f.Add(which, []int{o.Success(), 403}[i%2], jsonType, []byte(body))
		}
		f.Add(which, o.Success(), "", []byte(okSession))
	}
	f.Fuzz(func(t *testing.T, which, status int, mediaType string, body []byte) {
		if which < 0 || len(body) > 16<<10 {
			t.Skip("what is slow to read finds little")
		}
		o := operations[which%len(operations)]
		for _, d := range o.Validate(Answer{Status: status, Header: http.Header{"Content-Type": {mediaType}}, Body: body}) {
			if d.Place == "" || d.Expected == "" || d.Actual == "" || strings.ContainsAny(d.Place+d.Actual, "\r\n") {
				t.Errorf("%s: %+v", o.ID(), d)
			}
		}
		o.SecretsIn(body, true, status)
		o.SecretsIn(body, false, 0)
		o.Undescribed(status, body)
		o.Legible(status, body)
	})
}

// A body that is nested as deeply as its size allows is held against an operation all the same.
func TestValidateOfADeepBody(t *testing.T) {
	t.Parallel()
	deep := []byte(strings.Repeat("[", 20000))
	for _, profile := range Profiles() {
		for _, o := range mustLoad(t, profile).Operations() {
			answer := Answer{Status: o.Success(), Header: http.Header{"Content-Type": {jsonType}}, Body: deep}
			if differs := o.Validate(answer); len(o.succeeded().contents) > 0 && differs == nil {
				t.Errorf("%s: it differs in nothing", o.ID())
			}
			o.SecretsIn(deep, true, o.Success())
		}
	}
}
