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
	options Options
	planned []Planned
	judged  []*judged
	sites   []*site
	secrets *redact.Redactor // those that are configured, of all targets
	proxies client.Proxies
	waiting sync.Map // of *task to Wait
	// shown guards what checks that have ended came to, where it makes room for what the report holds of it.
	shown sync.RWMutex
}

// judged is one target under judgement.
type judged struct {
	Planned
	env      *environment
	of       *site
	problem  *check.Problem
	preflown []evidence.Exchange
	closed   *check.Problem   // the server shut its door during the run, or something stood before it
	again    int              // checks that were made again for what is not the server's doing
	swept    []*client.Answer // by which the run itself ended what was left
	tasks    []*task
	came     *verdict.Run // what all of it came to, at the end
}

// task is a check that the run executes.
type task struct {
	def *check.Definition
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
	r := &Run{options: o, planned: planned}
	if r.proxies, err = client.ProxiesOf(); err != nil {
		return nil, err
	}
	r.settle()
	servers := map[string]*ledger.Server{}
	for i, j := range r.judged {
		p := planned[i]
		if servers[p.Target.URL] == nil {
			servers[p.Target.URL] = ledger.NewServer(p.Target.Limits)
		}
		if j.env, err = r.environment(p, ledger.NewRun(servers[p.Target.URL]), j.of.secrets); err != nil {
			r.close()
			return nil, err
		}
		for k := range p.Run {
			ended, end := context.WithCancel(context.Background())
			j.tasks = append(j.tasks, &task{def: &p.Run[k], of: j, ended: ended, end: end, leave: func() {}})
		}
	}
	return r, nil
}

// environment is what the checks of one target share.
func (r *Run) environment(p Planned, run *ledger.Run, secrets *redact.Redactor) (*environment, error) {
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
		Rest:   p.Rest,
		Target: p.Target, Client: client.New(documents.Contract, options), Ledger: run, Redactor: secrets,
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
		if j.env != nil {
			j.env.Client.Close()
		}
	}
}

// Planned is what the run does.
func (r *Run) Planned() []Planned { return r.planned }

// Scrub replaces every secret of the targets by its name.
func (r *Run) Scrub(text string) string { return r.secrets.Scrub(text) }

// Collect waits for the checks as they come, while a run works through them, and returns when there is none left.
type Collect func(branches []Branch)

// Do runs to the end and returns the report, which holds no secret. When ctx ends, the checks clean up and what was judged
// until then is in the report, which is not complete. Collect may be nil.
func (r *Run) Do(ctx context.Context, collect Collect) *verdict.Report {
	defer r.close()
	ctx, end := r.within(ctx)
	defer end()
	report := &verdict.Report{Schema: verdict.Schema, Suite: r.options.Suite, Started: time.Now().UTC(), Complete: true}
	if r.options.OnDemand {
		r.reach(ctx, r.sites)
	}
	var working sync.WaitGroup
	if !r.options.OnDemand {
		working.Go(func() { r.work(ctx) })
	}
	if collect != nil {
		collect(r.branches())
	}
	working.Wait()
	for _, j := range r.judged {
		if j.came == nil { // on demand
			r.conclude(ctx, j)
		}
		report.Runs = append(report.Runs, *j.came)
	}
	report.Complete = ctx.Err() == nil
	report.Finished = time.Now().UTC()
	return report
}

// endLeftovers tries once more to end what the checks of a target could not, and names what is left.
func (r *Run) endLeftovers(j *judged) (left []string) {
	ctx, cancel := context.WithTimeout(cmp.Or(r.options.Hurry, context.Background()), leftoverTime)
	defer cancel()
	scrub := j.env.Redactor.Scrub
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
			left = append(left, fmt.Sprintf("%s %s: %s", item.Kind, scrub(item.Value), scrub(err.Error())))
		}
	}
	losses := j.env.Ledger.Losses()
	for _, operation := range slices.Sorted(maps.Keys(losses)) {
		left = append(left, fmt.Sprintf("what %d answers to %s gave without saying by what name it can be ended", losses[operation], operation))
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
