package draft

import (
	"fmt"
	"slices"
	"strings"

	"example.org/conform/openapi/survey"
)

// login is what looks like one.
type login struct {
	of    *survey.Operation
	score int
	// reasons are why.
	reasons []string
	// name and password are where the account's go: members of the body, or parameters; their Nodes are nil where there are none.
	name, password       survey.Spot
	nameIs, passwordIs   string
	basic                *survey.Scheme
	kind, value, refresh string
	// member is the one that has the credential, where the answer describes it.
	member, refresher survey.Member
	described         bool
	moment            survey.Member
}

// likely is the score from which something looks like a login: an account's password and an answer that hands out something, or its name.
const likely = 8

// findLogin is the likeliest login; others are noted.
func (s *sketch) findLogin() *login {
	var all []*login
	for _, o := range s.document.Operations {
		if l := s.weigh(o); l != nil {
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b *login) int { return b.score - a.score })
	for _, l := range all { // the document may say it itself
		if r := l.of.Success(); r != nil && r.Get("x-hands-out").Node != nil {
			return l
		}
	}
	if len(all) == 0 {
		return nil
	}
	for _, other := range all[1:min(len(all), 6)] {
		s.note("%s looks like a login too (%s). One is enough; to take it instead, write these annotations for it.", title(other.of), strings.Join(other.reasons, ", "))
	}
	return all[0]
}

// weigh says how much an operation looks like a login, nil for too little.
func (s *sketch) weigh(o *survey.Operation) *login {
	l := &login{of: o}
	count := func(points int, format string, args ...any) {
		l.score += points
		l.reasons = append(l.reasons, fmt.Sprintf(format, args...))
	}
	if o.Method != "POST" && o.Method != "PUT" && o.Method != "GET" {
		return nil
	}
	l.findAccount(o)
	for _, scheme := range o.Security {
		if scheme.Carries == "basic" && l.password.Node == nil {
			l.basic = scheme
		}
	}
	switch {
	case l.password.Node != nil && l.name.Node != nil:
		count(6, "it takes %s and %s", clean(l.nameIs), clean(l.passwordIs))
	case l.password.Node != nil:
		count(4, "it takes %s", clean(l.passwordIs))
	case l.basic != nil:
		count(2, "it takes a name and a password by HTTP's Basic")
	default:
		return nil
	}
	s.findValue(l)
	if l.value != "" && l.described {
		count(4, "it answers %s", l.value)
	}
	if word := of(likeLogin, named(o)); word != "" {
		count(4, "it is named %q", word)
	} else if of(credentials, " "+spell(lastWord(o.Path))+" ") != "" && o.Method == "POST" {
		count(4, "it makes one of %s", clean(lastWord(o.Path)))
	} else if word := of(likeLogin, said(o)); word != "" {
		count(2, "its summary says %q", word)
	} else if o.Own && !o.None || !o.Own && !o.None {
		return nil // whoever is logged in makes something that has a password
	}
	switch {
	case o.Own && o.None, o.Optional:
		count(2, "it asks for no credential")
	case o.Own && l.basic == nil:
		count(-1, "it asks for a credential")
	}
	if word := of(otherLogin, named(o)); word != "" {
		count(-6, "though it is named %q", word)
	}
	if strings.Contains(l.passwordIs, "/") {
		count(-3, "though the password stands deeper in its body")
	}
	if of(likeRefresh, named(o)) != "" || of(likeLogout, named(o)) != "" {
		return nil
	}
	if len(needs(o)) > 0 {
		count(-3, "though it concerns one thing of several")
	}
	if l.score < likely {
		return nil
	}
	return l
}

// findAccount finds where the name and the password go.
func (l *login) findAccount(o *survey.Operation) {
	m, ok := likeliest(o.Body, passwords, isText)
	if i := slices.IndexFunc(bodyMembers(o), func(m survey.Member) bool { return m.Format == "password" && isTop(m) }); !ok && i >= 0 {
		m, ok = o.Body.Members[i], true // whatever it is called
	}
	if ok {
		l.password, l.passwordIs = m.Spot, strings.TrimPrefix(m.Pointer, "/")
		if m, ok := likeliest(o.Body, usernames, func(n survey.Member) bool {
			return isText(n) && n.Pointer[:strings.LastIndexByte(n.Pointer, '/')] == m.Pointer[:strings.LastIndexByte(m.Pointer, '/')]
		}); ok {
			l.name, l.nameIs = m.Spot, strings.TrimPrefix(m.Pointer, "/")
		}
		return
	}
	best := len(usernames)
	for _, p := range o.Parameters {
		if rank(passwords, p.Name) >= 0 && p.In != "path" {
			l.password, l.passwordIs = p.Spot, p.Name
		}
		if at := rank(usernames, p.Name); at >= 0 && at < best && p.In != "path" {
			best, l.name, l.nameIs = at, p.Spot, p.Name
		}
	}
}

// findValue finds where the answer has the credential, and what kind of one that is.
func (s *sketch) findValue(l *login) {
	r := l.of.Success()
	l.kind = "token"
	if r == nil {
		return
	}
	cookie := slices.IndexFunc(s.document.Schemes, func(c *survey.Scheme) bool { return c.Carries == "cookie" })
	setsCookie := slices.ContainsFunc(r.Headers, func(h string) bool { return strings.EqualFold(h, "Set-Cookie") })
	header := slices.IndexFunc(r.Headers, func(h string) bool { return isCredentialHeader(h) })
	m, found := likeliest(r.Body, values, isText)
	if l.refresher, _ = likeliest(r.Body, refreshers, isText); l.refresher.Node != nil {
		l.refresh = "$response.body#" + l.refresher.Pointer
	}
	switch {
	case cookie >= 0 && (setsCookie || !found):
		l.value, l.described = "$response.cookie."+s.document.Schemes[cookie].Field, setsCookie
		l.kind = "session"
	case header >= 0 && !found:
		l.value, l.described = "$response.header."+r.Headers[header], true
	case found:
		l.value, l.described, l.member = "$response.body#"+m.Pointer, true, m
		switch word := fold(m.Name); {
		case strings.Contains(word, "session"), word == "sid":
			l.kind = "session"
		case strings.Contains(word, "ticket"):
			l.kind = "ticket"
		}
	case r.Body != nil && r.Body.Schema.Node != nil && r.Body.Schema.Get("type").Text() == "string":
		l.value, l.described = "$response.body", true
	default: // a header of the API's own may be it
		if i := slices.IndexFunc(r.Headers, isOwnHeader); i >= 0 {
			l.value = "$response.header." + r.Headers[i]
		}
	}
	l.moment, _ = likeliest(r.Body, slices.Concat(moments, spans), anyType)
}

func isCredentialHeader(name string) bool {
	word := fold(name)
	return (strings.Contains(word, "token") || strings.Contains(word, "session") || strings.Contains(word, "authorization")) && !strings.Contains(word, "csrf") && !strings.Contains(word, "xsrf")
}

// isOwnHeader reports whether a header is none that every API has.
func isOwnHeader(name string) bool {
	word := fold(name)
	return strings.HasPrefix(word, "x") && !strings.Contains(word, "rate") && !strings.Contains(word, "request") && !strings.Contains(word, "csrf") && !strings.Contains(word, "xsrf")
}

// drawLogin proposes what is said of the login's request.
func (s *sketch) drawLogin() {
	l, o := s.login, s.login.of
	why := fmt.Sprintf("%s looks like the login: %s.", title(o), strings.Join(l.reasons, ", "))
	var questions []string
	switch {
	case l.basic != nil:
		if l.basic.Get("x-account").Node == nil {
			s.act(l.basic.Spot, item("x-account", "basic"), nil, "%s The account's name and password are the credentials of %s.", why, clean(l.basic.Name))
		}
	case s.scheme == nil && !o.Own:
		s.act(o.Spot, item("security", []any{}), nil, "%s A login takes no credential.", why)
	case !o.None:
		if o.Own {
			s.actions = append(s.actions, action{target: o.Get("security").Target, remove: true, why: "The login's own security goes, for the next action says that there is none."})
			questions = append(questions, fmt.Sprintf("the document has the login take %s. Is that no credential of the account's, but of the client's? Then leave it, and have the target bring it.", clean(schemes(o))))
		} else {
			questions = append(questions, "the document's own security holds for the login, as it stands. Does it work without a credential?")
		}
		s.act(o.Spot, item("security", []any{}), questions, "%s A login takes no credential.", why)
	}
	if l.basic == nil {
		questions = nil
		if strings.Contains(l.passwordIs, "/") {
			questions = append(questions, "the password stands deeper than at the top of the body, where it is not looked for. Can the login be sent otherwise?")
		}
		if l.password.Get("x-account").Node == nil {
			s.secret[l.password.Node] = "password"
			s.act(l.password, item("x-account", "password", "x-secret", "password"), questions, "%s: %s has the account's password.", title(o), clean(l.passwordIs))
		}
		questions = nil
		if n := countNames(o); n > 1 {
			questions = append(questions, fmt.Sprintf("the body has %d members that may name the account. Is it this one?", n))
		}
		switch {
		case l.name.Node == nil:
			s.note("%s: no member looks like the account's name. If one is, add x-account: username to it.", title(o))
		case l.name.Get("x-account").Node == nil:
			s.act(l.name, item("x-account", "username"), questions, "%s: %s has the account's name.", title(o), clean(l.nameIs))
		}
	}
	for _, m := range bodyMembers(o) {
		if m.Required && strings.Count(m.Pointer, "/") == 1 && m.Target != l.name.Target && m.Target != l.password.Target && m.Get("example").Node == nil && m.Get("default").Node == nil && m.Get("enum").Node == nil {
			s.note("%s: the body needs %s too. Give it an example, so that a login can be sent.", title(o), clean(m.Name))
		}
	}
}

func bodyMembers(o *survey.Operation) []survey.Member {
	if o.Body == nil {
		return nil
	}
	return o.Body.Members
}

func countNames(o *survey.Operation) (n int) {
	for _, m := range bodyMembers(o) {
		if rank(usernames, m.Name) >= 0 && isTop(m) {
			n++
		}
	}
	return n
}
