package player

import (
	"encoding/json"
	"net/http"
	"slices"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/player"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/openapi"
)

// The player's own words, of which a catalogue is full.
type (
	config     = player.Config
	call       = player.Call
	answer     = player.Answer
	refusal    = player.Refusal
	credential = player.Credential
	birth      = player.Birth

	override = func(*config)
)

// seams make the overrides that all catalogues have.
var seams = fault.Seams[config, call, answer, refusal]{
	Of:      func(c *config) *kernel.Seams[call, answer, refusal] { return &c.Rules.Seams },
	Server:  func(c *config) *kernel.Config { return &c.Config },
	Call:    func(c *call) *kernel.Call { return &c.Call },
	Refusal: func(a *answer) *refusal { return a.Refusal },
	Admit:   func(c *config) *func(*call) *refusal { return &c.Rules.Requests.Admit },
	Refuses: func(status int) *refusal { return &refusal{Status: status} },
	Restate: func(r *refusal, status int) { r.Status = status },
	Fail: func(a *answer, status int) {
		a.Status, a.Refusal, a.Members = status, &refusal{Status: status}, nil
		a.Header, a.Body = http.Header{"Content-Type": {"application/json"}}, []byte(`{"message":"The request could not be served."}`)
	},
	Parts: func(a *answer) fault.Parts {
		return fault.Parts{Status: &a.Status, Header: a.Header, Members: body{a}, Body: &a.Body}
	},
}

// body are the members of an answer's body, where it is a JSON object.
type body struct{ of *answer }

func (b body) change(change func(map[string]any)) {
	var object map[string]any
	if json.Unmarshal(b.of.Body, &object) != nil || object == nil {
		return
	}
	change(object)
	if text, err := json.Marshal(object); err == nil { // it was read as JSON
		b.of.Body = text
	}
}

// MarshalJSON writes it as it is.
func (b body) MarshalJSON() ([]byte, error) {
	if !json.Valid(b.of.Body) {
		return []byte("{}"), nil
	}
	return b.of.Body, nil
}

func (b body) Get(name string) (value any) {
	b.change(func(object map[string]any) { value = object[name] })
	return value
}

func (b body) Set(name string, value any) {
	b.change(func(object map[string]any) { object[name] = value })
}

func (b body) Drop(name string) { b.change(func(object map[string]any) { delete(object, name) }) }

func (b body) Rename(from, to string) {
	b.change(func(object map[string]any) {
		object[to] = object[from]
		delete(object, from)
	})
}

// passwords replaces what tells whether a password is right.
func passwords(same func(right, given string) bool) override {
	return func(c *config) {
		c.Rules.Matches = func(_ *call, a player.Account, given string) bool { return same(a.Password, given) }
	}
}

// nearly finds the credential of a kind that a text is like, where none has the text itself.
func nearly(kind string) func(like func(real, text string) bool) override {
	return func(like func(real, text string) bool) override {
		return func(c *config) {
			c.Rules.Find = func(c *call, p openapi.Place, text string) (credential, bool) {
				if one, found := c.Find(p, text); found || p.Kind != kind {
					return one, found
				}
				return fault.First(c.All(func(one credential) bool {
					return one.Kind == kind && one.Live(c.Now) && one.At(p.By) != "" && like(one.At(p.By), text)
				}))
			}
		}
	}
}

// live replaces what tells whether a credential of a kind works, at one operation or at all of them ("").
func live(kind string, operation kernel.Operation) func(func(*call, credential) bool) override {
	return func(rule func(*call, credential) bool) override {
		return func(c *config) {
			seams.KeepEnded(c)
			c.Rules.Live = func(c *call, one credential) bool {
				if one.Kind != kind || operation != "" && c.Operation != operation {
					return one.Live(c.Now)
				}
				return rule(c, one)
			}
		}
	}
}

// issuing replaces how a credential of a kind is handed out.
func issuing(kind string) func(func(*call, birth) (credential, *refusal)) override {
	return func(rule func(*call, birth) (credential, *refusal)) override {
		return func(c *config) {
			c.Rules.Issue = func(c *call, b birth) (credential, *refusal) {
				if b.Hand.Kind != kind {
					return c.Issue(b)
				}
				return rule(c, b)
			}
		}
	}
}

// ending replaces what an order to end does.
func ending(operation kernel.Operation) func(func(*call, credential)) override {
	return func(rule func(*call, credential)) override {
		return func(c *config) {
			c.Rules.End = func(c *call, one credential) {
				if c.Operation != operation {
					c.EndAll(one)
					return
				}
				rule(c, one)
			}
		}
	}
}

// open has an operation ask for no authority.
func open(operation kernel.Operation) override {
	return func(c *config) {
		c.Rules.Guards = func(c *call) bool { return c.Operation != operation }
	}
}

// record is a credential as the kinds see it.
func record(c *call, one credential) fault.Record {
	return fault.Record{Name: one.Kind + " " + one.Text, Account: one.Account, Since: one.Since, Now: c.Now, Life: one.Life}
}

// earlier are the live credentials that a birth finds there already.
func earlier(c *call, b birth) []credential {
	return c.All(func(one credential) bool {
		return one.Kind == b.Hand.Kind && one.Account == b.Account && one.Live(c.Now)
	})
}

// ofAccount are the live credentials of the account that has one.
func ofAccount(c *call, of credential) []credential {
	return c.All(func(one credential) bool { return one.Kind == of.Kind && one.Account == of.Account && one.Live(c.Now) })
}

func same(a, b credential) bool { return a.Kind == b.Kind && a.Text == b.Text }

// kin ends the live credentials of the account that stand in some relation to one which ends.
func kin(stands func(one, other credential) bool) func(c *call, one credential) {
	return func(c *call, one credential) {
		c.EndAll(one)
		for _, other := range c.All(func(other credential) bool { return other.Account == one.Account && other.Live(c.Now) }) {
			if !same(one, other) && stands(one, other) {
				c.End(other)
			}
		}
	}
}

// sparing ends one as the contract says, but for those that stand in a relation to it.
func sparing(relation string) func(c *call, one credential) {
	return func(c *call, one credential) { c.EndAll(one, relation) }
}

// reads replaces how the body of an operation is read: before changes it first.
func reads(operation kernel.Operation) func(before func(*call)) override {
	return func(before func(*call)) override {
		return func(c *config) {
			c.Rules.Requests.Read = func(c *call) (map[string]any, *refusal) {
				if c.Operation == operation {
					before(c)
				}
				return c.Read()
			}
		}
	}
}

// member is the name of the member of a body that takes an account's name or password, "" where none does.
func member(op *openapi.Operation, account string) string {
	if i := slices.IndexFunc(op.Members, func(m openapi.Member) bool { return m.Account == account }); i >= 0 {
		return op.Members[i].Name
	}
	return ""
}
