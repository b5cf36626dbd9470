package judge

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/target"
	"example.org/conform/openapi"
)

// rule is one thing that is asked of clients.
type rule struct {
	// title says what the client must do, and wants what has to come for it to be judged.
	title, wants string
}

// rules are what the duties of catalogues name.
var rules = map[string]rule{
	"body":          {"sends bodies as they are described", "a request with a body"},
	"media-type":    {"sends bodies under their media type", "a request with a body"},
	"credential":    {"sends its credential where it belongs", "a request that needs a credential"},
	"parameter":     {"names what a request is about", "a request that names what it is about"},
	"encoded":       {"percent-encodes what it puts into a query", "a request with a query"},
	"one-value":     {"sends a field of one value once", "a request with such a field"},
	"path":          {"writes paths as the document does", "a request of the API"},
	"method":        {"calls it by its method", "a request of this path"},
	"secret-in-url": {"puts no secret into a URL", "a login"},
	"given":         {"sends credentials that it was given", "a request with a credential"},
	"ended":         {"ends what it was given", "a credential that the API can end"},
	"over":          {"uses nothing that is over", "a request with a credential"},
	"renewed":       {"renews what it needs for longer", "a renewal, or a login after an end"},
	"in-hand":       {"sends no password where it has a credential", "a login"},
	"wrong-again":   {"sends no password again that was refused", "a login"},
	"one-account":   {"keeps accounts apart", "a login"},
	"unasked":       {"sends no credential where none is asked for", "a request that needs no credential"},
	"other-name":    {"sends the credential itself where it is asked for", "a request that names a credential"},
}

// see enters an exchange.
func (j *Judge) see(x *exchange) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests++
	j.read(x)
	j.learn(x)
	j.urls(x)
	if x.op == nil {
		return
	}
	j.form(x)
	subjects, authorities := j.carried(x)
	j.places(x, subjects, authorities)
	mixed := j.uses(x, append(slices.Clone(subjects), authorities...))
	if logsIn(x.op) {
		j.login(x)
	} else if !mixed {
		j.effects(x, subjects, authorities)
	}
}

// logsIn reports whether an operation gives a credential for an account's name and password.
func logsIn(op *openapi.Operation) bool { return op.HandsOut() != nil && op.HandsOut().From == "" }

// form judges how a request is written.
func (j *Judge) form(x *exchange) {
	id := x.op.ID()
	if x.exact {
		j.kept("path", id, "", x)
	} else {
		j.broke("path", id, "", x, "the path as the document writes it", "the path in another letter case")
	}
	j.kept("method", id, "", x)
	if wanted := x.op.RequestMediaType(); wanted != "" {
		if media := x.mediaType(); len(x.body) > 0 && !x.op.TakesMedia(media) {
			j.broke("media-type", id, "", x, "Content-Type: "+wanted, cmp.Or(media, "no Content-Type"))
		} else if len(x.body) > 0 {
			j.kept("media-type", id, "", x)
		}
		j.bodies(x)
	}
	for _, name := range []string{x.op.CredentialHeader(), "Content-Type"} {
		switch n := len(x.Header.Values(name)); {
		case name == "" || n == 0:
		case n == 1:
			j.kept("one-value", id, "", x)
		default:
			j.broke("one-value", id, "", x, "one value of "+name, fmt.Sprint(n))
		}
	}
}

// bodies judges a body as a whole, and each of its members.
func (j *Judge) bodies(x *exchange) {
	id := x.op.ID()
	for _, f := range x.flaws {
		member, actual := f.Place, f.Actual
		if member == "body" {
			if member = ""; json.Valid([]byte(strings.ReplaceAll(string(x.body), "'", `"`))) && !json.Valid(x.body) {
				actual = "JSON with single quotes, which is none"
			}
		}
		j.broke("body", id, member, x, strings.TrimPrefix(member+": ", ": ")+f.Expected, actual)
	}
	if len(x.body) == 0 && len(x.flaws) == 0 || x.Members == nil && len(x.flaws) > 0 {
		return
	}
	broken := func(a *asked) bool {
		return slices.ContainsFunc(x.flaws, func(f flaw) bool { return j.asks("body", id, strings.TrimPrefix(f.Place, "body")) == a })
	}
	members := []string{""}
	for _, m := range x.op.Members {
		members = append(members, m.Name)
	}
	for _, m := range members {
		if a := j.asks("body", id, m); a != nil && !broken(a) {
			j.kept("body", id, m, x)
		}
	}
}

// places judges whether what a request is about and what authorizes it stand where they belong.
func (j *Judge) places(x *exchange, subjects, authorities []at) {
	id, needs := x.op.ID(), false
	for _, p := range x.op.Takes() {
		switch {
		case p.Authority:
			needs = true
		case p.In == "body":
		case slices.ContainsFunc(subjects, func(s at) bool { return s.place.Name == p.Name }):
			j.kept("parameter", id, "", x)
		default:
			j.broke("parameter", id, "", x, p.Name+" in the "+p.In, "none")
		}
	}
	switch {
	case len(authorities) > 0:
		j.kept("credential", id, "", x)
	case needs && !x.op.Anonymous():
		takes := x.op.Takes()
		p := takes[len(takes)-1]
		expected := strings.TrimSpace("the " + p.Kind + " in " + p.Name + ", " + strings.TrimSpace("behind "+p.Scheme.Prefix))
		j.broke("credential", id, "", x, strings.TrimSuffix(expected, ", behind"), j.elsewhere(x, p.Name))
	case !needs && !logsIn(x.op):
		if where := j.elsewhere(x, ""); where != "" && j.inHeader(x) {
			j.broke("unasked", id, "", x, "no credential beside what the request is about", where)
		} else {
			j.kept("unasked", id, "", x)
		}
	}
	j.queries(x, subjects)
	for _, s := range subjects {
		switch {
		case s.of == nil || s.place.By != "":
		case s.text == s.of.text:
			j.kept("other-name", id, "", x)
		default:
			j.broke("other-name", id, "", x, "the "+s.of.kind+" itself as "+s.place.Name, "another name of it")
		}
	}
}

// elsewhere says where a known credential stands in a request that has none at its place; named is the field of that.
func (j *Judge) elsewhere(x *exchange, named string) string {
	for name, values := range x.Header {
		for _, v := range values {
			if c := j.inside(v); c != nil {
				if name == named {
					return "the " + c.kind + " in " + name + ", without the word before it"
				}
				return "the " + c.kind + " in " + name
			}
		}
	}
	for name, values := range x.URL.Query() {
		for _, v := range values {
			its := slices.ContainsFunc(x.op.Takes(), func(p openapi.Place) bool { return p.In == "query" && p.Name == name })
			if c := j.inside(v); c != nil && named != "" && !its {
				return "the " + c.kind + " in the query, as " + name
			}
		}
	}
	switch {
	case named == "":
		return ""
	case x.Header.Get(named) != "":
		return named + " with something else in it"
	}
	return "no " + named
}

// inHeader reports whether a field of a request holds a known credential.
func (j *Judge) inHeader(x *exchange) bool {
	for _, values := range x.Header {
		if slices.ContainsFunc(values, func(v string) bool { return j.inside(v) != nil }) {
			return true
		}
	}
	return false
}

// inside is the known credential that is a text, or a word of it; nil for none.
func (j *Judge) inside(text string) *credential {
	for _, word := range append(strings.Fields(text), text) {
		for _, kind := range j.contract.Kinds() {
			if c := j.byText[kind+" "+word]; c != nil && len(word) >= shortest {
				return c
			}
		}
	}
	return nil
}

// queries judges how the values of a query are written.
func (j *Judge) queries(x *exchange, subjects []at) {
	if x.URL.RawQuery == "" {
		return
	}
	id, broken := x.op.ID(), false
	for pair := range strings.SplitSeq(x.URL.RawQuery, "&") {
		name, raw, _ := strings.Cut(pair, "=")
		if strings.ContainsFunc(raw, func(c rune) bool { return c > '~' || c <= ' ' || strings.ContainsRune(`"<>\^`+"`{|}", c) }) {
			j.broke("encoded", id, "", x, name+" percent-encoded", "characters that stand for themselves in no query")
			broken = true
		}
		if i := slices.IndexFunc(subjects, func(s at) bool { return s.place.In == "query" && s.place.Name == name }); i >= 0 && subjects[i].of == nil {
			meant, err := url.PathUnescape(raw)
			if c := j.find(subjects[i].place, meant); err == nil && c != nil {
				j.broke("encoded", id, "", x, "the "+c.kind+" percent-encoded in "+name, "as it stands, so that + in it is read as a blank")
				subjects[i].text, broken = "", true
			}
		}
	}
	if !broken {
		j.kept("encoded", id, "", x)
	}
}

// uses judges the credentials of a request, and enters what becomes of them. mixed says that they are of several accounts.
func (j *Judge) uses(x *exchange, all []at) (mixed bool) {
	id := x.op.ID()
	for _, a := range all {
		switch {
		case a.text == "":
		case a.of == nil:
			j.doubtful = append(j.doubtful, doubt{a.place, a.text, x})
		default:
			j.kept("given", id, "", x)
			if x.op.Ends() != nil { // what may be over already may be ended once more
				break
			}
			if why := a.of.over(x.arrived, x.grants()); why != "" {
				j.broke("over", id, "", x, "a "+a.of.kind+" that lives", why)
			} else {
				j.kept("over", id, "", x)
			}
			if all[0].of != nil && a.of.account != all[0].of.account && a.of.account != "" && all[0].of.account != "" {
				mixed = true
				j.broke("one-account", id, "", x, "credentials of one account", "those of two")
			}
		}
	}
	return mixed
}

// effects enters what a request did.
func (j *Judge) effects(x *exchange, subjects, authorities []at) {
	first := func(all []at) *credential {
		if len(all) == 0 {
			return nil
		}
		return all[0].of
	}
	subject, authority := first(subjects), first(authorities)
	concerned := cmp.Or(subject, authority)
	guarded := len(authorities) == 0 || authority != nil && authority.alive(x.arrived)
	switch h := x.op.HandsOut(); {
	case concerned == nil && h != nil && x.grants(): // of what was sent nothing could be read, and it was taken all the same
		j.handOut(x, "", nil)
	case concerned == nil:
	case x.op.Ends() != nil:
		if x.grants() && guarded && len(x.flaws) == 0 && (len(subjects) == 0 || subject != nil) && needed(x, authorities) {
			j.end(x, concerned, authority)
		}
	case h != nil && x.grants():
		j.worked(x, concerned, authority)
		j.handOut(x, "", concerned)
		if h.Renews() {
			j.kept("renewed", x.op.ID(), "", x)
		}
	case x.grants():
		j.worked(x, concerned, authority)
		concerned.root().works++
		if x.op.Reissues() != nil {
			j.handOut(x, "", concerned)
		}
	case x.refuses():
		if len(authorities) > 0 && authority != nil && !strings.HasSuffix(authorities[0].text, authority.text) {
			return // another name may be good for one instance alone, and says nothing of the credential
		}
		j.refusedWith(x, subject, authority)
	}
}

// needed reports whether an order to end has what authorizes it, where it needs that: some are answered with success all the same.
func needed(x *exchange, authorities []at) bool {
	for _, p := range x.op.Takes() {
		if p.Authority {
			return len(authorities) > 0
		}
	}
	return true
}

// worked enters that credentials were good for something.
func (j *Judge) worked(x *exchange, all ...*credential) {
	for _, c := range all {
		if c == nil {
			continue
		}
		c.used, c.last, c.told = x.arrived, x.answered, time.Time{}
		c.root().last = x.answered
		if c.hand.Slides && c.lives > 0 {
			c.ends = x.answered.Add(c.lives)
		}
	}
}

// refusedWith enters that a credential was refused, which had not been over: from now on its client knows.
func (j *Judge) refusedWith(x *exchange, subject, authority *credential) {
	_, dead := x.op.Judge(x.came())
	one := authority
	if authority == nil && len(x.flaws) == 0 {
		one = subject
	} else if !dead && x.status != http.StatusUnauthorized {
		return
	}
	if one != nil && one.told.IsZero() {
		one.told = x.answered
	}
}

// login judges a login.
func (j *Judge) login(x *exchange) {
	name, password, _, _ := x.op.Account(x.Received)
	account := j.account(name)
	if name == "" && !x.op.Named() && password != "" {
		account = "the only one"
	}
	id := x.op.ID()
	for _, values := range x.Header {
		for _, v := range values {
			switch c := j.inside(v); {
			case c == nil || account == "":
			case c.account != account:
				j.broke("one-account", id, "", x, "a login without credentials of another account", "the "+c.kind+" of another account with it")
			default:
				j.broke("unasked", id, "", x, "a login without a credential", "the "+c.kind+" of an earlier one with it")
			}
		}
	}
	if !x.grants() && !x.refuses() {
		return
	}
	if j.tries++; password != "" {
		key := tried{account, sha256.Sum256([]byte(password))}
		switch {
		case j.refusedOnce[key]:
			j.broke("wrong-again", id, "", x, "no password that was refused before", "the one that was refused for this account")
		default:
			j.kept("wrong-again", id, "", x)
		}
		j.refusedOnce[key] = !x.grants() && len(x.flaws) == 0 && !j.right(account, password) // a full server refuses what is right
	}
	if !x.grants() {
		j.refused++
		return
	}
	j.granted++
	j.kept("one-account", id, "", x)
	j.kept("in-hand", id, "", x)
	if account != "" {
		j.again(x, account)
	}
	c := j.handOut(x, account, nil)
	if c == nil || account == "" {
		return
	}
	if before := j.logins[account]; len(before) > 0 {
		last := before[len(before)-1]
		c.unneeded = last.works == 1 && last.last.Before(x.arrived) && j.family(last, func(c *credential) bool { return c.alive(x.arrived) })
	}
	j.logins[account] = append(j.logins[account], c)
}

// right reports whether a password is that of an account.
func (j *Judge) right(account, password string) bool {
	for _, a := range append([]target.Account{j.target.Account}, slices.Collect(maps.Values(j.target.Accounts))...) {
		if strings.EqualFold(a.Username, account) && a.Password.Reveal() == password {
			return true
		}
	}
	return false
}

// family reports whether something holds of a credential, or of any that came of it.
func (j *Judge) family(of *credential, holds func(*credential) bool) bool {
	return slices.ContainsFunc(j.credentials, func(c *credential) bool { return c.root() == of && holds(c) })
}

// again judges whether a password takes the place of a renewal.
func (j *Judge) again(x *exchange, account string) {
	for _, c := range j.credentials {
		if c.account != account || c.renewed || c.ends.IsZero() || !c.ended.IsZero() || !j.renewable(c.kind) || x.arrived.Before(c.ends) {
			continue
		}
		life := c.ends.Sub(c.since)
		early := !c.told.IsZero() && c.told.Before(c.ends)
		if needed := c.used.Sub(c.since) > life/2; needed && !early && x.arrived.Sub(c.ends) < max(life, time.Second) {
			c.renewed = true // once is enough
			j.broke("renewed", x.op.ID(), "", x, "a renewal before the end of a "+c.kind+" that is in use", "a login after it")
		}
	}
}

func (j *Judge) renewable(kind string) bool {
	for _, h := range j.contract.HandOuts(kind) {
		if h.Renews() {
			return true
		}
	}
	return false
}

// urls looks for secrets where the contract has none in a URL.
func (j *Judge) urls(x *exchange) {
	id, allowed := "", map[string]bool{}
	if x.op != nil {
		id = x.op.ID()
		for _, p := range x.op.Takes() {
			allowed[p.In+" "+p.Name] = true
		}
		for _, g := range x.op.Given() {
			allowed[g.In+" "+g.Name] = g.Account != ""
		}
	}
	broken := false
	blame := func(kind, where string) {
		broken = true
		j.broke("secret-in-url", id, "", x, "no secret there", "a "+kind+" "+where)
	}
	for name, values := range x.URL.Query() {
		for _, v := range values {
			if kind := j.secrets[sha256.Sum256([]byte(v))]; kind != "" && !allowed["query "+name] {
				if j.redactor.Scrub(name) != name {
					name = "a name that is one"
				}
				blame(kind, "in the query, as "+name)
			}
		}
	}
	inPath := map[string]bool{}
	for name, v := range x.Path {
		inPath[v] = allowed["path "+name]
	}
	for escaped := range strings.SplitSeq(x.URL.EscapedPath(), "/") {
		segment, _ := url.PathUnescape(escaped) // net/http has read it
		if kind := j.secrets[sha256.Sum256([]byte(segment))]; kind != "" && !inPath[segment] {
			blame(kind, "in the path")
		}
	}
	if !broken && j.granted > 0 {
		j.kept("secret-in-url", id, "", x)
	}
}

// learn makes what is secret in an exchange known, so that no report shows it.
func (j *Judge) learn(x *exchange) {
	if x.op == nil {
		return
	}
	for _, s := range slices.Concat(x.op.SecretsIn(x.body, false, 0), x.op.SecretsInQuery(x.URL.Query()), x.op.SecretsIn(x.answer, true, x.status)) {
		j.secret(s.Kind, s.Value)
	}
	if _, password, _, has := x.op.Account(x.Received); has {
		j.secret("password", password)
	}
	subjects, authorities := j.carried(x)
	for _, a := range append(subjects, authorities...) {
		if a.place.By == "" {
			j.secret(a.place.Kind, a.text)
		}
	}
	described := map[string]bool{}
	for _, m := range x.op.Members {
		described[m.Name] = true
	}
	for name, value := range x.Members {
		if !described[name] {
			j.texts(value)
		}
	}
}

// texts makes the texts in a value secrets: nobody knows what they are.
func (j *Judge) texts(value any) {
	switch v := value.(type) {
	case string:
		if len(v) >= 4 {
			j.redactor.Call("undescribed", v, 1)
		}
	case []any:
		for _, one := range v {
			j.texts(one)
		}
	case map[string]any:
		for _, one := range v {
			j.texts(one)
		}
	}
}
