// Package pyramid is the suite of Pyramid Analytics API2's login under Windows Authentication. How its tokens live is in its contract;
// here is what only its document says, and how Windows logs in.
package pyramid

import (
	"context"
	"net/http"

	"example.org/conform/harness/client"
	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
	"example.org/conform/suites/spelt"
	"example.org/conform/suites/walk"
)

// authenticateUserWindows is the operation that gives a token.
const authenticateUserWindows = "authenticateUserWindows"

// profile3 is API 3.0, whose sample asks for plain text.
const profile3 = "pyramid-2023.10"

// nonAdmin is an account that is in order, but has no administrative rights.
const nonAdmin = "nonAdmin"

// API is Pyramid Analytics API2 as one check uses it.
type API struct{ *life.API }

// System is Pyramid Analytics API2, for the runner. It ends nothing: the document knows no logout, a token ends by itself. A
// description can say how the Windows accounts log in, and which one is no administrator.
func System() check.System {
	words := winlogin.Vocabulary()
	words.Accounts = []string{nonAdmin}
	s := life.System([]string{"pyramid-2018.5", profile3}, words, bind, func(s *check.Suite[*API]) {
		life.Declare(s)
		walk.Declare(s)
		spelt.Declare(s)
		tokenIssue(s)
		windows(s)
		nameless(s)
		methods(s)
		madeUp(s)
		identities(s)
		forms(s)
	})
	s.Authenticate = authenticate
	return s
}

// authenticate prepares the logins of the target's account: by NTLM, and by Kerberos where the target describes it.
func authenticate(t *target.Target) (wrap func(*http.Transport) http.RoundTripper, end func(), err error) {
	kerberos, err := winlogin.NewKerberos(t)
	if err != nil {
		return nil, nil, err
	}
	return winlogin.Wrap(kerberos), kerberos.Close, nil
}

func bind(c *check.Case) *API {
	course, example := &winlogin.Course{}, "{method: POST, path: /API2/query/extractQueryResult, body: '{\"data\": {\"itemId\": …}}'}, "+
		"and that the account is an administrator's"
	if c.Target.Profile == profile3 {
		example = "{method: POST, path: /API3/access/getMe}"
	}
	return &API{life.New(c, life.Dialect{
		LogIn:   logIn(course),
		InOrder: []string{nonAdmin},
		Leak:    leak,
		Refusal: func(ctx context.Context, a *life.API, answer *client.Answer) {
			inFields(ctx, a, answer)
		},
		Refused: refused(course),
		Example: example,
	})}
}
