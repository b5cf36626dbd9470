// Package runner judges targets in one process: it plans, reaches each target once, works through the checks side by
// side, ends what was left behind, and makes the report. Ginkgo's tree of specs collects what the checks came to.
package runner

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/suites/check"
)

// DefaultProcs is the number of checks at a time where nobody says another.
const DefaultProcs = 32

// Options say what to judge and how.
type Options struct {
	Targets []*target.Target
	// Systems are those that the caller knows; each target's profile belongs to one of them.
	Systems []check.System
	// LabelFilter selects checks, in Ginkgo's syntax; empty selects all.
	LabelFilter string
	// Only selects among those once more; nil selects all.
	Only func(*target.Target, check.Definition) bool
	// Shard is the part that is to be done of all that; zero is all.
	Shard Shard
	// Around are labels that every check has besides its own, those of the containers of a Ginkgo suite that a run is a part
	// of. The filter is then that of the whole suite, and may well name labels that no check has.
	Around []string
	// OnDemand runs a check when its outcome is asked for, and no other.
	OnDemand bool
	// Procs is the number of checks at a time, DefaultProcs where it is zero.
	Procs int
	// Seed orders the checks, and makes the walks; 1 where it is zero, so that two runs do the same.
	Seed uint64
	// OnlyBroken leaves the exchanges of a check that passed, or has only a remark, out of the report, and with them most of it.
	OnlyBroken bool
	// Hurry ends when a run that was interrupted is to give up on ending what it has made; nil for never. What it leaves it names.
	Hurry context.Context
	// Explore is how long walks go on beyond those of a plain run. NoWalks says that there are none at all.
	Explore time.Duration
	NoWalks bool
	// Timeout is how long the run may take; see Limit for zero.
	Timeout time.Duration
	// Expects is told of each target, once it is reached, what a request takes there and what about the run will; nil for nobody.
	Expects func(p Planned, request, run time.Duration)
	// Suite is the suite's name and version, for the report.
	Suite string
}

// Planned is one target with what the run would do to it: which checks run, which are skipped and why, and what that costs.
type Planned struct {
	Target *target.Target
	System check.System
	// Defs are all checks of the profile, Run those that run and Skipped those that do not, in the order of the catalogue.
	Defs, Run []check.Definition
	Skipped   []Skip
	// Unselected counts the checks that the label filter left out.
	Unselected int
	// Shard is set where this is one of several parts of a whole, and Shares are then the numbers of checks that each part makes, of all
	// targets.
	Shard  *verdict.Shard
	Shares []int
	// WrongPasswords are the numbers of those that the run sends and no earlier run against the same server does.
	WrongPasswords []WrongPasswords
	// Rest is how many of them a check sends that takes what the others leave.
	Rest int
	// RefusedLogins is about how many logins a server refuses in the run, whoever they are for.
	RefusedLogins int
}

// WrongPasswords is how many a run sends for one account.
type WrongPasswords struct {
	Username string
	Number   int
}

// Skip is a check that does not run: why, and what to add to the target so that it does.
type Skip struct {
	check.Definition
	Reason, Remedy string
	// Needs are what the target lacks, in the words of the catalogues and of the limits.
	Needs []string
}

// Plan says what a run would do, without sending anything.
func Plan(o Options) ([]Planned, error) {
	if len(o.Targets) == 0 {
		return nil, errors.New("no target to judge")
	}
	selected, err := selector(o.LabelFilter, o.Around)
	if err != nil {
		return nil, err
	}
	var planned []Planned
	var all []check.Definition
	sent := map[string]spent{}   // by server
	same := map[string]Planned{} // by profile
	for _, t := range o.Targets {
		p, known := same[t.Profile]
		if !known {
			var err error
			if p.System, p.Defs, err = Find(o.Systems, t.Profile); err != nil {
				return nil, err
			}
			same[t.Profile] = p
			all = append(all, p.Defs...)
		}
		if sent[t.URL] == nil {
			sent[t.URL] = spent{}
		}
		p.Target = t
		p.choose(func(d check.Definition) bool { return selected(d) && (o.Only == nil || o.Only(t, d)) }, sent[t.URL])
		p.share(planned)
		planned = append(planned, p)
	}
	if o.Around != nil {
		return planned, nil
	}
	if err := vetFilter(all, o.LabelFilter); err != nil || o.Shard.Of == 0 {
		return planned, err
	}
	return split(planned, o.Shard)
}

// share has targets of one profile that offer the same share the list of what runs: it is most of what a plan of hundreds takes.
func (p *Planned) share(others []Planned) {
	for i := range others {
		if slices.EqualFunc(others[i].Run, p.Run, func(a, b check.Definition) bool { return a.ID == b.ID }) {
			p.Run = others[i].Run
			return
		}
	}
	p.Run = slices.Clip(p.Run)
}

// Find returns the system of a profile and its checks.
func Find(systems []check.System, profile string) (check.System, []check.Definition, error) {
	for _, s := range systems {
		if slices.Contains(s.Profiles, profile) {
			defs, err := s.Checks(profile, nil)
			return s, defs, err
		}
	}
	return check.System{}, nil, fmt.Errorf("no suite for the profile %q", profile)
}

// spent is how many wrong passwords runs send to a server, by the name of the account and by what each stands for.
type spent map[string]map[string]int

// of is how many there are for an account.
func (s spent) of(account string) (n int) {
	for _, wrong := range s[account] {
		n += wrong
	}
	return n
}

// choose plans a run: what is selected, less what the target does not offer, less the wrong passwords that its limit does not
// cover, of which every account has its own. Those in sent are paid for by an earlier run against the same server, which shares their
// answers; it adds its own. It is the same for the same input, whatever the order in which checks run.
func (p *Planned) choose(selected func(check.Definition) bool, sent spent) {
	own, shared := map[string]int{}, map[string]bool{}
	var last []check.Definition
	for _, d := range p.Defs {
		if !selected(d) {
			p.Unselected++
			continue
		}
		if needs, reason, remedy := p.missing(d); reason != "" {
			p.Skipped = append(p.Skipped, Skip{d, reason, remedy, needs})
			continue
		}
		if d.Most > 0 {
			last = append(last, d)
			continue
		}
		wrong := d.Wrong(p.Target.Limits)
		if d.Times > 1 && wrong < 2 {
			p.Skipped = append(p.Skipped, Skip{d, fmt.Sprintf("it sends %s for a real account, and the run may send one", wrongOnes(d.Times)),
				fmt.Sprintf("set limits.badLoginsInARow to %d, or to what does not lock the account", d.Times),
				[]string{"limits.badLoginsInARow"}})
			continue
		}
		name := p.Target.Of(d.Account).Username
		fresh := d.Spends != "" && sent[name][d.Spends] == 0
		if fresh && sent.of(name)+wrong > p.Target.Limits.BadLogins {
			p.Skipped = append(p.Skipped, Skip{d,
				fmt.Sprintf("it sends %s for a real account, and the run may send %d", wrongOnes(wrong), p.Target.Limits.BadLogins),
				fmt.Sprintf("set limits.badLogins to %d to run every such check", p.wrongPasswords(name)), []string{"limits.badLogins"}})
			continue
		}
		if !p.mayBeRefused(d, shared) {
			p.Skipped = append(p.Skipped, p.refusedTooOften(d))
			continue
		}
		if fresh {
			if sent[name] == nil {
				sent[name] = map[string]int{}
			}
			sent[name][d.Spends] = wrong
			own[name] += wrong
		}
		p.Run = append(p.Run, d)
	}
	for _, d := range last {
		p.chooseLast(d, sent, own, shared)
	}
	for _, name := range append([]string{""}, slices.Sorted(maps.Keys(p.Target.Accounts))...) {
		name = p.Target.Of(name).Username
		if len(p.WrongPasswords) == 0 || own[name] > 0 {
			p.WrongPasswords = append(p.WrongPasswords, WrongPasswords{name, own[name]})
			delete(own, name) // two names may be those of one account
		}
	}
}

// chooseLast plans a check that sends as many wrong passwords as all others leave.
func (p *Planned) chooseLast(d check.Definition, sent spent, own map[string]int, shared map[string]bool) {
	name := p.Target.Of(d.Account).Username
	paid := sent[name][d.Spends]
	rest := min(d.Most, p.Target.Limits.BadLogins-sent.of(name))
	at := func(id string) int {
		return slices.IndexFunc(p.Defs, func(d check.Definition) bool { return d.ID == id })
	}
	inOrder := func(a, b Skip) int { return at(a.ID) - at(b.ID) }
	switch {
	case paid == 0 && rest < 1:
		p.Skipped = append(p.Skipped, Skip{d,
			fmt.Sprintf("it sends wrong passwords for a real account, and other checks send the %d that the run may send", p.Target.Limits.BadLogins),
			fmt.Sprintf("set limits.badLogins to %d to run every such check", p.wrongPasswords(name)), []string{"limits.badLogins"}})
		slices.SortFunc(p.Skipped, inOrder)
		return
	case !p.mayBeRefused(d, shared):
		p.Skipped = append(p.Skipped, p.refusedTooOften(d))
		slices.SortFunc(p.Skipped, inOrder)
		return
	}
	p.Rest = paid
	if paid == 0 {
		if sent[name] == nil {
			sent[name] = map[string]int{}
		}
		p.Rest, sent[name][d.Spends] = rest, rest
		own[name] += rest
	}
	p.Run = append(p.Run, d)
	slices.SortFunc(p.Run, func(a, b check.Definition) int { return at(a.ID) - at(b.ID) })
}

func (p *Planned) refusedTooOften(d check.Definition) Skip {
	return Skip{d, fmt.Sprintf("its logins would be refused, and the run may make %d such", p.Target.Limits.RefusedLogins),
		"raise limits.refusedLogins in the target, or set it to 0", []string{"limits.refusedLogins"}}
}

// mayBeRefused counts the logins of a check that a server refuses, unless they are more than the target allows. Checks that share theirs
// are counted once.
func (p *Planned) mayBeRefused(d check.Definition, shared map[string]bool) bool {
	n, key := refusing(d)
	if shared[key] {
		return true
	}
	if most := p.Target.Limits.RefusedLogins; most > 0 && p.RefusedLogins+n > most {
		return false
	}
	shared[key] = true
	p.RefusedLogins += n
	return true
}

// missing says what a check needs and the target does not offer; the reason is empty where it offers all.
func (p *Planned) missing(d check.Definition) (wanting []string, reason, remedy string) {
	wanting, remedy = p.wanting(d.AllNeeds())
	switch {
	case len(wanting) == 0 && d.Lacks != nil:
		reason, remedy = d.Lacks(p.Target)
		return []string{"accounts." + d.Account}, reason, remedy
	case len(wanting) == 0:
		return nil, "", ""
	}
	return wanting, "the target does not offer " + strings.Join(wanting, ", "), remedy
}

// wanting are those of some needs that the target does not meet, and what to do about them.
func (p *Planned) wanting(needs []string) (wanting []string, remedy string) {
	var remedies []string
	for _, need := range needs {
		if remedy := p.System.Target.Remedy(p.Target, need); remedy != "" {
			wanting = append(wanting, need)
			remedies = append(remedies, remedy)
		}
	}
	return wanting, strings.Join(slices.Compact(remedies), "; ")
}

// wrongPasswords is the number of those that all the checks would send for an account.
func (p *Planned) wrongPasswords(name string) int {
	all := spent{name: {}}
	for _, d := range p.Defs {
		if d.Spends != "" && p.Target.Of(d.Account).Username == name {
			all[name][d.Spends] = d.Wrong(p.Target.Limits)
		}
	}
	return all.of(name)
}

func wrongOnes(n int) string {
	if n == 1 {
		return "a wrong password"
	}
	return fmt.Sprintf("%d wrong passwords in a row", n)
}

// selector compiles a label filter in Ginkgo's syntax. Labels around are those that every check has besides its own.
func selector(filter string, around []string) (func(check.Definition) bool, error) {
	matches, err := types.ParseLabelFilter(strings.TrimSpace(filter))
	if err != nil {
		return nil, fmt.Errorf("--label-filter %q cannot be read: join labels by && || ! and brackets, such as 'renewal && MUST'", filter)
	}
	return func(d check.Definition) bool { return matches(append(d.Labels(), around...)) }, nil
}

// vetFilter returns an error when a filter names a label that none of the checks has: it would select nothing, or everything
// when negated.
func vetFilter(defs []check.Definition, filter string) error {
	known := map[string]bool{}
	for _, d := range defs {
		for _, l := range d.Labels() {
			known[strings.ToLower(l)] = true
		}
	}
	// What is between slashes is a pattern over labels, and cannot be looked up.
	for i, part := range strings.Split(filter, "/") {
		if i%2 == 1 {
			continue
		}
		for _, label := range strings.FieldsFunc(part, func(r rune) bool { return strings.ContainsRune("&|!(),", r) }) {
			label = strings.TrimSpace(label)
			if label != "" && !known[strings.ToLower(label)] {
				return fmt.Errorf("--label-filter: no check has the label %q; "+
					"labels are profiles, subjects, levels and requirement IDs (conform list checks shows them)", label)
			}
		}
	}
	return nil
}
