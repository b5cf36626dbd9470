package adaxes

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
	"example.org/conform/suites/nearmiss"
)

// sessionCreation declares the checks of "Create authentication session".
func sessionCreation(s *check.Suite[*API]) {
	contract.Described(s, createSession, func(ctx context.Context, api *API) *client.Answer {
		account := api.Target.Account
		return api.CreateSession(ctx, account.Username, account.Password.Reveal())
	})

	s.Check("down-level-name", `accepts the account's name written DOMAIN\user`, func(ctx context.Context, api *API) {
		account := api.Target.Account
		answer := api.CreateSession(ctx, account.DownLevelName, account.Password.Reveal())
		api.Expect(answer).To(check.Succeed(), "a session for DOMAIN\\user")
		created, ok := api.session(answer)
		api.Require(ok, "a sessionId in the answer", "none")
		api.ExpectIssues(ctx, created, "the session made with DOMAIN\\user")
	}, check.Proves("ADX-SES-02"))

	s.Check("expires-later", "gives an expiry later than the moment of the response", func(ctx context.Context, api *API) {
		answer := api.CreateSession(ctx, api.Target.Account.Username, api.Target.Account.Password.Reveal())
		api.expectExpiresLater(answer)
	}, check.Proves("ADX-SES-05"))

	s.Check("utc", "states the expiry in UTC", func(ctx context.Context, api *API) {
		answer := api.CreateSession(ctx, api.Target.Account.Username, api.Target.Account.Password.Reveal())
		api.expectUTC(answer)
	}, check.Proves("ADX-SES-06"))

	s.Check("another-id", "gives another sessionId at every creation", func(ctx context.Context, api *API) {
		first, second := api.Session(ctx), api.Session(ctx)
		api.Require(second.ID != first.ID, "two creations give two sessionIds", "the same one twice")
		api.ExpectIssues(ctx, first, "the session created before another")
	}, check.Proves("ADX-SES-07"), check.Reaching())

	s.Check("on-its-own", "leaves a session usable when another of the account ends", func(ctx context.Context, api *API) {
		first, second := api.Session(ctx), api.Session(ctx)
		api.Terminated(ctx, first)
		api.ExpectIssues(ctx, second, "the session that was not ended")
	}, check.Proves("ADX-SES-07"), check.Reaching())

	wrongPasswords(s)
	malformedCreations(s)
	passwordChange(s)
}

// The wrong passwords that checks send for the real account. Checks that name the same one share its answer.
const (
	wrongPassword = "wrong-password"
	emptyPassword = "empty-password"
)

// TryPassword tries a wrong password for the target's account, once in the run.
func (a *API) TryPassword(ctx context.Context, attempt, password string) *client.Answer {
	a.Secret("wrong-password", password)
	username := a.Target.Account.Username
	return a.WrongPassword(ctx, username, attempt, func() { a.Login(ctx) }, func() *client.Answer {
		return a.CreateSession(ctx, username, password)
	})
}

// TryWrongPassword tries a password that has nothing of the right one.
func (a *API) TryWrongPassword(ctx context.Context) *client.Answer {
	return a.TryPassword(ctx, wrongPassword, check.NoPassword)
}

// TryUnknownAccount tries to log in to an account that does not exist, in the domain of the target's account.
func (a *API) TryUnknownAccount(ctx context.Context) *client.Answer {
	_, domain, _ := strings.Cut(a.Target.Account.Username, "@")
	if domain == "" {
		domain = "example.com"
	}
	a.Secret("wrong-password", check.NoPassword)
	return a.CreateSession(ctx, check.Stranger()+"@"+domain, check.NoPassword)
}

func wrongPasswords(s *check.Suite[*API]) {
	s.Check("wrong-password", "refuses a wrong password", func(ctx context.Context, api *API) {
		api.Against(api.Login(ctx), func() {
			api.ExpectNoSession(api.TryWrongPassword(ctx), "a wrong password")
		})
	}, check.Proves("ADX-SES-08"), check.Spends(wrongPassword))

	misses := []nearmiss.Miss{nearmiss.EmptyPassword, nearmiss.OtherCase, nearmiss.Prefix, nearmiss.TrailingBlank}
	nearmiss.Passwords(s, "ADX-SES-09", "refuses", misses, func(ctx context.Context, api *API, slug, password string) {
		api.Against(api.Login(ctx), func() {
			api.ExpectNoSession(api.TryPassword(ctx, slug, password), "a password that nearly matches")
		})
	})

	s.Check("unknown-account", "refuses an account that does not exist", func(ctx context.Context, api *API) {
		api.Against(api.Login(ctx), func() {
			api.ExpectNoSession(api.TryUnknownAccount(ctx), "an unknown account")
		})
	}, check.Proves("ADX-SES-10"))

	s.Check("invalid-credentials", "answers wrong credentials 403 with invalidCredentials", func(ctx context.Context, api *API) {
		api.ExpectInnerCode(api.TryUnknownAccount(ctx), "invalidCredentials")
	}, check.Proves("ADX-SES-11"))

	s.Check("no-enumeration", "answers an unknown account as it answers a wrong password", func(ctx context.Context, api *API) {
		unknown, wrong := api.TryUnknownAccount(ctx), api.TryWrongPassword(ctx)
		api.Expect(unknown).To(check.HaveStatus(wrong.Status), "the status for a wrong password, also for an unknown account")
		u, w := readRefusal(unknown), readRefusal(wrong)
		api.Require(fmt.Sprint(u.Code, u.innerCode()) == fmt.Sprint(w.Code, w.innerCode()),
			fmt.Sprintf("the codes for a wrong password, %v and %s, also for an unknown account", w.Code, check.OrMissing(w.innerCode())),
			fmt.Sprintf("%v and %s", u.Code, check.OrMissing(u.innerCode())))
	}, check.Proves("ADX-SES-12"), check.Spends(wrongPassword))

	s.Check("no-echo", "does not repeat the password in its answer to a good login", func(ctx context.Context, api *API) {
		password := api.TellingPassword()
		api.ExpectNoEcho(api.CreateSession(ctx, api.Target.Account.Username, password), password, "the answer to a good login")
	}, check.Proves("ADX-SES-13"))

	s.Check("no-echo-to-strangers", "does not repeat the password that was tried for an unknown account", func(ctx context.Context, api *API) {
		api.ExpectNoEcho(api.TryUnknownAccount(ctx), check.NoPassword, "the answer to an unknown account")
	}, check.Proves("ADX-SES-13"))

	s.Check("no-echo-of-wrong-password", "does not repeat a wrong password in its answer", func(ctx context.Context, api *API) {
		api.ExpectNoEcho(api.TryWrongPassword(ctx), check.NoPassword, "the answer to a wrong password")
	}, check.Proves("ADX-SES-13"), check.Spends(wrongPassword))
}

func malformedCreations(s *check.Suite[*API]) {
	// Without a usable password, what is left is the name of a real account: a server may count that as a wrong one.
	spends := map[string]string{"password": "malformed"}
	contract.Malformed(s, createSession, spends, func(ctx context.Context, api *API, m openapi.Malformed) {
		account := api.Target.Account
		send := func() *client.Answer {
			return api.sendMalformed(ctx, createSession, m, map[string]any{
				"username": account.Username, "password": account.Password.Reveal(),
			})
		}
		api.Against(api.Login(ctx), func() {
			answer := send
			if m.Member == "password" {
				answer = func() *client.Answer {
					return api.WrongPassword(ctx, account.Username, "malformed-"+m.Name, func() { api.Login(ctx) }, send)
				}
			}
			api.ExpectNoSession(answer(), "a request with "+m.Title)
		})
	})

	s.Check("model-state", "answers a malformed request 400 with modelState", func(ctx context.Context, api *API) {
		answer := api.send(ctx, client.Request{Operation: createSession, Body: []byte(`{}`)}, nil)
		api.Expect(answer).To(check.HaveStatus(http.StatusBadRequest))
		api.Require(readRefusal(answer).ModelState != nil, "modelState in the error", "none")
	}, check.Proves("ADX-SES-15"))

	s.Check("other-media-type", "refuses a body that is not sent as application/json", func(ctx context.Context, api *API) {
		account := api.Target.Account
		body, _ := json.Marshal(map[string]string{"username": account.Username, "password": account.Password.Reveal()})
		api.Against(api.Login(ctx), func() {
			api.ExpectNoSession(api.send(ctx, client.Request{
				Operation: createSession, Body: body, ContentType: "text/plain",
			}, nil), "a body sent as text/plain")
		})
	}, check.Proves("ADX-SES-16"))

	methods := []string{http.MethodGet, http.MethodPut, http.MethodDelete}
	contract.Methods(s, createSession, "ADX-SES-17", "creates no session", methods, func(ctx context.Context, api *API, method string) {
		account := api.Target.Account
		api.Against(api.Login(ctx), func() {
			answer := api.CreateSession(ctx, account.Username, account.Password.Reveal(), func(r *client.Request) { r.Method = method })
			_, created := api.session(answer)
			api.Require(!created, method+" on the path creates no session", "a sessionId in the answer")
		})
	})
}

// passwordChange declares the checks of totpState and changePasswordReason.
func passwordChange(s *check.Suite[*API]) {
	reason := func(ctx context.Context, api *API, username, password string, want int) {
		answer := api.CreateSession(ctx, username, password)
		api.Expect(answer).To(check.Succeed(), "a session for the account")
		var body struct {
			ChangePasswordReason *float64 `json:"changePasswordReason"` // 0.0 is an integer to JSON Schema
		}
		if err := json.Unmarshal(answer.Body, &body); err != nil || body.ChangePasswordReason == nil {
			api.Fail(fmt.Sprintf("changePasswordReason %d", want), "no number of that name")
		}
		api.Require(*body.ChangePasswordReason == float64(want),
			fmt.Sprintf("changePasswordReason %d", want), fmt.Sprint(*body.ChangePasswordReason))
	}
	s.Check("no-reason", "gives changePasswordReason 0 for an ordinary account", func(ctx context.Context, api *API) {
		reason(ctx, api, api.Target.Account.Username, api.Target.Account.Password.Reveal(), 0)
	}, check.Proves("ADX-SES-20"))
	for id, state := range map[string]struct {
		account string
		reason  int
	}{
		"ADX-SES-21": {"passwordExpired", 1},
		"ADX-SES-22": {"passwordMustBeChanged", 2},
	} {
		s.Check("reason", "gives the changePasswordReason of the account's state", func(ctx context.Context, api *API) {
			account := api.Target.Accounts[state.account]
			reason(ctx, api, account.Username, account.Password.Reveal(), state.reason)
		}, check.Proves(id))
	}
	s.Check("former-members", "records totpState and changePasswordReason", func(ctx context.Context, api *API) {
		answer := api.CreateSession(ctx, api.Target.Account.Username, api.Target.Account.Password.Reveal(), as(evidence.Act))
		var body map[string]json.RawMessage
		if !readable(answer, &body) {
			api.Inconclusive("creating a session gave nothing readable: %s", check.Describe(answer))
		}
		var seen []string
		for _, member := range []string{"totpState", "changePasswordReason"} {
			if value, ok := body[member]; ok {
				seen = append(seen, member+" = "+string(value))
			}
		}
		if len(seen) == 0 {
			seen = []string{"neither member appears"}
		}
		api.Note("%s", strings.Join(seen, ", "))
	}, check.Proves("ADX-SES-23"))
}
