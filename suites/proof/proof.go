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
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/specs"
	"example.org/conform/suites/check"
)

// Options say what to prove and with what.
type Options struct {
	// Executable is the built command.
	Executable string
	// Dir is a folder for what the runs read and write, which is the caller's to remove.
	Dir string
	// Jobs is the number of runs at a time. A run mostly waits for something to expire, so many fit on few cores.
	Jobs int
	// Profiles and Only narrow what is proven to some profiles, and to the faults and variants of some names.
	Profiles, Only []string
	// Full judges a server with a fault by all checks, and not only by those of the requirement that must catch it,
	// so that the matrix shows everything that a fault sets off, and the first line of each report is held against the cause.
	Full bool
	// Generated judges the faults by those checks alone that the contracts give, and no variants: who brings a contract has no others.
	Generated bool
	// OneIn takes one in so many of the faults, and of the variants, always the same, where judging all takes too long; all where it is
	// below 2.
	OneIn int
	// Done is called after each case with the number of those that are done, by one goroutine at a time.
	Done func(done int)
	// Contract is what is proven in place of the reference servers; nil for those.
	Contract *Contract
	// Procs is how many checks of a run are made at a time where all checks judge a server; as many as it has by itself for 0.
	Procs int
	// Seen is given each run that judged a fault by all checks, by one goroutine at a time; nil where nobody looks.
	Seen func(profile string, n fault.Named, run verdict.Run) error
	// Kept gives such runs, in place of judging anything; no variants are judged then. It is nil where servers are judged.
	Kept func(profile string, n fault.Named) (verdict.Run, error)
}

// kase is one server to judge.
type kase struct {
	profile string
	named   fault.Named
	variant bool
	// level is that of the requirement that a fault breaks.
	level specs.Level
	// beside are further variants of the same server: a run that blames nobody blames none of them.
	beside []fault.Named
}

// alone are the cases of which a case consists.
func (k kase) alone() []kase {
	all := []kase{{k.profile, k.named, k.variant, k.level, nil}}
	for _, other := range k.beside {
		all = append(all, kase{k.profile, other, k.variant, k.level, nil})
	}
	return all
}

// variants names those of the server. What is about the connection comes last, outside everything else: it may take it over.
func (k kase) variants() string {
	var first, last []string
	for _, one := range k.alone() {
		if slices.Contains(one.named.Of, connection) {
			last = append(last, one.named.Name)
		} else {
			first = append(first, one.named.Name)
		}
	}
	return strings.Join(append(first, last...), ",")
}

// connection is what variants are about that may take over a connection.
const connection = "connection"

// selects is the filter of a batch, of the checks that are asked at all.
func (o Options) selects(filter string) string {
	switch {
	case !o.Generated:
		return filter
	case filter == "":
		return check.FromContract
	}
	return filter + " && " + check.FromContract
}

// Count is the number of cases.
func (o Options) Count() int { return len(o.variants()) + len(o.faults()) }

func (o Options) variants() []kase {
	switch {
	case o.Generated, o.Kept != nil:
		return nil
	case o.Contract != nil:
		return []kase{{profile: o.Contract.Profile, named: fault.Named{Name: plain}, variant: true}}
	}
	return o.cases(reference.Variants(), true)
}

func (o Options) faults() []kase {
	if o.Contract != nil {
		return o.cases(o.Contract.Faults, false)
	}
	return o.cases(reference.Faults(), false)
}

// cases are the servers of a list that are to be judged: of each profile the first, and of the rest one in so many.
func (o Options) cases(list []fault.Named, variant bool) (some []kase) {
	seen := map[string]int{}
	for _, n := range list {
		for _, p := range n.Profiles {
			if !among(o.Only, n.Name) || !among(o.Profiles, p) {
				continue
			}
			if o.OneIn < 2 || seen[p]%o.OneIn == 0 {
				some = append(some, kase{profile: p, named: n, variant: variant})
			}
			seen[p]++
		}
	}
	return some
}

// variantsTogether is how many variants one server has at most.
const variantsTogether = 7

// groups puts variants together that have nothing in common, neither a decision of the server that they replace nor what they are about:
// servers in the field differ in several ways at once, and one run judges them all. Of a group that is blamed each is judged alone.
func groups(cases []kase) []kase {
	type class struct {
		profile string
		long    bool
	}
	of := map[class][]*kase{}
	var all []*kase
	for _, k := range hardestFirst(cases) {
		same := class{k.profile, k.named.Long}
		if i := slices.IndexFunc(of[same], func(other *kase) bool { return other.takes(k.named) }); i >= 0 {
			of[same][i].beside = append(of[same][i].beside, k.named)
			continue
		}
		of[same] = append(of[same], &k)
		all = append(all, &k)
	}
	var found []kase
	for _, k := range all {
		found = append(found, *k)
	}
	return found
}

// hardestFirst begins with what has something in common with most others: the rest finds room beside it.
func hardestFirst(cases []kase) []kase {
	common := map[string]int{}
	for _, k := range cases {
		for _, c := range k.named.Changes {
			common[k.profile+c]++
		}
	}
	most := func(k kase) (n int) {
		for _, c := range k.named.Changes {
			n = max(n, common[k.profile+c])
		}
		return n
	}
	return slices.SortedStableFunc(slices.Values(cases), func(a, b kase) int { return most(b) - most(a) })
}

// takes says whether a server has room for one more variant, which has nothing in common with those that it has.
func (k *kase) takes(n fault.Named) bool {
	if len(n.Changes) == 0 || len(k.beside)+1 >= variantsTogether {
		return false
	}
	return !slices.ContainsFunc(k.alone(), func(other kase) bool {
		return len(other.named.Changes) == 0 || slices.ContainsFunc(other.named.Changes, func(c string) bool { return slices.Contains(n.Changes, c) })
	})
}

// among says whether a selection takes a name; an empty one takes all.
func among(some []string, name string) bool { return len(some) == 0 || slices.Contains(some, name) }

// longer is how many times as long sessions and tokens live on a server that wants longer lifetimes.
const longer = 4

// Run judges every fault and every variant. The error is about the proof's own means; what the suite made of the
// servers is in the result.
func Run(ctx context.Context, o Options) (verdict.Proof, error) {
	if o.Contract != nil {
		return o.Contract.prove(ctx, o)
	}
	started := time.Now()
	if o.Procs == 1 {
		o.Jobs *= 4 // checks that wait one after the other leave a core to many more runs
	}
	p := &prover{
		options: o,
		whole:   semaphore.NewWeighted(int64(o.Jobs+5) / 6), own: semaphore.NewWeighted(int64(o.Jobs+2) / 3),
		sweeps: semaphore.NewWeighted(int64(o.Jobs+2) / 3), patient: semaphore.NewWeighted(int64(o.Jobs*2+2) / 3),
	}
	whole := groups(o.variants())
	requirements, err := byRequirement(o.faults())
	if err != nil {
		return verdict.Proof{}, err
	}
	if o.Full {
		for _, b := range requirements {
			whole = append(whole, b.cases...)
		}
		requirements = nil
	}
	// All is under way together, and waits for a place.
	var all sync.WaitGroup
	all.Go(func() { p.batches(ctx, byAll(p.batches(ctx, byAll(whole)))) })
	for _, b := range requirements {
		all.Go(func() {
			for _, s := range stages {
				b.cases = p.batches(ctx, s(b.requirement, b.cases))
			}
		})
	}
	all.Wait()
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
	// whole and own are the places of batches that all checks judge, and of those that some do: all checks of a run keep a core busy, and
	// more at a time outlive what they make, and begin again.
	whole, own *semaphore.Weighted
	// sweeps are the places of checks that do much: they begin beside the quick ones, and do not come after all of them.
	sweeps *semaphore.Weighted
	// patient are the places of those whose runs are mostly waiting.
	patient *semaphore.Weighted

	mu     sync.Mutex
	done   int
	result verdict.Proof
	// groups are variants that were not clean together, each of which is judged alone then.
	groups []verdict.VariantProof
	failed []error
	// plain are the IDs of the checks that a player without a fault breaks, and examined the requirements that are judged of it.
	plain, examined map[string]bool
}

// batches judges each batch, some at a time, until the context ends. It returns what is to be judged again: the faults that these checks
// did not catch, and the variants of a group that they blame.
func (p *prover) batches(ctx context.Context, batches []batch) (rest []kase) {
	var calls errgroup.Group
	for _, b := range batches {
		calls.Go(func() error {
			places, args := p.whole, []string(nil)
			switch {
			case b.filter != "" && b.long:
				places = p.sweeps
			case b.filter != "":
				places = p.own
			case b.long:
				places = p.patient
			}
			if filter := p.options.selects(b.filter); filter != "" {
				args = append(args, "--label-filter", filter)
			}
			if b.apart {
				args = append(args, "--procs", "1")
			} else if p.options.Procs > 0 {
				args = append(args, "--procs", strconv.Itoa(p.options.Procs))
			}
			if places.Acquire(ctx, 1) != nil {
				return nil // Run says so
			}
			defer places.Release(1)
			runs, err := p.judge(ctx, b, args...)
			p.mu.Lock()
			defer p.mu.Unlock()
			if err != nil {
				p.failed = append(p.failed, fmt.Errorf("%s and those beside it: %w", b.cases[0].named.Name, err))
				return nil
			}
			for i, k := range b.cases {
				if k.variant && p.options.Contract != nil {
					p.plain, p.examined = brokenIn(runs[i]), examinedIn(runs[i])
				}
				if k.variant {
					proofs := variantProofs(k, runs[i])
					if k.beside != nil && !clean(proofs[0]) {
						p.groups, rest = append(p.groups, proofs[0]), append(rest, k.alone()...)
						continue
					}
					p.result.Variants = append(p.result.Variants, proofs...)
					p.done += len(proofs) - 1
				} else if err := p.see(b, k, runs[i]); err != nil {
					p.failed = append(p.failed, err)
					return nil
				} else if f := p.faultProof(k, runs[i]); f.Kill == verdict.Killed || b.filter == "" || b.any && p.options.Generated && f.Any {
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

// see shows a run to who looks at what all checks make of a fault.
func (p *prover) see(b batch, k kase, run verdict.Run) error {
	if b.filter != "" || p.options.Seen == nil {
		return nil
	}
	return p.options.Seen(k.profile, k.named, run)
}

// faultProof says how a run met a fault.
func (p *prover) faultProof(k kase, run verdict.Run) verdict.FaultProof {
	if p.options.Contract != nil {
		return p.options.Contract.caught(k, run, func(c verdict.Check) bool { return p.plain[c.ID] })
	}
	return faultProof(k, run, p.options.Full)
}

// kept are the runs of a batch that are there already.
func (p *prover) kept(b batch) (runs []verdict.Run, err error) {
	for _, k := range b.cases {
		run, err := p.options.Kept(k.profile, k.named)
		if err != nil {
			return nil, err
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// judge starts the servers of a batch and has one call of the command judge them. The runs are in the order of its
// cases.
func (p *prover) judge(ctx context.Context, b batch, args ...string) ([]verdict.Run, error) {
	if p.options.Kept != nil {
		return p.kept(b)
	}
	dir, err := os.MkdirTemp(p.options.Dir, "")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	args = append([]string{"run", "--out", dir, "--reports", "report.json", "--evidence", "broken"}, args...)
	if p.options.Contract != nil {
		args = append(args, p.options.Contract.Args...)
	}
	for i, k := range b.cases {
		options := reference.Options{Profile: k.profile, Instances: 2, Lifetimes: reference.ShortLifetimes()}
		switch {
		case p.options.Contract != nil:
			options = p.options.Contract.server(b)
		case b.long:
			options.Lifetimes.Session *= longer
			options.Lifetimes.Token *= longer
		case k.variant, b.filter == "": // all checks judge it, and are late on a machine that is busy with others
			options.Lifetimes.Session += options.Lifetimes.Session / 2
			options.Lifetimes.Token += options.Lifetimes.Token / 2
		}
		switch {
		case !k.variant:
			options.Fault = k.named.Name
		case p.options.Contract == nil:
			options.Variant = k.variants()
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
	// What the caller logs in with elsewhere is no business of theirs.
	environment := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "CONFORM_") })
	// It ends before its garbage is worth collecting, and is one of many on as few cores.
	command.Env = append(environment, "GOGC=400", "GOMAXPROCS=1")
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
