// Package verdict is the result model: what each check and each run came to, and the rules that turn the one
// into the other. It is what the reports are written from, and its JSON form is the report.json that other tools read.
package verdict

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"example.org/conform/harness/evidence"
	"example.org/conform/specs"
)

// Schema is the version of the report's JSON form. It grows by additions only; a change that breaks a reader raises it.
const Schema = "conform-report/1"

// Level is how strongly the document promises a thing, as the catalogue has it.
type Level = specs.Level

// The levels of a requirement.
const (
	Must   = specs.Must
	Should = specs.Should
	Note   = specs.Note
)

// Status is what one check came to.
type Status string

// The statuses of a check.
const (
	Passed       Status = "passed"
	Failed       Status = "failed"       // a MUST is broken
	Warned       Status = "warned"       // a SHOULD is broken
	Noted        Status = "noted"        // a NOTE, with what was seen
	Skipped      Status = "skipped"      // not run, with the reason and what to add to the target
	Waived       Status = "waived"       // failed or warned, and excused by a waiver
	Inconclusive Status = "inconclusive" // ran, and could not be judged
)

// Outcome is the verdict on one run.
type Outcome string

// The outcomes of a run.
const (
	Conformant    Outcome = "conformant"
	Nonconformant Outcome = "nonconformant"
	Incomplete    Outcome = "incomplete"
)

// Check is one spec in one profile, with what it came to.
type Check struct {
	// ID is <profile>/<requirement>/<slug>, stable from release to release.
	ID string `json:"id" scrub:"own"`
	// Requirements are the IDs that the check proves; the first is the one in ID.
	Requirements []string `json:"requirements" scrub:"own"`
	Subject      string   `json:"subject" scrub:"own"`
	Level        Level    `json:"level"`
	// Title says what the server must do.
	Title string `json:"title" scrub:"own"`
	// Statement is the promise and Source where the vendor makes it.
	Statement string `json:"statement" scrub:"own"`
	Source    string `json:"source" scrub:"own"`
	// Grounds are the words of the source, or why it could not be otherwise; "" where the catalogue gives neither.
	Grounds string `json:"grounds,omitempty" scrub:"own"`
	Status  Status `json:"status"`
	// Reason says in one line why the status is not plain passed; for Noted it is what was seen.
	Reason string `json:"reason"`
	// Expected and Actual are set when an expectation did not hold.
	Expected string `json:"expected,omitempty"`
	Actual   string `json:"actual,omitempty"`
	// Steps are what was sent before that, in order, for a check that tries sequences of requests: the shortest that shows it.
	Steps []string `json:"steps,omitempty"`
	// NotAgain says that the same steps seldom showed it again, or never: it takes more than these, or happens now and then.
	NotAgain bool `json:"notAgain,omitempty"`
	// SeenBy is the ID of the check which saw, in passing, that the promise is broken; "" where the check's own question shows it.
	SeenBy string `json:"seenBy,omitempty" scrub:"own"`
	// Tries is how often what the check asks was asked, and Broke how often that was broken, where it was asked more than once.
	Tries int `json:"tries,omitempty"`
	Broke int `json:"broke,omitempty"`
	// Remedy says, for Skipped, what to add to the target to run the check.
	Remedy string `json:"remedy,omitempty" scrub:"own"`
	// Lacks are the keys of the target's description that would have to be there to run the check, for one that is skipped for
	// want of them.
	Lacks []string `json:"lacks,omitempty" scrub:"own"`
	// Declared is where the suite declares the check, file:line within the suite's repository. For one that is generated
	// from the contract, Generator is the function that did, and Contract where the contract says it.
	Declared  string `json:"declared,omitempty" scrub:"own"`
	Generator string `json:"generator,omitempty" scrub:"own"`
	Contract  string `json:"contract,omitempty" scrub:"own"`
	// Stack is where the suite itself failed, for a check that is Inconclusive by a fault of the suite.
	Stack string `json:"stack,omitempty"`
	// Waiver is the reason given by the waiver that applied.
	Waiver string `json:"waiver,omitempty"`
	// Started is zero for a check that did not run.
	Started time.Time `json:"started,omitzero"`
	// RefusedLogins is the number of logins of the check that were refused. What checks share counts for the one that made it.
	RefusedLogins int                 `json:"refusedLogins,omitempty"`
	DurationMs    float64             `json:"durationMs"`
	Exchanges     []evidence.Exchange `json:"exchanges"`
}

// Broken reports whether the check showed that its promise is broken, and no waiver excuses that.
func (c Check) Broken() bool { return c.Status == Failed || c.Status == Warned }

// NowAndThen reports whether the check showed its promise broken at some tries and kept at others.
func (c Check) NowAndThen() bool { return c.Broke > 0 && c.Broke < c.Tries }

// HowOften says in words how often the check showed its promise broken; "" where it was asked once.
func (c Check) HowOften() string {
	switch {
	case c.Tries < 2:
		return ""
	case c.NowAndThen():
		return fmt.Sprintf("%d of %d times: now and then", c.Broke, c.Tries)
	}
	return fmt.Sprintf("%d of %d times", c.Broke, c.Tries)
}

// Code says where the check is declared, and what it was generated from.
func (c Check) Code() string {
	if c.Generator == "" {
		return c.Declared
	}
	return fmt.Sprintf("%s, by %s from %s", c.Declared, c.Generator, c.Contract)
}

// Totals counts the checks of a run by status.
type Totals struct {
	Passed       int `json:"passed"`
	Failed       int `json:"failed"`
	Warned       int `json:"warned"`
	Noted        int `json:"noted"`
	Skipped      int `json:"skipped"`
	Waived       int `json:"waived"`
	Inconclusive int `json:"inconclusive"`
}

// Executed is the number of checks that ran, whatever they came to.
func (t Totals) Executed() int {
	return t.Passed + t.Failed + t.Warned + t.Noted + t.Waived + t.Inconclusive
}

// Cause is a promise that is broken, with what broke with it.
type Cause struct {
	// Check is the ID of the check that shows it best, and Also are those of the other checks that broke with it: of the same promise, or
	// by the same exchange.
	Check string   `json:"check" scrub:"own"`
	Also  []string `json:"also,omitempty" scrub:"own"`
	// Facts are what the whole run bears out about it, a sentence each: which requests ended what they should have spared, and how often what
	// lives was refused. There is none where that is not certain.
	Facts []string `json:"facts,omitempty" scrub:"own"`
	// Hint is the known story of a server that fits best what the run shows: something to look at, and no part of the verdict.
	Hint string `json:"hint,omitempty" scrub:"own"`
}

// Run is one profile judged against one target.
type Run struct {
	Profile string `json:"profile" scrub:"own"`
	// Catalogue and Contract name the requirements and the OpenAPI document by which it was judged, with their versions; "" in a report of
	// an earlier release.
	Catalogue string `json:"catalogue,omitempty" scrub:"own"`
	Contract  string `json:"contract,omitempty"`
	// Target is the base URL that was judged.
	Target  string  `json:"target"`
	Verdict Outcome `json:"verdict"`
	// Reason says in one line why the verdict is not Conformant.
	Reason string `json:"reason,omitempty"`
	// Remedy says what to do about an incomplete run.
	Remedy string `json:"remedy,omitempty" scrub:"own"`
	Totals Totals `json:"totals"`
	// Checks stand in the order of the catalogue, but for what is broken: that comes first, the likeliest cause before what follows from it.
	Checks []Check `json:"checks"`
	// Causes are the broken promises in that order.
	Causes []Cause `json:"causes,omitempty"`
	// Coverage says how much of what is promised the verdict is about; nil in a report of an earlier release.
	Coverage *Coverage `json:"coverage,omitempty"`
	// Preflight holds the exchanges made before the first check.
	Preflight []evidence.Exchange `json:"preflight,omitempty"`
	// CleanUp holds the exchanges by which the run itself ended what its checks had left.
	CleanUp []evidence.Exchange `json:"cleanUp,omitempty"`
	// LeftBehind names sessions and tokens that the run made and could not end.
	LeftBehind []string `json:"leftBehind,omitempty"`
	// Filter is the label filter that selected the checks, and Unselected how many it left out.
	Filter     string `json:"filter,omitempty"`
	Unselected int    `json:"unselected,omitempty"`
	// Again is set where no check was judged but those that an earlier report does not show passed.
	Again *Again `json:"again,omitempty"`
	// Shard is set where the run is one of several that share the checks.
	Shard *Shard `json:"shard,omitempty"`
	// Dropped counts connections that broke before an answer and were tried again.
	Dropped int `json:"dropped,omitempty"`
	// Weather says, a sentence each, what the run met on the way that is not the server's doing, and what it did about it.
	Weather []string `json:"weather,omitempty"`
	// WrongPasswords is the number of wrong passwords that were sent for real accounts.
	WrongPasswords int `json:"wrongPasswords"`
	// RefusedLogins is the number of logins that were refused, whoever they were for.
	RefusedLogins int `json:"refusedLogins"`

	// stop is kept by Judge, for the next time.
	stop *stop
}

// JudgedBy says in words by which catalogue and which contract the run was judged; "" in a report of an earlier release.
func (r *Run) JudgedBy() string {
	if r.Catalogue == "" || r.Contract == "" {
		return ""
	}
	return "catalogue " + r.Catalogue + "; contract " + r.Contract
}

// Again says what a run did not judge since an earlier one had.
type Again struct {
	// Finished is when the earlier report was.
	Finished time.Time `json:"finished"`
	// Settled are the IDs of the checks that it shows settled, those that it took over from one before it included.
	Settled []string `json:"settled" scrub:"own"`
	// Stands says that nothing was left to judge, and that the run is the one of the earlier report.
	Stands bool `json:"stands,omitempty"`
}

// Settled are the IDs of the checks that need not be judged again: they passed, noted what there was to note, or found that the
// server is not what they are about; or did so in an earlier report, and were not judged since.
func (r *Run) Settled() map[string]bool {
	settled := map[string]bool{}
	if r.Again != nil {
		for _, id := range r.Again.Settled {
			settled[id] = true
		}
	}
	for _, c := range r.Checks {
		settled[c.ID] = c.Status == Passed || c.Status == Noted || c.Status == Skipped && !c.Started.IsZero() && len(c.Lacks) == 0
	}
	maps.DeleteFunc(settled, func(_ string, is bool) bool { return !is })
	return settled
}

// stop says whether a run ended early, before any check was counted, and why.
type stop struct {
	early          bool
	reason, remedy string
}

// Beside says in words what broke with a check: how many others for the one that shows a cause, and which that is for any other. It is ""
// for what stands alone.
func (r *Run) Beside(c *Check) string {
	switch cause := r.CauseOf(c); {
	case cause.Check != c.ID && cause.Check != "":
		return "broken with " + cause.Check
	case len(cause.Also) > 0:
		return "also seen in " + Count(len(cause.Also), "check", "checks")
	}
	return ""
}

// Facts are what the whole run bears out about a check that shows a cause; none for any other.
func (r *Run) Facts(c *Check) []string {
	if cause := r.CauseOf(c); cause.Check == c.ID {
		return cause.Facts
	}
	return nil
}

// Hint is the known story that fits a cause best, for the check that shows it; "" for none.
func (r *Run) Hint(c *Check) string {
	if cause := r.CauseOf(c); cause.Check == c.ID {
		return cause.Hint
	}
	return ""
}

// CauseOf is the cause that a check shows, or that it broke with; the zero value where it is not broken.
func (r *Run) CauseOf(c *Check) Cause {
	i := slices.IndexFunc(r.Causes, func(cause Cause) bool { return cause.Check == c.ID || slices.Contains(cause.Also, c.ID) })
	if i < 0 {
		return Cause{}
	}
	return r.Causes[i]
}

// WaiverProblem is a waiver that a report does not bear out. It fails the gate: a waiver that nobody tends would one
// day excuse what it was not meant for.
type WaiverProblem struct {
	// Place is where the waiver stands: file:line:column, without the folder.
	Place string `json:"place"`
	// Waiver names what it waives: "check <ID>" or "requirement <ID>".
	Waiver string `json:"waiver"`
	// Problem says in one line what is wrong with it, and what to do.
	Problem string `json:"problem"`
}

// String is the problem in one line.
func (p WaiverProblem) String() string {
	return p.Place + ": the waiver of " + p.Waiver + " " + p.Problem
}

// Report is the document of one invocation: report.json is its JSON form.
type Report struct {
	Schema string `json:"schema" scrub:"own"`
	// Suite is the suite's name and version.
	Suite    string    `json:"suite" scrub:"own"`
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Complete is false when the run was interrupted and the report is partial.
	Complete bool  `json:"complete"`
	Runs     []Run `json:"runs"`
	// WaiverProblems are the waivers that have expired, match nothing or excuse a check that passes.
	WaiverProblems []WaiverProblem `json:"waiverProblems,omitempty"`
	// Since says how the report differs from an earlier one; nil where it was held against none.
	Since *Since `json:"since,omitempty"`
}
