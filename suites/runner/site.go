package runner

import (
	"context"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"

	"example.org/conform/harness/client"
	"example.org/conform/harness/redact"
	"example.org/conform/harness/verdict"
)

// together is how many sites are taken up at a time: their checks are mixed, those first that wait for time to pass, and the next sites are
// begun when all of them have begun, whatever they wait for. So the waits of all targets overlap, and of hundreds only some are under way.
const together = 16

// cautious is the number of checks at a time on a server that gave something in the preflight which nobody can end: before
// the run knows better, as little as possible is to be left there.
const cautious = 2

// A site is a host with the targets that lie there. They may well be one server, so that what one of them gave, another may show; what wants
// the server for itself wants all of them.
type site struct {
	judged  []*judged
	secrets *redact.Redactor
	running sync.WaitGroup
	few     *semaphore.Weighted // nil where nobody has to be cautious
}

// settle puts targets into sites, in the order in which they are given. What is secret about one is looked for where all are, whoever it may
// come from, and in the words of its own site.
func (r *Run) settle() {
	at := map[string]*site{}
	for _, p := range r.planned {
		host := p.Target.URL
		if u, err := url.Parse(host); err == nil {
			host = strings.ToLower(u.Host)
		}
		s := at[host]
		if s == nil {
			s = &site{secrets: &redact.Redactor{}}
			at[host], r.sites = s, append(r.sites, s)
		}
		j := &judged{Planned: p, of: s}
		s.judged, r.judged = append(s.judged, j), append(r.judged, j)
	}
	if r.secrets = r.sites[0].secrets; len(r.sites) > 1 {
		r.secrets = &redact.Redactor{}
	}
	for _, secret := range r.proxies.Secrets() {
		r.secrets.Call("password-of-proxy", secret, 2)
	}
	for _, j := range r.judged {
		for _, secret := range j.Target.Secrets() {
			name := secret.Name
			if j.of.secrets != r.secrets {
				name += "-of-another-target"
			}
			r.secrets.Call(name, secret.Value, 2)
		}
	}
}

// learn has a site know its secrets, from when on it takes room.
func (s *site) learn(proxies client.Proxies) {
	for _, secret := range proxies.Secrets() {
		s.secrets.Call("password-of-proxy", secret, 2)
	}
	for _, j := range s.judged {
		for _, secret := range j.Target.Secrets() {
			s.secrets.Call(secret.Name, secret.Value, 2)
		}
	}
}

// work judges site after site, so many checks at a time in all, and comes to a conclusion about each as soon as its checks are over.
func (r *Run) work(ctx context.Context) {
	places := semaphore.NewWeighted(int64(r.options.Procs))
	order := rand.New(rand.NewPCG(r.options.Seed, 0))
	var wg sync.WaitGroup
	for sites := range slices.Chunk(r.sites, together) {
		r.reach(ctx, sites)
		r.begin(ctx, places, r.queue(sites, order))
		for _, s := range sites {
			wg.Go(func() {
				s.running.Wait()
				if places.Acquire(ctx, 1) == nil { // else the run was interrupted, and all that is left to do is cleaning up
					defer places.Release(1)
				}
				r.finish(ctx, s)
			})
		}
	}
	wg.Wait()
}

// reach reaches each target of some sites once, side by side. A target with a problem is not judged. What bounds its exchanges is what
// bounds any: the target's own timeout.
func (r *Run) reach(ctx context.Context, sites []*site) {
	var wg sync.WaitGroup
	for _, s := range sites {
		s.learn(r.proxies)
		for _, j := range s.judged {
			if len(j.tasks) > 0 {
				wg.Go(func() { j.problem, j.preflown = j.env.preflight(ctx) })
			}
		}
	}
	wg.Wait()
	for _, s := range sites {
		for _, j := range s.judged {
			r.expects(j)
			if j.problem == nil && len(j.env.Ledger.Losses()) > 0 {
				s.few = semaphore.NewWeighted(cautious)
			}
		}
	}
}

// queue is what is to be done at some sites, those checks first that wait for time to pass. Those that want the server for themselves come
// last, when all else is over.
func (r *Run) queue(sites []*site, order *rand.Rand) (queue []*task) {
	for _, s := range sites {
		for _, j := range s.judged {
			if j.problem == nil {
				queue = append(queue, slices.DeleteFunc(slices.Clone(j.tasks), alone)...)
			}
		}
	}
	order.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	waiting := slices.DeleteFunc(slices.Clone(queue), func(t *task) bool { return !waits(t) })
	return append(waiting, slices.DeleteFunc(queue, waits)...)
}

// begin begins checks as there are places for them. One that waits gives its place to others meanwhile; when its moment has come, it goes on
// at once.
func (r *Run) begin(ctx context.Context, places *semaphore.Weighted, queue []*task) {
	for _, t := range queue {
		few := t.of.of.few
		if few != nil && few.Acquire(ctx, 1) != nil || places.Acquire(ctx, 1) != nil {
			t.end() // interrupted
			continue
		}
		t.leave = sync.OnceFunc(func() {
			places.Release(1)
			if few != nil {
				few.Release(1)
			}
		})
		t.of.of.running.Go(func() {
			defer t.leave()
			// The result waits where other checks or the weather may be the reason for it: see shut, afresh, clear and alone.
			if t.result = r.run(ctx, t, t.of.env); t.result.stands() {
				t.end()
			}
		})
	}
}

// finish does what is left to do at a site whose checks are over, comes to a conclusion about each of its targets, and lets go of all else.
func (r *Run) finish(ctx context.Context, s *site) {
	r.last(ctx, s)
	for _, j := range s.judged {
		if j.problem == nil && !j.shut(ctx) && !j.balanced(ctx) {
			r.afresh(ctx, j)
			r.mend(ctx, j)
			r.clear(ctx, j)
			r.alone(ctx, j)
			r.late(ctx, j)
			r.often(ctx, j)
			j.suspects(ctx)
		}
		j.release()
	}
	for _, j := range s.judged { // what one of them left, another may still need
		r.conclude(ctx, j)
	}
	s.secrets = nil
}

// last runs the checks that want the server for themselves, one at a time.
func (r *Run) last(ctx context.Context, s *site) {
	for _, j := range s.judged {
		if j.problem != nil {
			continue
		}
		for _, t := range j.tasks {
			if alone(t) && ctx.Err() == nil {
				t.leave = func() {}
				t.result = r.run(ctx, t, j.env)
			}
		}
	}
}

// conclude makes the verdict on a target, in which there is no secret, and lets go of what it was made from.
func (r *Run) conclude(ctx context.Context, j *judged) {
	run := j.assemble(ctx, r, r.endLeftovers(j))
	scrub := j.of.secrets.Scrub
	if r.secrets != j.of.secrets {
		scrub = func(text string) string { return r.secrets.ScrubAfter(j.of.secrets, text) }
	}
	report := (&verdict.Report{Runs: []verdict.Run{run}}).Redacted(scrub)
	j.came = &report.Runs[0]
	j.env.Client.Close()
	if r.options.OnDemand {
		return
	}
	j.env, j.preflown, j.swept = nil, nil, nil
	r.shown.Lock()
	defer r.shown.Unlock()
	at := map[string]int{}
	for i, c := range j.came.Checks {
		at[c.ID] = i
	}
	for _, t := range j.tasks { // what they came to is told still; what was exchanged is in the report
		if t.result != nil {
			t.result.breaches = nil
			if i, known := at[t.def.ID]; known {
				all := j.came.Checks[i].Exchanges
				t.result.check.Exchanges = all[:min(len(all), len(t.result.check.Exchanges))]
			}
		}
	}
}
