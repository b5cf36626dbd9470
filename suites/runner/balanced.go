package runner

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"example.org/conform/suites/check"
)

// balanced finds out whether what broke is the doing of a balancer: it sends requests by turns to servers of two versions, or to such as do
// not know each other's credentials. Nobody knows then which of them a breach is of, and none is held against the API.
func (j *judged) balanced(ctx context.Context) bool {
	broke := func(t *task) bool { return t.result != nil && (t.result.broke() || len(t.result.breaches) > 0) }
	lost := func(t *task) bool { return t.result != nil && t.result.lost }
	if ctx.Err() != nil || !slices.ContainsFunc(j.tasks, broke) && !slices.ContainsFunc(j.tasks, lost) {
		return false
	}
	if each := j.env.Ledger.Versions(); each != nil {
		for i, identity := range each {
			each[i] = cmp.Or(identity, "one that says nothing of itself")
		}
		j.closed = &check.Problem{
			Reason: fmt.Sprintf("servers that are not alike answer at this URL by turns (%s), so that nobody knows which of them breaks what",
				strings.Join(each, " | ")),
			Remedy: "give each server's own address as url, and judge them apart",
		}
	} else if j.System.Balanced != nil && slices.ContainsFunc(j.tasks, lost) {
		j.closed = j.balancer(ctx)
	}
	if j.closed == nil {
		return false
	}
	for _, t := range j.tasks {
		if t.result != nil {
			t.result.blameless(j.closed.Reason)
		}
	}
	return true
}

// balancer makes the experiment with the balancer's cookie.
func (j *judged) balancer(ctx context.Context) (problem *check.Problem) {
	j.try(ctx, func(ctx context.Context, c *check.Case) { problem = j.System.Balanced(ctx, c) })
	return problem
}

// try makes an experiment of the run's own, and ends what it made.
func (j *judged) try(ctx context.Context, experiment func(context.Context, *check.Case)) {
	o := check.Unnamed(experiment).Try(ctx, j.env.Env, 0, nil)
	j.swept = append(j.swept, j.env.cleanUp(ctx, o.Made)...)
}
