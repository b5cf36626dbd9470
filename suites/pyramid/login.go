package pyramid

import (
	"context"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// cookieName is the cookie in which the token is usually stored.
const cookieName = "PyramidAuth"

// logIn has the transport log in: by Kerberos for the target's own account, whose tickets the KDC gives. A wrong password of Kerberos
// would be for the KDC to refuse and never reach the server, so that any other is tried by NTLM. The first login tells the course how far it came.
func logIn(course *winlogin.Course) func(context.Context, *life.API, target.Account, *client.Request) context.Context {
	return func(ctx context.Context, a *life.API, account target.Account, r *client.Request) context.Context {
		if a.Target.Profile == profile3 && r.Header.Get("Accept") == "" {
			r.Header.Set("Accept", "text/plain")
		}
		return winlogin.With(ctx, loginFor(a, account, r, course))
	}
}

func loginFor(a *life.API, account target.Account, r *client.Request, course *winlogin.Course) winlogin.Login {
	l := loginOf(account)
	if r.Purpose == evidence.Preflight {
		l.Course = course
	}
	l.Kerberos = account == a.Target.Account
	known := slices.ContainsFunc(slices.Collect(maps.Values(a.Target.Accounts)), func(right target.Account) bool {
		return right.Username == account.Username && right.Password == account.Password
	})
	l.Once = !l.Kerberos && !known && !check.IsStranger(account.Username)
	return l
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

// lookalike is base64 of some length.
var lookalike = regexp.MustCompile(`[A-Za-z0-9+/]{24,}={0,2}`)

// maxTried bounds the lookalikes that are tried in one refusal.
const maxTried = 4

// ownFields are those of a login by Windows Authentication itself, and those that every answer has.
var ownFields = []string{"Www-Authenticate", "Date", "Content-Type", "Server", "Content-Security-Policy"}

// inFields names the field of an answer, Set-Cookie among them, in which there is a token that opens the API; "" for none.
func inFields(ctx context.Context, a *life.API, answer *client.Answer) string {
	for _, name := range slices.Sorted(maps.Keys(answer.Header)) {
		if slices.Contains(ownFields, name) {
			continue
		}
		for _, value := range answer.Header[name] {
			if plain, err := url.PathUnescape(value); err == nil {
				value = plain
			}
			for _, candidate := range lookalike.FindAllString(value, maxTried) {
				if a.Opening(ctx, candidate) {
					a.Secret("token", candidate)
					return name
				}
			}
		}
	}
	return ""
}

// expectNoneInFields expects that no field of an answer has a token in it.
func (a *API) expectNoneInFields(ctx context.Context, answer *client.Answer, what string) {
	if name := inFields(ctx, a.API, answer); name != "" {
		a.FailGranted(what+" has no working token in its fields", "one in "+name)
	}
}

// leak says where an answer that should give no token gives one beside its body. What merely looks like a token in the body of a
// refusal is one when it works.
func leak(ctx context.Context, a *life.API, answer *client.Answer) string {
	inCookie := openapi.Expression("$response.cookie." + cookieName)
	if _, ok := inCookie.Read(answer.Exchange()); ok {
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
