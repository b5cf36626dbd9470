// Package contract declares the checks that follow from an OpenAPI document alone, for any system: that what comes
// back is what the document describes, member by member, and that malformed requests are refused. The system lends
// it one good request for each operation.
package contract

import (
	"context"
	"fmt"
	"slices"
	"strings"

	ginkgotypes "github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega/types"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// Exemplar makes one good request of an operation and returns its answer.
type Exemplar[A any] func(ctx context.Context, api A) *client.Answer

// API is what the checks need of a system's API.
type API interface {
	Expect(any) types.Assertion
	ExpectDescribed(*client.Answer, string)
	Inconclusive(string, ...any)
	Aged(*client.Answer)
	Require(bool, string, string)
	OwnProbe(operation string) bool
}

// Probed is Described for the probe. Where the target names a probe of its operator's choice, the contract says no more
// of it than that a good credential opens it.
func Probed[A API](s *check.Suite[A], operation string, good Exemplar[A]) {
	ginkgotypes.MarkAsHelper() // the checks stand where a suite calls this
	described(s, operation, good, "contract.Probed", func(api A) bool { return api.OwnProbe(operation) })
}

// Described declares, for each requirement that the document ties to the answers of an operation, that those answers
// are as described. Breaches in the answers that other checks got count too.
func Described[A API](s *check.Suite[A], operation string, good Exemplar[A]) {
	ginkgotypes.MarkAsHelper()
	described(s, operation, good, "contract.Described", func(A) bool { return false })
}

func described[A API](s *check.Suite[A], operation string, good Exemplar[A], generator string, undescribed func(A) bool) {
	ginkgotypes.MarkAsHelper()
	op, err := s.Contract.Operation(operation)
	if err != nil {
		s.Fail(err)
		return
	}
	for _, requirement := range op.SuccessRequirements() {
		s.Check("as-described-by-"+kebab(operation), fmt.Sprintf("answers %s as the contract describes it", operation),
			func(ctx context.Context, api A) {
				answer := good(ctx, api)
				if answer.Err == nil && !check.Succeeded(answer) {
					api.Aged(answer)
				}
				if undescribed(api) {
					api.Require(check.Granted(answer), "the probe with a good credential is answered 2xx", check.Describe(answer))
					return
				}
				if !check.Succeeded(answer) && requirement != op.SuccessRequirement() {
					api.Inconclusive("%s was answered %s, where its members cannot be judged", operation, check.Describe(answer))
				}
				api.Expect(answer).To(check.Succeed())
				api.ExpectDescribed(answer, requirement)
			}, check.Proves(requirement), check.Generated(generator, s.Contract.Place(requirement)))
	}
}

func kebab(id string) string {
	var b strings.Builder
	for _, r := range id {
		if r >= 'A' && r <= 'Z' {
			b.WriteByte('-')
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Malformed declares, for each way in which the document's request body can be malformed, that such a request is
// refused. The good body is what the mutation starts from; spends names the wrong password that a mutation amounts to
// when it leaves the name of a real account in the body without its password, by the mutated member.
func Malformed[A API](s *check.Suite[A], operation string, spends map[string]string,
	judge func(ctx context.Context, api A, m openapi.Malformed),
) {
	ginkgotypes.MarkAsHelper()
	op, err := s.Contract.Operation(operation)
	if err != nil {
		s.Fail(err)
		return
	}
	for _, m := range op.Malformed() {
		options := []check.Option{check.Proves(m.Requirement), check.Generated("contract.Malformed", s.Contract.Place(m.Requirement))}
		if attempt, ok := spends[m.Member]; ok {
			options = append(options, check.Spends(attempt+"-"+m.Name))
		}
		s.Check(m.Name, "refuses a request with "+m.Title, func(ctx context.Context, api A) { judge(ctx, api, m) }, options...)
	}
}

// Methods declares, for each of the methods that the document does not describe on the path of an operation, that the good
// request of that operation gives nothing by it: "creates no session". The check is named by the method.
func Methods[A API](s *check.Suite[A], operation, requirement, gives string, methods []string,
	judge func(ctx context.Context, api A, method string),
) {
	ginkgotypes.MarkAsHelper()
	op, err := s.Contract.Operation(operation)
	if err != nil {
		s.Fail(err)
		return
	}
	undocumented := op.Undocumented()
	for _, method := range methods {
		if !slices.Contains(undocumented, method) {
			s.Fail(fmt.Errorf("the contract describes %s on the path of %s", method, operation))
			continue
		}
		s.Check("no-"+strings.ToLower(method), gives+" for "+method, func(ctx context.Context, api A) { judge(ctx, api, method) },
			check.Proves(requirement), check.Generated("contract.Methods", s.Contract.Place(operation)))
	}
}
