package fault

import "encoding/json"

// Is tells whether a member of a JSON object, which may not be present, is of a kind.
type Is func(value any, present bool) bool

// Absent holds for a member that is not there, and Null for one that is null.
func Absent(_ any, present bool) bool { return !present }

// Null holds for a member that is null, not for one that is not there.
func Null(value any, present bool) bool { return present && value == nil }

// IsA holds for a value of the type that encoding/json makes of it: string, float64, bool, []any, map[string]any.
func IsA[T any](value any, _ bool) bool { _, is := value.(T); return is }

// Value is a body as JSON, nil where it is none.
func Value(body []byte) any {
	var v any
	_ = json.Unmarshal(body, &v) // nil is the answer to what is no JSON
	return v
}

// Object is a body as a JSON object, read leniently: what is none has no members.
func Object(body []byte) map[string]any {
	object, _ := Value(body).(map[string]any)
	return object
}

// MemberIs tells whether a member of an object is of a kind. What is no object has no members of any kind.
func MemberIs(v any, name string, is Is) bool {
	object, isObject := v.(map[string]any)
	if !isObject {
		return false
	}
	value, present := object[name]
	return is(value, present)
}

// Misshapes are the ways to send either of two members of a body wrongly, the other one being a text, and to fall over it.
// Each is a fault of its own: what a server does with null says nothing of what it does with a number. The override is made
// with what tells whether a body is so; a report says "username as null" of the request.
func Misshapes[C any](requirement, one, other string, crashes func(in func(body []byte) bool) func(*C)) []Fault[C] {
	var all []Fault[C]
	for _, member := range [][2]string{{one, other}, {other, one}} {
		for _, shape := range []struct {
			slug, words, story string
			is                 Is
		}{
			{"missing", "missing", "the member is used before anybody has looked whether there is one", Absent},
			{"null", "as null", "the binder lets null through, and its first use is an exception", Null},
			{"number", "as a number", "a number is cast to a text, and nobody catches what comes of it", IsA[float64]},
			{"boolean", "as a boolean", "a boolean is cast to a text, and nobody catches what comes of it", IsA[bool]},
			{"array", "as an array", "the parser finds an array where a text should begin, and nobody catches its exception", IsA[[]any]},
			{"object", "as an object", "the parser finds an object where a text should begin, and nobody catches its exception", IsA[map[string]any]},
		} {
			all = append(all, Fault[C]{
				Name: member[0] + "-" + shape.slug + "-crashes", Requirement: requirement,
				Reason: member[0] + " " + shape.words, Story: shape.story,
				Apply: crashes(func(body []byte) bool {
					object := Value(body)
					return MemberIs(object, member[0], shape.is) && MemberIs(object, member[1], IsA[string])
				}),
			})
		}
	}
	return all
}

// First is the first of some, where there is one: a server that takes whatever it finds takes that.
func First[T any](of []T) (first T, found bool) {
	if len(of) == 0 {
		return first, false
	}
	return of[0], true
}

// OneApart tells whether two texts of the same length differ in just one place.
func OneApart(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	apart := 0
	for i := range len(a) {
		if a[i] != b[i] {
			apart++
		}
	}
	return apart == 1
}
