package runner

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// awaited is by how many exchanges a question counts as longer that waits for time to pass, or tries much at once.
const awaited = 8

// A suspect is a broken check with what tells whether it shows the cause. One fault makes checks of many promises fail: whatever asks
// more than the simplest question that it breaks asks that too.
type suspect struct {
	should     bool // no MUST, or seen by a check that is broken and of no MUST
	outlived   bool // met, as chance has it, a refusal of what lives too short or not everywhere, as another check shows
	passing    bool // seen by another check, and not what many saw that passed, of an answer that is described
	granted    bool // asks by which status something is refused that is not refused at all, as another check shows
	nearly     bool // is let in with what is nearly right, or met a crash, where another check is with what is plainly wrong, or met it plainly
	elsewhere  bool // of an operation that breaks now and then, and not of its success
	sometimes  bool // breaks now and then, or by more than is known
	sweeps     bool
	misshapen  bool // the answer that decides breaks the contract in a way that another check is about
	dead       bool // is refused what a credential is not even let in with, as another check shows
	documented bool
	// length is that of the story, in exchanges: the shortest shows the cause, and the longer ones what follows from it.
	length int
	// share is how many of the promise's checks broke, of those that ran: of a promise that is none of the cause's some one check comes
	// across it, and the rest pass.
	share float64
}

// inOrder puts the checks of a run that are broken before the others, and of them first what is likeliest the cause.
func (j *judged) inOrder(checks []verdict.Check) []verdict.Cause {
	inOrder(checks, j.defined, j.role)
	return causesOf(checks, func(c verdict.Check) bool { return j.defined(c).Sweeps })
}

// defined is how a check of the run is declared.
func (j *judged) defined(c verdict.Check) check.Definition {
	if t := j.task(check.Definition{ID: c.ID}); t != nil {
		return *t.def
	}
	return check.Definition{}
}

// A role is what an operation is to the run: the promise that it succeeds, "" for none, and whether it shows that a credential works.
type role struct {
	success string
	probes  bool
}

func (j *judged) role(operation string) role {
	if op, err := j.env.Client.Document().Operation(operation); err == nil {
		return role{op.SuccessRequirement(), op.Probes()}
	}
	return role{}
}

// inOrder takes how a check is declared, and the role of an operation.
func inOrder(checks []verdict.Check, def func(verdict.Check) check.Definition, of func(operation string) role) {
	found := scene{
		promises: map[string]tally{}, statuses: map[string]verdict.Status{}, giving: map[string]bool{}, unlike: map[string]bool{},
		refused: map[refusal]bool{}, sporadic: map[refusal]bool{}, crashing: map[string]bool{}, leaking: map[string]bool{}, unopened: map[int]bool{}, misshapen: map[misshape]bool{},
	}
	for _, c := range checks {
		found.enter(c, def(c), of)
	}
	suspects := map[string]suspect{}
	for _, c := range checks {
		if c.Broken() {
			suspects[c.ID] = found.suspect(c, def(c), of)
		}
	}
	slices.SortStableFunc(checks, func(a, b verdict.Check) int {
		if !a.Broken() || !b.Broken() {
			return last(!a.Broken(), !b.Broken())
		}
		first, second := suspects[a.ID], suspects[b.ID]
		return cmp.Or(
			last(first.should, second.should),
			last(first.outlived, second.outlived),
			last(first.passing, second.passing),
			last(first.granted, second.granted),
			last(first.nearly, second.nearly),
			last(first.elsewhere, second.elsewhere),
			last(first.sometimes, second.sometimes),
			last(!first.documented, !second.documented),
			last(first.misshapen, second.misshapen),
			last(first.dead, second.dead),
			first.length-second.length,
			last(first.sweeps, second.sweeps),
			cmp.Compare(second.share, first.share),
		)
	})
}

// A scene is what the checks of a run came to, by promise and by ID, the operations that gave what a check says they must not, and what
// broke checks by being refused.
type scene struct {
	promises map[string]tally
	statuses map[string]verdict.Status
	giving   map[string]bool
	// unlike are those of them that gave it for what is nothing like the right one.
	unlike  map[string]bool
	refused map[refusal]bool
	// sporadic are refusals that broke a check now and then.
	sporadic map[refusal]bool
	// short says that something is shown not to live as long as it is said to.
	short bool
	// apart says that an instance is shown to refuse what another takes.
	apart bool
	// crashing are operations that failed at what they are to be sent.
	crashing map[string]bool
	// leaking are operations whose refusals of what was never good hold what they refuse.
	leaking map[string]bool
	// unopened are the statuses with which a credential that should work was refused where it shows that, and opens is the promise that it works.
	unopened map[int]bool
	opens    string
	// misshapen are answers that broke a check of another promise.
	misshapen map[misshape]bool
}

// A misshape is what an answer of an operation breaks beside what it is about.
type misshape struct{ operation, requirement string }

// A refusal is that of an operation, and how.
type refusal struct {
	operation string
	status    int
}

// refusalOf is what an exchange was answered with, if it was refused.
func refusalOf(e evidence.Exchange) (r refusal, refused bool) {
	if e.Response == nil || granted(e) {
		return r, false
	}
	return refusal{e.Operation, e.Response.Status}, true
}

// A tally is how many checks of a promise ran, and how many broke by their own question; whether it is broken at all, and whether something
// of the operation whose success it is breaks now and then.
type tally struct {
	ran, own, plain   int
	passed            bool
	broken, sometimes bool
}

func (s *scene) enter(c verdict.Check, d check.Definition, of func(operation string) role) {
	s.statuses[c.ID] = c.Status
	sum := s.promises[c.Requirements[0]]
	if c.Status != verdict.Skipped && c.Status != verdict.Noted {
		sum.ran++
	}
	sum.passed = sum.passed || c.Status == verdict.Passed
	if c.Broken() && c.SeenBy == "" {
		sum.own++
		if !d.Sweeps {
			sum.plain++
		}
		e := c.Decisive()
		if granted(e) && !d.ByStatus && !d.Sweeps {
			s.giving[e.Operation] = true
			s.unlike[e.Operation] = s.unlike[e.Operation] || !d.Nearly
		}
		if how, refused := refusalOf(e); refused {
			s.refused[how] = true
			s.short = s.short || d.Lasting
			s.apart = s.apart || d.Everywhere && !d.Ends && !d.Waits && !crashed(e) && !leaked(c)
			s.sporadic[how] = s.sporadic[how] || c.NowAndThen()
			if r := of(e.Operation); r.probes {
				s.unopened[how.status], s.opens = true, r.success
			}
		}
		s.crashing[e.Operation] = s.crashing[e.Operation] || crashed(e) && !d.Nearly
		s.leaking[e.Operation] = s.leaking[e.Operation] || leaked(c) && !further(d)
		for _, v := range e.Violations {
			if inStatus(e, v) { // it did come, and as another success: that is the cause, and this check's question is not
				continue
			}
			s.misshapen[misshape{e.Operation, v.Requirement}] = true
		}
	}
	sum.broken = sum.broken || c.Broken()
	s.promises[c.Requirements[0]] = sum
	if c.Broken() && c.NowAndThen() {
		success := of(c.Decisive().Operation).success
		sum = s.promises[success]
		sum.sometimes = true
		s.promises[success] = sum
	}
}

// inStatus says that an answer succeeded, but by another status than it is to.
func inStatus(e evidence.Exchange, v evidence.Violation) bool {
	return granted(e) && v.Place == "status"
}

func (s scene) suspect(c verdict.Check, d check.Definition, of func(operation string) role) suspect {
	promise, last := c.Requirements[0], c.Decisive()
	success, sum := of(last.Operation).success, s.promises[c.Requirements[0]]
	sporadic := s.promises[success].sometimes && s.promises[success].broken
	how, refused := refusalOf(last)
	// What is not asked again may as well be met by what another check met now and then.
	sometimes := c.NowAndThen() || (d.Waits || d.Nearly) && refused && s.sporadic[how]
	// What is wrong with an answer that should not have come at all is none of the causes, if no check is about that alone.
	told := sum.own == 0 && (refused && s.refused[how] || s.misshapen[misshape{last.Operation, promise}])
	// What is wrong within an answer to what should have been refused, it may be; that it is another success is wrong of any.
	unjust := granted(last) && s.unlike[last.Operation] && !slices.ContainsFunc(last.Violations, func(v evidence.Violation) bool { return inStatus(last, v) })
	own := suspect{
		should:   c.Status == verdict.Warned || s.statuses[c.SeenBy] == verdict.Warned,
		outlived: refused && !leaked(c) && (s.short && !d.Lasting && (c.NowAndThen() || c.NotAgain || c.SeenBy != "") || s.apart && !s.closed() && !d.Everywhere),
		passing:  (c.SeenBy != "" || asked(c.Exchanges) == 0) && (told || unjust || !d.Documented || s.statuses[c.SeenBy] != verdict.Passed) && !(sporadic && promise == success && !unjust),
		granted:  c.SeenBy == "" && d.ByStatus && granted(last) && s.giving[last.Operation],
		nearly: d.Nearly && (granted(last) && s.unlike[last.Operation] || crashed(last) && s.crashing[last.Operation]) ||
			leaked(c) && further(d) && s.leaking[last.Operation],
		elsewhere:  sporadic && promise != success,
		sometimes:  sometimes && promise != success || c.NotAgain,
		sweeps:     d.Sweeps,
		documented: c.SeenBy == "" && (d.Documented || crashed(last) && promise == success),
		misshapen: slices.ContainsFunc(last.Violations, func(v evidence.Violation) bool {
			other := s.promises[v.Requirement]
			return v.Requirement != promise && (other.plain > 0 && !(crashed(last) && v.Place == "status") || other.broken && inStatus(last, v))
		}),
		dead:  c.SeenBy == "" && refused && s.unopened[how.status] && !of(last.Operation).probes,
		share: float64(sum.own) / float64(sum.ran),
	}
	if d.Waits {
		own.length = awaited
	}
	if d.Sweeps && crashed(last) {
		own.length += awaited // what fails at a plain question fails at odd ones too
	}
	own.length += asked(c.Exchanges)
	return own
}

// closed says that what should work never does, and not at another instance alone.
func (s scene) closed() bool { return s.opens != "" && !s.promises[s.opens].passed }

// leaked says whether a check broke by what a refusal holds.
func leaked(c verdict.Check) bool { return strings.HasSuffix(c.Expected, check.NothingOfIt) }

// further says of a check of refusals that what it sends is nearly right, was good once, or is elsewhere.
func further(d check.Definition) bool {
	return d.Nearly || d.Sweeps || d.Ends || d.Waits || d.Everywhere
}

// asked is how many exchanges asked something, and did not clean up after it.
func asked(exchanges []evidence.Exchange) (n int) {
	for _, e := range exchanges {
		if e.Purpose != evidence.CleanUp {
			n++
		}
	}
	return n
}

// lastAsked is the last of them; ok says that there is one.
func lastAsked(exchanges []evidence.Exchange) (last evidence.Exchange, ok bool) {
	for _, e := range slices.Backward(exchanges) {
		if e.Purpose != evidence.CleanUp {
			return e, true
		}
	}
	return last, false
}

// granted says whether an exchange was answered with a success.
func granted(e evidence.Exchange) bool { return e.Response != nil && e.Response.Status/100 == 2 }

// crashed says whether an exchange was answered with a failure of the server's own.
func crashed(e evidence.Exchange) bool {
	return e.Response != nil && e.Response.Status >= http.StatusInternalServerError
}

// last is the order of two of which the one for which something holds comes last.
func last(first, second bool) int {
	switch {
	case first == second:
		return 0
	case first:
		return 1
	}
	return -1
}

// causesOf are the broken promises of checks in order, each with what broke with it: other checks of the same promise, and what a check of
// it saw in passing. The checks of each are put together, and one that asks a plain question before one that tries much at once.
func causesOf(checks []verdict.Check, sweeps func(verdict.Check) bool) (all []verdict.Cause) {
	var groups [][]verdict.Check
	of := map[string]int{} // requirements and IDs of checks
	n := 0
	for _, c := range checks {
		if !c.Broken() {
			continue
		}
		n++
		i, known := of[c.Requirements[0]]
		if by, seen := of[c.SeenBy]; !known && seen && c.SeenBy != "" {
			i, known = by, true
		}
		if !known {
			i, groups = len(groups), append(groups, nil)
			of[c.Requirements[0]] = i
		}
		groups[i], of[c.ID] = append(groups[i], c), i
	}
	var together []verdict.Check
	for _, group := range groups {
		slices.SortStableFunc(group, func(a, b verdict.Check) int {
			return cmp.Or(last(a.Requirements[0] != group[0].Requirements[0], b.Requirements[0] != group[0].Requirements[0]), last(sweeps(a), sweeps(b)))
		})
		cause := verdict.Cause{Check: group[0].ID}
		for _, c := range group[1:] {
			cause.Also = append(cause.Also, c.ID)
		}
		together, all = append(together, group...), append(all, cause)
	}
	copy(checks[:n], together)
	return all
}
