package aria

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/suites/check"
)

// Plain is the target's account without its authentication source, Named with it.
func (a *API) Plain() Login {
	account := a.Target.Account
	return Login{Username: account.Username, Password: account.Password.Reveal()}
}

// Named is the target's account with the name of its authentication source.
func (a *API) Named() Login {
	l := a.Plain()
	l.AuthSource = a.Target.Own[authSourceKey]
	return l
}

// Login is the target's account in the way in which checks log in that are about something else: with its source, or
// without where only that gets a token. It is found out once in a run, so that a server that fails to do one of the two
// breaks one promise, and is not asked in vain a hundred times.
func (a *API) Login(ctx context.Context) Login {
	if !a.Target.Says(authSourceKey) {
		return a.Plain()
	}
	named, _, err := ledger.Do(ctx, &a.Ledger.Own, "named", func() (bool, error) {
		if _, ok := a.token(a.Acquire(ctx, a.Named(), as(evidence.Preflight))); ok {
			return true, nil
		}
		_, plain := a.token(a.Acquire(ctx, a.Plain(), as(evidence.Preflight)))
		return !plain, nil
	})
	if err != nil {
		a.Inconclusive("finding out how to log in: %v", err)
	}
	if named {
		return a.Named()
	}
	return a.Plain()
}

// LoggingIn is the control of a password: it shows that the right one of the target's account is accepted.
func (a *API) LoggingIn(ctx context.Context) check.Control {
	return check.Show(func() { a.Token(ctx, as(evidence.Control)) })
}

// wrongPassword names the wrong password that several checks share.
const wrongPassword = "wrong-password"

// TryPassword tries a wrong password for the target's account, once in the run.
func (a *API) TryPassword(ctx context.Context, attempt, password string) *client.Answer {
	a.Secret("wrong-password", password)
	login := a.Login(ctx)
	login.Password = password
	return a.WrongPassword(ctx, login.Username, attempt, func() { a.LoggingIn(ctx) }, func() *client.Answer {
		return a.Acquire(ctx, login)
	})
}

// TryWrongPassword tries a password that has nothing of the right one.
func (a *API) TryWrongPassword(ctx context.Context) *client.Answer {
	return a.TryPassword(ctx, wrongPassword, check.NoPassword)
}

// TryUnknownUser tries to log in as a user who does not exist, in the source of the target's account.
func (a *API) TryUnknownUser(ctx context.Context) *client.Answer {
	a.Secret("wrong-password", check.NoPassword)
	login := a.Login(ctx)
	_, domain, inDomain := strings.Cut(login.Username, "@")
	login.Username, login.Password = check.Stranger(), check.NoPassword
	if inDomain {
		login.Username += "@" + domain
	}
	return a.Acquire(ctx, login)
}

// refusal is the error object of servers in use; the document describes none.
type refusal struct {
	Message        any `json:"message"`
	HTTPStatusCode any `json:"httpStatusCode"`
	APIErrorCode   any `json:"apiErrorCode"`
}

// codes are what tells one refusal from another. Its message may well name the user.
func codes(answer *client.Answer) string {
	return fmt.Sprintf("status %d, %s", answer.Status, errorCode(answer))
}

// errorCode is the server's own word for why it refuses.
func errorCode(answer *client.Answer) string {
	var r refusal
	_ = json.Unmarshal(answer.Body, &r) // a refusal of another form has none of the members
	return "apiErrorCode " + orNone(r.APIErrorCode)
}

func orNone(code any) string {
	if code == nil {
		return "missing"
	}
	return fmt.Sprint(code)
}

// describeBody says what the body of a refusal is, by its form and never by its values.
func describeBody(answer *client.Answer) string {
	text := strings.TrimSpace(string(answer.Body))
	var object map[string]json.RawMessage
	switch {
	case answer.Err != nil:
		return check.Describe(answer)
	case text == "":
		return "no body"
	case json.Unmarshal(answer.Body, &object) == nil:
		var known []string
		for _, name := range []string{"message", "httpStatusCode", "apiErrorCode"} {
			if _, ok := object[name]; ok {
				known = append(known, name)
			}
		}
		if len(known) == 0 {
			return "a JSON object with none of the members that servers in use send"
		}
		return "a JSON object with " + strings.Join(known, ", ")
	case strings.HasPrefix(text, "<"):
		return "a body in HTML or XML"
	}
	return "a body of another form"
}
