package check

import "testing"

// An answer is in another where it is all of it, a member of it, or has each of its members there; something in common is not enough.
func TestHolds(t *testing.T) {
	t.Parallel()
	const good = `{"name":"an object of the directory","links":{"self":"/api/v2/objects/1"}}`
	for body, want := range map[string]bool{
		good: true,
		`{"error":"refused","data":` + good + `}`:                                                          true,
		`{"error":"refused", "links":{"self":"/api/v2/objects/1"}, "name": "an object of the directory"}`:  true,
		`{"error":"refused","links":{"self":"/api/v2/objects/1"},"name":"another object of the one"}`:      false,
		`{"error":"refused","links":{"self":"/api/v2/objects/1"},"padding":"as long as the other one"}`:    false,
		`"` + "an object of the directory, which is refused, and nothing of it is shown here at all" + `"`: false,
		``: false,
	} {
		if got := holds([]byte(body), []byte(good)); got != want {
			t.Errorf("%s: %v", body, got)
		}
	}
	if holds([]byte(`{"error":"refused","data":{"a":1}}`), []byte(`{"a":1}`)) {
		t.Error("what says next to nothing is held")
	}
}
