package runner

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/specs"
	"example.org/conform/suites/check"
)

func TestCoverageCountsPromisesAndNamesWhatTheyNeed(t *testing.T) {
	t.Parallel()
	def := func(id string, level specs.Level, slug string) check.Definition {
		return check.Definition{ID: "p/" + id + "/" + slug, Requirement: specs.Requirement{ID: id, Level: level}}
	}
	whole, part, none, waits := def("WHOLE", verdict.Must, "a"), def("PART", verdict.Must, "a"), def("NONE", verdict.Must, "a"), def("WAITS", verdict.Must, "a")
	left, lost, should := def("LEFT", verdict.Must, "a"), def("LOST", verdict.Must, "a"), def("SHOULD", verdict.Should, "a")
	rest := def("PART", verdict.Must, "b")
	j := &judged{Planned: Planned{
		Target: &target.Target{Lifetimes: target.Lifetimes{Session: time.Minute}},
		Defs:   []check.Definition{whole, part, rest, none, waits, left, lost, should},
		Skipped: []Skip{
			{rest, "r", "raise it", []string{"limits.badLogins"}}, {none, "r", "add it", []string{"accounts.disabled"}},
			{waits, "r", "wait", []string{"expiry.session", "lifetimes.tokenOutlivesSession"}},
		},
	}}
	checks := []verdict.Check{
		{ID: whole.ID, Status: verdict.Waived}, {ID: part.ID, Status: verdict.Failed}, {ID: rest.ID, Status: verdict.Skipped},
		{ID: none.ID, Status: verdict.Skipped}, {ID: waits.ID, Status: verdict.Skipped}, {ID: lost.ID, Status: verdict.Inconclusive},
		{ID: should.ID, Status: verdict.Skipped},
	}
	want := &verdict.Coverage{Musts: 6, Examined: 2, InPart: 1, Unselected: 1, Unjudged: 1, Needs: []verdict.Need{
		{What: "wrong passwords", Allowed: true, Musts: []string{}, InPart: []string{"PART"}, Remedies: []string{"raise it"}},
		{What: "accounts", Musts: []string{"NONE"}, InPart: []string{}, Remedies: []string{"add it"}},
		{What: "waits", Allowed: true, Musts: []string{"WAITS"}, InPart: []string{}, Remedies: []string{"wait"}},
		{What: "lifetimes", Musts: []string{"WAITS"}, InPart: []string{}, Remedies: []string{"wait"}},
	}}
	if got := j.coverage(checks); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// What was tried with a name in another form does not show the promise about this one. What goes wrong is a breach all the same.
func TestAPassInAnotherFormShowsNothing(t *testing.T) {
	t.Parallel()
	for username, want := range map[string][2]verdict.Status{
		`EXAMPLE\svc`:     {verdict.Skipped, verdict.Failed},
		"svc":             {verdict.Skipped, verdict.Failed},
		"svc@example.com": {verdict.Passed, verdict.Failed},
	} {
		o := Options{Targets: []*target.Target{{Account: target.Account{Username: username, Password: "pass-word"}}}}
		_, report := runOf(t, o, func(s *check.Suite[*check.Case]) {
			s.Check("a", "t", func(context.Context, *check.Case) {}, check.Proves("ADX-SES-01"))
			s.Check("b", "t", func(_ context.Context, c *check.Case) { c.Fail("this", "that") }, check.Proves("ADX-SES-01"))
			s.Check("c", "t", func(context.Context, *check.Case) {}, check.Proves("ADX-SES-07"))
		})
		run, of := report.Runs[0], map[string]verdict.Check{}
		for _, c := range run.Checks {
			of[c.ID[strings.LastIndex(c.ID, "/")+1:]] = c
		}
		if got := [2]verdict.Status{of["a"].Status, of["b"].Status}; got != want || of["c"].Status != verdict.Passed {
			t.Errorf("%s: %s, want %s", username, got, want)
		}
		if c := of["a"]; c.Status == verdict.Skipped && (run.Coverage.InPart != 1 || c.Remedy == "" || !strings.Contains(c.Reason, "account.principalName")) {
			t.Errorf("%s: %q, %q, %s", username, c.Reason, c.Remedy, run.Coverage)
		}
	}
}
