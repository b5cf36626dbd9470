package runner

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"example.org/conform/harness/coordinator"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/redact"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

const (
	// preflightTime bounds the first exchanges with a target: what is wrong with the way there is said within it.
	preflightTime = 9 * time.Second
	// firstAnswerTime bounds each of those exchanges, so that one that hangs is named as such.
	firstAnswerTime = 8 * time.Second
	// leftoverTime bounds the last attempt to end what the workers left.
	leftoverTime = 20 * time.Second
)

// Run is one invocation under way.
type Run struct {
	options  Options
	planned  []Planned
	redactor *redact.Redactor
	state    *coordinator.State
	problems []*check.Problem
	preflown [][]evidence.Exchange
}

// New prepares a run: everything that can be wrong with the options is found here, before anything is sent.
func New(o Options) (*Run, error) {
	planned, err := Plan(o)
	if err != nil {
		return nil, err
	}
	r := &Run{
		options: o, planned: planned, redactor: &redact.Redactor{},
		problems: make([]*check.Problem, len(planned)), preflown: make([][]evidence.Exchange, len(planned)),
	}
	var job coordinator.Job
	var limits []coordinator.Limits
	for _, p := range planned {
		description, err := p.Target.MarshalFile()
		if err != nil {
			return nil, fmt.Errorf("describing the target %s: %w", p.Target.URL, err)
		}
		rj := coordinator.RunJob{Profile: p.Target.Profile, Description: description, Skips: p.Plan.Skips}
		for _, d := range p.Plan.Run {
			rj.Execute = append(rj.Execute, d.ID)
		}
		job.Runs = append(job.Runs, rj)
		limits = append(limits, coordinator.Limits{
			Server: p.Target.URL, WrongPasswords: p.Target.Limits.BadLogins, RequestsPerSecond: p.Target.Limits.RequestsPerSecond,
		})
	}
	r.state = coordinator.New(&job, limits, r.redactor)
	for _, p := range planned {
		for _, secret := range p.Target.Secrets() {
			r.state.Called(secret.Name, secret.Value)
		}
	}
	return r, nil
}

// State is the run's state, for whoever shows its progress.
func (r *Run) State() *coordinator.State { return r.state }

// Planned is what the run does.
func (r *Run) Planned() []Planned { return r.planned }

// Scrub replaces every secret that the run has come to know by its name.
func (r *Run) Scrub(text string) string { return r.redactor.Scrub(text) }

// Do runs to the end and returns the report, which holds no secret. When ctx ends, the workers clean up and what was judged until then is
// in the report, which is not complete. The error is about the suite's own processes; the report is there all the same.
func (r *Run) Do(ctx context.Context) (*verdict.Report, error) {
	report := &verdict.Report{Schema: verdict.Schema, Suite: r.options.Suite, Started: time.Now().UTC(), Complete: true}
	r.preflight(ctx)
	var err error
	if ctx.Err() == nil && r.anyToJudge() {
		if r.options.InProcess {
			err = r.workHere(ctx)
		} else {
			err = r.work(ctx)
		}
	}
	left := r.endLeftovers()
	results := r.state.Results()
	for i := range r.planned {
		report.Runs = append(report.Runs, r.assemble(ctx, i, results, left[i], err))
	}
	report.Complete = ctx.Err() == nil && err == nil
	report.Finished = time.Now().UTC()
	return report.Redacted(r.Scrub), err
}

func (r *Run) anyToJudge() bool {
	for i, p := range r.planned {
		if r.problems[i] == nil && len(p.Plan.Run) > 0 {
			return true
		}
	}
	return false
}

// preflight reaches every target once, side by side. A target with a problem is not judged: its checks leave the job.
func (r *Run) preflight(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, preflightTime)
	defer cancel()
	var wg sync.WaitGroup
	for i, p := range r.planned {
		if len(p.Plan.Run) == 0 {
			continue
		}
		wg.Go(func() {
			coord := coordinator.Connect(r.state)
			defer func() { _ = coord.Close() }()
			env, err := environment(i, p.Target, p.System, coord, min(p.Target.Limits.Timeout, firstAnswerTime))
			if err != nil {
				r.problems[i] = &check.Problem{Reason: err.Error(), Remedy: "mend the target"}
				return
			}
			defer env.Client.Close()
			r.problems[i], r.preflown[i] = check.Preflight(ctx, p.System, env, r.redactor.Scrub)
		})
	}
	wg.Wait()
	for i, problem := range r.problems {
		if problem != nil {
			r.state.Withdraw(i)
		}
	}
}

// endLeftovers tries once more to end what the workers could not, and names what is left.
func (r *Run) endLeftovers() [][]string {
	ctx, cancel := context.WithTimeout(context.Background(), leftoverTime)
	defer cancel()
	left := make([][]string, len(r.planned))
	for i, p := range r.planned {
		items := r.state.Pending(i)
		if len(items) == 0 {
			continue
		}
		coord := coordinator.Connect(r.state)
		env, err := environment(i, p.Target, p.System, coord, p.Target.Limits.Timeout)
		for _, item := range items {
			if err == nil {
				err = p.System.End(ctx, env.Client, item)
			}
			if err == nil {
				r.state.Ended(item)
				continue
			}
			name := r.Scrub(item.Value) // the name of a secret, or an identifier that is none
			left[i] = append(left[i], fmt.Sprintf("%s %s: %s", item.Kind, name, r.Scrub(err.Error())))
			if !errors.Is(err, context.DeadlineExceeded) {
				err = nil // the next item may fare better
			}
		}
		if env != nil {
			env.Client.Close()
		}
		_ = coord.Close()
	}
	return left
}
