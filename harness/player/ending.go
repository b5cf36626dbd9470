package player

import (
	"cmp"
	"slices"

	"example.org/conform/openapi"
)

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

// End ends one credential, and nothing else.
func (c *Call) End(one Credential) { c.server.records.End(one.Kind+" "+one.Text, c.Now) }

// Retire ends what was renewed, or used for a fresh value, where the contract says that it rotates.
func (c *Call) Retire(old Credential) {
	if cmp.Or(c.op.HandsOut(), c.op.Reissues()).Rotates {
		c.End(old)
	}
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
