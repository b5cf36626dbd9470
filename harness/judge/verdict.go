package judge

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/openapi"
	"example.org/conform/specs"
)

type flaw = openapi.Difference

// asked is a requirement, with what has come of it.
type asked struct {
	specs.Requirement
	kept, broken int
	good         *exchange // the first that kept it
	breaches     []breach  // the first ones
}

// breach is one way in which a client has broken a requirement.
type breach struct {
	expected, actual string
	at               *exchange
}

// shown is how many breaches of one requirement are kept with their exchanges.
const shown = 5

// asks is the requirement that a rule stands for, of an operation or one of its members; nil where nobody asks.
func (j *Judge) asks(rule, operation, member string) *asked {
	if member != "" {
		if a := j.duties[rule+" "+operation+"/"+member]; a != nil {
			return a
		}
	}
	return cmp.Or(j.duties[rule+" "+operation], j.duties[rule])
}

// kept enters that a client has done what is asked.
func (j *Judge) kept(rule, operation, member string, x *exchange) {
	if a := j.asks(rule, operation, member); a != nil {
		if a.kept++; a.good == nil {
			a.good = x
		}
	}
}

// broke enters that it has not.
func (j *Judge) broke(rule, operation, member string, x *exchange, expected, actual string) {
	if a := j.asks(rule, operation, member); a != nil {
		if a.broken++; len(a.breaches) < shown {
			a.breaches = append(a.breaches, breach{expected, actual, x})
		}
	}
}

// Run is the verdict on what has come so far. weather says what was in the way of it, a sentence each.
func (j *Judge) Run(weather ...string) verdict.Run {
	j.mu.Lock()
	defer j.mu.Unlock()
	now := time.Now()
	was := make([]asked, len(j.asked))
	for i, a := range j.asked { // what is seen at the end alone may yet change
		was[i] = *a
		a.breaches = slices.Clone(a.breaches)
	}
	defer func() {
		for i, a := range j.asked {
			*a = was[i]
		}
	}()
	j.atTheEnd(now)
	run := verdict.Run{
		Profile: j.contract.Profile(), Target: j.target.URL, Checks: []verdict.Check{}, Weather: weather, RefusedLogins: j.refused,
		Coverage: &verdict.Coverage{Needs: []verdict.Need{}},
	}
	for _, a := range j.asked {
		c := j.check(a)
		run.Checks = append(run.Checks, c)
		if a.Level == specs.Must {
			run.Coverage.Musts++
			if c.Status == verdict.Skipped {
				run.Coverage.Unjudged++
			} else {
				run.Coverage.Examined++
			}
		}
	}
	order := []verdict.Status{verdict.Failed, verdict.Warned}
	slices.SortStableFunc(run.Checks, func(a, b verdict.Check) int { return rank(order, a) - rank(order, b) })
	for _, c := range run.Checks {
		if c.Broken() {
			run.Causes = append(run.Causes, verdict.Cause{Check: c.ID})
		}
	}
	incomplete := func(reason, remedy string) { run.Verdict, run.Reason, run.Remedy = verdict.Incomplete, reason, remedy }
	switch {
	case j.requests == 0:
		incomplete("no request came", "have the client use "+j.target.URL+", and give it the time that it needs")
	case j.tries == 0:
		incomplete("no login was seen", "have the client log in as it does in use: what it does with a credential cannot be judged without one")
	case j.granted == 0:
		incomplete("no login was granted", "give the client the name and the password of the server's account")
	}
	run.Judge()
	return run
}

func rank(order []verdict.Status, c verdict.Check) int {
	if i := slices.Index(order, c.Status); i >= 0 {
		return i
	}
	return len(order)
}

// atTheEnd judges what can be told when all has come.
func (j *Judge) atTheEnd(now time.Time) {
	for _, d := range j.doubtful {
		if j.find(d.place, d.text) == nil {
			j.broke("given", d.at.op.ID(), "", d.at, "a "+d.place.Kind+" that an answer gave", "one that none did")
		} else {
			j.kept("given", d.at.op.ID(), "", d.at)
		}
	}
	for _, all := range j.logins {
		for i := 2; i < len(all); i++ {
			if all[i].unneeded && all[i-1].unneeded && all[i-1].works <= 1 && all[i-2].works <= 1 {
				j.broke("in-hand", all[i].by.op.ID(), "", all[i].by, "one login for several requests", "another login after each request, while what the last one gave lived and was not in use")
			}
		}
	}
	left, of := map[string]int{}, map[string]int{}
	first := map[string]*credential{}
	for _, c := range j.credentials {
		if !slices.ContainsFunc(j.contract.Ends(c.kind), func(e *openapi.End) bool { return e.Declared == "" }) {
			continue
		}
		of[c.kind]++
		if c.ended.IsZero() && c.told.IsZero() && !c.gone && (c.ends.IsZero() || now.Before(c.ends)) {
			if left[c.kind]++; first[c.kind] == nil {
				first[c.kind] = c
			}
			continue
		}
		j.kept("ended", c.by.op.ID(), "", c.by)
	}
	for _, kind := range j.contract.Kinds() {
		if n := left[kind]; n > 0 {
			j.broke("ended", first[kind].by.op.ID(), "", first[kind].by, "an end of each "+kind+" that is needed no more",
				fmt.Sprintf("none for %d of %s", n, verdict.Count(of[kind], kind, kind+"s")))
		}
	}
}

// broken are what a breach makes of a check, by its level.
var broken = map[specs.Level]verdict.Status{specs.Must: verdict.Failed, specs.Should: verdict.Warned, specs.Note: verdict.Noted}

// check is the record of a requirement.
func (j *Judge) check(a *asked) verdict.Check {
	name, _, _ := specs.Duty(a.Duties[0])
	c := verdict.Check{
		ID: j.contract.Profile() + "/" + a.ID + "/" + name, Requirements: []string{a.ID}, Subject: a.Subject, Level: a.Level,
		Title: rules[name].title, Statement: a.Statement, Source: a.Source, Grounds: a.Grounds(), Status: verdict.Passed,
		Declared: "harness/judge/rules.go", Exchanges: []evidence.Exchange{},
	}
	switch {
	case a.broken > 0:
		b := a.breaches[0]
		c.Status, c.Started = broken[a.Level], b.at.arrived
		c.Expected, c.Actual = b.expected, b.actual
		if b.at.op != nil {
			c.Actual += ", in " + b.at.op.ID()
		}
		if a.broken > 1 {
			c.Actual += fmt.Sprintf(", the first of %d", a.broken)
		}
		c.Reason = fmt.Sprintf("expected %s; got %s", c.Expected, c.Actual)
		for _, b := range a.breaches {
			e := j.record(b.at)
			e.Violations = []evidence.Violation{{Requirement: a.ID, Place: "request", Expected: b.expected, Actual: b.actual}}
			c.Exchanges = append(c.Exchanges, e)
		}
	case a.kept > 0:
		c.Started = a.good.arrived
		c.Exchanges = append(c.Exchanges, j.record(a.good))
	default:
		c.Status, c.Reason = verdict.Skipped, "nothing came that it is about: "+rules[name].wants
		c.Remedy = "have the client do that too, if it ever does"
	}
	return c
}
