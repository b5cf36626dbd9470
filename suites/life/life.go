// Package life is what any contract says of its credentials, as checks: one is handed out, works, is refused where it is not the
// right one, is renewed, and ends when it is told to or when its time is up, alone. A contract says how its credentials live, and
// ties what follows from that to requirements of the vendor's; see package openapi. A system adds what its document cannot say in
// OpenAPI's terms, as a Dialect.
package life

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/client"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// Probe is the operation by which a credential is judged.
const Probe = check.Probe

// Dialect is what a system's lives ask for beside its contract. The zero value asks for nothing.
type Dialect struct {
	// Accept is what requests accept, by default anything.
	Accept string
	// Described has requests prefer the media type that the contract describes.
	Described bool
	// Unit is that by which a server may keep an end that it does not state; zero for the exact one.
	Unit time.Duration
	// Prefix is the word before a credential where the target chooses it, "" where it leaves that to the contract; nil where all do.
	Prefix func(*target.Target) string
	// LogIn completes the request of a login, and its context where the transport logs in.
	LogIn func(context.Context, *API, target.Account, *client.Request) context.Context
	// Word is the server's own word for why it refuses, "" for none, and Codes is what tells one refusal from another.
	Word, Codes func(*client.Answer) string
	// Leak says where an answer that should hand out nothing does so after all, beside where the contract looks; "" for nowhere.
	Leak func(context.Context, *API, *client.Answer) string
	// Refusal looks at what else the refusal of a wrong password holds, when it comes, and not when checks come to share it; nil for nothing.
	Refusal func(context.Context, *API, *client.Answer)
	// States looks at what an answer that handed something out states of its time beside what the contract says; nil for nothing.
	States func(*API, *Credential)
	// Owner is what an answer that handed something out says of the account, by the name of the member, and the requirement that it is the
	// same each time; "" for nothing.
	Owner func(*Credential) (member, text, requirement string)
	// Refused judges a first login that gave nothing, where the system knows more than its status; ok says that it did.
	Refused func(context.Context, *API, *client.Answer) (problem *check.Problem, ok bool)
	// Unopened judges a first credential that did not open the probe, before anything else does; nil for nothing.
	Unopened func(context.Context, *API, *Credential) *check.Problem
	// InOrder are the names of accounts of the target, beside those of any system, that can log in like its own.
	InOrder []string
	// MayDo and Example complete the remedies of the preflight: what the account must be allowed to do, and which probe would do.
	MayDo, Example string
}

// API is the lives of one contract, as one check uses them.
type API struct {
	*check.Case
	dialect Dialect
	given   map[*client.Answer]*Credential
	spelt   []Option
}

// New gives a check the lives of its target's contract.
func New(c *check.Case, d Dialect) *API {
	return &API{Case: c, dialect: d, given: map[*client.Answer]*Credential{}}
}

// Life is the API itself, for systems that embed it.
func (a *API) Life() *API { return a }

// Living is an API of a system that has lives.
type Living interface{ Life() *API }

// System is a system with lives, for the runner: words are what a description of a target can say of it. What declares its
// checks begins with Declare.
func System[A Living](profiles []string, words target.Vocabulary, bind func(*check.Case) A, declare func(*check.Suite[A]),
) check.System {
	return SystemOf(check.DocumentsOf, profiles, words, bind, declare)
}

// SystemOf is System for one that brings its own documents.
func SystemOf[A Living](documents func(profile string) (check.Documents, error), profiles []string,
	words target.Vocabulary, bind func(*check.Case) A, declare func(*check.Suite[A]),
) check.System {
	words.Given = func(profile string) bool {
		if !slices.Contains(profiles, profile) {
			return false
		}
		d, err := documents(profile)
		return err == nil && d.Contract.Given() != ""
	}
	return check.System{
		Profiles: profiles, Documents: documents, Target: words, End: end,
		Checks: func(profile string, declared check.Declared) ([]check.Definition, error) {
			d, err := documents(profile)
			if err != nil {
				return nil, err
			}
			s := check.NewSuite(d, bind, declared)
			s.Unused = func(ctx context.Context, api A, item ledger.Item) { api.Life().tryUnused(ctx, item.Key) }
			declare(s)
			return s.Definitions()
		},
		Preflight: func(ctx context.Context, c *check.Case) *check.Problem { return bind(c).Life().preflight(ctx) },
		Balanced:  func(ctx context.Context, c *check.Case) *check.Problem { return bind(c).Life().balanced(ctx) },
		Insist:    func(ctx context.Context, c *check.Case, operation string) { bind(c).Life().insist(ctx, operation) },
		Suspect:   func(ctx context.Context, c *check.Case, operation string) { bind(c).Life().suspect(ctx, operation) },
	}
}

// Declare declares every check that the contract ties to a requirement. They stand where it is called.
func Declare[A Living](s *check.Suite[A]) {
	types.MarkAsHelper()
	contract.Declare(s, func(api A) contract.Lender { return lender{api.Life()} })
	for _, op := range s.Contract.Operations() {
		for _, p := range op.Promises {
			judge, options, err := ruleFor(s.Contract, op, p)
			if err != nil {
				s.Fail(fmt.Errorf("%s: %s: %w", s.Contract.Place(p.Requirement+"/"+p.Slug), p.Slug, err))
				continue
			}
			if len(p.Sent) > 0 && p.Status != 0 {
				options = append(options, check.ByStatus())
			}
			s.Check(p.Slug, p.Title, func(ctx context.Context, api A) { judge(ctx, api.Life(), op, p) },
				append(options, check.Proves(p.Requirement), check.Needs(p.Needs...),
					check.Generated("life.Declare", s.Contract.Place(p.Requirement+"/"+p.Slug)))...)
		}
	}
}

// Operation is an operation of the contract.
func (a *API) Operation(id string) *openapi.Operation {
	op, err := a.Client.Document().Operation(id)
	if err != nil {
		a.Inconclusive("the check itself is at fault: %v", err)
	}
	return op
}

// Noun is a kind with its article: "a token", "an authorization".
func Noun(kind string) string {
	if strings.ContainsAny(kind[:1], "aeio") {
		return "an " + kind
	}
	return "a " + kind
}

// Together is Case.Together for parts that use the lives.
func (a *API) Together(ctx context.Context, n int, part func(i int, own *API)) []check.Part {
	return a.Case.Together(ctx, n, func(i int, own *check.Case) { part(i, New(own, a.dialect).Spelt(a.spelt...)) })
}

// AtTheSameMoment is Together for parts that begin when all of them are ready to.
func (a *API) AtTheSameMoment(ctx context.Context, n int, part func(i int, own *API)) []check.Part {
	var start sync.WaitGroup
	start.Add(n)
	return a.Together(ctx, n, func(i int, own *API) {
		start.Done()
		start.Wait()
		own.Abreast()
		part(i, own)
	})
}

// Spread is Case.Spread for tries that use the lives.
func (a *API) Spread(ctx context.Context, n int, try func(i int, own *API)) {
	a.Case.Spread(ctx, n, func(i int, own *check.Case) { try(i, New(own, a.dialect).Spelt(a.spelt...)) })
}

// InDoubt makes a part of the check that tries whether something else explains what it saw. Where that ends it, what the part saw is shown;
// else the part is no evidence of anything.
func (a *API) InDoubt(ctx context.Context, part func(own *API)) {
	if made := a.Together(ctx, 1, func(_ int, own *API) { part(own) })[0]; made.End != nil {
		a.Exhibit(made.Answers)
		a.EndAs(made.End)
	}
}

// OnOneConnection is Case.OnOneConnection for a part that uses the lives.
func (a *API) OnOneConnection(ctx context.Context, part func(own *API)) {
	a.Case.OnOneConnection(ctx, func(on *check.Case) { part(New(on, a.dialect).Spelt(a.spelt...)) })
}

// Spelt is the API, in the same check, whose every request the options change, beyond its own.
func (a *API) Spelt(options ...Option) *API {
	spelt := *a
	spelt.spelt = options
	return &spelt
}
