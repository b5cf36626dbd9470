package openapi

import (
	"slices"
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

// A number of a few bytes that would take megabytes is not looked at.
func TestImmenseNumbersCostNothing(t *testing.T) {
	for _, number := range []string{"1e999999999999", "1e-999999", "0.1E+00999999"} {
		body := `{"objectTypeCode":"2","guid":[` + strings.Repeat(number+",", 100_000) + number + `]}`
		found := mustFind(t, "adaxes-2025.1", "probe").Validate(answer(200, jsonType, body))
		if len(found) != 1 || found[0].Actual != "an exponent of four digits or more" {
			t.Errorf("%s: %v", number, found)
		}
	}
	for _, number := range []string{"1e30", "-9.3e18", "1e-5", "1e999"} {
		found := mustFind(t, "aria-operations-8", "acquireToken").Validate(answer(200, jsonType, `{"validity":`+number+`}`))
		if !slices.ContainsFunc(found, func(d Difference) bool { return d.Place == "/validity" && d.Expected == "an integer" }) {
			t.Errorf("%s is taken for an integer of 64 bits: %v", number, found)
		}
	}
}
