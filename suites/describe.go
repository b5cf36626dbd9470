package suites

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
	"example.org/conform/suites/runner"
)

// Describe adds the checks of a profile to the Ginkgo suite of the caller, as specs that stand and fail where the checks
// are declared: a container for the target, a container a subject, a spec a check. Call it several times for several
// targets. Ginkgo's own flags select among the specs; a broken SHOULD and a note are report entries and no failures, and a
// run that is incomplete fails, since it shows nothing.
//
// The target is asked for when the first of the specs is about to run, in a BeforeAll: the function may start the server,
// and end it by DeferCleanup. The checks then run side by side, whatever Ginkgo's own parallelism, and are ended before the
// container is, which is Ordered; it can stand in other containers, but in no other Ordered one.
func Describe(profile string, of func() *target.Target, options ...Option) bool {
	o := apply(options)
	system, defs, err := runner.Find(o.Systems, profile)
	if err != nil {
		panic("conform: " + err.Error()) // as Ginkgo does while a tree is made
	}
	u := &underWay{judging: o, of: of, failed: map[string]bool{}}
	runner.Branch{Name: profile, Profile: profile, System: system, Defs: defs, Outcome: u.outcome, Begin: u.begin, End: u.end}.Describe()
	return true
}

// underWay is the run behind the specs of one Describe.
type underWay struct {
	judging
	of     func() *target.Target
	run    *runner.Run
	branch runner.Branch
	cancel context.CancelFunc
	over   chan struct{} // closed when the last spec has ended
	report chan *verdict.Report
	failed map[string]bool // the specs that failed, by check
}

// begin starts the run, and returns when its checks are under way.
func (u *underWay) begin(ctx ginkgo.SpecContext) {
	t := u.of()
	if err := Reader().Validate(t); err != nil {
		ginkgo.Fail("the target: " + err.Error())
	}
	suite, _ := ginkgo.GinkgoConfiguration()
	o := u.Options
	o.Targets, o.LabelFilter = []*target.Target{t}, suite.LabelFilter
	containers := ginkgo.CurrentSpecReport().ContainerHierarchyLabels
	o.Around = slices.Concat(containers[:len(containers)-1]...) // the innermost is that of the first spec's subject
	o.OnDemand = len(suite.FocusStrings)+len(suite.SkipStrings)+len(suite.FocusFiles)+len(suite.SkipFiles) > 0
	run, err := runner.New(o)
	if err != nil {
		ginkgo.Fail("preparing the run: " + err.Error())
	}
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	u.run, u.cancel, u.over, u.report = run, cancel, make(chan struct{}), make(chan *verdict.Report, 1)
	started := make(chan runner.Branch)
	go func() {
		u.report <- run.Do(background, func(branches []runner.Branch) {
			started <- branches[0]
			<-u.over
		})
	}()
	u.branch = <-started
}

func (u *underWay) outcome(ctx context.Context, d check.Definition) verdict.Check {
	c := u.branch.Outcome(ctx, d)
	u.failed[c.ID] = c.Status == verdict.Failed
	return c
}

// end ends the run, early where specs were left out that it was to serve.
func (u *underWay) end() {
	if u.run == nil {
		return
	}
	if !u.run.Finished() {
		u.cancel()
	}
	close(u.over)
	report := <-u.report
	u.cancel()
	if u.keep != nil {
		u.keep(report)
	}
	r := report.Runs[0]
	if r.Verdict == verdict.Incomplete {
		ginkgo.Fail(fmt.Sprintf("incomplete: %s; %s", r.Reason, r.Remedy))
	}
	var late []string
	for _, c := range r.Checks {
		if c.Status == verdict.Failed && !u.failed[c.ID] { // its spec had passed when another check saw the breach
			late = append(late, c.ID+": "+c.Reason)
		}
	}
	if len(late) > 0 {
		ginkgo.Fail(strings.Join(late, "\n"))
	}
}
