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

// MemberIs tells whether a member of an object is of a kind. What is no object has no members of any kind.
func MemberIs(v any, name string, is Is) bool {
	object, isObject := v.(map[string]any)
	if !isObject {
		return false
	}
	value, present := object[name]
	return is(value, present)
}

// A Misshape is one way to send one of two members of a body wrongly, the other one being a text.
type Misshape struct {
	// Name is a fault's name, Reason what a report says of the request ("username as null"), and Story how a server comes
	// to fall over it.
	Name, Reason, Story string
	// In tells whether a body is so.
	In func(body []byte) bool
}

// Misshapes are the ways to send either of two members wrongly. Each is a fault of its own: what a server does with null
// says nothing of what it does with a number.
func Misshapes(one, other string) []Misshape {
	var all []Misshape
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
			all = append(all, Misshape{
				Name: member[0] + "-" + shape.slug + "-crashes", Reason: member[0] + " " + shape.words, Story: shape.story,
				In: func(body []byte) bool {
					object := Value(body)
					return MemberIs(object, member[0], shape.is) && MemberIs(object, member[1], IsA[string])
				},
			})
		}
	}
	return all
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
