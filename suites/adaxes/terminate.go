package adaxes

import (
	"context"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// termination declares the checks of "Terminate authentication session".
func termination(s *check.Suite[*API]) {
	contract.Described(s, terminateSession, func(ctx context.Context, api *API) *client.Answer {
		return api.TerminateSession(ctx, api.Session(ctx).ID)
	})

	s.Check("twice", "answers a second termination 204", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.Terminated(ctx, session)
		api.Expect(api.TerminateSession(ctx, session.ID)).To(check.HaveStatus(http.StatusNoContent))
	}, check.Proves("ADX-END-02"))

	s.Check("unknown", "answers the termination of a session that never was 204", func(ctx context.Context, api *API) {
		madeUp := api.MadeUp(api.Session(ctx).ID)
		api.Expect(api.TerminateSession(ctx, madeUp)).To(check.HaveStatus(http.StatusNoContent))
	}, check.Proves("ADX-END-03"))

	s.Check("issues-nothing", "lets a terminated session issue no token", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.Issuing(ctx, session)
		api.Against(api.IssuingNow(ctx), func() {
			api.Terminated(ctx, session)
			api.ExpectNoToken(api.IssueToken(ctx, session.ID), "a terminated session")
		})
	}, check.Proves("ADX-END-04"))

	s.Check("unused-issues-nothing", "lets a session that was terminated before its first token issue none", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		api.Against(api.IssuingNow(ctx), func() {
			api.Terminated(ctx, session)
			api.ExpectNoToken(api.IssueToken(ctx, session.ID), "a session terminated before its first token")
		})
	}, check.Proves("ADX-END-04"))

	s.Check("issues-nothing-anywhere", "lets a session terminated on one instance issue no token on the others", func(ctx context.Context, api *API) {
		home := At(api.Target.Instances[0])
		session := api.Session(ctx, home)
		api.Terminated(ctx, session, home)
		for _, base := range api.Target.Instances[1:] {
			api.Against(api.Issuing(ctx, api.Session(ctx, At(base)), At(base)), func() {
				api.ExpectNoToken(api.IssueToken(ctx, session.ID, At(base)), "a session terminated on another instance")
			})
		}
	}, check.Proves("ADX-END-04"), check.Needs("instances"))

	s.Check("tokens-live", "keeps the tokens of a terminated session working", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		ticket := api.Ticket(ctx, session)
		api.Terminated(ctx, session)
		api.ExpectWorks(ctx, ticket.Token, "a token whose session was terminated")
	}, check.Proves("ADX-END-05"))

	s.Check("others-live", "terminates no other session of the account", func(ctx context.Context, api *API) {
		session, other := api.Session(ctx), api.Session(ctx)
		api.Terminated(ctx, session)
		api.ExpectIssues(ctx, other, "another session of the account")
	}, check.Proves("ADX-END-06"), check.Reaching())

	withoutID := func(ctx context.Context, api *API) *client.Answer {
		return api.send(ctx, client.Request{Operation: terminateSession}, nil)
	}
	s.Check("no-id", "records what a termination without id gets", func(ctx context.Context, api *API) {
		api.Note("without id: %s", check.Describe(withoutID(ctx, api)))
	}, check.Proves("ADX-END-07"))
	s.Check("no-id", "does not answer a termination without id 5xx", func(ctx context.Context, api *API) {
		api.Expect(withoutID(ctx, api)).To(check.NotBeServerError())
	}, check.Proves("ADX-END-08"))
}
