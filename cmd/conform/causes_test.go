package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/suites/signature"
)

// The signatures are of faults and checks that there are.
func TestSignaturesAreFresh(t *testing.T) {
	t.Parallel()
	known, err := signature.Known()
	if err != nil {
		t.Fatal(err)
	}
	defs, err := allChecks()
	if err != nil {
		t.Fatal(err)
	}
	checks := map[string]bool{}
	for _, d := range defs {
		_, id, _ := strings.Cut(d.ID, "/")
		checks[id] = true
	}
	n := 0
	for one := range known.All() {
		n++
		if !slices.ContainsFunc(reference.Faults(), func(f fault.Named) bool { return f.Name == one.Name && f.Story == one.Story }) {
			t.Errorf("%s is no fault, or has another story now: make signatures", one.Name)
		}
		for _, mark := range one.Marks {
			if id, _, _ := strings.Cut(mark, "|"); !checks[id] {
				t.Errorf("%s has the mark of %s, which is no check any more: make signatures", one.Name, id)
			}
		}
	}
	if n < 300 {
		t.Errorf("there are %d signatures", n)
	}
}

// A report on a server of a known story says so below the headline.
func TestReportTellsTheStory(t *testing.T) {
	t.Parallel()
	const name = "password-in-any-case"
	server := serve(t, reference.Options{Profile: "aria-operations-8", Fault: name, Lifetimes: reference.ShortLifetimes()})
	o := conform(t, nil, "run", "--target-file", describe(t, server), "--label-filter", "!sweep")
	i := slices.IndexFunc(reference.Faults(), func(f fault.Named) bool {
		return f.Name == name && slices.Contains(f.Profiles, "aria-operations-8")
	})
	story := "known of servers that fail just these checks: " + reference.Faults()[i].Story
	told := func(facts []string) bool {
		return slices.ContainsFunc(facts, func(fact string) bool { return strings.HasPrefix(fact, story) })
	}
	if causes := o.report.Runs[0].Causes; len(causes) == 0 || !told([]string{causes[0].Hint}) || !strings.Contains(o.stdout, story) {
		t.Errorf("%+v does not say that %s:\n%s", causes, story, o.stdout)
	}
}

// The first lines of the reports on faults name their causes: some, of various kinds.
func TestReportsNameTheCauseFirst(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: every fault is judged by all checks")
	}
	for _, c := range []struct{ profile, fault, requirement string }{
		{"adaxes-2023.2", "destruction-does-nothing", "ADX-DST-04"},
		{"aria-operations-8", "password-in-any-case", "ARO-ACQ-09"},
	} {
		t.Run(c.fault, func(t *testing.T) {
			t.Parallel()
			server := serve(t, reference.Options{Profile: c.profile, Fault: c.fault, Lifetimes: reference.ShortLifetimes()})
			o := conform(t, nil, "run", "--target-file", describe(t, server))
			run := o.report.Runs[0]
			if len(run.Causes) == 0 || run.Checks[0].ID != run.Causes[0].Check || run.Checks[0].Requirements[0] != c.requirement {
				t.Errorf("%s comes first, of %+v:\n%s", run.Checks[0].ID, run.Causes, o.stdout)
			}
			if first := regexp.MustCompile(`(?m)^(FAILED|WARNING) (\S+)`).FindStringSubmatch(o.stdout); first == nil || first[2] != run.Checks[0].ID {
				t.Errorf("the terminal shows %q first:\n%s", first, o.stdout)
			}
		})
	}
}
