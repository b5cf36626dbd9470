package player

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

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
	}
	return answered(c.op.Granting()), nil
}

// names tells whether the account that a path or a query names is this one.
func (c *Call) names(account string) bool {
	for _, g := range c.op.Given() {
		if text, given := c.parameter(g.In, g.Name); g.Account == "username" && (!given || text != account) {
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

// granted is a success of an order that has nothing to do.
func granted(op *openapi.Operation) *Refusal {
	made := op.Granting()
	return &Refusal{Status: made.Status, Made: made, done: true}
}

// late is the answer where an order to end names what does not live.
func (c *Call) late(found Credential, is bool) *Refusal {
	e := c.op.Ends()
	switch {
	case e != nil && e.Always:
		return granted(c.op)
	case e != nil && is && !found.EndedAt.IsZero() && len(e.Again) > 0:
		made := c.op.Answering(e.Again[0])
		return &Refusal{Status: made.Status, Made: made}
	}
	return c.unauthorized()
}

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

// Read reads the body of a request as the contract describes it.
func (c *Call) Read() (map[string]any, *Refusal) {
	members, good := c.op.ReadBody(c.Request.Header.Get("Content-Type"), c.Body)
	if !good {
		return nil, c.malformed()
	}
	return members, nil
}

// parameter is the text of a parameter of the request.
func (c *Call) parameter(in, name string) (text string, given bool) {
	switch in {
	case "path":
		text, given = c.path[name]
	case "query":
		values := c.Request.URL.Query()[name]
		if given = len(values) > 0; given {
			text = values[0]
		}
	case "header":
		text = c.Request.Header.Get(name)
		given = text != ""
	case "body":
		switch v := c.members[name].(type) {
		case nil:
		case string:
			text, given = v, true
		default:
			text, given = fmt.Sprint(v), true
		}
	}
	return text, given
}

// Carried is the text of a credential at a place, without what stands before it there; given says that something is there at all.
func (c *Call) Carried(p openapi.Place) (text string, given bool) {
	if p.Name == "Cookie" {
		cookie, err := c.Request.Cookie(strings.TrimSuffix(p.Scheme.Prefix, "="))
		if err != nil {
			return "", false
		}
		return cookie.Value, true
	}
	if text, given = c.parameter(p.In, p.Name); !given || !p.Authority {
		return text, given
	}
	if p.Scheme.User != "" || p.Scheme.Ready != "" {
		word, encoded, _ := strings.Cut(text, " ")
		decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if !strings.EqualFold(word, "Basic") || err != nil {
			return "", true
		}
		return string(decoded), true
	}
	words := append([]string{p.Scheme.Prefix}, p.Scheme.Also...)
	slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) }) // none at all is before anything
	for _, prefix := range words {
		word, spaced := strings.CutSuffix(prefix, " ")
		if !spaced {
			if rest, has := strings.CutPrefix(text, prefix); has {
				return rest, true
			}
			continue
		}
		if first, rest, _ := strings.Cut(text, " "); strings.EqualFold(first, word) {
			return strings.TrimLeft(rest, " "), true
		}
	}
	return "", true
}

// Find is the credential of a text at a place.
func (c *Call) Find(p openapi.Place, text string) (Credential, bool) {
	if p.Authority && (p.Scheme.User != "" || p.Scheme.Ready != "") {
		user, value, _ := strings.Cut(text, ":")
		one, found := c.server.records.Find(p.Kind + " " + value)
		return one, found && one.User == user
	}
	if p.By == "" {
		if one, found := c.server.records.Find(p.Kind + " " + text); found {
			return one, true
		}
	}
	names := append(c.server.standIns[p.Kind], p.By)
	named := c.All(func(one Credential) bool {
		return one.Kind == p.Kind && slices.ContainsFunc(names, func(name string) bool { return name != "" && one.Names[name] == text })
	})
	if len(named) == 0 || text == "" {
		return Credential{}, false
	}
	return named[0], true
}

// All are the credentials that match, ended ones among them, oldest first.
func (c *Call) All(match func(Credential) bool) []Credential { return c.server.records.Match(match) }

// End ends one credential, and nothing else.
func (c *Call) End(one Credential) { c.server.records.End(one.Kind+" "+one.Text, c.Now) }

// Slide gives a credential whose use does so its whole lifetime anew.
func (c *Call) Slide(one Credential) {
	if one.hand != nil && one.hand.Slides {
		c.server.records.Expire(one.Kind+" "+one.Text, c.Now.Add(c.server.lifetime(one.hand)))
	}
}

// Account finds an account by its name.
func (c *Call) Account(name string) (Account, bool) {
	i := slices.IndexFunc(c.server.accounts, func(a Account) bool { return a.Username == name })
	if i < 0 {
		return Account{}, false
	}
	return c.server.accounts[i], true
}

// Given are the name and the password that a login brings; complete is false where it lacks one of them.
func (c *Call) Given() (name, password string, complete bool) {
	if c.op.Basic() {
		return c.Request.BasicAuth()
	}
	hasName, hasPassword := false, false
	for _, m := range c.op.Members {
		switch m.Account {
		case "username":
			name, hasName = c.parameter("body", m.Name)
		case "password":
			password, hasPassword = c.parameter("body", m.Name)
		}
	}
	for _, g := range c.op.Given() {
		switch g.Account {
		case "username":
			name, hasName = c.parameter(g.In, g.Name)
		case "password":
			password, hasPassword = c.parameter(g.In, g.Name)
		}
	}
	return name, password, (hasName || !c.named()) && hasPassword
}

// Accounts are those that can log in, that of the target first.
func (c *Call) Accounts() []Account { return c.server.Accounts() }

// PasswordOf is the password of the account that a login names, whatever else is wrong with its body, or one that nobody has.
func (c *Call) PasswordOf() string {
	text := string(c.Body)
	for _, account := range c.server.accounts {
		if strings.Contains(text, account.Username) {
			return account.Password
		}
	}
	return newText()
}

// Known tells whether the request carries a living credential, wherever the contract has one stand that authorizes anything.
func (c *Call) Known() bool {
	for _, op := range c.server.config.Contract.Operations() {
		for _, p := range op.Takes() {
			if !p.Authority {
				continue
			}
			text, given := c.Carried(p)
			if one, found := c.Find(p, text); given && found && one.Live(c.Now) {
				return true
			}
		}
	}
	return false
}

// HasEnded tells whether the request is about a credential that somebody has ended.
func (c *Call) HasEnded() bool {
	takes := c.op.Takes()
	if len(takes) == 0 {
		return false
	}
	text, _ := c.Carried(takes[0])
	one, found := c.Find(takes[0], text)
	return found && !one.EndedAt.IsZero() && one.EndedAt.Before(c.Now)
}

// named tells whether a login names its account at all: an API with one account alone asks for its password.
func (c *Call) named() bool {
	return slices.ContainsFunc(c.op.Members, func(m openapi.Member) bool { return m.Account == "username" }) ||
		slices.ContainsFunc(c.op.Given(), func(g openapi.Given) bool { return g.Account == "username" })
}

// logIn answers a login.
func (c *Call) logIn(h *openapi.HandOut) (*Answer, *Refusal) {
	name, password, complete := c.Given()
	switch {
	case !complete && c.op.Basic():
		return nil, c.unauthorized()
	case !complete:
		return nil, c.malformed()
	case !c.op.Basic() && !c.named():
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

// EndAll ends a credential as its contract says, with whatever that reaches besides, but for what is spared.
func (c *Call) EndAll(one Credential, spared ...string) {
	reaches := slices.DeleteFunc(slices.Clone(c.op.Ends().Reaches), func(relation string) bool { return slices.Contains(spared, relation) })
	c.End(one)
	for _, other := range c.All(func(other Credential) bool { return other.Live(c.Now) && other.Account == one.Account }) {
		parent, same := other.Parent == one.Parent, other.Kind == one.Kind
		for relation, stands := range map[string]bool{
			"account": true, "siblings": same && parent && other.Original == "" && one.Original != other.Text, "others": same && !parent,
			"children": !same && other.Parent == one.Text, "parent": !same && one.Parent == other.Text,
			"original": same && one.Original == other.Text, "renewal": same && other.Original == one.Text,
		} {
			if stands && slices.Contains(reaches, relation) {
				c.End(other)
			}
		}
	}
	if slices.Contains(reaches, "caller") {
		c.EndCaller()
	}
}

// EndCaller ends the credential that authorizes the request.
func (c *Call) EndCaller() {
	if caller, known, _ := c.authority(); known {
		c.End(caller)
	}
}
