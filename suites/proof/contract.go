package proof

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// Contract is a contract that somebody brings, with a player of it to be broken.
type Contract struct {
	Profile string
	// Args have the command read the contract.
	Args []string
	// Make makes a player of it, with the fault that the options name, and Faults are those that it can have.
	Make   func(reference.Options) (reference.System, error)
	Faults []fault.Named
	// Requirements are the IDs of those of level MUST or SHOULD.
	Requirements []string
}

// playedFor is how long the credentials of a player live: some forms of an end know whole seconds alone. What all checks judge has longer.
const playedFor, playedForAll = 4 * time.Second, 6 * time.Second

// plain is the name of a player without a fault.
const plain = "plain"

// prove judges a player of a contract, first as it is and then with each fault. No fault says which requirement it breaks, since that is the
// contract's: the one that the report names first has caught it. What the player is blamed for as it is catches nothing.
func (c Contract) prove(ctx context.Context, o Options) (verdict.Proof, error) {
	started := time.Now()
	places := int64(o.Jobs+5) / 6
	p := &prover{options: o, whole: semaphore.NewWeighted(places), own: semaphore.NewWeighted(places)}
	p.batches(ctx, byAll(o.variants()))
	rest := p.batches(ctx, chunks(o.faults(), batch{filter: "!" + check.Sweep}))
	p.batches(ctx, byAll(rest))
	proven, unproven := c.proven(p.result, p.examined)
	p.result.Requirements, p.result.Proven = proven+len(unproven), proven
	if len(o.Only) == 0 && o.OneIn < 2 { // some of the faults leave most unproven
		p.result.Unproven = unproven
	}
	slices.SortFunc(p.result.Faults, func(a, b verdict.FaultProof) int {
		return strings.Compare(a.Requirement+" "+a.Name, b.Requirement+" "+b.Name)
	})
	p.result.Seconds = time.Since(started).Seconds()
	return p.result, errors.Join(append(p.failed, ctx.Err())...)
}

// proven counts the requirements that are examined of which some check has shown a fault, and lists the others, by profile and ID.
func (c Contract) proven(p verdict.Proof, examined map[string]bool) (proven int, unproven []string) {
	for _, id := range c.Requirements {
		switch {
		case !examined[id]:
		case slices.ContainsFunc(p.Faults, func(f verdict.FaultProof) bool { return slices.Contains(f.Caught, id) }):
			proven++
		default:
			unproven = append(unproven, c.Profile+" "+id)
		}
	}
	return proven, unproven
}

// caught says how a run met a fault of a player, and blamed which checks break without one.
func (c Contract) caught(k kase, run verdict.Run, blamed func(verdict.Check) bool) verdict.FaultProof {
	p := verdict.FaultProof{Profile: k.profile, Name: k.named.Name, Kill: verdict.Survived, Checks: []string{}, Caught: []string{}}
	for _, broken := range run.Checks {
		if !broken.Broken() || blamed(broken) {
			continue
		}
		if p.Kill = verdict.Killed; p.Requirement == "" {
			p.Requirement = broken.Requirements[0]
		}
		p.Checks, p.Caught = append(p.Checks, broken.ID), append(p.Caught, broken.Requirements...)
	}
	slices.Sort(p.Caught)
	p.Caught = slices.Compact(p.Caught)
	if p.Kill == verdict.Survived {
		if run.Verdict != verdict.Conformant { // a gate does not open on it
			p.Kill = verdict.KilledByOthers
		}
		p.Detail = strings.TrimSuffix("the run is "+string(run.Verdict)+": "+run.Reason, ": ")
	}
	return p
}

// server is a player of the contract for a batch.
func (c Contract) server(b batch) reference.Options {
	lives := playedFor
	if b.filter == "" {
		lives = playedForAll
	}
	return reference.Options{Profile: c.Profile, Make: c.Make, Lifetimes: reference.Lifetimes{Session: lives, Token: lives}}
}

// examinedIn are the requirements of which a run has judged some check.
func examinedIn(run verdict.Run) map[string]bool {
	all := map[string]bool{}
	for _, c := range run.Checks {
		for _, id := range c.Requirements {
			all[id] = all[id] || c.Status != verdict.Skipped && c.Status != verdict.Inconclusive
		}
	}
	return all
}

// brokenIn are the IDs of the checks that a run shows broken.
func brokenIn(run verdict.Run) map[string]bool {
	all := map[string]bool{}
	for _, c := range run.Checks {
		if c.Broken() {
			all[c.ID] = true
		}
	}
	return all
}
