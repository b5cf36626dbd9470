package lint

import (
	"slices"
	"strings"

	"example.org/conform/openapi/placed"
	"example.org/conform/openapi/survey"
)

// accounts looks at how a login takes the account's name and password.
func (l *linter) accounts() {
	for _, h := range l.hands {
		if l.from(h) != "" {
			continue
		}
		has := map[string]bool{}
		for _, said := range l.accountOf(h.by) {
			has[said.what] = true
			if said.deep {
				l.wrong(said.at, "x-account stands deeper than at the top of the body, where it is not looked for; a login that needs it so cannot be sent")
			}
			if said.what == "password" && !said.secret {
				l.lacks(said.at, "the password is not said to be secret; add x-secret: password")
			}
		}
		if slices.ContainsFunc(h.by.Security, func(s *survey.Scheme) bool { return slices.Contains(transports, s.Carries) }) {
			continue
		}
		if !has["password"] {
			l.wrong(h.by.At, "it hands out for an account, and nothing says where the password goes; mark that member of its body with x-account: password")
		}
		if !has["username"] {
			l.lacks(h.by.At, "nothing says where the account's name goes; mark that member of its body with x-account: username")
		}
	}
}

// transports are the schemes of HTTP by which a request brings an account's name and password, or a proof of them.
var transports = []string{"basic", "digest", "negotiate", "ntlm"}

// account is a place for an account's name or password.
type account struct {
	what         string
	at           placed.Place
	deep, secret bool
}

func (l *linter) accountOf(o *survey.Operation) (all []account) {
	add := func(s survey.Spot, deep bool) {
		for _, of := range []survey.Spot{s, l.d.Resolved(s)} {
			if what := of.Get("x-account").Text(); what != "" {
				all = append(all, account{what, of.Where("x-account"), deep, s.Get("x-secret").Node != nil || l.d.Resolved(s).Get("x-secret").Node != nil})
				return
			}
		}
	}
	if o.Body != nil {
		for _, m := range o.Body.Members {
			add(m.Spot, strings.Count(m.Pointer, "/") > 1)
		}
	}
	for _, p := range o.Parameters {
		add(p.Spot, false)
	}
	return all
}

// shape looks at what a request of an operation needs, and at what its answers are.
func (l *linter) shape(o *survey.Operation) {
	if o.Success() == nil {
		l.wrong(o.At, "no success is described; describe the answer to a good request, such as '200'")
	}
	if o.ID == "" {
		l.lacks(o.At, "no operationId, so that reports call it by its path; add one")
	}
	if others := l.strange(o); len(others) > 0 {
		l.lacks(o.At, "%s asks for %s, which no credential of the contract is; a run cannot bring it: say x-credential of the scheme, or mend the operation's security",
			name(o.Words()), name(strings.Join(others, ", ")))
	}
	brought := map[string]bool{}
	for _, h := range l.hands {
		for _, link := range h.of.Links {
			if l.d.Operation(link.Get("operationId").Text()) != o {
				continue
			}
			for _, in := range []string{"parameters", "requestBody"} {
				if given := link.Get(in); given.Node != nil {
					for _, m := range given.Members {
						brought[m.Name] = true
					}
				}
			}
		}
	}
	lacking := func(s survey.Spot, what string) {
		for _, of := range []survey.Spot{s, l.d.Resolved(s), l.d.Resolved(s.Get("schema"))} {
			for _, has := range []string{"example", "examples", "default", "enum", "const", "x-account"} {
				if of.Node != nil && of.Get(has).Node != nil {
					return
				}
			}
		}
		l.lacks(s.At, "%s needs %s, and nothing says which value would do; give it an example, or have a link bring it", name(o.Words()), what)
	}
	for _, p := range o.Parameters {
		if p.Required && !brought[p.Name] && !(p.In == "header" && slices.ContainsFunc(o.Security, func(s *survey.Scheme) bool { return strings.EqualFold(s.Field, p.Name) })) {
			lacking(p.Spot, "the parameter "+name(p.Name))
		}
	}
	if o.Body == nil || o.Body.Get("example").Node != nil || o.Body.Get("examples").Node != nil || o.Body.Schema.Node != nil && (o.Body.Schema.Get("example").Node != nil || o.Body.Schema.Get("examples").Node != nil) {
		return
	}
	for _, m := range o.Body.Members {
		if m.Required && !m.Choice && strings.Count(m.Pointer, "/") == 1 && !brought[m.Name] {
			lacking(m.Spot, "the member "+name(m.Name))
		}
	}
}

// strange are the security schemes that an operation asks for, where it takes none that carries a credential of the contract.
func (l *linter) strange(o *survey.Operation) (names []string) {
	if o.Optional {
		return nil
	}
	for _, s := range o.Security {
		if s.Get("x-credential").Node != nil || slices.Contains(transports, s.Carries) {
			return nil
		}
		names = append(names, s.Name)
	}
	return names
}
