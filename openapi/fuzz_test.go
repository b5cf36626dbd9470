package openapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func FuzzValidate(f *testing.F) {
	for _, body := range []string{"", "null", "{}", okTicket, okSession, `{"a":`, "\ufeff{}", `{"a":1,"a":1}`, "[[[[", `{"sid":1e999}`, `{"~/":{"\ud800":0}}`,
		fmt.Sprintf(innerError, `{"code":"x","attemptsLeft":-0.5}`), strings.Repeat("[", 20000)} {
		f.Add(200, jsonType, []byte(body))
		f.Add(403, "", []byte(body))
	}
	var operations []*Operation
	for _, profile := range Profiles() {
		operations = append(operations, mustLoad(f, profile).Operations()...)
	}
	f.Fuzz(func(t *testing.T, status int, mediaType string, body []byte) {
		for _, o := range operations {
			for _, d := range o.Validate(Answer{Status: status, Header: http.Header{"Content-Type": {mediaType}}, Body: body}) {
				if d.Place == "" || d.Expected == "" || d.Actual == "" || strings.ContainsAny(d.Place+d.Actual, "\r\n") {
					t.Errorf("%s: %+v", o.ID(), d)
				}
			}
			o.SecretsIn(body, true, status)
			o.SecretsIn(body, false, 0)
		}
	})
}
