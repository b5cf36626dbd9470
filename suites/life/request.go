package life

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// Request is a request of an operation before it is sent.
type Request struct {
	client.Request
	by        string
	concerns  *Credential // by what it presents; nil for none
	authority *Credential
	// authorityBy is the name by which that goes.
	authorityBy string
	forbidden   bool   // a good credential may not do it
	owner       string // of what it is answered with, "" where that is not certain
	instead     map[string]sent
	own         []func(*client.Request)
	// chosen says that it is the operator's own probe, whose parameters nothing else gives.
	chosen bool
}

// sent is what stands in the place of a credential: nothing at all, null, a text that is written as a credential is, or one as it is.
type sent struct {
	text            string
	none, raw, null bool
	// literal is no credential of anybody's, and no secret.
	literal bool
}

// The places of a credential in a request.
const (
	subject   = "subject"
	authority = "authority"
)

func role(p openapi.Place) string {
	if p.Authority {
		return authority
	}
	return subject
}

// start is a request of an operation as the contract's example has it, by an account and with nobody's credential in it.
func (a *API) start(op *openapi.Operation, by target.Account, options []Option) *Request {
	r := &Request{instead: map[string]sent{}}
	r.Operation, r.Purpose, r.Request.Header = op.ID(), evidence.Act, http.Header{}
	if a.dialect.Accept != "" {
		r.Request.Header.Set("Accept", a.dialect.Accept)
	}
	if media := op.ResponseMediaType(); a.dialect.Described && media != "" {
		r.Request.Header.Set("Accept", media+", */*;q=0.1")
	}
	give(&r.Request, op, by.Username, by.Password.Reveal())
	r.Form = op.IsForm()
	switch example := op.Example().(type) {
	case map[string]any:
		r.JSON = maps.Clone(example)
	case nil:
		if op.RequestMediaType() != "" {
			r.Body = []byte("null")
		}
	}
	for _, o := range slices.Concat(options, a.spelt) {
		o(r)
	}
	return r
}

// put writes what stands at a place of a request, or leaves it out.
func put(r *client.Request, op *openapi.Operation, p openapi.Place, value any, given bool) {
	text, _ := value.(string)
	switch {
	case p.In == "body":
		members, _ := r.JSON.(map[string]any)
		members = maps.Clone(members)
		delete(members, p.Name)
		if given {
			members[p.Name] = value
		}
		r.JSON = members
	case !given:
	case p.Authority && p.Name == op.CredentialHeader():
		r.Credential = text
	case p.In == "query":
		r.Query = maps.Clone(r.Query)
		if r.Query == nil {
			r.Query = url.Values{}
		}
		r.Query.Set(p.Name, text)
	case p.In == "path":
		r.PathValues = maps.Clone(r.PathValues)
		if r.PathValues == nil {
			r.PathValues = map[string]string{}
		}
		r.PathValues[p.Name] = text
	case p.In == "header":
		if r.Header == nil {
			r.Header = http.Header{}
		}
		r.Header.Set(p.Name, text)
	}
}

// give writes the parameters that go with every good request of an operation, for an account, as far as none stands there yet.
func give(r *client.Request, op *openapi.Operation, username, password string) {
	for _, g := range op.Given() {
		text := g.Value
		switch g.Account {
		case "username":
			text = username
		case "password":
			text = password
		}
		put(r, op, openapi.Place{In: g.In, Name: g.Name}, text, true)
	}
}

// Present sends a request of an operation with a credential, wherever the operation takes one of its kind.
func (a *API) Present(ctx context.Context, operation string, c *Credential, options ...Option) *client.Answer {
	r := a.request(a.Operation(operation), c, options)
	answer := a.send(ctx, r)
	shown := answer.Purpose == evidence.Control || answer.Purpose == evidence.Preflight
	if c != nil && (c.Life.MayHaveEnded(answer) || a.Shared(c.key)) {
		shown = false // it may be a refusal, in a success
	}
	a.deny(ctx, answer, r.Sound || c != nil && len(r.instead) == 0 && !r.forbidden, shown)
	a.slide(answer, c)
	a.outlasts(answer, c, r)
	return answer
}

// request is what Present sends.
func (a *API) request(op *openapi.Operation, c *Credential, options []Option) *Request {
	by := a.Target.Account
	if c != nil {
		by = a.accountOf(c.owner)
	}
	r := a.start(op, by, options)
	r.concerns = c
	a.ownProbe(op, r)
	for _, p := range op.Takes() {
		if way, ok := op.OtherWays[r.by]; ok && p.Authority {
			p, r.by = way, ""
		}
		value, given := a.carried(p, c, r)
		put(&r.Request, op, p, value, given)
	}
	if c != nil {
		a.carry(op, c, r)
		if len(r.instead) == 0 {
			r.owner = c.owner
		}
	}
	return r
}

// carried is what a request carries at a place: a credential's text, or what is sent in the stead of it.
func (a *API) carried(p openapi.Place, c *Credential, r *Request) (value any, given bool) {
	by := r.by
	if p.Authority && r.authority != nil {
		c, by = r.authority, r.authorityBy
	}
	switch s, replaced := r.instead[role(p)]; {
	case !replaced:
		return a.text(p, c, by)
	case s.null:
		return nil, true
	case s.literal:
		r.Request.Header.Set(p.Name, s.text)
		return nil, false
	case s.raw || s.none || !p.Authority:
		return s.text, !s.none
	default:
		return a.written(p, c, s.text), true
	}
}

// text is what a place carries of a credential, under one of its names.
func (a *API) text(p openapi.Place, c *Credential, by string) (string, bool) {
	if c == nil {
		return "", false
	}
	name := p.By
	if by != "" {
		name = by
	}
	text := c.Name(name)
	switch {
	case text == "":
		a.Inconclusive("the answer that handed out %s has no %s of it to read", Noun(c.Kind), name)
	case !p.Authority:
		return text, true
	case by != "" && by == p.Scheme.Ready:
		return "Basic " + text, true
	}
	return a.written(p, c, text), true
}

// carry adds what has to go with a credential: what its answer gives for other parameters, and what its name wants beside it.
func (a *API) carry(op *openapi.Operation, c *Credential, r *Request) {
	for name, e := range c.hand.With[op.ID()] {
		if text := c.read(e); text != "" && !r.chosen {
			put(&r.Request, op, openapi.Place{In: op.In(name), Name: name}, text, true)
		}
	}
	for _, named := range []struct {
		c  *Credential
		by string
	}{{c, r.by}, {cmp.Or(r.authority, c), r.authorityBy}} {
		if r.Base == "" && !a.Reaches(named.c, named.by) {
			a.Skip("the answer that handed out "+Noun(named.c.Kind)+" does not say where its other name is good, and the service has several instances",
				"nothing: other checks judge what the answer says")
		}
		for name, e := range named.c.hand.Names[named.by].With {
			if text := named.c.read(e); text != "" && r.Base == "" {
				r.Request.Header.Set(name, text)
			}
		}
	}
}

// ownProbe makes the probe that of the target's operator, where there is one.
func (a *API) ownProbe(op *openapi.Operation, r *Request) {
	own := a.Target.Probe
	if !op.Probes() || own.Path == "" {
		return
	}
	r.Method, r.Path, r.chosen = own.Method, own.Path, true
	if path, query, asks := strings.Cut(own.Path, "?"); asks && path == op.Path() && own.Method == op.Method() { // it is the contract's own request
		if values, err := url.ParseQuery(query); err == nil {
			r.Path, r.Query = "", values
		}
	}
	if takes := op.Takes(); len(takes) > 0 && takes[0].In == "body" {
		members := map[string]any{}
		if own.Body != "" && json.Unmarshal([]byte(own.Body), &members) != nil {
			a.Skip("probe.body of the target is not a JSON object, in which "+takes[0].Name+" could be embedded", "mend probe.body")
		}
		r.JSON = members
		return
	}
	r.JSON, r.Body = nil, nil
	if own.Body != "" {
		r.Body, r.ContentType = []byte(own.Body), "application/json"
	}
}

// send sends a request and claims what its answer hands out.
func (a *API) send(ctx context.Context, r *Request) *client.Answer {
	for _, change := range r.own {
		change(&r.Request)
	}
	answer := a.Send(ctx, r.Request)
	a.claim(answer, r.Base, r.owner)
	a.enterUse(answer, r)
	return answer
}

// slide gives a credential whose use does so its whole lifetime anew.
func (a *API) slide(answer *client.Answer, c *Credential) {
	if c == nil || !c.hand.Slides || !check.Granted(answer) || answer.Operation.Ends() != nil {
		return
	}
	a.livesFor(c, check.LifetimeFrom(answer, a.configured(c.hand)))
}

// Do sends a request of an operation with whatever the options make of it, and nobody's credential.
func (a *API) Do(ctx context.Context, operation string, options ...Option) *client.Answer {
	return a.Present(ctx, operation, nil, options...)
}

// Use sends the probe with a credential.
func (a *API) Use(ctx context.Context, c *Credential, options ...Option) *client.Answer {
	return a.Present(ctx, Probe, c, options...)
}

// LogIn asks for a credential with a name and a password.
func (a *API) LogIn(ctx context.Context, account target.Account, options ...Option) *client.Answer {
	done, err := a.Ledger.LoggingIn(ctx)
	if err != nil {
		a.Inconclusive("%v", err)
	}
	defer done()
	return a.logIn(ctx, account, options...)
}

// logIn is LogIn for who has the turn.
func (a *API) logIn(ctx context.Context, account target.Account, options ...Option) *client.Answer {
	own := a.Target.Account
	for tries := 1; ; tries++ {
		r := a.login(account, options)
		good := check.Good(r.Request) || r.Purpose == evidence.Preflight
		right := good && account.Username == own.Username && account.Password == own.Password
		var answer *client.Answer
		var again bool
		a.InTurn(ctx, r.Operation, func() *client.Answer {
			answer = a.sendLogin(ctx, account, r)
			return answer
		}, func(*client.Answer) { again = a.LoggedIn(ctx, answer, right, a.plainly(ctx, answer), a.refusal) })
		if !again || tries == paced {
			return answer
		}
	}
}

// plainly makes sure of an answer to a login: it logs in as the document has it, where what was given before is not turned away alike.
func (a *API) plainly(ctx context.Context, answer *client.Answer) func() *client.Answer {
	own := a.Target.Account
	return func() (last *client.Answer) {
		if still := a.Spelt().still(ctx); still != nil && alike(answer, still) {
			return still // not the logins alone
		}
		for _, plain := range []*API{a.Spelt(a.asSampled()...), a.Spelt()} { // as the first login of the run was made
			last = plain.sendLogin(ctx, own, plain.login(own, []Option{As(evidence.Control), Once}))
			if last.Err != nil || !misread[last.Status] {
				break
			}
		}
		return last
	}
}

// longLived is a life that is not over before a run is.
const longLived = time.Hour

// still is the answer to the probe with what the run was given first, which it keeps; nil where that may have ended.
func (a *API) still(ctx context.Context) *client.Answer {
	probe := a.Operation(Probe)
	place := probe.Takes()[0]
	h := a.hand(place.Kind)
	for _, item := range a.Ledger.Pending() {
		if item.Kind != place.Kind {
			continue
		}
		if !place.Authority || rotates(probe) || a.configured(h) < longLived && (h.Slides || a.Ledger.Over(item)) {
			return nil
		}
		r := a.start(probe, a.Target.Account, []Option{As(evidence.Control), Once})
		a.ownProbe(probe, r)
		put(&r.Request, probe, place, item.Key, true)
		r.Base = item.Base
		return a.send(ctx, r)
	}
	return nil
}

// alike tells whether two requests were turned away in the same manner.
func alike(one, other *client.Answer) bool {
	return one.Err != nil && other.Err != nil || one.Err == nil && other.Err == nil && one.Status == other.Status && check.Refused(other)
}

// paced is how often a login is made that the server finds one too many.
const paced = 4

// login is the request of a login.
func (a *API) login(account target.Account, options []Option) *Request {
	op := a.Client.Document().Login().By
	r := a.start(op, account, options)
	r.Wary, r.Account = true, strings.ToLower(account.Username)
	r.owner = r.Account
	r.Sound = len(r.own) == 0 && a.right(account)
	if op.Basic() {
		r.Credential = Basic(account.Username, account.Password.Reveal())
	}
	if members, ok := r.JSON.(map[string]any); ok {
		for _, m := range op.Members {
			switch m.Account {
			case "username":
				members[m.Name] = account.Username
			case "password":
				members[m.Name] = account.Password.Reveal()
			}
		}
	}
	return r
}

// right says whether these are the name and the password of an account of the target's.
func (a *API) right(account target.Account) bool {
	return slices.ContainsFunc(append(slices.Collect(maps.Values(a.Target.Accounts)), a.Target.Account), func(known target.Account) bool {
		return known.Username == account.Username && known.Password == account.Password
	})
}

func (a *API) sendLogin(ctx context.Context, account target.Account, r *Request) *client.Answer {
	if a.dialect.LogIn != nil {
		ctx = a.dialect.LogIn(ctx, a, account, &r.Request)
	}
	answer := a.send(ctx, r)
	right := a.right(account)
	a.deny(ctx, answer, right, len(r.own) == 0)
	if r.Sound && account.Username == a.Target.Account.Username && // the others may be there to be refused
		(check.Granted(answer) || check.Refused(answer)) {
		a.Ledger.Lives.LoggedIn(check.Incident(answer))
	}
	return answer
}
