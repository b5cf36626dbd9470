// Package check is what a suite's specs are written with. A system's suite declares its checks as values: what each
// one proves, what it costs, and its body. The same declarations make the Ginkgo tree, the plan of a dry run, the lists
// and the traceability page, so that none of them can say what the others do not.
package check

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/client"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/openapi"
	"example.org/conform/specs"
)

// Definition is one check of one profile.
type Definition struct {
	// ID is <profile>/<requirement>/<slug>.
	ID string
	// Slug names the check within its requirement and never changes; Title says what the server must do.
	Slug, Title string
	// Requirements are those that the check proves; all have the same level.
	Requirements []specs.Requirement
	// Spends names the wrong passwords for a real account that the check needs. Checks that name the same one share
	// a single attempt.
	Spends []string
	// Needs are features of the target beyond those of the requirements.
	Needs []string
	// Waits says that the check waits for time to pass: it then begins before the others.
	Waits bool
	// Reaches says that the check asks what one end, or one creation, does to other credentials of the account: on a server
	// that breaks it, other checks lose theirs to it.
	Reaches bool
	// Declared is where the check is declared, file:line within the repository. For one that is generated from the contract,
	// Generator is the function that did, and Contract where the contract says it.
	Declared, Generator, Contract string
	// Location is Declared as Ginkgo takes it.
	Location types.CodeLocation

	body func(context.Context, *Case)
}

// Level is the level of the requirements that the check proves.
func (d Definition) Level() verdict.Level { return d.Requirements[0].Level }

// Subject is the subject of the first requirement.
func (d Definition) Subject() string { return d.Requirements[0].Subject }

// AllNeeds are the features of the target without which the check is skipped.
func (d Definition) AllNeeds() []string {
	needs := slices.Clone(d.Needs)
	for _, r := range d.Requirements {
		needs = append(needs, r.Needs...)
	}
	slices.Sort(needs)
	return slices.Compact(needs)
}

// Labels are what --label-filter selects by: profile, subject, level and requirement IDs.
func (d Definition) Labels() []string {
	profile, _, _ := cut(d.ID)
	labels := []string{profile, d.Subject(), string(d.Level())}
	for _, r := range d.Requirements {
		labels = append(labels, r.ID)
	}
	return labels
}

// Result is the check's record before it has run.
func (d Definition) Result() verdict.Check {
	r := d.Requirements[0]
	c := verdict.Check{
		ID: d.ID, Subject: d.Subject(), Level: d.Level(), Title: d.Title, Statement: r.Statement, Source: r.Source,
		Declared: d.Declared, Generator: d.Generator, Contract: d.Contract,
	}
	for _, r := range d.Requirements {
		c.Requirements = append(c.Requirements, r.ID)
	}
	return c
}

// System is one vendor's API, as the runner sees it.
type System struct {
	// Name is the name of the catalogue of requirements.
	Name string
	// Profiles are the IDs of its profiles.
	Profiles []string
	// Documents are those of a profile; nil for the embedded ones.
	Documents func(profile string) (Documents, error)
	// Target is what a description can say of the system beyond what it says of any.
	Target target.Vocabulary
	// Checks declares the checks of a profile, and returns them in the order of the catalogue.
	Checks func(profile string, declared Declared) ([]Definition, error)
	// Preflight reaches the target, logs in once and tries what it got. A nil Problem lets the run begin; a breach
	// of the contract is no Problem, it is for the checks to name.
	Preflight func(context.Context, *Case) *Problem
	// End ends one item of the ledger. It is nil for a system whose API ends nothing and whose checks enter nothing.
	End func(context.Context, *client.Client, ledger.Item) error
	// Authenticate makes, once for each client, what logs its requests in where that is the transport's work: a wrapper
	// of the client's transports, and what ends it. It is nil for a system that logs in by its requests.
	Authenticate func(*target.Target) (wrap func(*http.Transport) http.RoundTripper, end func(), err error)
}

// DocumentsOf are the documents of one of the system's profiles.
func (s System) DocumentsOf(profile string) (Documents, error) {
	if s.Documents != nil {
		return s.Documents(profile)
	}
	return DocumentsOf(profile)
}

// Problem is why a run cannot begin, in one line each: what is wrong, and what to do.
type Problem struct{ Reason, Remedy string }

// Option declares a property of a check.
type Option func(*builder)

type builder struct {
	proves []string
	def    Definition
}

// Proves names the requirements that the check proves. Every check has it; those that do not hold in the profile
// are left out, and a check of which none holds does not exist there.
func Proves(ids ...string) Option {
	return func(b *builder) { b.proves = append(b.proves, ids...) }
}

// Spends names the wrong passwords that the check sends for a real account.
func Spends(attempts ...string) Option {
	return func(b *builder) { b.def.Spends = append(b.def.Spends, attempts...) }
}

// Needs names features of the target beyond those that the requirements need.
func Needs(features ...string) Option {
	return func(b *builder) { b.def.Needs = append(b.def.Needs, features...) }
}

// Generated says which function has made a check of the contract, and where the contract has it: file:line.
func Generated(generator, contract string) Option {
	return func(b *builder) { b.def.Generator, b.def.Contract = generator, contract }
}

// Reaching marks a check that asks what an end, or a creation, does to other credentials of the account.
func Reaching() Option { return func(b *builder) { b.def.Reaches = true } }

// Waiting marks a check that waits for time to pass.
func Waiting() Option { return func(b *builder) { b.def.Waits = true } }

// Declared is called with each check from where it is declared, so that its caller can be found there by whoever looks at
// the stack: this is how a failure of a Ginkgo spec points at the line of its check. It may be nil.
type Declared func(Definition)

// Suite collects the checks of one profile. A is the system's API, which Bind makes for each attempt at a check.
type Suite[A any] struct {
	// Profile is the profile that the checks are for, and Contract its document.
	Profile  string
	Contract *openapi.Document
	// Bind gives a check its system's API.
	Bind func(*Case) A
	// Unused tries a credential once that a check was given and did not use, since any of them has to work; nil where
	// nothing is entered in the ledger. See Case.Tried.
	Unused func(context.Context, A, ledger.Item)

	declared  Declared
	catalogue *specs.Catalogue
	promises  []specs.Requirement // those that hold in the profile, in order
	defs      []Definition
	err       error
}

// Documents are what the checks of a profile are declared from.
type Documents struct {
	Contract  *openapi.Document
	Catalogue *specs.Catalogue
}

// DocumentsOf are the embedded documents of a profile.
func DocumentsOf(profile string) (d Documents, err error) {
	if d.Catalogue, err = specs.ForProfile(profile); err == nil {
		d.Contract, err = openapi.Load(profile)
	}
	return d, err
}

// DocumentsIn are the documents of a profile in a folder of its system's: <profile>.yaml and <system>.yaml.
func DocumentsIn(folder fs.FS, system, profile string) (d Documents, err error) {
	if d.Catalogue, err = specs.Read(folder, system); err == nil {
		d.Contract, err = openapi.Read(folder, profile)
	}
	return d, err
}

// NewSuite returns an empty suite for the profile of the documents.
func NewSuite[A any](d Documents, bind func(*Case) A, declared Declared) *Suite[A] {
	profile := d.Contract.Profile()
	return &Suite[A]{
		Profile: profile, Contract: d.Contract, Bind: bind,
		declared: declared, catalogue: d.Catalogue, promises: d.Catalogue.In(profile),
	}
}

// Check declares a check. The title says what the server must do; the slug is its stable name.
func (s *Suite[A]) Check(slug, title string, body func(ctx context.Context, api A), options ...Option) {
	types.MarkAsHelper()
	at := types.NewCodeLocation(1)
	b := builder{def: Definition{Slug: slug, Title: title, Location: at, Declared: strings.TrimPrefix(at.String(), folder)}}
	for _, o := range options {
		o(&b)
	}
	if len(b.proves) == 0 {
		s.Fail(fmt.Errorf("check %q proves no requirement", slug))
		return
	}
	for _, id := range b.proves {
		if r, ok := s.find(id); ok {
			b.def.Requirements = append(b.def.Requirements, r)
		} else if !slices.ContainsFunc(s.catalogue.Requirements, func(r specs.Requirement) bool { return r.ID == id }) {
			s.Fail(fmt.Errorf("check %q: the catalogue of %s has no requirement %s", slug, s.catalogue.System, id))
			return
		}
	}
	if len(b.def.Requirements) == 0 {
		return // a promise of another profile
	}
	for _, r := range b.def.Requirements[1:] {
		if r.Level != b.def.Requirements[0].Level {
			s.Fail(fmt.Errorf("check %q proves requirements of different levels", slug))
		}
	}
	b.def.ID = s.Profile + "/" + b.def.Requirements[0].ID + "/" + slug
	if slices.ContainsFunc(s.defs, func(d Definition) bool { return d.ID == b.def.ID }) {
		s.Fail(fmt.Errorf("check %s is declared twice", b.def.ID))
	}
	b.def.body = func(ctx context.Context, c *Case) {
		api := s.Bind(c)
		body(ctx, api)
		if s.Unused != nil {
			for _, item := range c.untried() {
				s.Unused(ctx, api, item)
			}
		}
	}
	s.defs = append(s.defs, b.def)
	if s.declared != nil {
		s.declared(b.def)
	}
}

// folder is that of the repository, as the compiler knows it.
var folder = strings.TrimSuffix(types.NewCodeLocation(0).FileName, "suites/check/definition.go")

// find is the requirement of an ID, when it holds in the profile.
func (s *Suite[A]) find(id string) (specs.Requirement, bool) {
	i := slices.IndexFunc(s.promises, func(r specs.Requirement) bool { return r.ID == id })
	if i < 0 {
		return specs.Requirement{}, false
	}
	return s.promises[i], true
}

// Fail records an error in a declaration; the first one is what Definitions returns.
func (s *Suite[A]) Fail(err error) {
	if s.err == nil {
		s.err = fmt.Errorf("suite of %s: %w", s.Profile, err)
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
		return place[a.Requirements[0].ID] - place[b.Requirements[0].ID]
	})
	return s.defs, nil
}
