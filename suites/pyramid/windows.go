package pyramid

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// These name attempts that a server may count as a wrong password.
const (
	otherConnection, onWarmConnection, onRefusedConnection, onViewersConnection = "other-connection", "on-a-warm-connection",
		"on-a-refused-connection", "on-anothers-connection"
	hollowProof, versionOne, lastChanged, underNegotiate, inSPNEGO = "hollow-proof", "proof-of-version-one", "proof-nearly-right",
		"under-negotiate", "in-spnego"
)

// again is how many logins are made on one connection.
const again = 4

// Anonymous asks for a token without Windows credentials.
func (a *API) Anonymous(ctx context.Context, options ...life.Option) *client.Answer {
	return a.Do(ctx, authenticateUserWindows, options...)
}

// own is the login of the target's account by NTLM, or the end of the check where it has none.
func (a *API) own() winlogin.Login {
	l := loginOf(a.Target.Account)
	if l.Password == "" {
		a.Skip("the account has no password, only a keytab: NTLM cannot prove the knowledge of one", "add account.password")
	}
	return l
}

// nobody is the login of an account that does not exist.
func (a *API) nobody() winlogin.Login {
	a.Secret("wrong-password", check.NoPassword)
	return winlogin.Login{Username: check.Stranger(), Password: check.NoPassword}
}

// hollow has a proof hold nothing but the name.
var hollow = winlogin.Change{Words: "a proof with nothing in it but the name", Make: winlogin.Hollow}

// tryOnce makes a login that the server may count as one with a wrong password for the target's account, once in the run.
func (a *API) tryOnce(ctx context.Context, attempt string, l winlogin.Login) *client.Answer {
	l.Once = true
	return a.WrongPassword(ctx, a.Target.Account.Username, attempt, func() { a.LoggingIn(ctx) }, func() *client.Answer {
		return a.Anonymous(winlogin.With(ctx, l))
	})
}

// asked ends the check where no proof is asked for, or a connection is closed in its face, which lets nobody in.
func (a *API) asked(answer *client.Answer) {
	if errors.Is(answer.Err, winlogin.ErrNoProof) || errors.Is(answer.Err, client.ErrMayHaveCounted) {
		a.Skip(answer.Err.Error(), "nothing: the promise is empty for this server")
	}
}

// behind logs an account of the target's in after others on their connection, or ends the check where that does not last: a server may
// close one whenever it likes.
func (a *API) behind(ctx context.Context, account target.Account, before ...winlogin.Login) *client.Answer {
	l := loginOf(account)
	l.Before = before
	answer := a.Anonymous(winlogin.With(ctx, l), life.SoundFor(account.Username))
	a.asked(answer)
	if answer.Cut() {
		a.Skip(fmt.Sprintf("the connection does not last for %d logins: %s", len(before)+1, check.Describe(answer)),
			"nothing: the promise is empty where connections do not last")
	}
	return answer
}

// windows declares the checks of Windows Authentication.
func windows(s *check.Suite[*API]) {
	s.Check("no-credentials", "gives no token without Windows credentials", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			api.ExpectNothing(ctx, api.Anonymous(ctx), "a request without Windows credentials")
		})
	}, check.Proves("PYR-WIN-01"))

	s.Check("cookies-of-a-login", "gives no token for the cookies that came with one", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			if cookies := api.CookiesOf(api.Make(ctx, "token").Given); cookies != "" {
				api.ExpectNothing(ctx, api.Anonymous(ctx, life.Header("Cookie", cookies)), "a request with the cookies of a login, and no credentials,")
			}
		})
	}, check.Proves("PYR-WIN-01"))

	s.Check("no-credentials",
		"answers a request without Windows credentials 401, and offers Negotiate or NTLM", func(ctx context.Context, api *API) {
			api.expectChallenged(api.Anonymous(ctx), "without Windows credentials")
		}, check.Proves("PYR-WIN-04"))
	s.Check("unknown-account", "answers an unknown account 401, and offers Negotiate or NTLM", func(ctx context.Context, api *API) {
		api.expectChallenged(api.TryStranger(ctx), "for an unknown account")
	}, check.Proves("PYR-WIN-04"))
	s.Check("wrong-password", "answers a wrong password 401, and offers Negotiate or NTLM", func(ctx context.Context, api *API) {
		api.expectChallenged(api.TryWrongPassword(ctx), "for a wrong password")
	}, check.Proves("PYR-WIN-04"), check.Spends(life.WrongPassword))

	s.Check("other-connection",
		"refuses the right proof on another connection than that of its challenge", func(ctx context.Context, api *API) {
			l := api.own()
			l.Elsewhere = true
			api.Against(api.LoggingIn(ctx), func() {
				// A server that holds the proof against the second connection's challenge sees a wrong one.
				answer := api.tryOnce(ctx, otherConnection, l)
				api.ExpectNothing(ctx, answer, "a proof on another connection")
			})
		}, check.Proves("PYR-WIN-05"), check.Spends(otherConnection))

	s.Check("on-a-warm-connection",
		"gives no token for a wrong password on a connection that has logged in", func(ctx context.Context, api *API) {
			l := loginOf(api.Wrong())
			l.Before = []winlogin.Login{api.own()}
			api.Against(api.LoggingIn(ctx), func() {
				answer := api.tryOnce(ctx, onWarmConnection, l)
				api.asked(answer)
				api.ExpectNothing(ctx, answer, "a wrong password on a connection that has logged in")
			})
		}, check.Proves("PYR-WIN-02"), check.Spends(onWarmConnection))
	s.Check("on-anothers-connection",
		"gives no token for a wrong password on a connection on which another user has logged in", func(ctx context.Context, api *API) {
			l := loginOf(api.Wrong())
			l.Before = []winlogin.Login{loginOf(api.Target.Of(nonAdmin))}
			api.Against(api.LoggingIn(ctx), func() {
				answer := api.tryOnce(ctx, onViewersConnection, l)
				api.asked(answer)
				api.ExpectNothing(ctx, answer, "a wrong password on a connection on which another user has logged in")
			})
		}, check.Proves("PYR-WIN-02"), check.Needs("accounts."+nonAdmin), check.Spends(onViewersConnection))
	s.Check("in-spnego", "gives no token for a wrong password in SPNEGO, where it gives one for the right password", func(ctx context.Context, api *API) {
		right, wrong := api.own(), loginOf(api.Wrong())
		right.Wrapped, wrong.Wrapped = true, true
		if answer := api.Anonymous(winlogin.With(ctx, right)); !slices.Contains(schemesOf(api.Anonymous(ctx)), "Negotiate") || !check.Granted(answer) {
			api.Skip("the server does not take NTLM in SPNEGO", "nothing: the promise is empty for this server")
		}
		api.Against(api.LoggingIn(ctx), func() {
			api.ExpectNothing(ctx, api.tryOnce(ctx, inSPNEGO, wrong), "a wrong password in SPNEGO")
		})
	}, check.Proves("PYR-WIN-02"), check.Spends(inSPNEGO))
	s.Check("under-negotiate", "gives no token for a wrong password under Negotiate, where it gives one for the right password", func(ctx context.Context, api *API) {
		right, wrong := api.own(), loginOf(api.Wrong())
		right.Negotiate, wrong.Negotiate = true, true
		if answer := api.Anonymous(winlogin.With(ctx, right)); !slices.Contains(schemesOf(api.Anonymous(ctx)), "Negotiate") || !check.Granted(answer) {
			api.Skip("the server does not take NTLM under Negotiate", "nothing: the promise is empty for this server")
		}
		api.Against(api.LoggingIn(ctx), func() {
			api.ExpectNothing(ctx, api.tryOnce(ctx, underNegotiate, wrong), "a wrong password under Negotiate")
		})
	}, check.Proves("PYR-WIN-02"), check.Spends(underNegotiate))
	s.Check("again-on-its-connection", "gives a token to each of several logins on one connection", func(ctx context.Context, api *API) {
		before := []winlogin.Login{}
		for own := api.own(); len(before) < again; before = append(before, own) {
			answer := api.behind(ctx, api.Target.Account, before...)
			_, ok := api.Read(answer)
			api.Require(ok, fmt.Sprintf("a token for login %d on a connection", len(before)+1), check.Shown(answer))
		}
	}, check.Proves("PYR-TOK-01"))

	s.Check("on-a-refused-connection",
		"gives no token without credentials on a connection whose login was refused", func(ctx context.Context, api *API) {
			api.own()
			bare := winlogin.Login{Before: []winlogin.Login{loginOf(api.Wrong())}, Bare: true}
			api.Against(api.LoggingIn(ctx), func() {
				answer := api.tryOnce(ctx, onRefusedConnection, bare)
				api.asked(answer)
				api.ExpectNothing(ctx, answer, "a request without credentials on a connection whose login was refused")
			})
		}, check.Proves("PYR-WIN-01"), check.Spends(onRefusedConnection))
	s.Check("after-a-challenge", "gives no token without credentials on a connection that has got a challenge", func(ctx context.Context, api *API) {
		api.own()
		bare := winlogin.Login{Before: []winlogin.Login{{Half: true}}, Bare: true}
		api.Against(api.LoggingIn(ctx), func() {
			answer := api.Anonymous(winlogin.With(ctx, bare))
			api.asked(answer)
			api.ExpectNothing(ctx, answer, "a request without credentials on a connection that has got a challenge")
		})
	}, check.Proves("PYR-WIN-01"))
	for _, odd := range []struct {
		attempt string
		change  winlogin.Change
	}{
		{hollowProof, hollow},
		{versionOne, winlogin.Change{Words: "a proof of NTLMv1 in which nothing is proved", Make: winlogin.VersionOne}},
		{lastChanged, winlogin.Change{Words: "the right proof with its last byte changed", Make: winlogin.LastChanged}},
	} {
		attempt, change := odd.attempt, odd.change
		s.Check(attempt, "gives no token for "+change.Words, func(ctx context.Context, api *API) {
			l := api.own()
			l.Proof = change
			api.Against(api.LoggingIn(ctx), func() {
				answer := api.tryOnce(ctx, attempt, l)
				api.asked(answer)
				api.ExpectNothing(ctx, answer, change.Words)
			})
		}, check.Proves("PYR-WIN-02"), check.Spends(attempt))
	}
	s.Check("anonymous-proof", "gives no token for the proof of nobody", func(ctx context.Context, api *API) {
		l := api.nobody()
		l.Proof = winlogin.Change{Words: "the proof of nobody, which is empty", Make: winlogin.Anonymous}
		api.Against(api.LoggingIn(ctx), func() {
			answer := api.Anonymous(winlogin.With(ctx, l))
			api.asked(answer)
			api.ExpectNothing(ctx, answer, "the proof of nobody")
		})
	}, check.Proves("PYR-WIN-01"))
	s.Check("broken-proofs", "does not answer a proof that is cut or points beyond its end 5xx", func(ctx context.Context, api *API) {
		for _, broken := range []winlogin.Change{
			{Words: "a proof cut in the middle", Make: winlogin.Cut}, {Words: "a proof cut within its head", Make: winlogin.Headless},
			{Words: "a proof that points beyond its end", Make: winlogin.FarOff}, hollow,
		} {
			l := api.nobody()
			l.Proof = broken
			answer := api.Anonymous(winlogin.With(ctx, l))
			api.asked(answer)
			api.Expect(answer).To(check.NotBeServerError(), "for "+broken.Words)
		}
	}, check.Proves("PYR-WIN-07"))

	s.Check("first-message-without-ntlm", "gives a token to a login whose first message says no more than its session security, as requests-ntlm writes it",
		func(ctx context.Context, api *API) {
			l := api.own()
			l.Unnamed = true
			answer := api.Anonymous(winlogin.With(ctx, l))
			_, ok := api.Read(answer)
			api.Require(ok, "a token, also for such a login", check.Shown(answer))
		}, check.Proves("PYR-TOK-01"))

	s.Check("schemes", "records which schemes of Windows Authentication are offered", func(ctx context.Context, api *API) {
		answer := api.Anonymous(ctx)
		if offered := schemesOf(answer); len(offered) > 0 {
			api.Note("offered: %s", strings.Join(offered, ", "))
			return
		}
		api.Note("none is offered: %s", check.Describe(answer))
	}, check.Proves("PYR-WIN-06"))

	s.Check("strange-credentials", "does not answer strange credentials 5xx", func(ctx context.Context, api *API) {
		for _, strange := range strangeCredentials() {
			answer := api.Anonymous(ctx, life.Header("Authorization", strange))
			api.Expect(answer).To(check.NotBeServerError())
		}
	}, check.Proves("PYR-WIN-07"))
}

// strangeCredentials are values of Authorization that end before they mean something, or mean too much.
func strangeCredentials() []string {
	encode := func(message string) string { return base64.StdEncoding.EncodeToString([]byte(message)) }
	// The third message of NTLM, out of turn, with a field that points beyond the end.
	third := "NTLMSSP\x00\x03\x00\x00\x00" + strings.Repeat("\xff", 76)
	return []string{
		"NTLM", "Negotiate", "NTLM !!!", "Negotiate !!!",
		"NTLM " + encode("NTLMSSP\x00"), "Negotiate " + encode("NTLMSSP\x00\x01"),
		"NTLM " + encode(third), "Negotiate " + encode(third),
		"Negotiate " + encode("\x60\x84\xff\xff\xff\xff"), "Negotiate " + encode("\xa1\x03\x30\x01\x00"),
		"Basic " + encode("conform:"), "NTLM " + strings.Repeat("A", 4096),
	}
}

// schemesOf lists the schemes that an answer offers, in its words and without the messages behind them.
func schemesOf(answer *client.Answer) []string {
	var offered []string
	for _, value := range answer.Header.Values("WWW-Authenticate") {
		for _, one := range strings.Split(value, ",") {
			if scheme, _, _ := strings.Cut(strings.TrimSpace(one), " "); scheme != "" && !strings.Contains(scheme, "=") {
				offered = append(offered, scheme)
			}
		}
	}
	slices.Sort(offered)
	return offered
}

// expectChallenged expects 401 with an offer of Windows Authentication.
func (a *API) expectChallenged(answer *client.Answer, what string) {
	offered := schemesOf(answer)
	windows := slices.ContainsFunc(offered, func(scheme string) bool {
		return strings.EqualFold(scheme, "NTLM") || strings.EqualFold(scheme, "Negotiate")
	})
	if answer.Status == http.StatusUnauthorized && windows {
		return
	}
	seen := "no WWW-Authenticate"
	if len(offered) > 0 {
		seen = "WWW-Authenticate with " + strings.Join(offered, ", ")
	}
	a.Fail("401 with Negotiate or NTLM in WWW-Authenticate "+what, check.Shown(answer)+", "+seen)
}
