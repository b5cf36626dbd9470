// Package check is what a suite's specs are written with. A system's suite declares its checks as values: what each
// one proves, what it costs, and its body. The same declarations make the Ginkgo tree, the plan of a dry run, the lists
// and the traceability page, so that none of them can say what the others do not.
package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/ledger"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/specs"
)

// Definition is one check of one profile.
type Definition struct {
	// ID is <profile>/<requirement>/<slug>.
	ID string
	// Slug names the check within its requirement and never changes; Title says what the server must do.
	Slug, Title string
	// Requirement is the one that the check proves.
	Requirement specs.Requirement
	// Spends names the wrong password for a real account that the check needs, if any. Checks that name the same one share
	// a single attempt.
	Spends string
	// Times is how many wrong passwords that stands for; 0 for one.
	Times int
	// Most is how many it stands for at most where it is several, each between two good logins: as many are sent as the target's limit has
	// left when all other checks have theirs. 0 for a fixed number.
	Most int
	// Refuses is about how many logins the check has a server refuse, where nobody has counted them.
	Refuses int
	// Account is whose password that is, by its name in the target's Accounts; empty for the target's own.
	Account string
	// Lacks says what is wanting in a target that the check is for, in general; nil where nothing can be. See LackingIn.
	Lacks func(*target.Target) (reason, remedy string)
	// Needs are features of the target beyond those of the requirement.
	Needs []string
	// Waits says that the check waits for time to pass: it then begins before the others.
	Waits bool
	// Alone says that the check is made when all others are over.
	Alone bool
	// Reaches says that the check asks what one end, or one creation, does to other credentials of the account: on a server
	// that breaks it, other checks lose theirs to it.
	Reaches bool
	// Ends says that the check itself sends what ends, be it to something that is over already.
	Ends bool
	// Location is where the check is declared. For one that is generated from the contract, Generator is the function that
	// did, and Contract where the contract says it, file:line.
	Location            types.CodeLocation
	Generator, Contract string
	// Documented says that the check asks whether an operation answers the documented request as documented: whatever else asks something
	// of the operation needs that.
	Documented bool
	// ByStatus says that the check asks by which status something is refused: where it is not refused at all, another check shows why.
	ByStatus bool
	// Lasting says that the check asks whether something lives as long as it is said to: where it does not, others meet that now and then.
	Lasting bool
	// Everywhere says that the check asks whether an instance of the service knows what another does: where it does not, others meet that as
	// a balancer has it.
	Everywhere bool
	// Nearly says that the check asks whether what is nearly right is refused: where what is plainly wrong is not, another check shows why.
	Nearly bool
	// Sweeps says that the check tries much at once, of which other checks of the requirement may try a part on its own.
	Sweeps bool

	body func(context.Context, *Case)
}

// Level is the level of the requirement that the check proves.
func (d Definition) Level() verdict.Level { return d.Requirement.Level }

// Subject is the subject of that requirement.
func (d Definition) Subject() string { return d.Requirement.Subject }

// AllNeeds are the features of the target without which the check is skipped.
func (d Definition) AllNeeds() []string {
	needs := slices.Concat(d.Needs, d.Requirement.Needs)
	slices.Sort(needs)
	return slices.Compact(needs)
}

// Labels are what --label-filter selects by: profile, subject, level and requirement, whether it sweeps, and whether the contract gives it.
func (d Definition) Labels() []string {
	profile, _, _ := strings.Cut(d.ID, "/")
	labels := []string{profile, d.Subject(), string(d.Level()), d.Requirement.ID}
	if d.Sweeps {
		labels = append(labels, Sweep)
	}
	if d.Generator != "" {
		labels = append(labels, FromContract)
	}
	return labels
}

// SharedWalks and SharedEnds are the keys under which the checks of a run share their walks, and those that they make to the ends of what
// these hold: who makes some of them again makes others.
const SharedWalks, SharedEnds = "walks", "walks to the ends"

// InWalks is the slug of the checks that share them.
const InWalks = "in-walks"

// Sweep is the label of checks that sweep.
const Sweep = "sweep"

// FromContract is the label of checks that are generated from the contract; the others are written by hand.
const FromContract = "generated"

// Result is the check's record before it has run.
func (d Definition) Result() verdict.Check {
	r := d.Requirement
	return verdict.Check{
		ID: d.ID, Requirements: []string{r.ID}, Subject: r.Subject, Level: r.Level, Title: d.Title, Statement: r.Statement, Source: r.Source,
		Grounds:  r.Grounds(),
		Declared: strings.TrimPrefix(d.Location.String(), folder), Generator: d.Generator, Contract: d.Contract,
	}
}

// folder is that of the repository, as the compiler knows it.
var folder = strings.TrimSuffix(types.NewCodeLocation(0).FileName, "suites/check/definition.go")

// Option declares a property of a check.
type Option func(*Definition)

// Proves names the requirement that the check proves. Every check has it; where it does not hold in the profile, the check does
// not exist there.
func Proves(id string) Option { return func(d *Definition) { d.Requirement.ID = id } }

// Spends names the wrong password that the check sends for the target's own account.
func Spends(attempt string) Option { return SpendsOf("", attempt) }

// SpendsOf is Spends for the account under a name of the target's Accounts.
func SpendsOf(account, attempt string) Option {
	return func(d *Definition) { d.Spends, d.Account = attempt, account }
}

// SpendsInARow is Spends for as many wrong passwords, one after the other, as a target lets follow each other, and so many at most.
func SpendsInARow(attempt string, times int) Option {
	return func(d *Definition) { d.Spends, d.Times = attempt, times }
}

// SpendsRest is Spends for as many wrong passwords, each between two good logins, as other checks leave of a target's limit, and so many at
// most. See Env.Rest.
func SpendsRest(attempt string, most int) Option {
	return func(d *Definition) { d.Spends, d.Most = attempt, most }
}

// Wrong is the number of wrong passwords that the check sends for a real account of a target with the limits.
func (d Definition) Wrong(l target.Limits) int {
	if d.Spends == "" {
		return 0
	}
	if d.Most > 0 {
		return d.Most
	}
	return l.InARow(max(d.Times, 1))
}

// LackingIn has the check skipped for a target of which lacks gives a reason, and says what to change.
func LackingIn(lacks func(*target.Target) (reason, remedy string)) Option {
	return func(d *Definition) { d.Lacks = lacks }
}

// Needs names features of the target beyond those that the requirement needs.
func Needs(features ...string) Option {
	return func(d *Definition) { d.Needs = append(d.Needs, features...) }
}

// Generated says which function has made a check of the contract, and where the contract has it: file:line.
func Generated(generator, contract string) Option {
	return func(d *Definition) { d.Generator, d.Contract = generator, contract }
}

// Reaching marks a check that asks what an end, or a creation, does to other credentials of the account.
func Reaching() Option { return func(d *Definition) { d.Reaches = true } }

// Refuses says about how many logins the check has a server refuse.
func Refuses(logins int) Option { return func(d *Definition) { d.Refuses = logins } }

// Ending marks a check that itself sends what ends.
func Ending() Option { return func(d *Definition) { d.Ends = true } }

// Sweeping marks a check that tries much at once.
func Sweeping() Option { return func(d *Definition) { d.Sweeps = true } }

// Lasting marks a check that asks whether something lives as long as it is said to.
func Lasting() Option { return func(d *Definition) { d.Lasting = true } }

// Everywhere marks a check that asks whether an instance of the service knows what another does.
func Everywhere() Option { return func(d *Definition) { d.Everywhere = true } }

// Nearly marks a check that asks whether what is nearly right is refused.
func Nearly() Option { return func(d *Definition) { d.Nearly = true } }

// ByStatus marks a check that asks by which status something is refused.
func ByStatus() Option { return func(d *Definition) { d.ByStatus = true } }

// Documented marks a check that asks whether an operation answers the documented request as documented.
func Documented() Option { return func(d *Definition) { d.Documented = true } }

// Alone marks a check that wants the server for itself: what others send would come between.
func Alone() Option { return func(d *Definition) { d.Alone = true } }

// Waiting marks a check that waits for time to pass.
func Waiting() Option { return func(d *Definition) { d.Waits = true } }

// Suite collects the checks of one profile. A is the system's API, which is made for each attempt at a check.
type Suite[A any] struct {
	Documents
	// Unused tries a credential once that a check was given and did not use, since any of them has to work; nil where
	// nothing is entered in the ledger. See Case.Tried.
	Unused func(context.Context, A, ledger.Item)

	bind     func(*Case) A
	declared Declared
	promises []specs.Requirement // those that hold in the profile, in order
	defs     []Definition
	err      error
}

// NewSuite returns an empty suite for the profile of the documents; bind gives a check its system's API.
func NewSuite[A any](d Documents, bind func(*Case) A, declared Declared) *Suite[A] {
	return &Suite[A]{Documents: d, bind: bind, declared: declared, promises: d.Catalogue.In(d.Contract.Profile())}
}

// Check declares a check. The title says what the server must do; the slug is its stable name.
func (s *Suite[A]) Check(slug, title string, body func(ctx context.Context, api A), options ...Option) {
	types.MarkAsHelper()
	d := Definition{Slug: slug, Title: title, Location: types.NewCodeLocation(1)}
	for _, o := range options {
		o(&d)
	}
	proved := func(r specs.Requirement) bool { return r.ID == d.Requirement.ID }
	i := slices.IndexFunc(s.promises, proved)
	if i < 0 {
		if !slices.ContainsFunc(s.Catalogue.Requirements, proved) {
			s.Fail(fmt.Errorf("check %q: the catalogue of %s has no requirement %q", slug, s.Catalogue.System, d.Requirement.ID))
		}
		return // a promise of another profile
	}
	d.Requirement = s.promises[i]
	d.ID = s.Contract.Profile() + "/" + d.Requirement.ID + "/" + slug
	if slices.ContainsFunc(s.defs, func(other Definition) bool { return other.ID == d.ID }) {
		s.Fail(fmt.Errorf("check %s is declared twice", d.ID))
	}
	d.body = func(ctx context.Context, c *Case) {
		api := s.bind(c)
		body(ctx, api)
		if s.Unused != nil {
			for _, item := range c.untried() {
				s.Unused(ctx, api, item)
			}
		}
	}
	s.defs = append(s.defs, d)
	if s.declared != nil {
		s.declared(d)
	}
}

// Fail records an error in a declaration; the first one is what Definitions returns.
func (s *Suite[A]) Fail(err error) {
	if s.err == nil {
		s.err = fmt.Errorf("suite of %s: %w", s.Contract.Profile(), err)
	}
}

// Definitions returns what was declared, in the order of the catalogue, or the first error in a declaration.
func (s *Suite[A]) Definitions() ([]Definition, error) {
	if s.err != nil {
		return nil, s.err
	}
	place := map[string]int{}
	for i, r := range s.promises {
		place[r.ID] = i
	}
	slices.SortStableFunc(s.defs, func(a, b Definition) int {
		return place[a.Requirement.ID] - place[b.Requirement.ID]
	})
	return s.defs, nil
}
