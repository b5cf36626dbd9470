package life

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// Credential is one that the server has handed out, and that has not been tried yet.
type Credential struct {
	Kind  string
	Value string
	// From is its parent, or the one that it renews; nil where the account itself got it, and where nobody knows.
	From *Credential
	// Life is when it ends, and Given the answer that handed it out.
	Life  check.Lifetime
	Given *client.Answer

	hand *openapi.HandOut
	// owner is the name of the account that it was handed out to, "" where that is not known.
	owner string
	unit  time.Duration // by which the server keeps when it ends, zero where nothing shows one
	key   string        // as a request carries it that it authorizes
	told  sync.Map      // what its answer says, by expression: walks ask for it again and again
}

// Name is another name of it, "" where the answer had none.
func (c *Credential) Name(name string) string {
	if name == "" {
		return c.Value
	}
	return c.read(c.hand.Names[name].Value)
}

// Reaches says whether a request with a name of a credential, at the target's own address, comes to where the name is good: there is one instance
// alone, the address is that of one, or all came with the name that it wants beside it.
func (a *API) Reaches(c *Credential, name string) bool {
	if len(a.Target.Instances) < 2 || slices.Contains(a.Target.Instances, a.Target.URL) {
		return true
	}
	for _, e := range c.hand.Names[name].With {
		if c.read(e) == "" {
			return false
		}
	}
	return true
}

// At is the name under which a place takes it.
func (c *Credential) At(p openapi.Place) string { return c.Name(p.By) }

// Renewed reports whether it renews another.
func (c *Credential) Renewed() bool { return c.hand.Renews() }

// Key is what a request carries that it authorizes, scheme and all.
func (c *Credential) Key() string { return c.key }

func (c *Credential) read(e openapi.Expression) string {
	text, known := c.told.Load(e)
	if !known {
		text, _ = e.Read(c.Given.Exchange())
		c.told.Store(e, text)
	}
	return text.(string)
}

// Read is what an answer handed out, as leniently as its use allows: whatever it was an answer to.
func (a *API) Read(answer *client.Answer) (*Credential, bool) {
	c, ok := a.given[answer]
	return c, ok
}

// KeptBy enters that the server keeps by such a unit when a credential ends.
func (a *API) KeptBy(unit time.Duration, c *Credential) {
	c.unit = unit
	a.livesFor(c, c.Life)
}

// livesFor enters when a credential ends.
func (a *API) livesFor(c *Credential, l check.Lifetime) {
	if c.Life = l; l.Ends.IsZero() && c.unit > 0 {
		c.Life = l.Coarse(c.unit)
	}
	for _, text := range c.texts() {
		a.Lives(text, c.Life)
	}
}

// claim reads what an answer handed out to an account, and enters it for the run to end.
func (a *API) claim(answer *client.Answer, base, owner string) {
	doc, own := a.Client.Document(), answer.Operation.HandsOut()
	for attempt := answer; attempt != nil; attempt = attempt.First {
		if attempt.Begun/100 == 2 && own != nil { // it was granted, and broke off
			a.Lost(attempt)
		}
	}
	if !check.Granted(answer) || answer.Operation.Reissues() != nil { // what a use gives is entered for what was used
		return
	}
	hands := []*openapi.HandOut{own}
	for _, kind := range doc.Kinds() {
		if first := doc.HandOuts(kind)[0]; own == nil || own.Value != first.Value {
			hands = append(hands, first)
		}
	}
	for _, h := range hands {
		if h == nil || h != own && h.Value.Member() == "" {
			continue // what an answer is as a whole tells nothing of another operation's
		}
		if value, ok := h.Value.Read(answer.Exchange()); ok && (h == own || !a.Holds(value)) { // a session may be shown to its owner
			a.enter(&Credential{Kind: h.Kind, Value: value, Given: answer, hand: h, owner: owner}, base)
			return
		}
	}
	// Else it is a page of whatever answers there, or an error with the status of a success.
	if own != nil && answer.Method == own.By.Method() && answer.Operation.Resembles(answer.Status, answer.Body) {
		a.Lost(answer)
	}
}

func (a *API) enter(c *Credential, base string) {
	c.Life, c.unit = a.lifeOf(c), a.dialect.Unit
	c.key = a.written(c.place(a.Client.Document()), c, c.Value)
	a.given[c.Given] = c
	a.Secret(c.Kind, c.Value)
	if basic, ok := strings.CutPrefix(c.key, "Basic "); ok {
		a.Secret("credentials", basic)
	}
	ends := a.Client.Document().Ends(c.Kind)
	a.livesFor(c, c.Life)
	if len(ends) == 0 && !c.hand.Slides {
		for _, text := range c.texts() {
			a.Given(text, c.Life)
		}
	}
	if len(ends) > 0 {
		a.Made(c.Given, a.item(c, base), c.lifeForLedger())
		a.twice(c, c.identity(ends))
	} else {
		a.Ledger.Worked(c.Given.Operation.ID())
	}
	a.states(c)
}

// accountOf is an account as the target has it, by its name; its own where nobody's name is known.
func (a *API) accountOf(owner string) target.Account {
	for _, account := range a.Target.Accounts {
		if strings.EqualFold(account.Username, owner) {
			return account
		}
	}
	return a.Target.Account
}

// twice looks, at each credential that is handed out, whether the run has been given it before, or its identity: where the contract promises another
// each time, it is broken wherever that is seen.
func (a *API) twice(c *Credential, identity string) {
	if !a.Shared(c.key) && (identity == unknown || !a.Shared(identity)) {
		return
	}
	for _, p := range c.hand.By.Promises {
		if p.Rule == "another" || p.Rule == "several" || p.Rule == "renewal-is-new" || p.Rule == "reissue-is-new" {
			a.Breach(evidence.Violation{
				Requirement: p.Requirement, Place: c.Kind,
				Expected: "another " + c.Kind + " for every request of " + c.hand.By.ID(), Actual: "one that an earlier answer of the run gave",
			}, c.Given)
			return
		}
	}
}

// lifeForLedger is never over for what slides: the check may have used it last.
func (c *Credential) lifeForLedger() check.Lifetime {
	if c.hand.Slides {
		return check.Lifetime{}
	}
	return c.Life
}

// texts are those by which requests carry it: as its place has it written, as it is, and by its other names.
func (c *Credential) texts() []string {
	all := []string{c.key, c.Value}
	for name := range c.hand.Names {
		if text := c.Name(name); text != "" {
			all = append(all, text)
		}
	}
	return all
}

// lifeOf is how long it lives as its answer says, or from that answer on.
func (a *API) lifeOf(c *Credential) check.Lifetime {
	configured := a.configured(c.hand)
	moment, lives := c.hand.End(c.Given.Exchange())
	switch {
	case c.hand.Ends == "", c.hand.Relative() && moment == "" && lives == 0:
		return check.LifetimeFrom(c.Given, configured)
	case lives > 0:
		return check.LifetimeFrom(c.Given, lives)
	}
	return check.LifetimeOf(moment, c.Given, configured)
}

// configured is how long such a credential lives as the target says, or else its document; zero where neither does.
func (a *API) configured(h *openapi.HandOut) time.Duration {
	return cmp.Or(a.Target.Lifetimes.Of(h.Lifetime), time.Duration(h.Lasts))
}

// HalfSpent is when more than half of its life is spent by what is configured; known says whether anything is.
func (a *API) HalfSpent(c *Credential) (at time.Time, known bool) {
	if c == nil {
		return time.Time{}, false
	}
	whole, known := a.Whole(c)
	if !known || !c.Life.Known() {
		return time.Time{}, false
	}
	return c.Life.Begun().Add(whole * 4 / 7), known
}

// Whole is how long such a credential lives by what is configured; known says whether anything is.
func (a *API) Whole(c *Credential) (whole time.Duration, known bool) {
	whole = a.configured(c.hand)
	return whole, whole > 0
}

// place is where its kind authorizes requests; the zero place where it authorizes none.
func (c *Credential) place(doc *openapi.Document) openapi.Place {
	for _, op := range doc.Operations() {
		for _, p := range op.Takes() {
			if p.Authority && p.Kind == c.Kind {
				return p
			}
		}
	}
	return openapi.Place{}
}

// unknown is the identity of a credential that cannot be read.
const unknown = "?"

// identity is what names it to the operations that end it.
func (c *Credential) identity(ends []*openapi.End) string {
	for _, e := range ends {
		if p := e.By.Takes()[0]; !p.Authority {
			if name := c.Name(p.By); name != "" {
				return name
			}
			return unknown
		}
	}
	return c.Value
}

// written is a credential's text as a place takes it. The user's name goes with it where the place is Basic's.
func (a *API) written(p openapi.Place, c *Credential, text string) string {
	s := p.Scheme
	prefix := s.Prefix
	if a.dialect.Prefix != nil && p.Authority {
		if word := a.dialect.Prefix(a.Target); word != "" {
			prefix = word + " "
		}
	}
	if s.User != "" && c != nil {
		return Basic(c.read(s.User), text)
	}
	return prefix + text
}

// Basic writes credentials of HTTP's Basic (RFC 7617).
func Basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// end ends an item of the ledger, by the first operation of its kind that does. An answer that does not say so leaves it open
// whether it lives on, unless it opens the probe no more.
func end(ctx context.Context, c *client.Client, item ledger.Item) error {
	var last *client.Answer
	for _, e := range c.Document().Ends(item.Kind) {
		r := client.Request{Operation: e.By.ID(), Base: item.Base, JSON: e.By.Example(), Purpose: evidence.CleanUp}
		give(&r, e.By, item.Account, "")
		for _, p := range e.By.Takes() {
			text := item.Value
			if p.Authority {
				text = item.Key
			}
			put(&r, e.By, p, text, true)
		}
		if item.Value == unknown && !e.By.Takes()[0].Authority {
			continue
		}
		answer, err := c.Do(ctx, r)
		if err != nil {
			return err
		}
		// Whether that is a good answer is for a check to say; it is gone.
		if check.Granted(answer) || answer.Status == http.StatusNotFound || answer.Status == http.StatusGone {
			return nil
		}
		last = answer
	}
	if last == nil {
		return fmt.Errorf("ending %s: its answer has no name of it to end it by", Noun(item.Kind))
	}
	probe, err := c.Document().Operation(Probe)
	if err != nil || len(probe.Takes()) == 0 || probe.Takes()[0].Kind != item.Kind {
		return fmt.Errorf("ending %s: %s", Noun(item.Kind), check.Describe(last))
	}
	r := client.Request{Operation: Probe, Base: item.Base, JSON: probe.Example(), Purpose: evidence.CleanUp}
	give(&r, probe, item.Account, "")
	put(&r, probe, probe.Takes()[0], item.Key, true)
	after, err := c.Do(ctx, r)
	if err != nil || !check.Refused(after) {
		return fmt.Errorf("ending %s: %s", Noun(item.Kind), check.Describe(last))
	}
	return nil
}

// tryUnused tries a credential once that the check was given and did not use.
func (a *API) tryUnused(ctx context.Context, key string) {
	for _, c := range a.given {
		if c.key != key || c.hand == c.hand.By.Reissues() { // each use gives one more
			continue
		}
		probe := a.Operation(Probe)
		if takes := probe.Takes(); len(takes) > 0 && takes[0].Kind == c.Kind {
			a.Tried(key, probe.SuccessRequirement(), a.valid(c.Kind), a.Use(ctx, c, As(evidence.Act)))
		}
		return
	}
}

// valid calls the probe with a credential that should open it.
func (a *API) valid(kind string) string { return "the probe with a valid " + kind }
