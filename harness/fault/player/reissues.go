package player

import (
	"time"

	"example.org/conform/openapi"
)

// reissues are the faults of a use that gives a fresh value.
func (m *maker) reissues(op *openapi.Operation) {
	id, word, h := operation(op), slug(op), op.Reissues()
	// made changes what is given by a use, whatever its answer states of it.
	made := func(change func(c *call, one credential, b birth)) override {
		return issuing(h.Kind)(func(c *call, b birth) (credential, *refusal) {
			one, refused := c.Issue(b)
			if refused == nil && c.Operation == id {
				change(c, one, b)
			}
			return one, refused
		})
	}
	// old replaces what becomes of what was used.
	old := func(rule func(*call, credential)) override {
		return func(c *config) {
			c.Rules.Renewed = func(c *call, one credential) {
				if c.Operation != id {
					c.Retire(one)
					return
				}
				rule(c, one)
			}
		}
	}
	m.own(word+"-gives-a-dead-one", "the fresh one is signed with the key of the last release", made(func(c *call, one credential, _ birth) { c.End(one) }))
	m.own(word+"-gives-one-that-ends-with-the-old", "the date is copied from the old one", made(func(c *call, one credential, b birth) { c.EndAt(one, b.Original) }))
	m.own(word+"-gives-one-that-never-ends", "only what a login gives is put on the list of what is swept", made(func(c *call, one credential, _ birth) {
		c.EndAt(one, c.Now.Add(365*24*time.Hour))
	}))
	if !h.Rotates {
		m.own(word+"-ends-what-it-took", "a session has room for one value", old(func(c *call, one credential) { c.End(one) }))
		return
	}
	m.own(word+"-keeps-what-it-took", "the old one is left to its time, for pages that load many things at once", old(func(*call, credential) {}))
	m.own(word+"-gives-the-same-again", "a cache in front of the store gives what it gave before", func(c *config) {
		old(func(*call, credential) {})(c)
		c.Rules.Issue = func(c *call, b birth) (credential, *refusal) {
			if c.Operation == id {
				for _, one := range c.All(func(one credential) bool { return one.Kind == h.Kind && one.Text == b.From }) {
					return one, nil
				}
			}
			return c.Issue(b)
		}
	})
}
