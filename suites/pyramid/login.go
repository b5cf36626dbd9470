package pyramid

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// cookieName is the cookie in which the token is usually stored.
const cookieName = "PyramidAuth"

// logIn has the transport log in: by Kerberos for the target's own account, whose tickets the KDC gives. A wrong password of Kerberos
// would be for the KDC to refuse and never reach the server, so that any other is tried by NTLM.
func logIn(ctx context.Context, a *life.API, account target.Account, _ *client.Request) context.Context {
	l := loginOf(account)
	l.Kerberos = account == a.Target.Account
	known := slices.ContainsFunc(slices.Collect(maps.Values(a.Target.Accounts)), func(right target.Account) bool {
		return right.Username == account.Username && right.Password == account.Password
	})
	l.Once = !l.Kerberos && !known && !check.IsStranger(account.Username)
	return winlogin.With(ctx, l)
}

// loginOf names an account in the form that Windows has known longest.
func loginOf(account target.Account) winlogin.Login {
	l := winlogin.Login{Username: account.Username, Password: account.Password.Reveal()}
	switch {
	case account.DownLevelName != "":
		l.Username = account.DownLevelName
	case account.Domain != "" && !strings.ContainsAny(account.Username, `\@`):
		l.Username = account.Domain + `\` + account.Username
	}
	return l
}

// refused judges a first login that gave no token: what Windows Authentication says of why is said once.
func refused(_ context.Context, a *life.API, login *client.Answer) (*check.Problem, bool) {
	switch {
	case errors.Is(login.Err, winlogin.ErrTicket):
		return &check.Problem{
			Reason: login.Err.Error(),
			Remedy: "check kerberos in the target file (realm, kdc, spn), the clock, and the password or the keytab of the account",
		}, true
	case login.Err == nil && (login.Status == http.StatusUnauthorized || login.Status == http.StatusForbidden):
		offered := cmp.Or(strings.Join(schemesOf(login), ", "), "none")
		return &check.Problem{
			Reason: fmt.Sprintf("the server refused the credentials of %s: %d, with the schemes: %s",
				a.Target.Account.Username, login.Status, offered),
			Remedy: "check the name and the password (CONFORM_USERNAME and CONFORM_PASSWORD, or account in the target file; " +
				"account.domain where the name has no domain), and that Windows Authentication is the server's method",
		}, true
	}
	return nil, false
}

// lookalike is base64 of some length.
var lookalike = regexp.MustCompile(`[A-Za-z0-9+/]{24,}={0,2}`)

// maxTried bounds the lookalikes that are tried in one refusal.
const maxTried = 4

// leak says where an answer that should give no token gives one beside its body. What merely looks like a token in the body of a
// refusal is one when it works.
func leak(ctx context.Context, a *life.API, answer *client.Answer) string {
	inCookie := openapi.Expression("$response.cookie." + cookieName)
	if _, ok := inCookie.Read(openapi.Exchange{Header: answer.Header}); ok {
		return "a token in the cookie " + cookieName
	}
	for _, candidate := range lookalike.FindAllString(string(answer.Body), maxTried) {
		if a.Opening(ctx, candidate) {
			a.Secret("token", candidate)
			return "a token in the body, which works"
		}
	}
	return ""
}
