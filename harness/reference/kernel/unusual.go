package kernel

import (
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/target"
)

// Unusual is an account that every server has beside its vendor's own, with a password that stacks are known to mangle.
type Unusual struct {
	// Key is what a description calls the account, User the name that the vendor writes in its own way.
	Key, User, Password string
}

// NewUnusual makes the unusual accounts of one server.
func NewUnusual() []Unusual {
	return []Unusual{{target.OddPassword, "odd", random.Odd()}, {target.LongPassword, "long", random.Long()}}
}
