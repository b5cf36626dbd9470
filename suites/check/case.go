package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/coordinator"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/redact"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
)

// Env is what the checks of one run share within one process.
type Env struct {
	// Run is the index of the run in the job.
	Run         int
	Target      *target.Target
	Client      *client.Client
	Coordinator *coordinator.Client
	Redactor    *redact.Redactor
	// End ends an item of the ledger.
	End func(context.Context, *client.Client, coordinator.Item) error
}

// Case is one attempt at one check. It belongs to one goroutine.
type Case struct {
	*Env
	def Definition

	answers    []*client.Answer
	breaches   []breach
	local      bool // see ByClock
	counts     map[string]int
	dropped    int
	note       string
	items      []coordinator.Item
	controlled bool
	lives      map[string]Lifetime // by credential
}

type breach struct {
	violation evidence.Violation
	answer    *client.Answer
}

// NewCase returns a case outside the tree, for the preflight.
func NewCase(env *Env) *Case { return &Case{Env: env, counts: map[string]int{}} }

// Send sends a request, registers the secrets that went and came, and records the exchange. It ends the check when
// the request cannot be made at all.
func (c *Case) Send(ctx context.Context, r client.Request) *client.Answer {
	answer, err := c.Client.Do(ctx, r)
	if err != nil {
		c.Inconclusive("the check itself is at fault: %v", err)
	}
	c.keep(ctx, r, answer)
	return answer
}

// SendOnWire sends two requests on one connection and reads the bytes between their answers.
func (c *Case) SendOnWire(ctx context.Context, first, next client.Request) *client.Wire {
	wire, err := c.Client.OnWire(ctx, first, next)
	if err != nil {
		c.Inconclusive("the check itself is at fault: %v", err)
	}
	c.keep(ctx, first, wire.First)
	if wire.Next != nil {
		c.keep(ctx, next, wire.Next)
	}
	return wire
}

// shortestSecret is the length in bytes from which a value that the contract marks secret is treated as one. Shorter
// ones are what checks send to try a server out ("'", "0"), and scrubbing them would take every report apart; the
// target's own passwords are registered whatever their length.
const shortestSecret = 4

func (c *Case) keep(ctx context.Context, r client.Request, a *client.Answer) {
	secrets := a.Operation.SecretsIn(a.RequestBody, false, 0)
	for _, p := range a.Operation.QueryParameters() {
		if p.Secret != "" {
			secrets = append(secrets, openapi.Secret{Kind: p.Secret, Value: r.Query.Get(p.Name)})
		}
	}
	secrets = append(secrets, openapi.Secret{Kind: "credential", Value: bare(a.Operation.CredentialHeader(), r.Credential)})
	if a.Err == nil {
		secrets = append(secrets, a.Operation.SecretsIn(a.Body, true, a.Status)...)
	}
	for _, s := range secrets {
		if len(s.Value) >= shortestSecret {
			c.Secret(ctx, s.Kind, s.Value)
		}
	}
	c.answers = append(c.answers, a)
	c.counts[a.Operation.ID()]++
	if a.First != nil {
		c.dropped++
	}
	if errors.Is(a.Err, coordinator.ErrThrottled) {
		c.Inconclusive("%v", a.Err)
	}
	if r.Method != "" || r.Path != "" {
		return // the document does not describe this request, so it says nothing about the answer
	}
	for _, v := range a.Violations() {
		// Whether a status is a breach depends on what was asked: the check judges it, and an arrangement does. Only
		// a 5xx is one whatever was asked, short of a request that was good.
		good := r.Purpose == evidence.Arrange || r.Purpose == evidence.Control
		if v.Place == "status" && (a.Status < 500 || good) {
			continue
		}
		c.breaches = append(c.breaches, breach{v, a})
	}
}

// bare is a credential without the name of its scheme (RFC 9110, 11.4), which is no secret and tells a reader something.
func bare(header, credential string) string {
	if _, after, found := strings.Cut(credential, " "); found && header == "Authorization" {
		return strings.TrimSpace(after)
	}
	return credential
}

// Breach records that an answer which the check needed, but is not about, broke a requirement.
func (c *Case) Breach(requirement, place, expected, actual string, a *client.Answer) {
	c.breaches = append(c.breaches, breach{evidence.Violation{
		Requirement: requirement, Place: place, Expected: expected, Actual: actual,
	}, a})
}

// Secret registers a secret under a name that is the same in the whole run, and returns the name.
func (c *Case) Secret(ctx context.Context, kind, value string) string {
	if value == "" {
		return ""
	}
	if name, ok := c.Redactor.Name(value); ok {
		return name
	}
	// What was sent with its quoting broken is the same secret in another form, and keeps its name.
	if hits := c.Redactor.Find(value); len(hits) == 1 && hits[0].Offset == 0 && hits[0].Length == len(value) {
		return hits[0].Name
	}
	name, err := c.Coordinator.Name(ctx, kind, value)
	if err != nil {
		// A name that other processes do not know still keeps the secret out of the report.
		name = kind + "-unnamed"
	}
	c.Redactor.Add(name, value)
	return name
}

// Made enters in the ledger what the check made and the run must end.
func (c *Case) Made(ctx context.Context, item coordinator.Item) {
	item.Run = c.Run
	if err := c.Coordinator.Made(ctx, item); err != nil {
		c.Inconclusive("%v", err)
	}
	c.items = append(c.items, item)
}

// Note records what a NOTE check saw.
func (c *Case) Note(format string, args ...any) { c.note = oneLine(fmt.Sprintf(format, args...)) }

// Against judges refusals between two controls: the control shows that the right credential works, before and
// after, and ends the check as inconclusive when it does not. A server that refuses everyone keeps no promise by it.
func (c *Case) Against(control, refusals func()) {
	control()
	c.controlled = true
	refusals()
	c.controlled = false
	control()
}

// WaitUntil waits for a moment by the local clock.
func (c *Case) WaitUntil(ctx context.Context, until time.Time, what string) {
	wait := time.Until(until)
	if wait <= 0 {
		return
	}
	_ = c.Coordinator.Report(ctx, coordinator.Progress{Check: c.def.ID, Waiting: what, Until: until})
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		c.Inconclusive("interrupted while waiting for %s", what)
	}
}

// WrongPassword sends one wrong password for a real account, named by attempt, at most once to a server: checks that
// share the attempt share its answer, also where several runs are against the server. The login function must show, before and after, that the right password works;
// until it has, no other process sends a wrong one for the account.
func (c *Case) WrongPassword(ctx context.Context, account, attempt string, login func(), send func() *client.Answer) *client.Answer {
	var own *client.Answer
	data, err := c.Coordinator.Once(ctx, fmt.Sprintf("wrong-password %s at %s", attempt, c.Target.URL), func() ([]byte, error) {
		unlock, err := c.Coordinator.LockAccount(ctx, c.Run, account)
		if err != nil {
			return nil, err
		}
		unlockOnce := sync.OnceValue(unlock)
		defer func() { _ = unlockOnce() }()
		login()
		own = send()
		login()
		if err := unlockOnce(); err != nil {
			return nil, err
		}
		return json.Marshal(shared{
			Operation: own.Operation.ID(), Status: own.Status, Header: own.Header, Body: own.Body, Sent: own.Sent,
			Received: own.Received, Date: own.Date, Method: own.Method, URL: own.URL, RequestHeader: own.RequestHeader,
			RequestBody: own.RequestBody, Proto: own.Proto, Reason: own.Reason, Err: errorText(own.Err),
		})
	})
	switch {
	case errors.Is(err, coordinator.ErrBudget):
		c.Skip(err.Error(), "raise limits.badLogins in the target")
	case err != nil:
		c.Inconclusive("%v", err)
	case own != nil:
		return own
	}
	return c.adopt(ctx, data)
}
