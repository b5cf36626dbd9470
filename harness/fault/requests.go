package fault

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"strings"

	"example.org/conform/harness/reference/kernel"
)

// shapes are the ways to send a member of a body wrongly, the others being right. Each is a fault of its own: what a
// server does with null says nothing of what it does with a number.
var shapes = map[string]Is{
	"missing": Absent,
	"null":    Null,
	"blank":   func(value any, _ bool) bool { return value == "" },
	"number":  IsA[float64],
	"boolean": IsA[bool],
	"array":   IsA[[]any],
	"object":  IsA[map[string]any],
}

// Form is the body of an operation: a JSON object of texts.
type Form struct {
	Operation kernel.Operation
	// Word begins the names of faults of the form as a whole.
	Word    string
	Members []string
}

// word is what a member is called in the names of faults: session-id for sessionId.
func word(member string) string {
	return strings.ToLower(capitals.ReplaceAllString(member, "-$0"))
}

var capitals = regexp.MustCompile("[A-Z]")

// Crashes are the ways to fall over a malformed form, "username-null-crashes" for one.
func (s Seams[C, K, A, R]) Crashes(form Form) Kind[C] {
	seam := func(is func(body []byte) bool) func(*C) {
		return s.RefuseWhere(func(c *K, _ *R) bool {
			call := s.Call(c)
			return call.Operation == form.Operation && is(call.Body)
		}, func(r *R) { s.Restate(r, http.StatusInternalServerError) })
	}
	return bindForm("crashes", form, map[string]func([]byte) bool{
		"*empty-body-crashes":     func(body []byte) bool { return len(body) == 0 },
		"*malformed-json-crashes": func(body []byte) bool { return len(body) > 0 && !json.Valid(body) },
	}, func(member string, is Is) func([]byte) bool {
		return func(body []byte) bool {
			object := Value(body)
			for _, other := range form.Members {
				if other != member && !MemberIs(object, other, IsA[string]) {
					return false
				}
			}
			return MemberIs(object, member, is)
		}
	}, seam)
}

// bindForm binds what is the matter with a form as a whole, and with each member in each shape.
func bindForm[C, M any](kind string, form Form, whole map[string]M, part func(member string, is Is) M, seam func(M) func(*C)) Kind[C] {
	bound := bind(kind, form.Word, whole, seam)
	for _, member := range form.Members {
		parts := map[string]M{}
		for shape, is := range shapes {
			parts["*-"+shape+"-"+kind] = part(member, is)
		}
		maps.Copy(bound, bind(kind, word(member), parts, seam))
	}
	return bound
}

// mend makes a good object of a malformed body, nil where it does not know how. Right is a value of a member that is
// good, nil where there is none.
type mend func(body []byte, right func(member string) any) map[string]any

// Mends are the ways to take a malformed form for a good one, "username-null-accepted" for one. The seam takes what mends
// the body of a call before it is read; right is a value of a member that is good for a call, nil where there is none.
func (s Seams[C, K, A, R]) Mends(form Form, seam func(before func(*K)) func(*C), right func(c *K, member string) any) Kind[C] {
	return bindForm("accepted", form, map[string]mend{
		"*body-cut-accepted": func(body []byte, _ func(string) any) map[string]any { return Object(append(bytes.Clone(body), '}')) },
		"*array-accepted": func(body []byte, _ func(string) any) map[string]any {
			list, _ := Value(body).([]any)
			first, _ := First(list)
			object, _ := first.(map[string]any)
			return object
		},
		"*nested-accepted": func(body []byte, _ func(string) any) map[string]any {
			for _, member := range Object(body) {
				if object, is := member.(map[string]any); is && len(Object(body)) == 1 {
					return object
				}
			}
			return nil
		},
		"*empty-body-accepted": func(body []byte, right func(string) any) map[string]any {
			if len(body) > 0 {
				return nil
			}
			object := map[string]any{}
			for _, member := range form.Members {
				object[member] = right(member)
			}
			return object
		},
	}, func(member string, is Is) mend {
		return func(body []byte, right func(string) any) map[string]any {
			object := Object(body)
			if !MemberIs(object, member, is) {
				return nil
			}
			if list, isList := object[member].([]any); isList {
				object[member], _ = First(list)
			} else if object[member] = right(member); object[member] == nil {
				return nil
			}
			return object
		}
	}, func(mend mend) func(*C) {
		return seam(func(c *K) {
			body := &s.Call(c).Body
			object := mend(*body, func(member string) any { return right(c, member) })
			if mended, err := json.Marshal(object); err == nil && object != nil {
				*body = mended
			}
		})
	})
}

// Methods are those that do what POST alone should do on a path, "get-accepted" for one.
func (s Seams[C, K, A, R]) Methods(path string) Kind[C] {
	return bind("methods", "", map[string]string{
		"get-accepted":    http.MethodGet,
		"put-accepted":    http.MethodPut,
		"patch-accepted":  http.MethodPatch,
		"delete-accepted": http.MethodDelete,
	}, func(method string) func(*C) {
		return s.Wrap(Before(func(r *http.Request) {
			if r.Method == method && strings.HasSuffix(strings.ToLower(r.URL.Path), path) {
				r.Method = http.MethodPost
			}
		}))
	})
}
