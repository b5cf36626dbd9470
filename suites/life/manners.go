package life

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// What follows are the rules of what the standards ask of whoever hands out, takes and ends credentials.

// challenged expects that who is refused for want of a credential is told how to authenticate (RFC 9110, 15.5.2).
func challenged(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	c := a.Make(ctx, kindAt(op, p))
	a.Against(a.Working(ctx, op, c), func() {
		answer := a.Present(ctx, op.ID(), c, instead(role(op.Takes()[0]), sent{none: true}))
		if answer.Err != nil || answer.Status != http.StatusUnauthorized {
			a.Skip("without a "+c.Kind+" it is answered "+check.Describe(answer)+", and only a 401 has a challenge", "nothing: the promise is empty for this server")
		}
		a.Require(answer.Header.Get("WWW-Authenticate") != "", "WWW-Authenticate with the 401", "none")
	})
}

// cookieIs expects an attribute of the cookie in which an operation hands out.
func cookieIs(words string, has func(*http.Cookie) bool) rule {
	return func(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
		answer, name := a.good(ctx, op), op.HandsOut().ByCookie()
		cookies := (&http.Response{Header: answer.Header}).Cookies()
		i := slices.IndexFunc(cookies, func(c *http.Cookie) bool { return strings.EqualFold(c.Name, name) })
		if i < 0 {
			a.Aged(answer)
			a.Inconclusive("the answer sets no cookie %s to look at: %s", name, check.Describe(answer))
		}
		a.Require(has(cookies[i]), words+" in the cookie "+name, "none")
	}
}

// endedAgain expects that the end of what has ended is answered as the contract says.
func endedAgain(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
	e := op.Ends()
	c := a.Make(ctx, e.Kind)
	a.EndBy(ctx, c, op.ID())
	answer := a.Present(ctx, op.ID(), c, a.byAnother(ctx, op)...)
	var expected []string
	for _, status := range e.Again {
		expected = append(expected, fmt.Sprint(status))
	}
	a.Require(answer.Err == nil && slices.Contains(e.Again, answer.Status), "status "+strings.Join(expected, " or ")+" for a second end", check.Shown(answer))
}

// byAnother has a living credential authorize an operation that names the one concerned elsewhere.
func (a *API) byAnother(ctx context.Context, op *openapi.Operation) []Option {
	takes := op.Takes()
	if len(takes) < 2 || !takes[1].Authority {
		return nil
	}
	return []Option{Authorized(a.Make(ctx, takes[1].Kind))}
}

// unknownEnded expects that the end of what nobody was given is answered as that of anything (RFC 7009, 2.2).
func unknownEnded(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
	c := a.Make(ctx, op.Ends().Kind)
	answer := a.Present(ctx, op.ID(), c, append(a.byAnother(ctx, op), instead(role(op.Takes()[0]), sent{text: a.MadeUp(c.At(op.Takes()[0]))}))...)
	a.Require(answer.Err == nil && answer.Status == http.StatusOK, "status 200 for a token that nobody was given", check.Shown(answer))
}

// outlivesClearing expects that a credential works on after an operation that has the client forget it.
func outlivesClearing(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
	c := a.Make(ctx, op.Takes()[0].Kind)
	answer := a.Present(ctx, op.ID(), c)
	a.ExpectGranted(answer, c.key, op.ID()+" with a living "+c.Kind+" is granted")
	a.ExpectAccepted(ctx, a.Opener(c.Kind), c, Noun(c.Kind)+" after "+op.ID())
}
