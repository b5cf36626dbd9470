package fault

import (
	"encoding/json"
	"slices"
)

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

// Text is a member of a body, empty where it is no text.
func Text(body []byte, member string) string {
	text, _ := Object(body)[member].(string)
	return text
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

// First is the first of some, where there is one: a server that takes whatever it finds takes that.
func First[T any](of []T) (first T, found bool) {
	if len(of) == 0 {
		return first, false
	}
	return of[0], true
}

// FirstWhere is the first that matches.
func FirstWhere[T any](of []T, matches func(T) bool) (first T, found bool) {
	if i := slices.IndexFunc(of, matches); i >= 0 {
		return of[i], true
	}
	return first, false
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
