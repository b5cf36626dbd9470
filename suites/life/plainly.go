package life

import (
	"slices"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
)

// plainly is the promise of an operation that asks about one thing alone: what befell a credential, or what is sent in the place of one. At is
// that of the operation's first place where it is "", and By the credential's own value.
func plainly(op *openapi.Operation, like openapi.Promise) (openapi.Promise, bool) {
	at := func(p openapi.Promise) string {
		if p.At == "" && len(op.Takes()) > 0 {
			return role(op.Takes()[0])
		}
		return p.At
	}
	i := slices.IndexFunc(op.Promises, func(p openapi.Promise) bool {
		return p.Rule == like.Rule && p.By == like.By && at(p) == at(like) && slices.Equal(p.After, like.After) && slices.Equal(p.Sent, like.Sent)
	})
	if i < 0 {
		return openapi.Promise{}, false
	}
	return op.Promises[i], true
}

// ShownElsewhere ends the check where an answer breaks the promise of another, without which its own cannot be judged.
func (a *API) ShownElsewhere(requirement, promised string, answer *client.Answer, why string) {
	a.Broke(requirement, promised, answer)
	a.Inconclusive("%s; %s shows why", why, a.Shows(requirement))
}
