package runner

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// assemble makes the verdict on one run from what its checks came to.
func (j *judged) assemble(ctx context.Context, r *Run, left []string) verdict.Run {
	run := verdict.Run{
		Profile: j.Target.Profile, Target: j.Target.URL, Unselected: j.Unselected, Filter: r.options.LabelFilter, Shard: j.Shard,
		Preflight: j.preflown, LeftBehind: left, WrongPasswords: j.env.Ledger.WrongPasswords(), Checks: []verdict.Check{},
	}
	missing, stopped := 0, cmp.Or(j.problem, j.closed)
	if j.problem == nil {
		missing = j.gather(&run, r.options.OnDemand)
	}
	incomplete := func(reason, remedy string) { run.Verdict, run.Reason, run.Remedy = verdict.Incomplete, reason, remedy }
	switch {
	case ctx.Err() != nil: // any problem is the interrupt's
		incomplete(ended(ctx))
	case stopped != nil:
		incomplete(j.env.Redactor.Scrub(stopped.Reason), stopped.Remedy)
	case j.env.Ledger.Throttled():
		incomplete("the server throttles the run beyond its budget", "set limits.requestsPerSecond in the target to what the server allows")
	case missing > 0:
		incomplete(verdict.Count(missing, "check", "checks")+" did not end", "")
	}
	refused := j.env.Ledger.RefusedLogins()
	for i := range run.Checks {
		c := &run.Checks[i]
		c.RefusedLogins = refused[c.ID]
		run.RefusedLogins += c.RefusedLogins
	}
	run.Weather = j.onTheWay(run.Dropped)
	run.Coverage = j.coverage(run.Checks)
	run.Causes = j.inOrder(run.Checks)
	j.facts(&run)
	j.likeness(&run)
	if run.Judge(); !r.options.OnlyBroken || len(run.Causes) > 0 || len(left) > 0 {
		run.CleanUp = j.env.recordSwept(j.swept)
	}
	return run
}

// onTheWay says what the run met that is not the server's doing, and what it did about it.
func (j *judged) onTheWay(dropped int) []string {
	met := j.weather()
	if dropped > 0 {
		met = append(met, verdict.Count(dropped, "request was", "requests were")+
			" sent again, since a connection broke before the answer or something else answered")
	}
	if j.again > 0 {
		met = append(met, verdict.Count(j.again, "check was", "checks were")+" made again for it")
	}
	return met
}

// gather enters in a run what its checks came to, and counts those that are missing. On demand, what nobody asked for is not.
func (j *judged) gather(run *verdict.Run, onDemand bool) (missing int) {
	var breaches []verdict.Breach
	for _, d := range j.Defs {
		c, skipped := j.skipped(d)
		t := j.task(d)
		switch {
		case skipped:
		case t == nil:
			continue // not selected
		case t.result != nil:
			c = t.result.check
			breaches = append(breaches, t.result.breaches...)
			run.Dropped += t.result.dropped
		case onDemand:
			run.Unselected++
			continue
		default:
			missing++
			c.Status, c.Reason = verdict.Inconclusive, unended
		}
		run.Checks = append(run.Checks, c)
	}
	left := verdict.Fold(run.Checks, j.unexplained(breaches))
	if run.Shard != nil { // where the checks of another shard are judged as well, it may count against one of them
		run.Shard.Seen = slices.DeleteFunc(left, func(b verdict.Breach) bool {
			return !slices.ContainsFunc(run.Shard.Order, func(id string) bool { return strings.Contains(id, "/"+b.Violation.Requirement+"/") })
		})
	}
	j.plainly(run.Checks)
	for i := range run.Checks {
		j.shows(&run.Checks[i])
	}
	return missing
}

// plainly opens what a request in another spelling broke that breaks in plain writing too, as another check of that promise shows: now and then
// it breaks in the one alone, and that is not the spelling's doing.
func (j *judged) plainly(checks []verdict.Check) {
	of := map[string]string{}
	for _, t := range j.tasks {
		if t.result != nil && t.result.of != "" {
			of[t.def.ID] = t.result.of
		}
	}
	for i := range checks {
		c := &checks[i]
		if of[c.ID] == "" || !c.Broken() || c.SeenBy != "" {
			continue
		}
		plain := slices.IndexFunc(checks, func(p verdict.Check) bool {
			return p.Broken() && p.SeenBy == "" && of[p.ID] == "" && p.Requirements[0] == of[c.ID]
		})
		if plain >= 0 {
			c.Status, c.Expected, c.Actual = verdict.Inconclusive, "", ""
			c.Reason = of[c.ID] + ", which these requests break, is broken by others too, so that their spelling shows nothing: see " + checks[plain].ID
		}
	}
}

// shows skips a check that has passed and yet does not show its promise, for want of what the target offers.
func (j *judged) shows(c *verdict.Check) {
	i := slices.IndexFunc(j.Defs, func(d check.Definition) bool { return d.ID == c.ID })
	if c.Status != verdict.Passed || i < 0 || len(j.Defs[i].Requirement.ShownBy) == 0 {
		return
	}
	wanting, remedy := j.wanting(j.Defs[i].Requirement.ShownBy)
	if len(wanting) == 0 {
		return
	}
	c.Status, c.Remedy, c.Lacks = verdict.Skipped, remedy, j.Target.Keys(wanting)
	c.Reason = "what was sent was answered well, and yet is not what is promised: the target does not offer " + strings.Join(wanting, ", ")
	j.Skipped = append(j.Skipped, Skip{j.Defs[i], c.Reason, c.Remedy, wanting})
}

// unended is why a check came to nothing that was to run.
const unended = "the run ended before this check did"

// skipped is the record of a check, with the reason where the plan skips it.
func (j *judged) skipped(d check.Definition) (c verdict.Check, skipped bool) {
	c = d.Result()
	c.Status = verdict.Skipped
	i := slices.IndexFunc(j.Skipped, func(s Skip) bool { return s.ID == d.ID })
	if i >= 0 {
		c.Reason, c.Remedy, c.Lacks = j.Skipped[i].Reason, j.Skipped[i].Remedy, j.Target.Keys(j.Skipped[i].Needs)
	}
	return c, i >= 0
}

// task is what the run executes of a check, nil for nothing.
func (j *judged) task(d check.Definition) *task {
	if i := slices.IndexFunc(j.tasks, func(t *task) bool { return t.def.ID == d.ID }); i >= 0 {
		return j.tasks[i]
	}
	return nil
}
