// Package proof proves the suite itself: every named fault of every reference server must be caught by the requirement
// that it breaks and for the right reason, and no named variant may be blamed. It judges through the built command, as
// a user does, so that what is proven is what is shipped.
package proof

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
)

// Options say what to prove and with what.
type Options struct {
	// Executable is the built command.
	Executable string
	// Jobs is the number of runs at a time. A run mostly waits for something to expire, so many fit on few cores.
	Jobs int
	// Faults and Variants are what to prove; Profiles restricts both, empty to all.
	Faults, Variants []fault.Named
	Profiles         []string
	// Lifetimes are those of the servers.
	Lifetimes reference.Lifetimes
	// Full judges a server with a fault by all checks, and not only by those of the requirement that must catch it,
	// so that the matrix shows everything that a fault sets off.
	Full bool
	// Done is called after each case, from several goroutines.
	Done func()
}

// kase is one server to judge.
type kase struct {
	profile string
	named   fault.Named
	variant bool
}

// Count is the number of cases.
func (o Options) Count() int { return len(o.cases()) }

func (o Options) cases() []kase {
	var all []kase
	add := func(list []fault.Named, variant bool) {
		for _, n := range list {
			for _, p := range n.Profiles {
				if len(o.Profiles) == 0 || slices.Contains(o.Profiles, p) {
					all = append(all, kase{p, n, variant})
				}
			}
		}
	}
	add(o.Variants, true)
	add(o.Faults, false)
	return all
}

// batch is the number of servers that one call of the command judges by the checks of one requirement: starting a process
// costs more than most single checks.
const batch = 12

// longer is how many times as long sessions and tokens live on a server that wants longer lifetimes.
const longer = 4

// wholeBatch is the number of servers that one call judges by all checks. One that wants long lifetimes has a call of its
// own: its run is all waiting.
const wholeBatch = 6

// Run judges every fault and every variant. The error is about the proof's own means; what the suite made of the
// servers is in the result.
func Run(ctx context.Context, o Options) (verdict.Proof, error) {
	started := time.Now()
	dir, err := os.MkdirTemp("", "conform-prove-")
	if err != nil {
		return verdict.Proof{}, fmt.Errorf("making a folder for the proof: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	p := &prover{options: o, dir: dir}
	var groups []group
	var whole []kase // what all checks judge
	if o.Full {
		whole = o.cases()
	} else {
		groups, whole = split(o.cases())
	}
	// The variants run beside everything else, the slow ones from the start. The groups say which faults their own
	// requirement did not catch: all checks judge these, since answers to the others count for the requirement too.
	var beside sync.WaitGroup
	beside.Go(func() { p.whole(ctx, whole) })
	p.whole(ctx, p.groups(ctx, groups))
	beside.Wait()

	slices.SortFunc(p.result.Faults, func(a, b verdict.FaultProof) int {
		return strings.Compare(a.Requirement+" "+a.Name+" "+a.Profile, b.Requirement+" "+b.Name+" "+b.Profile)
	})
	slices.SortFunc(p.result.Variants, func(a, b verdict.VariantProof) int {
		return strings.Compare(a.Name+" "+a.Profile, b.Name+" "+b.Profile)
	})
	p.result.Seconds = time.Since(started).Seconds()
	return p.result, errors.Join(append(p.failed, ctx.Err())...)
}

// group is faults that the same requirement must catch.
type group struct {
	requirement string
	cases       []kase
}

// split takes the faults together by requirement, in batches; variants are judged whole.
func split(cases []kase) (groups []group, variants []kase) {
	open := map[string]int{}
	for _, k := range cases {
		if k.variant {
			variants = append(variants, k)
			continue
		}
		i, ok := open[k.named.Requirement]
		if !ok || len(groups[i].cases) == batch {
			groups = append(groups, group{requirement: k.named.Requirement})
			i = len(groups) - 1
			open[k.named.Requirement] = i
		}
		groups[i].cases = append(groups[i].cases, k)
	}
	return groups, variants
}

// prover collects what the runs of a proof came to.
type prover struct {
	options Options
	dir     string

	mu     sync.Mutex
	calls  int
	result verdict.Proof
	failed []error
}

// groups judges each group by its own requirement, and returns the faults that survived that.
func (p *prover) groups(ctx context.Context, groups []group) (rest []kase) {
	each(ctx, (p.options.Jobs+1)/2, groups, func(g group) {
		// One check at a time: what one does to a broken server must not make another fail, or nothing shows what it is for.
		runs, err := p.judge(ctx, g.cases, "--label-filter", g.requirement, "--procs", "1")
		p.mu.Lock()
		defer p.mu.Unlock()
		if err != nil {
			p.failed = append(p.failed, fmt.Errorf("the faults of %s: %w", g.requirement, err))
			return
		}
		for i, k := range g.cases {
			if f := faultProof(k, runs[i]); f.Kill == verdict.Killed {
				p.result.Faults = append(p.result.Faults, f)
				p.done()
			} else {
				rest = append(rest, k)
			}
		}
	})
	return rest
}

// whole judges each case by all checks, several servers at a time.
func (p *prover) whole(ctx context.Context, cases []kase) {
	var batches [][]kase
	for _, k := range cases {
		if k.named.Long {
			batches = append(batches, []kase{k})
		}
	}
	quick := slices.DeleteFunc(slices.Clone(cases), func(k kase) bool { return k.named.Long })
	batches = slices.AppendSeq(batches, slices.Chunk(quick, wholeBatch))
	each(ctx, (p.options.Jobs+2)/3, batches, func(cases []kase) {
		runs, err := p.judge(ctx, cases)
		p.mu.Lock()
		defer p.mu.Unlock()
		if err != nil {
			p.failed = append(p.failed, fmt.Errorf("%s and those beside it: %w", cases[0].named.Name, err))
			return
		}
		for i, k := range cases {
			if k.variant {
				p.result.Variants = append(p.result.Variants, variantProof(k, runs[i]))
			} else {
				p.result.Faults = append(p.result.Faults, faultProof(k, runs[i]))
			}
			p.done()
		}
	})
}

func (p *prover) done() {
	if p.options.Done != nil {
		p.options.Done()
	}
}

// each calls f for every element, some at a time, until the context ends.
func each[E any](ctx context.Context, jobs int, all []E, f func(E)) {
	var wg sync.WaitGroup
	defer wg.Wait()
	slots := make(chan struct{}, max(jobs, 1))
	for _, e := range all {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		wg.Go(func() {
			defer func() { <-slots }()
			f(e)
		})
	}
}

// judge starts the servers of the cases and has one call of the command judge them. The runs are in the order of the
// cases.
func (p *prover) judge(ctx context.Context, cases []kase, args ...string) ([]verdict.Run, error) {
	p.mu.Lock()
	p.calls++
	dir := filepath.Join(p.dir, fmt.Sprint(p.calls))
	p.mu.Unlock()
	defer func() { _ = os.RemoveAll(dir) }()
	var servers []*reference.Server
	defer func() {
		for _, s := range servers {
			s.Close()
		}
	}()
	for _, k := range cases {
		options := reference.Options{Profile: k.profile, Instances: 2, Lifetimes: p.options.Lifetimes}
		if k.named.Long {
			options.Lifetimes.Session *= longer
			options.Lifetimes.Token *= longer
		}
		if k.variant {
			options.Variant = k.named.Name
		} else {
			options.Fault = k.named.Name
		}
		server, err := reference.Serve(options)
		if err != nil {
			return nil, fmt.Errorf("%s in %s: %w", k.named.Name, k.profile, err)
		}
		servers = append(servers, server)
	}
	return Command(ctx, p.options.Executable, servers, dir, args...)
}

// Command runs the built command against servers, with its reports in dir, and returns the runs of its report.
func Command(ctx context.Context, executable string, servers []*reference.Server, dir string, args ...string) ([]verdict.Run, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	args = append([]string{"run", "--out", dir, "--reports", "report.json"}, args...)
	for i, server := range servers {
		description, err := server.Target().MarshalFile()
		if err != nil {
			return nil, err
		}
		file := filepath.Join(dir, fmt.Sprintf("target-%d.yaml", i))
		if err := os.WriteFile(file, description, 0o600); err != nil {
			return nil, err
		}
		args = append(args, "--target-file", file)
	}
	command := exec.CommandContext(ctx, executable, args...)
	command.Env = append(os.Environ(), "GOGC=400") // it ends before its garbage is worth collecting
	output, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, fmt.Errorf("running the command: %w", err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err != nil {
		return nil, fmt.Errorf("the command left no report: %w; it said: %s", err, strings.Join(strings.Fields(string(output)), " "))
	}
	var report verdict.Report
	if err := json.Unmarshal(data, &report); err != nil {
		return nil, fmt.Errorf("reading the report: %w", err)
	}
	if len(report.Runs) != len(servers) {
		return nil, fmt.Errorf("the report holds %d runs, of %d", len(report.Runs), len(servers))
	}
	return report.Runs, nil
}
