package runner

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// What is broken comes first: of a MUST before a SHOULD, what another check saw in passing last, what an operation is documented to do
// before all that needs it, what was given before the status that it was not refused with, then the shortest story, then the promise of which most checks broke. The rest keeps its order.
func TestTheCauseComesFirst(t *testing.T) {
	t.Parallel()
	kinds := map[string]verdict.Check{
		"A/2": {Status: verdict.Failed, Exchanges: story("probe", 4)},
		"B/1": {Status: verdict.Failed, Exchanges: story("probe", 5)},
		"B/2": {Status: verdict.Failed, Exchanges: story("probe", 3)},
		"C/1": {Status: verdict.Warned, Exchanges: story("probe", 1)},
		"D/1": {Status: verdict.Failed, Exchanges: story("probe", 1), SeenBy: "A/3"},
		"G/1": {Status: verdict.Failed, Exchanges: story("probe", 2), SeenBy: "A/1"},
		"A/3": {Status: verdict.Inconclusive},
		"E/1": {Status: verdict.Failed, Exchanges: story("probe", 3)},
		"F/2": {Status: verdict.Failed, Exchanges: story("probe", 1), SeenBy: "B/2"},
		"H/1": {Status: verdict.Failed, Exchanges: story("renew", 9)},
		"I/1": {Status: verdict.Failed, Exchanges: story("login", 2), Tries: 5, Broke: 1},
		"L/1": {Status: verdict.Failed, Exchanges: story("login", 20)},
		"M/1": {Status: verdict.Failed, Exchanges: success("acquire", 2)},
		"N/1": {Status: verdict.Failed, Exchanges: success("acquire", 3)},
	}
	var checks []verdict.Check
	for id := range strings.FieldsSeq("A/1 A/2 A/3 B/1 B/2 B/3 C/1 D/1 E/1 F/1 F/2 G/1 G/2 H/1 I/1 L/1 L/2 M/1 N/1") {
		c, broken := kinds[id]
		if c.ID, c.Requirements = id, []string{id[:1]}; !broken {
			c.Status = verdict.Passed
		}
		checks = append(checks, c)
	}
	defs := map[string]check.Definition{"H/1": {Documented: true}, "A/2": {Waits: true}, "G/1": {Documented: true}, "M/1": {ByStatus: true}}
	inOrder(checks, func(c verdict.Check) check.Definition { return defs[c.ID] },
		func(operation string) role {
			return role{success: map[string]string{"login": "L"}[operation], probes: operation == "look"}
		})
	ordered := func(want string) {
		t.Helper()
		var order []string
		for _, c := range checks {
			order = append(order, c.ID)
		}
		if !slices.Equal(order, strings.Fields(want)) {
			t.Errorf("%v, want %v", order, want)
		}
	}
	ordered("H/1 G/1 E/1 N/1 B/2 B/1 A/2 L/1 I/1 M/1 D/1 F/2 C/1 A/1 A/3 B/3 F/1 G/2 L/2")
	want := []verdict.Cause{
		{Check: "H/1"}, {Check: "G/1"}, {Check: "E/1"}, {Check: "N/1"}, {Check: "B/1", Also: []string{"B/2", "F/2"}}, {Check: "A/2"}, {Check: "L/1"}, {Check: "I/1"}, {Check: "M/1"}, {Check: "D/1"}, {Check: "C/1"},
	}
	got := causesOf(checks, func(c verdict.Check) bool { return c.ID == "B/2" })
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	ordered("H/1 G/1 E/1 N/1 B/1 B/2 F/2 A/2 L/1 I/1 M/1 D/1 C/1 A/1 A/3 B/3 F/1 G/2 L/2")
	run := verdict.Run{Checks: checks, Causes: got}
	for i := range run.Checks {
		if slices.Contains([]string{"B/1", "E/1"}, run.Checks[i].ID) {
			run.Checks[i].Status = verdict.Waived
		}
	}
	want = append([]verdict.Cause{{Check: "H/1"}, {Check: "G/1"}, {Check: "N/1"}, {Check: "B/2", Also: []string{"F/2"}}}, want[5:]...)
	if run.Judge(); !reflect.DeepEqual(run.Causes, want) {
		t.Errorf("%+v, want %+v", run.Causes, want)
	}
}

// story is so many exchanges with an operation, and one that cleans up after them.
func story(operation string, n int) (exchanges []evidence.Exchange) {
	for range n {
		exchanges = append(exchanges, evidence.Exchange{Operation: operation, Purpose: evidence.Act})
	}
	return append(exchanges, evidence.Exchange{Operation: operation, Purpose: evidence.CleanUp})
}

// success is a story that ends with one.
func success(operation string, n int) []evidence.Exchange {
	exchanges := story(operation, n)
	exchanges[n-1].Response = &evidence.Response{Status: 200}
	return exchanges
}

// Of two that are broken this one comes first: the status in a plain answer before what has it in its way, a credential that is not let in
// before what it is refused beyond that, and what breaks by steps that are known before what breaks by more than these.
func TestWhatAnotherFollowsFromComesFirst(t *testing.T) {
	t.Parallel()
	answered := func(operation string, status int, purpose evidence.Purpose, violations ...evidence.Violation) []evidence.Exchange {
		return []evidence.Exchange{{Operation: operation, Purpose: purpose, Response: &evidence.Response{Status: status}, Violations: violations}}
	}
	long := func(exchanges []evidence.Exchange) []evidence.Exchange {
		return append(story("login", 5), exchanges...)
	}
	wrong := evidence.Violation{Requirement: "A", Place: "status"}
	for name, both := range map[string][2]verdict.Check{
		"a status": {
			{ID: "A/1", SeenBy: "P/1", Exchanges: answered("logout", 200, evidence.Passing, wrong)},
			{ID: "B/1", Exchanges: answered("logout", 200, evidence.Act, wrong)},
		},
		"what is dead": {
			{ID: "A/1", Exchanges: long(answered("look", 401, evidence.Act))},
			{ID: "B/1", Exchanges: answered("renew", 401, evidence.Act)},
		},
		"steps that are known": {
			{ID: "A/1", Exchanges: long(answered("look", 401, evidence.Act))},
			{ID: "B/1", NotAgain: true, Exchanges: answered("look", 401, evidence.Act)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checks := []verdict.Check{both[1], both[0], {ID: "P/1", Status: verdict.Passed, Requirements: []string{"P"}}}
			for i := range checks[:2] {
				checks[i].Status, checks[i].Requirements = verdict.Failed, []string{checks[i].ID[:1]}
			}
			inOrder(checks, func(c verdict.Check) check.Definition { return check.Definition{Documented: c.SeenBy != ""} },
				func(operation string) role { return role{probes: operation == "look"} })
			if checks[0].ID != "A/1" {
				t.Errorf("%s comes first, want A/1", checks[0].ID)
			}
		})
	}
}
