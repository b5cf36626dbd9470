package runner

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"
	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// Branch is one target's part of a Ginkgo tree.
type Branch struct {
	// Name is the text of its container.
	Name    string
	Profile string
	System  check.System
	// Defs are the checks of the profile that stand in the tree, in the order of the catalogue.
	Defs []check.Definition
	// Outcome waits for what a check came to.
	Outcome func(context.Context, check.Definition) verdict.Check
	// Begin is called before the first spec that runs, End after the last; nil for nothing.
	Begin func(ginkgo.SpecContext)
	End   func()
}

// branches are the parts of the run's own tree, one a profile: a spec is a check, at whichever targets, since a tree of hundreds of targets
// would take more than all that is known of them.
func (r *Run) branches() []Branch {
	var all []Branch
	by := map[string][]*judged{}
	for _, j := range r.judged {
		by[j.Target.Profile] = append(by[j.Target.Profile], j)
	}
	for _, j := range r.judged {
		alike := by[j.Target.Profile]
		if alike[0] != j {
			continue
		}
		name := fmt.Sprintf("%s at %s", j.Target.Profile, r.Scrub(j.Target.URL))
		if len(alike) > 1 {
			name += fmt.Sprintf(" and %d others", len(alike)-1)
		}
		all = append(all, Branch{
			Name: name, Profile: j.Target.Profile, System: j.System,
			Defs: slices.DeleteFunc(slices.Clone(j.Defs), func(d check.Definition) bool {
				return !slices.ContainsFunc(alike, func(j *judged) bool { return j.selects(d) })
			}),
			Outcome: func(ctx context.Context, d check.Definition) verdict.Check { return r.worst(ctx, alike, d) },
		})
	}
	return all
}

// selects says whether a check runs, or is skipped.
func (j *judged) selects(d check.Definition) bool {
	_, skipped := j.skipped(d)
	return skipped || j.task(d) != nil
}

// worst waits for what a check came to at each of some targets, and is the first of those where it came to the worst.
func (r *Run) worst(ctx context.Context, all []*judged, d check.Definition) (c verdict.Check) {
	worst := -1
	for _, j := range all {
		if !j.selects(d) {
			continue
		}
		came := r.outcome(ctx, j, d)
		if bad := slices.Index([]verdict.Status{verdict.Skipped, verdict.Noted, verdict.Passed, verdict.Inconclusive, verdict.Warned, verdict.Failed}, came.Status); bad > worst {
			worst, c = bad, came
		}
	}
	return c
}

// outcome waits for what a check came to. One that did not run is skipped, with the reason.
func (r *Run) outcome(ctx context.Context, j *judged, d check.Definition) verdict.Check {
	c, skipped := j.skipped(d)
	t := j.task(d)
	switch {
	case skipped:
		return c
	case t == nil:
		c.Reason = "not selected"
		return c
	case r.options.OnDemand && j.problem == nil:
		t.result = r.run(ctx, t, j.env)
		return t.result.check
	case !r.options.OnDemand:
		select {
		case <-t.ended.Done():
		case <-ctx.Done():
			c.Reason = unended
			return c
		}
	}
	r.shown.RLock()
	defer r.shown.RUnlock()
	switch {
	case t.result != nil:
		return t.result.check
	case j.problem != nil:
		c.Reason, c.Remedy = j.problem.Reason, j.problem.Remedy
		return c
	}
	c.Reason = unended
	return c
}

// Describe adds a branch to the Ginkgo tree under construction: a container for the target, a container a subject, a spec a
// check. The specs stand in one order, since the checks themselves run side by side from the first on.
func (b Branch) Describe() {
	ginkgo.Describe(b.Name, ginkgo.Label(b.Profile), ginkgo.Ordered, ginkgo.ContinueOnFailure, func() {
		if b.Begin != nil {
			ginkgo.BeforeAll(b.Begin)
		}
		for defs := b.Defs; len(defs) > 0; {
			subject := defs[0].Subject()
			end := slices.IndexFunc(defs, func(d check.Definition) bool { return d.Subject() != subject })
			if end < 0 {
				end = len(defs)
			}
			of := defs[:end]
			ginkgo.Describe(subject, ginkgo.Label(subject), func() {
				for _, d := range of {
					b.spec(d)
				}
			})
			defs = defs[end:]
		}
		if b.End != nil {
			ginkgo.AfterAll(b.End)
		}
	})
}

// spec is one check in the tree. It stands where the check is declared, and fails there.
func (b Branch) spec(d check.Definition) {
	ginkgo.It(d.ID+" "+d.Title, ginkgo.Label(d.Labels()...), d.Location, func(ctx ginkgo.SpecContext) {
		c := b.Outcome(ctx, d)
		ginkgo.AddReportEntry(c.ID, entry{c}, d.Location, ginkgo.ReportEntryVisibilityFailureOrVerbose)
		switch c.Status {
		case verdict.Failed:
			b.fail(c)
		case verdict.Skipped, verdict.Inconclusive:
			ginkgo.Skip(c.Reason)
		}
	})
}

// fail fails the spec from where its check is declared: the declarations are gone through again up to that check.
func (b Branch) fail(c verdict.Check) {
	ginkgo.GinkgoHelper()
	_, _ = b.System.Checks(b.Profile, func(d check.Definition) {
		types.MarkAsHelper()
		if d.ID == c.ID {
			ginkgo.Fail(c.Reason)
		}
	})
}

// entry is a check in Ginkgo's reports: its whole record where a machine reads it, the promise and what came for people.
type entry struct{ verdict.Check }

// String is the check in a few lines.
func (e entry) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s (%s, %s)", e.Reason, e.Statement, e.Level, e.Source)
	for _, x := range e.Exchanges {
		answer := x.Error
		if x.Response != nil {
			answer = fmt.Sprint(x.Response.Status, " ", x.Response.Reason)
		}
		fmt.Fprintf(&b, "\n  %s: %s %s: %s", x.Purpose, x.Request.Method, x.Request.URL, answer)
	}
	return b.String()
}

// InGinkgo collects by a Ginkgo tree of the run's own, silently: the reports say what there is to say. Ginkgo runs one tree
// in a process.
func InGinkgo(filter string) Collect {
	return func(branches []Branch) {
		if _, err := os.Getwd(); err != nil {
			return // Ginkgo ends the process where it cannot say in which folder it runs; the checks need none
		}
		formatter.ColorableStdOut = io.Discard
		for _, b := range branches {
			b.Describe()
		}
		suite, reporter := ginkgo.GinkgoConfiguration()
		suite.LabelFilter = filter
		ginkgo.RunSpecs(silent{}, "conform", suite, reporter)
	}
}

// silent takes Ginkgo's word that something failed; the results say what.
type silent struct{}

func (silent) Fail() {}
