// Package aria is the suite of the token API of VMware Aria Operations (vRealize Operations), and of VCF Operations, as it is called since. How its tokens live is in its contract; here
// is what only its document says.
package aria

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
	"example.org/conform/suites/spelt"
	"example.org/conform/suites/walk"
)

// The operations of the contract and its kind of credentials, as far as the checks here name them.
const (
	acquireToken = "acquireToken"
	releaseToken = "releaseToken"
	token        = "token"
)

// The keys that a description of Aria Operations has of its own.
const (
	authSourceKey = "account.authSource"  // the name of the account's authentication source, for a server that has several
	schemeKey     = "authorizationScheme" // the word before a token in Authorization, where releases differ
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

// API is the token API as one check uses it.
type API struct{ *life.API }

// profile9 is the profile whose document names the word before a token.
const profile9 = "vcf-operations-9"

// System is VMware Aria Operations, for the runner.
func System() check.System {
	return life.System([]string{"aria-operations-8", profile9}, vocabulary(), bind, func(s *check.Suite[*API]) {
		life.Declare(s)
		walk.Declare(s)
		spelt.Declare(s)
		acquisition(s)
		authSources(s)
		refusals(s)
		schemes(s)
		validity(s)
		agreement(s)
	})
}

func bind(c *check.Case) *API {
	return &API{life.New(c, life.Dialect{
		Accept: "application/json", // as the clients of the API do, since it has XML to offer too
		Prefix: func(t *target.Target) string { return t.Own[schemeKey] },
		LogIn:  logIn,
		Word:   errorCode,
		// Its message may well name the user.
		Codes: func(answer *client.Answer) string {
			return fmt.Sprintf("status %d, %s", answer.Status, errorCode(answer))
		},
		Refused:  refused,
		Unopened: otherScheme,
		States:   states,
		MayDo:    mayDo,
		Example:  "/api/auth/currentuser",
	})}
}

const mayDo = "account.authSource for a user who is not one of the server's own"

// from has a login name an authentication source, or none.
func from(name any) life.Option { return life.Member("authSource", name) }

// logIn adds the name of the account's authentication source, where it has one.
func logIn(ctx context.Context, a *life.API, _ target.Account, r *client.Request) context.Context {
	name := usual(ctx, a, r.Purpose)
	if members, ok := r.JSON.(map[string]any); ok && name != "" {
		members["authSource"] = name
	}
	return ctx
}

// usual is the source that checks name which are about something else: the account's, or none where the first login of the run has shown
// that only that gets a token, so that a server that fails to do one of the two breaks one promise, and is not asked in vain a hundred
// times.
func usual(ctx context.Context, a *life.API, purpose evidence.Purpose) string {
	own := a.Target.Own[authSourceKey]
	if own == "" || purpose == evidence.Preflight {
		return own
	}
	if without, _, err := ledger.Do(ctx, &a.Ledger.Own, sourceless, func() (bool, error) { return false, nil }); err == nil && without {
		return ""
	}
	return own
}

// sourceless is the key of whether a login gets a token without its source alone.
const sourceless = "without its source alone"

// refused judges a first acquisition that gave nothing: a 401 is the API's own answer, whatever page a server in use sends with it.
// One that is refused with its source and not without breaks a promise, which is for the checks to name.
func refused(ctx context.Context, a *life.API, answer *client.Answer) (*check.Problem, bool) {
	if answer.Err == nil && a.Target.Says(authSourceKey) {
		if _, ok := a.Read(a.LogIn(ctx, a.Target.Account, life.As(evidence.Preflight), from(life.Missing))); ok {
			_, _, err := ledger.Do(ctx, &a.Ledger.Own, sourceless, func() (bool, error) { return true, nil })
			a.AtFault(err)
			return nil, true
		}
	}
	if answer.Err != nil || answer.Status != http.StatusUnauthorized {
		return nil, false
	}
	return a.Refused(answer, "("+errorCode(answer)+")", mayDo), true
}

// errorCode is the server's own word for why it refuses. It is of servers in use; the document describes no error object.
func errorCode(answer *client.Answer) string {
	var r struct {
		APIErrorCode any `json:"apiErrorCode"`
	}
	_ = json.Unmarshal(answer.Body, &r) // a refusal of another form has none of the members
	if r.APIErrorCode == nil {
		return "apiErrorCode missing"
	}
	return "apiErrorCode " + fmt.Sprint(r.APIErrorCode)
}
