package bluecat

import (
	"context"
	"fmt"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// logout declares the checks of the end of a session before its time.
func logout(s *check.Suite[*API]) {
	contract.Described(s, patchCurrentSession, func(ctx context.Context, api *API) *client.Answer {
		return api.LogOut(ctx, api.Session(ctx).Credential())
	})
	contract.Described(s, patchSession, func(ctx context.Context, api *API) *client.Answer {
		session := api.Session(ctx)
		return api.LogOutByID(ctx, session.Credential(), api.idOf(session))
	})

	for _, way := range []struct {
		slug, words string
		out         func(context.Context, *API, Session)
	}{
		{"current", "logged out as the current one", func(ctx context.Context, api *API, s Session) { api.LoggedOut(ctx, s) }},
		{"by-id", "logged out by its id", func(ctx context.Context, api *API, s Session) {
			answer := api.LogOutByID(ctx, s.Credential(), api.idOf(s))
			api.Arranged(answer, check.Granted(answer), "logging out of a session by its id")
		}},
	} {
		s.Check(way.slug, "rejects the token of a session that was "+way.words, func(ctx context.Context, api *API) {
			session := api.Session(ctx)
			api.Working(ctx, session)
			way.out(ctx, api, session)
			api.Against(api.WorkingNow(ctx), func() { // a session of its own: the logout may have ended every one before it
				api.ExpectRejected(ctx, session.Credential(), "the token of a session that was "+way.words)
			})
		}, check.Proves("BCT-OUT-03"))

		s.Check(way.slug, "leaves the user's other sessions when one is "+way.words, func(ctx context.Context, api *API) {
			session, other := api.Session(ctx), api.Session(ctx)
			api.Working(ctx, other)
			way.out(ctx, api, session)
			api.ExpectWorks(ctx, other, other.Credential(), "the token of another session of the user")
		}, check.Proves("BCT-OUT-04"), check.Reaching())
	}

	s.Check("body", "records what the answer to a logout shows", func(ctx context.Context, api *API) {
		answer := api.LogOut(ctx, api.Session(ctx).Credential())
		var body struct {
			State  any `json:"state"`
			LogOut any `json:"logoutDateTime"`
		}
		if !readable(answer, &body) {
			api.Note("no session in it: %s", check.Describe(answer))
			return
		}
		api.Note("%s, state %s, logoutDateTime %s", check.Describe(answer), check.OrMissing(text(body.State)), check.OrMissing(text(body.LogOut)))
	}, check.Proves("BCT-OUT-05"))
}

// idOf is the id of a session, or the end of the check: that there is one is for the contract to say.
func (a *API) idOf(s Session) string {
	if s.ID == noID {
		a.Inconclusive("the session's id cannot be read, so nothing can be asked of it by its id")
	}
	return s.ID
}

// text is a value as people read it, empty for none.
func text(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}
