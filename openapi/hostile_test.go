package openapi

import (
	"strings"
	"testing"
)

// A body that repeats a name at every level of a deep nesting is reported in few words.
func TestHostileNestingIsReportedBriefly(t *testing.T) {
	const depth = 5000
	body := strings.Repeat(`{"a":0,"a":`, depth) + "0" + strings.Repeat("}", depth)
	found := mustFind(t, "adaxes-2025.1", "probe").Validate(answer(200, jsonType, body))
	if len(found) == 0 || len(found) > mostRepeats {
		t.Errorf("%d differences", len(found))
	}
	if found := mustFind(t, "adaxes-2025.1", "probe").Validate(answer(200, jsonType, strings.Repeat("[", 20000))); len(found) != 1 {
		t.Errorf("nesting without end: %v", found)
	}
}
