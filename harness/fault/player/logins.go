package player

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/player"
	"example.org/conform/openapi"
)

// login are the faults of who is let in.
func (m *maker) login(op *openapi.Operation) {
	id, word := operation(op), slug(op)
	m.take(fault.Passwords(passwords), "any-password", "empty-password", "password-in-any-case", "password-cut-short", "password-without-its-end",
		"password-without-its-last-character", "password-trimmed", "password-in-any-order",
		"password-in-capitals", "any-password-but-of-the-first", "password-in-any-case-but-of-the-first",
		"any-long-password", "long-password-in-any-case", "password-of-anybody")
	m.take(fault.Names(func(like func(own, given string) bool) override {
		return func(c *config) {
			c.Rules.Account = func(c *call, name string) (player.Account, bool) {
				if found, known := c.Account(name); known {
					return found, true
				}
				return fault.FirstWhere(c.Accounts(), func(a player.Account) bool { return fault.NearlyNamed(a.Username, name, like) })
			}
		}
	}), "name-by-its-start", "name-with-one-character-more", "name-with-a-tag", "name-with-a-wildcard")
	m.take(seams.Rows(word, id), "fourth-failed-"+word+"-in-a-row-500")
	m.own("password-in-a-header-of-"+word, "a header shows the parsed request to developers", seams.Edit(func(c *call, a *answer) {
		if _, password, complete := c.Given(); c.Operation == id && complete {
			a.Header.Set("X-Debug", "pwd="+password)
		}
	}))
	m.own("unknown-name-told-by-"+word, "who is not there is a resource that is not found", seams.RefuseWhere(func(c *call, r *refusal) bool {
		name, _, complete := c.Given()
		_, known := c.Account(name)
		return c.Operation == id && complete && !known
	}, func(r *refusal) { seams.Restate(r, http.StatusNotFound) }))
	m.own("unknown-name-let-in-by-"+word, "who is not there yet is registered on the way", func(c *config) {
		c.Rules.Account = func(c *call, name string) (player.Account, bool) {
			if known, is := c.Account(name); is || c.Operation != id {
				return known, is
			}
			_, password, _ := c.Given()
			return player.Account{Username: c.Accounts()[0].Username, Password: password}, true
		}
	})
	m.own(word+"-forgives-whom-it-knows", "who has a session is let in on its word, as single sign-on does", func(c *config) {
		c.Rules.Matches = func(c *call, a player.Account, given string) bool {
			return given == a.Password || c.Operation == id && c.Known()
		}
	})
	if free := op.Undocumented(); op.Method() == http.MethodPost && !strings.Contains(op.Path(), "{") && len(free) > 0 {
		m.take(seams.Methods(strings.ToLower(op.Path())), strings.ToLower(free[0])+"-accepted")
	}
	m.malformed(op)
}

// malformed are the faults of bodies that are not as the contract has them.
func (m *maker) malformed(op *openapi.Operation) {
	required := op.Required()
	if len(required) == 0 {
		return
	}
	id, word := operation(op), slug(op)
	m.own("malformed-"+word+"-crashes", "nobody catches what the parser throws", seams.RefuseWhere(func(c *call, _ *refusal) bool {
		_, good := op.ReadBody(c.Request.Header.Get("Content-Type"), c.Body)
		return c.Operation == id && !good
	}, func(r *refusal) { seams.Restate(r, http.StatusInternalServerError) }))
	password := member(op, "password")
	if !slices.Contains(required, password) {
		return
	}
	if op.IsForm() {
		m.own(slugOf(password)+"-missing-accepted", "a condition without a value is left out of the query", func(c *config) {
			c.Rules.Requests.Read = func(c *call) (map[string]any, *refusal) {
				if members, refused := c.Read(); refused == nil || c.Operation != id {
					return members, refused
				}
				c.Body = append(c.Body, "&"+password+"="+url.QueryEscape(c.PasswordOf())...)
				return c.Read()
			}
		})
		return
	}
	form := fault.Form{Operation: id, Members: []string{password}}
	if name := member(op, "username"); name != "" {
		form.Members = append(form.Members, name)
	}
	kinds := seams.Mends(form, reads(id), func(c *call, of string) any {
		if of == password {
			return c.PasswordOf()
		}
		return c.Accounts()[0].Username
	})
	m.take(kinds, "body-cut-accepted", "array-accepted")
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		if strings.HasSuffix(name, "-missing-accepted") || strings.HasSuffix(name, "-null-accepted") {
			m.take(kinds, name)
		}
	}
	m.take(seams.Hostile(word, id), word+"-bad-utf-8-crashes")
}
