package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/redact"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
)

// Env is what the checks of one run share.
type Env struct {
	Target   *target.Target
	Client   *client.Client
	Ledger   *ledger.Run
	Redactor *redact.Redactor
	// Shows names the check that shows whether a requirement is kept; "" where the run has none.
	Shows func(requirement string) string
	// Optional says whether a server may be without an operation, since its success is no MUST.
	Optional func(*openapi.Operation) bool
	Walks    Walks
	// Rest is how many wrong passwords a check may send that takes what others leave of the target's limit.
	Rest int
}

// Walks say how a run walks through the lives of credentials, beside its other checks.
type Walks struct {
	// Seed makes the same walks again.
	Seed uint64
	// Explore is how long walks go on beyond those of a plain run.
	Explore time.Duration
	// Off says that there are none at all.
	Off bool
	// OneAtATime has no two made at the same moment, so that none can take from another.
	OneAtATime bool
}

// Waits is told that a check is about to wait, for what and until when.
type Waits func(what string, until time.Time)

// Case is one attempt at one check. It belongs to one goroutine.
type Case struct {
	*Env
	def     Definition
	attempt int // from 0 on
	waits   Waits

	saw        Outcome
	local      bool // see ByClock
	controlled bool
	abreast    bool // see Abreast
	asking     bool // see LoggedIn
	inTurn     bool // see InTurn
	holding    bool // see again
	lives      *lives
}

// Send sends a request, registers the secrets that went and came, and records the exchange. It ends the check when
// the request cannot be made at all, and when the run knows that nothing good comes of it (see Arranged, Lost).
func (c *Case) Send(ctx context.Context, r client.Request) *client.Answer {
	c.spare(r)
	leave := c.enter(ctx, r.Operation)
	defer leave(time.Time{})
	r.Again = c.again(r.Operation)
	answer, err := c.Client.Do(ctx, r)
	leave(answered(answer))
	c.AtFault(err)
	c.fared(r, answer)
	c.keep(r, answer)
	return answer
}

// spare ends the check where an operation has failed so often that one more request of it would only dig on, unless it is
// the one that shows why.
func (c *Case) spare(r client.Request) {
	op, _ := c.Client.Document().Operation(r.Operation)
	why, hopeless := c.Ledger.Hopeless(r.Operation, c.asked(op, r.Purpose, r.Sound))
	own := why.Requirement != "" && why.Requirement == c.def.Requirement.ID
	if own || !hopeless {
		return
	}
	shown := cmp.Or(c.Shows(why.Requirement), "none of the run's checks")
	c.saw.Spared = true
	c.Inconclusive("not tried again, since %s was answered each time: %s; %s shows why", r.Operation, why.Reason, shown)
}

// logsIn reports whether an operation is the login.
func logsIn(op *openapi.Operation) bool { return op.HandsOut() != nil && op.HandsOut().From == "" }

// asked is what a request is to the check: a login is good where it is sound, whatever it is for.
func (c *Case) asked(op *openapi.Operation, p evidence.Purpose, sound bool) ledger.Asked {
	switch {
	case op == nil || !logsIn(op):
		return ledger.Asked{Arranges: good(p)}
	case sound:
		return ledger.Asked{Arranges: good(p), Sound: true}
	}
	return ledger.Asked{Odd: c.def.Requirement.ID}
}

// Good reports whether a request is good by all that its check knows.
func Good(r client.Request) bool { return good(r.Purpose) }

func good(p evidence.Purpose) bool { return p == evidence.Arrange || p == evidence.Control }

// fared enters in the ledger what became of a request that was sent.
func (c *Case) fared(r client.Request, a *client.Answer) {
	if !Granted(a) && !Refused(a) {
		return
	}
	f := ledger.Fate{Check: c.def.ID, Account: r.Account, At: a.Sent, Login: logsIn(a.Operation), Good: Good(r), Granted: Granted(a), Status: a.Status}
	if f.Login && f.Granted {
		f.By = client.Identity(a)
	}
	c.Ledger.Fared(f)
}

// Otherwise gives the case surroundings of its own, changed in one way, for what is left of it.
func (c *Case) Otherwise(change func(*Env)) {
	own := *c.Env
	change(&own)
	c.Env = &own
}

// AtFault ends the check where it is itself at fault: err is not nil.
func (c *Case) AtFault(err error) {
	if err != nil {
		c.Inconclusive("the check itself is at fault: %v", err)
	}
}

// SendOnWire sends two requests on one connection and reads the bytes between their answers.
func (c *Case) SendOnWire(ctx context.Context, first, next client.Request) *client.Wire {
	leave := c.enter(ctx, first.Operation)
	defer leave(time.Time{})
	wire, err := c.Client.OnWire(ctx, first, next)
	c.AtFault(err)
	leave(answered(wire.First))
	c.fared(first, wire.First)
	c.keep(first, wire.First)
	if wire.Next != nil {
		c.fared(next, wire.Next)
		c.keep(next, wire.Next)
	}
	return wire
}

// shortestSecret is the length in bytes from which a value that the contract marks secret is treated as one. Shorter
// ones are what checks send to try a server out ("'", "0"), and scrubbing them would take every report apart; the
// target's own passwords are registered whatever their length.
const shortestSecret = 4

// Nobodys are words that programs write where they have no credential. They are no secrets, wherever they stand.
var Nobodys = []string{"null", "undefined", "none", "nil", "true", "false", "0", "1", "*", "anonymous", "guest", "[object Object]"}

// Named reports whether a text is the name of the target's account, or its part before or behind what stands for the domain. That is no secret,
// also where it is sent as a password or as a credential.
func (e *Env) Named(text string) bool {
	own := e.Target.Account
	local, _, _ := strings.Cut(own.Username, "@")
	_, down, _ := strings.Cut(own.DownLevelName, `\`)
	_, bare, _ := strings.Cut(own.Username, `\`)
	return slices.Contains([]string{own.Username, own.DownLevelName, local, down, bare}, text)
}

// Conceal registers the secrets that a request and its answer hold, under names that are the same in the whole run.
func (e *Env) Conceal(r client.Request, a *client.Answer) {
	query := r.Query
	if r.RawQuery != "" {
		query, _ = url.ParseQuery(r.RawQuery) // what is malformed in it is no value of a parameter
	}
	secrets := append(a.Operation.SecretsIn(a.RequestBody, false, 0), a.Operation.SecretsInQuery(query)...)
	secrets = append(secrets, openapi.Secret{Kind: "credential", Value: bare(a.Operation.CredentialHeader(), r.Credential)})
	for attempt := a; attempt != nil; attempt = attempt.First {
		secrets = append(secrets, attempt.Operation.SecretsIn(attempt.Body, true, max(attempt.Status, attempt.Begun))...)
		if beside := attempt.Beside(e.Client.Document()); e.Ledger.Beside(len(beside)) {
			secrets = append(secrets, beside...)
		} else {
			attempt.Withhold()
		}
	}
	for _, s := range secrets {
		if len(s.Value) >= shortestSecret && !slices.Contains(Nobodys, s.Value) && !e.Named(s.Value) {
			e.Secret(s.Kind, s.Value)
		}
	}
}

func (c *Case) keep(r client.Request, a *client.Answer) {
	c.Conceal(r, a)
	c.saw.Answers = append(c.saw.Answers, a)
	if a.First != nil && a.Err == nil { // else what was sent again is what went wrong
		c.saw.Dropped++
	}
	if reason, remedy := client.Unreadable(a); reason != "" && c.def.ID != "" {
		c.Skip(reason, remedy)
	}
	if Granted(a) {
		c.Ledger.Granted(a.Operation.ID(), a.Sent)
	}
	if errors.Is(a.Err, ledger.ErrThrottled) {
		c.Inconclusive("%v", a.Err)
	}
	c.inStead(r, a)
	if !r.Described(a.Operation) {
		return // the document does not describe this request, so it says nothing about the answer
	}
	for _, v := range a.Violations() {
		// Whether a status is a breach depends on what was asked: the check judges it, and an arrangement does. Only
		// a 5xx is one whatever was asked, short of a request that was good.
		if v.Place == "status" && (a.Status < 500 || Good(r)) {
			continue
		}
		c.saw.Seen = append(c.saw.Seen, Seen{v, a})
	}
}

// inStead ends the check where something else has answered in the API's stead, also when it was asked again, or the request never left this
// machine: nobody knows what the API would have said. What a target answers first is judged as such.
func (c *Case) inStead(r client.Request, a *client.Answer) {
	for met := a; met != nil; met = met.First {
		if by := client.InStead(met); by != "" {
			c.Ledger.InStead(by, met.Sent)
		}
	}
	if a.Err != nil && r.Purpose != evidence.Preflight {
		if why := client.Unsent(a.Err); why != "" {
			c.Ledger.Unsent(why, a.Sent)
			c.saw.Weather = true
			c.Inconclusive("%s", why)
		}
	}
	if by := client.InStead(a); by != "" && r.Purpose != evidence.Preflight {
		c.saw.Weather = true
		c.Inconclusive("%s", by)
	}
}

// Denied marks an answer that refuses what was asked for, whatever its status: of its form the document says nothing.
func (c *Case) Denied(answer *client.Answer) {
	answer.Denied, answer.Differences = true, nil
	c.saw.Seen = slices.DeleteFunc(c.saw.Seen, func(s Seen) bool { return s.Answer == answer })
}

// bare is a credential without the name of its scheme (RFC 9110, 11.4), which is no secret and tells a reader something.
func bare(header, credential string) string {
	if _, after, found := strings.Cut(credential, " "); found && header == "Authorization" {
		return strings.TrimSpace(after)
	}
	return credential
}

// Proves is the ID of the requirement that the check proves.
func (c *Case) Proves() string { return c.def.Requirement.ID }

// Breach records that an answer which the check needed, but is not about, broke a requirement.
func (c *Case) Breach(v evidence.Violation, a *client.Answer) {
	c.saw.Seen = append(c.saw.Seen, Seen{v, a})
}

// Broke is Breach by the answer's status.
func (c *Case) Broke(requirement, expected string, a *client.Answer) {
	c.Breach(evidence.Violation{Requirement: requirement, Place: "status", Expected: expected, Actual: Shown(a)}, a)
}

// Secret registers a secret under a name that is the same in the whole run.
func (e *Env) Secret(kind, value string) {
	if _, known := e.Redactor.Name(value); known || value == "" || e.Named(value) {
		return
	}
	e.Redactor.Call(kind, value, 1)
}

// Made enters in the ledger what an answer gave and the run must end. Its life says when it has ended of itself.
func (c *Case) Made(answer *client.Answer, item ledger.Item, life Lifetime) {
	c.Ledger.Made(item, life.over)
	c.Ledger.Worked(answer.Operation.ID())
	c.saw.Made = append(c.saw.Made, item)
}

// Lost enters that an answer grants what was asked for and does not say what it gave, so that nobody can end it.
func (c *Case) Lost(answer *client.Answer) {
	c.Ledger.Lost(answer.Operation.ID(), c.asked(answer.Operation, answer.Purpose, answer.Sound), why(answer))
}

// Note records what a NOTE check saw.
func (c *Case) Note(format string, args ...any) {
	c.saw.Note = evidence.OneLine(fmt.Sprintf(format, args...))
}

// WaitUntil waits for a moment by the local clock.
func (c *Case) WaitUntil(ctx context.Context, until time.Time, what string) {
	if wait := time.Until(until); wait > 0 {
		c.wait(ctx, wait, until, what)
	}
}

// wait waits for a while, on the way to a moment.
func (c *Case) wait(ctx context.Context, while time.Duration, until time.Time, what string) {
	if c.waits != nil {
		c.waits(what, until)
	}
	select {
	case <-time.After(while):
	case <-ctx.Done():
		c.Inconclusive("interrupted while waiting for %s", what)
	}
}

// lostLogins is how many wrong passwords are sent in place of one, where no answer comes: one that is lost is the network's, and
// several in a row are the server's.
const lostLogins = 3

// WrongPassword sends one wrong password for a real account, named by attempt, at most once to a server: checks that
// share the attempt share its answer, also where several runs are against the server. The login function must show, before
// and after, that the right password works; until it has, no other check sends a wrong one for the account.
func (c *Case) WrongPassword(ctx context.Context, account, attempt string, login func(), send func() *client.Answer) *client.Answer {
	return c.WrongPasswords(ctx, account, attempt, 1, login, send)
}

// WrongPasswords is WrongPassword for several, which send sends one after the other; it returns the last answer.
func (c *Case) WrongPasswords(
	ctx context.Context, account, attempt string, times int, login func(), send func() *client.Answer,
) *client.Answer {
	answer, own, err := ledger.Do(ctx, &c.Ledger.Once, "wrong password "+attempt+" for "+account, func() (answer *client.Answer, err error) {
		for range lostLogins {
			err = c.Ledger.WrongPassword(ctx, account, times, func() {
				login()
				answer = send()
				login()
			})
			if err != nil || !errors.Is(answer.Err, client.ErrMayHaveCounted) {
				break
			}
		}
		if answer != nil && errors.Is(err, ledger.ErrBudget) {
			err = fmt.Errorf("%w, and the run may send no other wrong password", answer.Err)
		}
		return answer, err
	})
	switch {
	case errors.Is(err, ledger.ErrBudget):
		c.Skip(err.Error(), "raise limits.badLogins in the target")
	case err != nil:
		c.Inconclusive("%v", err)
	case !own:
		return c.adopt(answer)
	}
	return answer
}

// adopt records an answer that another check got as evidence of this one too.
func (c *Case) adopt(answer *client.Answer) *client.Answer {
	op, err := c.Client.Document().Operation(answer.Operation.ID())
	c.AtFault(err)
	if op != answer.Operation { // the other check was of another profile's run
		own := *answer
		answer = &own
		own.Operation = op
		if own.Err == nil {
			own.Validate()
		}
	}
	c.keep(client.Request{}, answer)
	return answer
}
