package player

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"example.org/conform/openapi"
)

// answer answers a request of an operation, whichever it is: what it takes is looked at, then its body, and then what it is for is done.
func (c *Call) answer() (*Answer, *Refusal) {
	authority, known, refusal := c.authority()
	if refusal != nil {
		return nil, refusal
	}
	if c.op.RequestMediaType() != "" {
		if c.members, refusal = c.server.config.Rules.Requests.Read(c); refusal != nil {
			return nil, refusal
		}
	}
	h := c.op.HandsOut()
	if h != nil && h.From == "" {
		return c.logIn(h)
	}
	if len(c.op.Takes()) == 0 || !known && c.op.Anonymous() {
		return answered(c.op.Granting()), nil
	}
	subject := authority
	if p := c.op.Takes()[0]; !p.Authority {
		var done *Answer
		if subject, done, refusal = c.subject(p, authority); done != nil || refusal != nil {
			return done, refusal
		}
	} else if !known { // nobody is asked who it is
		return answered(c.op.Granting()), nil
	}
	if !c.names(subject.Account) {
		return nil, c.unknown()
	}
	rules := c.server.config.Rules
	switch {
	case c.op.Ends() != nil:
		rules.End(c, subject)
	case c.op.Clears():
		rules.Cleared(c, subject)
	case h != nil:
		return c.hand(h, subject)
	default:
		rules.Used(c, subject)
		if fresh := c.op.Reissues(); fresh != nil {
			return c.hand(fresh, subject)
		}
	}
	return answered(c.op.Granting()), nil
}

// names tells whether the account that a path or a query names is this one.
func (c *Call) names(account string) bool {
	for _, g := range c.op.Given() {
		if text, given := c.received().Parameter(g.In, g.Name); g.Account == "username" && (!given || text != account) {
			return false
		}
	}
	return true
}

// authority is the credential that authorizes the request; known is false where it has none and may do without.
func (c *Call) authority() (one Credential, known bool, refusal *Refusal) {
	i := slices.IndexFunc(c.op.Takes(), func(p openapi.Place) bool { return p.Authority })
	if i < 0 {
		return one, false, nil
	}
	ways := []openapi.Place{c.op.Takes()[i]}
	for _, p := range c.op.OtherWays {
		ways = append(ways, p)
	}
	guarded := c.server.config.Rules.Guards(c)
	for _, p := range ways {
		text, given := c.server.config.Rules.Carried(c, p)
		if !given {
			continue
		}
		found, is := c.server.config.Rules.Find(c, p, text)
		switch {
		case is && c.alive(found):
			return found, true, nil
		case !guarded:
			return found, is, nil
		case !c.op.Takes()[0].Authority:
			return one, false, c.unauthorized()
		}
		return one, false, c.late(found, is)
	}
	if c.op.Anonymous() || !guarded {
		return one, false, nil
	}
	if e := c.op.Ends(); e != nil && e.Always && c.op.Takes()[0].Authority {
		return one, false, granted(c.op)
	}
	return one, false, c.unauthorized()
}

// alive asks the rule.
func (c *Call) alive(one Credential) bool { return c.server.config.Rules.Live(c, one) }

// subject is the credential that the request is about, or the answer where it does not live.
func (c *Call) subject(p openapi.Place, authority Credential) (one Credential, done *Answer, refusal *Refusal) {
	text, given := c.server.config.Rules.Carried(c, p)
	found, is := c.server.config.Rules.Find(c, p, text)
	e := c.op.Ends()
	switch {
	case !given:
		return one, nil, c.malformed()
	case is && authority.Kind != "" && !c.server.config.Rules.Mine(c, authority, found):
		return one, nil, c.unknown()
	case is && c.alive(found):
		return found, nil, nil
	case e != nil && c.op.IsForm() && p.In == "body" && p.Name == "token" && !is: // RFC 7009, 2.2
		return one, answered(c.op.Granting()), nil
	case e != nil:
		if refusal = c.late(found, is); refusal.Status/100 != 2 && (!is || len(e.Again) == 0) {
			refusal = c.unknown()
		}
		return one, nil, refusal
	}
	return one, nil, c.unauthorized()
}

// unauthorized refuses what is no living credential, as the contract says.
func (c *Call) unauthorized() *Refusal {
	made := c.op.Refusing(http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusBadRequest)
	if takes := c.op.Takes(); made.Status == http.StatusUnauthorized && len(takes) > 0 && takes[len(takes)-1].Name == "Authorization" {
		word, _, _ := strings.Cut(takes[len(takes)-1].Scheme.Prefix, " ")
		if word == "" {
			word = "Basic"
		}
		made.Header.Set("WWW-Authenticate", word+` realm="`+c.server.config.Contract.Profile()+`"`)
	}
	return &Refusal{Status: made.Status, Made: made}
}

// unknown refuses what names nothing.
func (c *Call) unknown() *Refusal {
	made := c.op.Refusing(http.StatusNotFound, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden)
	return &Refusal{Status: made.Status, Made: made}
}

// malformed refuses a request that is not written as the contract has it.
func (c *Call) malformed() *Refusal {
	made := c.op.Denying(http.StatusBadRequest, http.StatusUnprocessableEntity)
	return &Refusal{Status: made.Status, Made: made}
}

// Slide gives a credential whose use does so its whole lifetime anew.
func (c *Call) Slide(one Credential) {
	if one.hand != nil && one.hand.Slides {
		c.server.records.Expire(one.Kind+" "+one.Text, c.Now.Add(c.server.lifetime(one.hand)))
	}
}

// EndAt has a credential end at a moment, whatever its answer states.
func (c *Call) EndAt(one Credential, at time.Time) {
	c.server.records.Expire(one.Kind+" "+one.Text, at)
}

// logIn answers a login.
func (c *Call) logIn(h *openapi.HandOut) (*Answer, *Refusal) {
	name, password, complete := c.Given()
	switch {
	case !complete && c.op.Basic():
		return nil, c.unauthorized()
	case !complete:
		return nil, c.malformed()
	case !c.op.Basic() && !c.op.Named():
		name = c.server.accounts[0].Username
	}
	account, known := c.server.config.Rules.Account(c, name)
	tried := c.server.Try(name, known, c.Now, password, func() bool { return c.server.config.Rules.Matches(c, account, password) })
	if !tried.Right {
		return nil, c.unauthorized()
	}
	return c.hand(h, Credential{Account: account.Username})
}

// hand hands out a credential for another, or for an account.
func (c *Call) hand(h *openapi.HandOut, from Credential) (*Answer, *Refusal) {
	birth := Birth{Hand: h, Account: from.Account, From: from.Text}
	if h.Renews() {
		birth.Original = from.ExpiresAt
	}
	made, refusal := c.server.config.Rules.Issue(c, birth)
	if refusal != nil {
		return nil, refusal
	}
	if h.Renews() {
		c.server.config.Rules.Renewed(c, from)
	} else if from.Kind != "" {
		c.server.config.Rules.Used(c, from)
	}
	return answered(c.server.stated(h, made, c)), nil
}

// Issue makes a credential and keeps it.
func (c *Call) Issue(b Birth) (Credential, *Refusal) {
	one := c.server.born(b, c.Now)
	if b.Hand.Renews() {
		if old, known := c.server.records.Find(b.Hand.Kind + " " + b.From); known {
			one.Original, one.Parent = old.Text, old.Parent
		}
	} else if b.From != "" {
		one.Parent = b.From
	}
	c.server.records.Add(one)
	return one, nil
}
