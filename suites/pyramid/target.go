package pyramid

import (
	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/target"
)

// nonAdmin is an account that is in order, but has no administrative rights.
const nonAdmin = "nonAdmin"

// vocabulary is what a description can say of Pyramid: how its Windows accounts log in, and which one is no administrator.
func vocabulary() target.Vocabulary {
	words := winlogin.Vocabulary()
	words.Accounts = []string{nonAdmin}
	return words
}
