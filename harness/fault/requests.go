package fault

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"example.org/conform/harness/reference/kernel"
)

// shapes are the ways to send a member of a body wrongly, the others being right. Each is a fault of its own: what a
// server does with null says nothing of what it does with a number.
var shapes = []struct {
	slug, words, crash, mend string
	is                       Is
}{
	{"missing", "missing", "the member is used before anybody has looked whether there is one",
		"a condition without a value is left out of the query", Absent},
	{"null", "as null", "the binder lets null through, and its first use is an exception",
		"a comparison with null holds, as in a database without three-valued logic", Null},
	{"blank", "as an empty string", "an empty key is an argument out of range in the library of the store",
		"a blank text stands for whoever the connection belongs to", func(value any, _ bool) bool { return value == "" }},
	{"number", "as a number", "a number is cast to a text, and nobody catches what comes of it",
		"a number is taken for the row in the table", IsA[float64]},
	{"boolean", "as a boolean", "a boolean is cast to a text, and nobody catches what comes of it",
		"a loose comparison holds for true and any text", IsA[bool]},
	{"array", "as an array", "the parser finds an array where a text should begin, and nobody catches its exception",
		"the binder takes an array of one for the one", IsA[[]any]},
	{"object", "as an object", "the parser finds an object where a text should begin, and nobody catches its exception",
		"an object is taken for a condition of the query, which holds", IsA[map[string]any]},
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

// Crashes are the ways to fall over a malformed form, "username-null-crashes" for one. Outcome ends what reports on them say.
func (s Seams[C, K, A, R]) Crashes(form Form, outcome string) Choice[C] {
	type kind = func(body []byte) bool
	seam := func(is kind) func(*C) {
		return s.Refuse(func(c *K, r *R) {
			if call := s.Call(c); call.Operation == form.Operation && is(call.Body) {
				s.Restate(r, http.StatusInternalServerError)
			}
		})
	}
	return choice(form.Word, func() []way[kind] {
		ways := []way[kind]{
			{"*empty-body-crashes", "an empty body" + outcome, "the binder gives null for an empty body, which nobody expects",
				func(body []byte) bool { return len(body) == 0 }},
			{"*malformed-json-crashes", "malformed JSON", "nobody catches the exception of the parser",
				func(body []byte) bool { return len(body) > 0 && !json.Valid(body) }},
		}
		for _, member := range form.Members {
			for _, shape := range shapes {
				ways = append(ways, way[kind]{
					word(member) + "-" + shape.slug + "-crashes", member + " " + shape.words + outcome, shape.crash,
					func(body []byte) bool {
						object := Value(body)
						for _, other := range form.Members {
							if other != member && !MemberIs(object, other, IsA[string]) {
								return false
							}
						}
						return MemberIs(object, member, shape.is)
					},
				})
			}
		}
		return ways
	}, seam)
}

// Mend makes a good object of a malformed body, nil where it does not know how. Right is a value of a member that is
// good, nil where there is none.
type Mend func(body []byte, right func(member string) any) map[string]any

// Mends are the ways to take a malformed form for a good one, "username-null-accepted" for one. The seam takes how the
// bodies are mended that the server itself would refuse.
func Mends[C any](form Form, outcome string, seam func(Mend) func(*C)) Choice[C] {
	return choice(form.Word, func() []way[Mend] {
		ways := []way[Mend]{
			{"*body-cut-accepted", "malformed JSON, cut before its end" + outcome, "the parser closes what is left open",
				func(body []byte, _ func(string) any) map[string]any { return Object(append(bytes.Clone(body), '}')) }},
			{"*array-accepted", "a JSON array around the object" + outcome, "the binder takes the first of several objects",
				func(body []byte, _ func(string) any) map[string]any {
					list, _ := Value(body).([]any)
					first, _ := First(list)
					object, _ := first.(map[string]any)
					return object
				}},
			{"*empty-body-accepted", "an empty body" + outcome, "a request without a body is one of the latest session",
				func(body []byte, right func(string) any) map[string]any {
					if len(body) > 0 {
						return nil
					}
					object := map[string]any{}
					for _, member := range form.Members {
						object[member] = right(member)
					}
					return object
				}},
		}
		for _, member := range form.Members {
			for _, shape := range shapes {
				ways = append(ways, way[Mend]{
					word(member) + "-" + shape.slug + "-accepted", member + " " + shape.words + outcome, shape.mend,
					func(body []byte, right func(string) any) map[string]any {
						object := Object(body)
						if !MemberIs(object, member, shape.is) {
							return nil
						}
						if list, isList := object[member].([]any); isList {
							object[member], _ = First(list)
						} else if object[member] = right(member); object[member] == nil {
							return nil
						}
						return object
					},
				})
			}
		}
		return ways
	}, seam)
}

// Mended makes a body good, and reports whether the mend knows how.
func Mended(mend Mend, body *[]byte, right func(member string) any) bool {
	object := mend(*body, right)
	mended, err := json.Marshal(object)
	if object == nil || err != nil {
		return false
	}
	*body = mended
	return true
}

// Methods are those that do what POST alone should do, "get-accepted" for one. The seam takes the method.
func Methods[C any](outcome string, seam func(method string) func(*C)) Choice[C] {
	return choice("", func() []way[string] {
		var ways []way[string]
		for _, of := range [][2]string{
			{"GET", "the route is open to every method, and a link on a page logs its reader in"},
			{"PUT", "the route is registered for every method with a body"},
			{"PATCH", "a proxy that knows no PATCH passes it on as POST"},
			{"DELETE", "DELETE is rewritten to POST by a proxy for old browsers"},
		} {
			ways = append(ways, way[string]{strings.ToLower(of[0]) + "-accepted", of[0] + " on the path" + outcome, of[1], of[0]})
		}
		return ways
	}, seam)
}
