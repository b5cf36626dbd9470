package aria

import "example.org/conform/harness/target"

// The keys that a description of Aria Operations has of its own.
const (
	authSourceKey = "account.authSource"  // the name of the account's authentication source, for a server that has several
	schemeKey     = "authorizationScheme" // the word before a token in Authorization, where releases differ
)

// The words before a token. The document has the first; newer releases write the second.
const (
	vRealizeOpsToken = "vRealizeOpsToken"
	opsToken         = "OpsToken"
)

// vocabulary is what a description can say of Aria Operations.
func vocabulary() target.Vocabulary {
	return target.Vocabulary{
		Keys: []target.Key{{Path: authSourceKey}, {Path: schemeKey, Values: []string{vRealizeOpsToken, opsToken}}},
		Needs: map[string]target.Need{
			authSourceKey: target.When(func(t *target.Target) bool { return t.Says(authSourceKey) },
				"add account.authSource, the name of the account's authentication source"),
		},
	}
}
