// Package contract declares the checks that follow from what an OpenAPI document says of requests and answers, for any system: that
// what comes back is what it describes, member by member, that malformed requests and other methods give nothing, and what a status
// without content is on the wire. Whoever knows how to make a good request of an operation lends it.
package contract

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	ginkgotypes "github.com/onsi/ginkgo/v2/types"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// Lender makes good requests within one check.
type Lender interface {
	// Good makes a good request of an operation and returns its answer.
	Good(context.Context, *openapi.Operation) *client.Answer
	// Broken makes a good request of an operation, changed so that it is good no more, between controls that show that it would be
	// good, and hands its answer to judge. Attempt names the wrong password that it amounts to, "" for none.
	Broken(ctx context.Context, op *openapi.Operation, attempt string, change func(*client.Request), judge func(*client.Answer))
	// ExpectNothing expects that an answer is a refusal that gives nothing, and HandsOut says what it gives, "" for nothing.
	ExpectNothing(ctx context.Context, answer *client.Answer, what string)
	HandsOut(context.Context, *client.Answer) string
	// OnWire makes a request of an operation that ends something, whose subject is in a state, and a good probe on one connection.
	OnWire(ctx context.Context, op *openapi.Operation, state string) *client.Wire
	// Strange sends requests of an operation that are good but for the credentials in them, which are nobody's, each with another
	// change, and has the answers judged.
	Strange(ctx context.Context, op *openapi.Operation, changes []func(*client.Request), judge func(i int, own *check.Case, answer *client.Answer))
	// Checked is the check itself.
	Checked() *check.Case
}

// Declare declares the checks of every operation.
func Declare[A any](s *check.Suite[A], lend func(A) Lender) {
	ginkgotypes.MarkAsHelper()
	for _, op := range s.Contract.Operations() {
		generator := func(name string, requirement string) []check.Option {
			return []check.Option{check.Proves(requirement), check.Generated("contract."+name, s.Contract.Place(requirement))}
		}
		for _, requirement := range op.SuccessRequirements() {
			s.Check("as-described-by-"+Kebab(op.ID()), fmt.Sprintf("answers %s as the contract describes it", op.ID()),
				func(ctx context.Context, api A) { described(ctx, lend(api), op, requirement) },
				append(generator("Described", requirement), check.Documented())...)
		}
		for _, m := range op.Malformed {
			attempt := ""
			if leavesName(op, m) {
				attempt = "malformed-" + m.Name
			}
			s.Check(m.Name, "refuses a request with "+m.Title,
				func(ctx context.Context, api A) { malformed(ctx, lend(api), op, m, attempt) },
				append(generator("Malformed", m.Requirement), check.Nearly(), check.Spends(attempt), check.Refuses(refused(op, 2)))...)
		}
		if requirement := op.Never5xx(); requirement != "" {
			s.Check("hostile-"+Kebab(op.ID()), "answers no hostile input of "+op.ID()+" 5xx",
				func(ctx context.Context, api A) { standsHostile(ctx, lend(api), op) },
				append(generator("Hostile", requirement), check.Nearly(), check.Sweeping(), check.Refuses(refused(op, len(hostileInputs(op, false)))))...)
		}
		if requirement := op.OtherMethods.Requirement; requirement != "" {
			for _, method := range op.Undocumented() {
				s.Check("no-"+strings.ToLower(method), "gives no "+op.HandsOut().Kind+" for "+method,
					func(ctx context.Context, api A) { otherMethod(ctx, lend(api), op, method) }, generator("Methods", requirement)...)
			}
		}
		if w := op.Wire; w.Slug != "" {
			s.Check("empty-"+w.Slug, "sends nothing behind the 204 of "+w.Words,
				func(ctx context.Context, api A) { empty(ctx, lend(api), op) }, generator("Wire", op.BodyRequirement())...)
			s.Check("next-after-"+w.Slug, "serves the next request on the connection after the 204 of "+w.Words,
				func(ctx context.Context, api A) { nextServed(ctx, lend(api), op) }, generator("Wire", w.Next)...)
			if op.Ends() != nil && op.Ends().Always {
				s.Check("empty-"+w.Slug+"-expired", "sends nothing behind the 204 of "+w.Words+" whose time is up",
					func(ctx context.Context, api A) { isEmpty(lend(api).Checked(), granted(ctx, lend(api), op, Expired)) },
					append(generator("Wire", op.BodyRequirement()), check.Waiting(), check.Ending())...)
			}
			s.Check("no-length-"+w.Slug, "sends no Content-Length with the 204 of "+w.Words,
				func(ctx context.Context, api A) { noLength(ctx, lend(api), op) }, generator("Wire", w.Length)...)
		}
	}
}

// refused is how many of so many requests of an operation are logins that a server refuses.
func refused(op *openapi.Operation, requests int) int {
	if h := op.HandsOut(); h == nil || h.From != "" {
		return 0
	}
	return requests
}

// leavesName reports whether what is malformed leaves the name of a real account without a usable password: a server may count
// that as a wrong one.
func leavesName(op *openapi.Operation, m openapi.Malformed) bool {
	return slices.ContainsFunc(op.Members, func(member openapi.Member) bool {
		return member.Name == m.Member && member.Account == "password"
	})
}

// described expects that the answer to a good request is as the document describes it, in what it ties to a requirement. Breaches in
// the answers that other checks got count too. Of a probe of the operator's choice the contract says no more than that a good
// credential opens it.
func described(ctx context.Context, l Lender, op *openapi.Operation, requirement string) {
	c, answer := l.Checked(), l.Good(ctx, op)
	if answer.Err == nil && !check.Succeeded(answer) {
		c.Aged(answer)
	}
	if c.OwnProbe(op.ID()) {
		c.Require(check.Granted(answer), "the probe with a good credential is answered 2xx", check.Shown(answer))
		return
	}
	if !check.Succeeded(answer) && requirement != op.SuccessRequirement() {
		c.Inconclusive("%s was answered %s, where its members cannot be judged", op.ID(), check.Describe(answer))
	}
	c.Expect(answer).To(check.Succeed())
	c.ExpectDescribed(answer, requirement)
}

var capital = regexp.MustCompile("[A-Z]")

// Kebab is an operationId as a part of a slug.
func Kebab(id string) string { return strings.ToLower(capital.ReplaceAllString(id, "-$0")) }

// malformed expects that a request with a malformed body is refused and gives nothing.
func malformed(ctx context.Context, l Lender, op *openapi.Operation, m openapi.Malformed, attempt string) {
	breaking := func(r *client.Request) {
		members, _ := r.JSON.(map[string]any)
		body, err := m.Body(members)
		l.Checked().AtFault(err)
		r.Body = body
	}
	l.Broken(ctx, op, attempt, breaking, func(answer *client.Answer) {
		if crashes := op.Never5xx(); crashes != "" && crashes != m.Requirement && answer.Err == nil && answer.Status >= 500 &&
			!slices.Contains(op.DeadStatuses(), answer.Status) {
			l.Checked().Inconclusive("a request with %s was answered %d, which %s judges", m.Title, answer.Status, crashes)
		}
		l.ExpectNothing(ctx, answer, "a request with "+m.Title)
		if h := op.HandsOut(); h != nil && h.From == "" { // what is missing of somebody may equal what is missing of nobody
			l.Strange(ctx, op, []func(*client.Request){breaking}, func(_ int, own *check.Case, answer *client.Answer) {
				own.ExpectRefused(answer, "a request by an unknown name with "+m.Title)
			})
		}
	})
}

// otherMethod expects that the good request gives nothing by a method which the path does not describe.
func otherMethod(ctx context.Context, l Lender, op *openapi.Operation, method string) {
	l.Broken(ctx, op, "", func(r *client.Request) { r.Method = method }, func(answer *client.Answer) {
		given := l.HandsOut(ctx, answer)
		l.Checked().Require(given == "", method+" on the path gives no "+op.HandsOut().Kind, given)
	})
}

// The checks of what a 204 is on the wire read the bytes of the connection, since HTTP libraries, Go's own among them, hide a body
// that follows one.

// The states in which an order to end something can find it.
const (
	Living   = "living"
	Ended    = "ended"
	NeverWas = "never was"
	Expired  = "expired"
	// ByItself is a living one by whose own authority it is ended.
	ByItself = "by itself"
)

// states are those in which a success is promised, and need no waiting for.
func states(op *openapi.Operation) []string {
	if op.Ends() == nil || !op.Ends().Always {
		return []string{Living}
	}
	return []string{Living, Ended, NeverWas}
}

func granted(ctx context.Context, l Lender, op *openapi.Operation, state string) *client.Wire {
	wire := l.OnWire(ctx, op, state)
	if wire.First.Err != nil || wire.First.Status != op.Success() {
		if check.Refused(wire.First) {
			l.Checked().Aged(wire.First)
		}
		l.Checked().Inconclusive("%s was not answered %d: %s", op.Wire.Words, op.Success(), check.Describe(wire.First))
	}
	return wire
}

func empty(ctx context.Context, l Lender, op *openapi.Operation) {
	all := states(op)
	if takes := op.Takes(); len(takes) > 1 && takes[0].Kind == takes[1].Kind {
		all = append(all, ByItself)
	}
	for _, state := range all {
		isEmpty(l.Checked(), granted(ctx, l, op, state))
	}
}

func isEmpty(c *check.Case, wire *client.Wire) {
	coding, length := wire.First.Header.Get("Transfer-Encoding"), wire.First.Header.Get("Content-Length")
	c.Require(len(wire.Stray) == 0, "nothing after the blank line", strings.TrimSuffix(fmt.Sprintf("%d bytes: %s", len(wire.Stray), wire.First.Brief()), ": "))
	c.Require(coding == "", "no Transfer-Encoding", coding)
	c.Require(length == "" || length == "0", "no Content-Length above 0", length)
}

func nextServed(ctx context.Context, l Lender, op *openapi.Operation) {
	c := l.Checked()
	for _, state := range states(op) {
		wire := granted(ctx, l, op, state)
		if wire.Closed {
			// HTTP lets a server close a connection between two answers at any time.
			c.Require(len(wire.Stray) == 0, "nothing before the connection's end", fmt.Sprintf("%d bytes", len(wire.Stray)))
			continue
		}
		if !check.Granted(wire.Next) {
			c.Aged(wire.Next)
			c.Fail("the next request on the connection, the probe with a valid credential, is answered 2xx", check.Shown(wire.Next))
		}
	}
}

func noLength(ctx context.Context, l Lender, op *openapi.Operation) {
	for _, state := range states(op) {
		length := granted(ctx, l, op, state).First.Header.Get("Content-Length")
		l.Checked().Require(length == "", "no Content-Length", length)
	}
}
