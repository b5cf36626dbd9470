package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/redact"
	"example.org/conform/harness/verdict"
	"example.org/conform/openapi"
	"example.org/conform/specs"
	"example.org/conform/suites/check"
)

// leftoverTime bounds the last attempt to end what the checks left.
const leftoverTime = 20 * time.Second

// Run is one invocation under way.
type Run struct {
	options  Options
	planned  []Planned
	judged   []*judged
	redactor *redact.Redactor
	proxies  client.Proxies
	waiting  sync.Map // of *task to Wait
}

// judged is one target under judgement.
type judged struct {
	Planned
	env      *environment
	problem  *check.Problem
	preflown []evidence.Exchange
	closed   *check.Problem   // the server shut its door during the run, or something stood before it
	again    int              // checks that were made again for what is not the server's doing
	swept    []*client.Answer // by which the run itself ended what was left
	tasks    []*task
}

// task is a check that the run executes.
type task struct {
	def check.Definition
	of  *judged
	// ended is done when there is a result, or will be none.
	ended context.Context
	end   context.CancelFunc
	// leave gives its place to another check; it does nothing where it has none.
	leave func()
	// result is nil for a check that did not come to run.
	result *outcome
}

// New prepares a run: everything that can be wrong with the options, and with what they name on this machine, is found
// here, before anything is sent.
func New(o Options) (*Run, error) {
	planned, err := Plan(o)
	if err != nil {
		return nil, err
	}
	o.Procs, o.Seed = cmp.Or(o.Procs, DefaultProcs), cmp.Or(o.Seed, 1)
	r := &Run{options: o, planned: planned, redactor: &redact.Redactor{}}
	if r.proxies, err = client.ProxiesOf(); err != nil {
		return nil, err
	}
	for _, secret := range r.proxies.Secrets() {
		r.redactor.Call("password-of-proxy", secret, 2)
	}
	servers := map[string]*ledger.Server{}
	for _, p := range planned {
		for _, secret := range p.Target.Secrets() {
			r.redactor.Call(secret.Name, secret.Value, 2)
		}
		if servers[p.Target.URL] == nil {
			servers[p.Target.URL] = ledger.NewServer(p.Target.Limits)
		}
		env, err := r.environment(p, ledger.NewRun(servers[p.Target.URL]))
		if err != nil {
			r.close()
			return nil, err
		}
		j := &judged{Planned: p, env: env}
		for _, d := range p.Run {
			ended, end := context.WithCancel(context.Background())
			j.tasks = append(j.tasks, &task{def: d, of: j, ended: ended, end: end, leave: func() {}})
		}
		r.judged = append(r.judged, j)
	}
	return r, nil
}

// environment is what the checks of one target share.
func (r *Run) environment(p Planned, run *ledger.Run) (*environment, error) {
	documents, err := p.System.Documents(p.Target.Profile)
	if err != nil {
		return nil, err
	}
	config, err := p.Target.HTTPTLS()
	if err != nil {
		return nil, err
	}
	options := client.Options{Base: p.Target.URL, TLS: config, Proxies: r.proxies, Timeout: p.Target.Limits.Timeout, Turn: run.Turn, Throttled: run.Throttle, Hurry: r.options.Hurry}
	if p.System.Authenticate != nil {
		if options.RoundTripper, options.Close, err = p.System.Authenticate(p.Target); err != nil {
			return nil, err
		}
	}
	return &environment{system: p.System, onlyBroken: r.options.OnlyBroken, hurry: r.options.Hurry, Env: &check.Env{
		Target: p.Target, Client: client.New(documents.Contract, options), Ledger: run, Redactor: r.redactor,
		Walks: check.Walks{Seed: r.options.Seed, Explore: r.options.Explore, Off: r.options.NoWalks},
		Shows: func(requirement string) string {
			for _, d := range p.Run {
				if d.Requirement.ID == requirement {
					return d.ID
				}
			}
			return ""
		},
		Optional: func(op *openapi.Operation) bool {
			success, known := documents.Catalogue.Find(p.Target.Profile, op.SuccessRequirement())
			return known && success.Level != specs.Must
		},
	}}, nil
}

func (r *Run) close() {
	for _, j := range r.judged {
		j.env.Client.Close()
	}
}

// Planned is what the run does.
func (r *Run) Planned() []Planned { return r.planned }

// Scrub replaces every secret that the run has come to know by its name.
func (r *Run) Scrub(text string) string { return r.redactor.Scrub(text) }

// Collect waits for the checks as they come, while a run works through them, and returns when there is none left.
type Collect func(branches []Branch)

// Do runs to the end and returns the report, which holds no secret. When ctx ends, the checks clean up and what was judged
// until then is in the report, which is not complete. Collect may be nil.
func (r *Run) Do(ctx context.Context, collect Collect) *verdict.Report {
	defer r.close()
	ctx, end := r.within(ctx)
	defer end()
	report := &verdict.Report{Schema: verdict.Schema, Suite: r.options.Suite, Started: time.Now().UTC(), Complete: true}
	r.preflight(ctx)
	for _, j := range r.judged {
		r.expects(j)
	}
	var working sync.WaitGroup
	working.Go(func() { r.work(ctx) })
	if collect != nil {
		collect(r.branches())
	}
	working.Wait()
	left := r.endLeftovers()
	for i, j := range r.judged {
		report.Runs = append(report.Runs, j.assemble(ctx, r, left[i]))
	}
	report.Complete = ctx.Err() == nil
	report.Finished = time.Now().UTC()
	return report.Redacted(r.Scrub)
}

// preflight reaches every target once, side by side. A target with a problem is not judged. What bounds its exchanges is what
// bounds any: the target's own timeout.
func (r *Run) preflight(ctx context.Context) {
	var wg sync.WaitGroup
	for _, j := range r.judged {
		if len(j.tasks) == 0 {
			continue
		}
		wg.Go(func() { j.problem, j.preflown = j.env.preflight(ctx) })
	}
	wg.Wait()
}

// endLeftovers tries once more to end what the checks could not, and names what is left.
func (r *Run) endLeftovers() [][]string {
	ctx, cancel := context.WithTimeout(cmp.Or(r.options.Hurry, context.Background()), leftoverTime)
	defer cancel()
	left := make([][]string, len(r.judged))
	for i, j := range r.judged {
		for _, item := range j.env.Ledger.Pending() {
			if j.env.Ledger.Over(item) {
				continue
			}
			err := j.end(ctx, item)
			if err != nil && ctx.Err() != nil {
				err = errors.New("there was no time left to end it")
			}
			if err != nil {
				// What is scrubbed is the name of a secret, or an identifier that is none.
				left[i] = append(left[i], fmt.Sprintf("%s %s: %s", item.Kind, r.Scrub(item.Value), r.Scrub(err.Error())))
			}
		}
		losses := j.env.Ledger.Losses()
		for _, operation := range slices.Sorted(maps.Keys(losses)) {
			left[i] = append(left[i], fmt.Sprintf("what %d answers to %s gave without saying by what name it can be ended",
				losses[operation], operation))
		}
	}
	return left
}

// end ends one item. What panics for one must not keep the others from being ended.
func (j *judged) end(ctx context.Context, item ledger.Item) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("a fault of the suite: %v", fault)
		}
	}()
	answers, err := j.env.end(ctx, j.env.Client, item, mostSwept-len(j.swept))
	j.swept = append(j.swept, answers...)
	return err
}
