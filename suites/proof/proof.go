// Package proof proves the suite itself: every named fault of every reference server must be caught by the requirement
// that it breaks and for the right reason, and no named variant may be blamed. It judges through the built command, as
// a user does, so that what is proven is what is shipped.
package proof

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// Options say what to prove and with what.
type Options struct {
	// Executable is the built command.
	Executable string
	// Jobs is the number of runs at a time. A run mostly waits for something to expire, so many fit on few cores.
	Jobs int
	// Profiles and Only narrow what is proven to some profiles, and to the faults and variants of some names.
	Profiles, Only []string
	// Full judges a server with a fault by all checks, and not only by those of the requirement that must catch it,
	// so that the matrix shows everything that a fault sets off.
	Full bool
	// Done is called after each case with the number of those that are done, by one goroutine at a time.
	Done func(done int)
}

// kase is one server to judge.
type kase struct {
	profile string
	named   fault.Named
	variant bool
	// beside are further variants of the same server: a run that blames nobody blames none of them.
	beside []fault.Named
}

// alone are the cases of which a case consists.
func (k kase) alone() []kase {
	all := []kase{{k.profile, k.named, k.variant, nil}}
	for _, other := range k.beside {
		all = append(all, kase{k.profile, other, k.variant, nil})
	}
	return all
}

// variants names those of the server. A vendor's own come last: some take the connection over.
func (k kase) variants() string {
	var names []string
	for _, other := range slices.Backward(k.beside) {
		names = append(names, other.Name)
	}
	return strings.Join(append(names, k.named.Name), ",")
}

// Count is the number of cases.
func (o Options) Count() int {
	return len(o.cases(reference.Variants(), true)) + len(o.cases(reference.Faults(), false))
}

// cases are the servers of a list that are to be judged.
func (o Options) cases(list []fault.Named, variant bool) (all []kase) {
	for _, n := range list {
		for _, p := range n.Profiles {
			if among(o.Only, n.Name) && among(o.Profiles, p) {
				all = append(all, kase{p, n, variant, nil})
			}
		}
	}
	return all
}

// ownTogether is how many of a vendor's own variants one server has at most.
const ownTogether = 3

// groups puts variants of a vendor's own together that change different decisions of the server, and beside them one of those that every
// vendor can have: servers in the field have several of both kinds, and one run judges them all. Of a group that is blamed each is judged
// alone.
func groups(cases []kase) (all []kase) {
	type class struct {
		profile string
		long    bool
	}
	common, own := map[class][]fault.Named{}, map[class][]*kase{}
	var open []*kase
	for _, k := range cases {
		of := class{k.profile, k.named.Long}
		if k.named.Common {
			common[of] = append(common[of], k.named)
			continue
		}
		if i := slices.IndexFunc(own[of], func(other *kase) bool { return other.takes(k.named) }); i >= 0 {
			own[of][i].beside = append(own[of][i].beside, k.named)
			continue
		}
		own[of] = append(own[of], &k)
		open = append(open, &k)
	}
	for _, k := range open {
		of := class{k.profile, k.named.Long}
		if left := common[of]; len(left) > 0 && !k.wraps() {
			k.beside, common[of] = append(k.beside, left[0]), left[1:]
		}
		all = append(all, *k)
	}
	for of, left := range common {
		for _, n := range left {
			all = append(all, kase{of.profile, n, true, nil})
		}
	}
	return all
}

// wraps says whether a variant of the server stands between it and the network, where most of those stand that every vendor can have: two
// may both want the connection for themselves.
func (k *kase) wraps() bool {
	return slices.ContainsFunc(append([]fault.Named{k.named}, k.beside...), func(n fault.Named) bool {
		return slices.ContainsFunc(n.Changes, func(c string) bool { return strings.HasSuffix(c, ".Wrap") })
	})
}

// takes says whether a server has room for one more variant, which changes nothing that those change which it has.
func (k *kase) takes(n fault.Named) bool {
	if len(n.Changes) == 0 || len(k.beside)+1 >= ownTogether {
		return false
	}
	for _, other := range append([]fault.Named{k.named}, k.beside...) {
		if len(other.Changes) == 0 || slices.ContainsFunc(other.Changes, func(c string) bool { return slices.Contains(n.Changes, c) }) {
			return false
		}
	}
	return true
}

// among says whether a selection takes a name; an empty one takes all.
func among(some []string, name string) bool { return len(some) == 0 || slices.Contains(some, name) }

// longer is how many times as long sessions and tokens live on a server that wants longer lifetimes.
const longer = 4

// batch is servers that one call of the command judges: by all checks, or by those of the one requirement that their
// faults break.
type batch struct {
	// filter is that of labels, "" for all checks.
	filter string
	cases  []kase
	// long has sessions and tokens live longer, for checks that do much and wait for no end of theirs.
	long bool
}

// ownBatch and wholeBatch are the number of servers that one call judges by the checks of one requirement, and by all checks:
// starting a process costs more than most single checks.
const ownBatch, wholeBatch = 12, 6

// byOwn are the batches of faults that the checks of their own requirement judge: those among them that sweep, or the others.
func byOwn(cases []kase, sweeping bool) (batches []batch) {
	filter := " && !" + check.Sweep
	if sweeping {
		filter = " && " + check.Sweep
	}
	of := map[string][]kase{}
	for _, k := range cases {
		of[k.named.Requirement] = append(of[k.named.Requirement], k)
	}
	for _, requirement := range slices.Sorted(maps.Keys(of)) {
		for some := range slices.Chunk(of[requirement], ownBatch) {
			batches = append(batches, batch{requirement + filter, some, sweeping})
		}
	}
	return batches
}

// byAll are the batches of what all checks judge. Servers that want long lifetimes are judged together: their runs are all waiting.
func byAll(cases []kase) (quick, long []batch) {
	of := map[bool][]kase{}
	for _, k := range cases {
		of[k.named.Long] = append(of[k.named.Long], k)
	}
	for some := range slices.Chunk(of[false], wholeBatch) {
		quick = append(quick, batch{cases: some})
	}
	for some := range slices.Chunk(of[true], wholeBatch) {
		long = append(long, batch{cases: some})
	}
	return quick, long
}

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
	p.places = semaphore.NewWeighted(p.busy() + p.more())
	whole, faults := groups(o.cases(reference.Variants(), true)), o.cases(reference.Faults(), false)
	if o.Full {
		whole, faults = append(whole, faults...), nil
	}
	// The variants run beside everything else. The batches say which faults their own requirement did not catch: first those of its
	// checks that do not sweep, then those that do; all checks judge what is left, since answers to the others count for the
	// requirement too.
	var beside sync.WaitGroup
	_ = p.places.Acquire(context.WithoutCancel(ctx), p.more()) // nobody else has any yet
	beside.Go(func() { p.byAll(ctx, p.byAll(ctx, whole)) })
	swept := p.batches(ctx, (o.Jobs+1)/2, byOwn(faults, false))
	survivors := p.batches(ctx, (o.Jobs+1)/2, byOwn(swept, true))
	p.places.Release(p.more())
	p.byAll(ctx, survivors)
	beside.Wait()
	p.result.Variants = together(p.result.Variants, p.groups)

	slices.SortFunc(p.result.Faults, func(a, b verdict.FaultProof) int {
		return strings.Compare(a.Requirement+" "+a.Name+" "+a.Profile, b.Requirement+" "+b.Name+" "+b.Profile)
	})
	slices.SortFunc(p.result.Variants, func(a, b verdict.VariantProof) int {
		return strings.Compare(a.Name+" "+a.Profile, b.Name+" "+b.Profile)
	})
	p.result.Seconds = time.Since(started).Seconds()
	return p.result, errors.Join(append(p.failed, ctx.Err())...)
}

// prover collects what the runs of a proof came to.
type prover struct {
	options Options
	dir     string
	// places are those of batches that all checks judge: some of them are kept free while others are under way.
	places *semaphore.Weighted

	mu     sync.Mutex
	done   int
	result verdict.Proof
	// groups are variants that were not clean together, each of which is judged alone then.
	groups []verdict.VariantProof
	failed []error
}

// more is how many more are when nothing else is.
func (p *prover) more() int64 { return p.busy() / 2 }

// byAll has all checks judge what is given. It returns what is to be judged again.
func (p *prover) byAll(ctx context.Context, cases []kase) (rest []kase) {
	quick, long := byAll(cases)
	var patient []kase
	var beside sync.WaitGroup
	beside.Go(func() { patient = p.batches(ctx, p.options.Jobs, long) })
	rest = p.batches(ctx, p.options.Jobs, quick)
	beside.Wait()
	return append(rest, patient...)
}

// busy is how many batches that all checks judge are under way beside others: all checks of a run keep a core busy, and more at a time
// outlive what they make, and begin again.
func (p *prover) busy() int64 { return int64((p.options.Jobs+5)/6) * 2 }

// batches judges each batch, some at a time, until the context ends. It returns the faults that survived the checks of their
// own requirement.
func (p *prover) batches(ctx context.Context, jobs int, batches []batch) (rest []kase) {
	var calls errgroup.Group
	calls.SetLimit(max(jobs, 1))
	for _, b := range batches {
		calls.Go(func() error {
			if ctx.Err() != nil {
				return nil // Run says so
			}
			var args []string
			if b.filter == "" {
				if p.places.Acquire(ctx, 1) != nil {
					return nil
				}
				defer p.places.Release(1)
			} else {
				// One check at a time: what one does to a broken server must not make another fail, or nothing shows what it is for.
				args = []string{"--label-filter", b.filter, "--procs", "1"}
			}
			runs, err := p.judge(ctx, b, args...)
			p.mu.Lock()
			defer p.mu.Unlock()
			if err != nil {
				p.failed = append(p.failed, fmt.Errorf("%s and those beside it: %w", b.cases[0].named.Name, err))
				return nil
			}
			for i, k := range b.cases {
				if k.variant {
					proofs := variantProofs(k, runs[i])
					if k.beside != nil && !clean(proofs[0]) {
						p.groups, rest = append(p.groups, proofs[0]), append(rest, k.alone()...)
						continue
					}
					p.result.Variants = append(p.result.Variants, proofs...)
					p.done += len(proofs) - 1
				} else if f := faultProof(k, runs[i]); f.Kill == verdict.Killed || b.filter == "" {
					p.result.Faults = append(p.result.Faults, f)
				} else {
					rest = append(rest, k)
					continue
				}
				p.done++
				p.options.Done(p.done)
			}
			return nil
		})
	}
	_ = calls.Wait()
	return rest
}

// judge starts the servers of a batch and has one call of the command judge them. The runs are in the order of its
// cases.
func (p *prover) judge(ctx context.Context, b batch, args ...string) ([]verdict.Run, error) {
	dir, err := os.MkdirTemp(p.dir, "")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	args = append([]string{"run", "--out", dir, "--reports", "report.json", "--evidence", "broken"}, args...)
	for i, k := range b.cases {
		options := reference.Options{Profile: k.profile, Instances: 2, Lifetimes: reference.ShortLifetimes()}
		if k.named.Long || b.long {
			options.Lifetimes.Session *= longer
			options.Lifetimes.Token *= longer
		}
		if k.variant {
			options.Variant = k.variants()
		} else {
			options.Fault = k.named.Name
		}
		server, err := reference.Serve(options)
		if err != nil {
			return nil, fmt.Errorf("%s in %s: %w", k.named.Name, k.profile, err)
		}
		defer server.Close() // when all have been judged
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
	command := exec.CommandContext(ctx, p.options.Executable, args...)
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
	if len(report.Runs) != len(b.cases) {
		return nil, fmt.Errorf("the report holds %d runs, of %d", len(report.Runs), len(b.cases))
	}
	return report.Runs, nil
}
