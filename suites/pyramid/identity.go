package pyramid

import (
	"context"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

const (
	// abreast is how many log in at the same moment, every second of them no administrator, and moments is how often.
	abreast, moments = 6, 3
	// refusedCalls is how often a call is made whose user may not make it.
	refusedCalls = 4
)

// refusedCall is what such an account may not make.
const refusedCall = "an API call with the token of an account that is no administrator"

// identities declares the checks of whose a token is: a connection, a process and a spelling may each take one user for another.
func identities(s *check.Suite[*API]) {
	s.Check("on-an-admins-connection", "gives it also on a connection on which an administrator has logged in", func(ctx context.Context, api *API) {
		answer := api.behind(ctx, api.Target.Of(nonAdmin), api.own())
		_, ok := api.Read(answer)
		if !ok {
			api.InDoubt(ctx, func(own *life.API) {
				again := &API{own}
				if answer := again.behind(ctx, own.Target.Account, again.own()); check.Refused(answer) {
					own.ShownElsewhere("PYR-TOK-01", "a token for login 2 on a connection", answer, "a connection takes one login and no other, whoever's")
				}
			})
		}
		api.Require(ok, "a token for an account that is no administrator, on a connection on which one has logged in", check.Shown(answer))
	}, check.Proves("PYR-TOK-06"), check.Sweeping())

	s.Check("on-an-admins-connection", "rejects it also where the login was made on an administrator's connection", func(ctx context.Context, api *API) {
		made := api.given(api.behind(ctx, api.Target.Of(nonAdmin), api.own()))
		api.expectNoAdmins(ctx, "which logged in on the connection of one", made)
	}, check.Proves("PYR-USE-04"), check.Sweeping())

	s.Check("at-an-admins-moment", "rejects it also where the login was made at the same moment as an administrator's", func(ctx context.Context, api *API) {
		var made []*life.Credential
		for range moments {
			given := make([]*life.Credential, abreast)
			for _, part := range api.AtTheSameMoment(ctx, abreast, func(i int, own *life.API) {
				given[i], _ = own.Read(own.LogIn(ctx, own.Target.Of([]string{"", nonAdmin}[i%2])))
			}) {
				api.Exhibit(part.Answers)
			}
			for i := 1; i < abreast; i += 2 {
				if given[i] == nil {
					api.Inconclusive("a login at the same moment as others gave no token")
				}
				made = append(made, given[i])
			}
		}
		api.expectNoAdmins(ctx, "which logged in at the same moment as one", made...)
	}, check.Proves("PYR-USE-04"), check.Sweeping())

	s.Check("under-negotiate", "rejects it also where the login was made under Negotiate", func(ctx context.Context, api *API) {
		var made []*life.Credential
		for _, wrapped := range []bool{false, true} {
			l := loginOf(api.Target.Of(nonAdmin))
			l.Negotiate, l.Wrapped = !wrapped, wrapped
			if c, ok := api.Read(api.Anonymous(winlogin.With(ctx, l), life.SoundFor(api.Target.Of(nonAdmin).Username))); ok {
				made = append(made, c)
			}
		}
		if len(made) == 0 {
			api.Skip("the server does not take NTLM under Negotiate", "nothing: the promise is empty for this server")
		}
		api.expectNoAdmins(ctx, "which logged in under Negotiate", made...)
	}, check.Proves("PYR-USE-04"), check.Sweeping())

	s.Check("in-its-cookies", "gives who is no administrator no other token in a cookie or another field, which would open a call",
		func(ctx context.Context, api *API) {
			api.Against(api.WorkingNow(ctx, api.Operation(life.Probe), "token"), func() {
				answer := api.LogIn(ctx, api.Target.Of(nonAdmin))
				api.given(answer)
				api.expectNoneInFields(ctx, answer, "the answer to an account that is no administrator")
			})
		}, check.Proves("PYR-USE-04"), check.Sweeping())

	s.Check("in-each-spelling", "rejects it also where the name was written otherwise at the login", func(ctx context.Context, api *API) {
		var made []*life.Credential
		for _, account := range spellings(api.Target.Of(nonAdmin)) {
			if c, ok := api.Read(api.LogIn(ctx, account)); ok { // who is not known by a spelling is let in by none
				made = append(made, c)
			}
		}
		api.expectNoAdmins(ctx, "and whose name was written otherwise", made...)
	}, check.Proves("PYR-USE-04"), check.Sweeping())

	s.Check("again-beside-an-admin", "rejects it again and again, on a connection on which an administrator's is accepted each time",
		func(ctx context.Context, api *API) {
			probe, made, admins := api.Operation(life.Probe), api.given(api.LogIn(ctx, api.Target.Of(nonAdmin))), api.Make(ctx, "token")
			api.OnOneConnection(ctx, func(own *life.API) {
				for range refusedCalls {
					own.Against(own.Working(ctx, probe, admins), func() {
						own.ExpectNothing(ctx, own.Use(ctx, made, life.Forbidden), refusedCall+", made again beside one's")
					})
				}
			})
		}, check.Proves("PYR-USE-04"), check.Sweeping())

	s.Check("in-each-spelling", "accepts the token of a login with the name in each spelling that the target has, if it gives one",
		func(ctx context.Context, api *API) {
			for _, account := range spellings(api.Target.Account) {
				if c, ok := api.Read(api.LogIn(ctx, account)); ok {
					api.ExpectWorks(ctx, c, "the token of a login with the name written otherwise")
				}
			}
		}, check.Proves("PYR-USE-01"))
}

// given is the token of an answer, or the end of the check.
func (a *API) given(answer *client.Answer) *life.Credential {
	made, ok := a.Read(answer)
	if !ok {
		a.Inconclusive("the login gave no token: %s", check.Describe(answer))
	}
	return made
}

// expectNoAdmins expects that no call works with these tokens of an account that is no administrator.
func (a *API) expectNoAdmins(ctx context.Context, whose string, made ...*life.Credential) {
	a.Against(a.WorkingNow(ctx, a.Operation(life.Probe), "token"), func() {
		for _, c := range made {
			a.ExpectNothing(ctx, a.Use(ctx, c, life.Forbidden), refusedCall+" "+whose)
		}
	})
}

// spellings are an account's name as user@domain and as DOMAIN\user, as far as the target shows them.
func spellings(account target.Account) []target.Account {
	local, _, inName := strings.Cut(account.Username, "@")
	all := []target.Account{{Username: account.Username, Password: account.Password}}
	down := account.DownLevelName
	if down == "" && account.Domain != "" && inName {
		down = account.Domain + `\` + local
	}
	if down != "" {
		all = append(all, target.Account{Username: account.Username, DownLevelName: down, Password: account.Password})
	}
	return all
}
