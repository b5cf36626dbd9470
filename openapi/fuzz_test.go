package openapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func FuzzValidate(f *testing.F) {
	for _, body := range []string{"", "null", "{}", okTicket, okSession, `{"a":`, "\ufeff{}", `{"a":1,"a":1}`, "[[[[", `{"sid":1e999}`, `{"~/":{"\ud800":0}}`,
		fmt.Sprintf(innerError, `{"code":"x","attemptsLeft":-0.5}`), strings.Repeat("[", 20000)} {
		f.Add(200, jsonType, []byte(body))
		f.Add(403, "", []byte(body))
	}
	// What the quick engine decides is what the JSON Schema engine decides.
	agree := func(t *testing.T, c content, value any) {
		thorough := append(slices.Clip(c.validator.options), openapi3.EnableJSONSchema2020())
		quick, full := c.schema.Value.VisitJSON(value, c.validator.options...), c.schema.Value.VisitJSON(value, thorough...)
		if (quick == nil) != (full == nil) {
			t.Errorf("the engines differ: %v, %v", quick, full)
		}
	}
	var operations []*Operation
	for _, profile := range Profiles() {
		operations = append(operations, mustLoad(f, profile).Operations()...)
	}
	f.Fuzz(func(t *testing.T, status int, mediaType string, body []byte) {
		for _, o := range operations {
			for _, d := range o.Validate(Answer{status, http.Header{"Content-Type": {mediaType}}, body}) {
				if d.Place == "" || d.Expected == "" || d.Actual == "" || strings.ContainsAny(d.Place+d.Actual, "\r\n") {
					t.Errorf("%s: %+v", o.ID(), d)
				}
			}
			if r := o.responseFor(status); r != nil {
				if value, _, ok := decode(body); ok {
					for _, c := range r.contents {
						agree(t, c, value)
					}
				}
			}
			o.SecretsIn(body, true, status)
			o.SecretsIn(body, false, 0)
		}
	})
}
