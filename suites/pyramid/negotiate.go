package pyramid

import (
	"context"
	"net/url"

	"example.org/conform/harness/client/winlogin"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// madeUp declares the checks of tokens that nobody was given, where a login has its own.
func madeUp(s *check.Suite[*API]) {
	s.Check("made-up-tokens", "gives no token for made-up tokens behind Negotiate and NTLM", func(ctx context.Context, api *API) {
		api.expectShut(ctx, winlogin.Nonsense(), nil)
	}, check.Proves("PYR-WIN-01"))
	s.Check("made-up-tickets", "gives no token for made-up tickets of Kerberos", func(ctx context.Context, api *API) {
		made, err := winlogin.Tickets(api.host())
		api.expectShut(ctx, made, err)
	}, check.Proves("PYR-WIN-02"))
	s.Check("proofs-to-no-challenge", "gives no token for a proof of NTLM to a challenge that it has not given", func(ctx context.Context, api *API) {
		nobody := api.nobody()
		made, err := winlogin.Proofs(nobody.Username, nobody.Password)
		api.expectShut(ctx, made, err)
	}, check.Proves("PYR-WIN-02"))
}

// expectShut expects that none of these opens anything. Where they could not be made up, the check is at fault.
func (a *API) expectShut(ctx context.Context, made []winlogin.MadeUp, err error) {
	a.AtFault(err)
	a.Against(a.LoggingIn(ctx), func() {
		for _, one := range made {
			a.ExpectNothing(ctx, a.Anonymous(ctx, life.Header("Authorization", one.Authorization)), one.Words)
		}
	})
}

// host is that of the service whose tickets are made up.
func (a *API) host() string {
	u, err := url.Parse(a.Target.URL)
	a.AtFault(err)
	return u.Hostname()
}
