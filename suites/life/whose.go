package life

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// told is what an answer says where JSON has a text, by the place. When something was, or is to be, tells no account from another.
func told(body []byte) map[string]string {
	var value any
	all := map[string]string{}
	if json.Unmarshal(body, &value) == nil {
		tell(all, "", value)
	}
	return all
}

func tell(all map[string]string, at string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			tell(all, at+"/"+name, member)
		}
	case []any:
		for i, member := range v {
			tell(all, fmt.Sprintf("%s/%d", at, i), member)
		}
	case string:
		if _, err := openapi.ParseTime(v); err != nil {
			all[at] = v
		}
	}
}

// common are the members that two answers have in common.
func common(one, another map[string]string) map[string]string {
	same := maps.Clone(one)
	maps.DeleteFunc(same, func(at, text string) bool { return another[at] != text })
	return same
}

// answersForItsAccount expects that an answer is about the account whose credential it was asked with, whichever other account has logged in or
// asked on the connection before, at the same moment, or is carried beside.
func answersForItsAccount(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	other, has := a.Second()
	if !has || !a.SecondWorks(ctx) {
		a.Skip(noOther, nameOther)
	}
	kind := kindAt(op, p)
	h := a.hand(kind)
	// in gives a credential of one of the two, by a login with the options, and ask what is answered to it.
	in := func(on *API, others bool, options ...Option) *Credential {
		account := on.Target.Account
		if others {
			account = other
		}
		return on.arranged(on.LogIn(ctx, account, arranging(options)...), h, "")
	}
	ask := func(on *API, c *Credential, purpose evidence.Purpose) *client.Answer {
		answer := on.Present(ctx, op.ID(), c, As(purpose))
		if !check.Granted(answer) {
			on.Fresh(answer, c.Value, c.key)
			on.Inconclusive("%s was answered %s", op.ID(), check.Describe(answer))
		}
		return answer
	}
	said := func(others bool) (all map[string]string) { // where nobody was before
		a.OnOneConnection(ctx, func(one *API) { all = told(ask(one, in(one, others), evidence.Control).Body) })
		return all
	}
	// In turn, since of what grows with time, as that of a login does, the one between two that are alike is like both.
	first, second := said(false), said(true)
	own, of := common(first, said(false)), common(second, said(true))
	// What tells the two apart is what it says of each, each time the same, and of the two not the same.
	apart := func(at, text string) bool { theirs, both := of[at]; return both && theirs != text }
	maps.DeleteFunc(own, func(at, text string) bool { return !apart(at, text) })
	if len(own) == 0 {
		a.Skip("nothing in the answers to "+op.ID()+" tells two accounts apart", "nothing: the promise is empty for this server")
	}
	expect := func(on *API, c *Credential, others bool, when string) {
		answer := ask(on, c, evidence.Act)
		foreign := of
		if others {
			foreign = own
		}
		now, places := told(answer.Body), slices.Sorted(maps.Keys(own))
		if !slices.ContainsFunc(places, func(at string) bool { return now[at] != foreign[at] }) {
			on.Fail(p.What+" is answered for its own account, "+when, strings.Join(places, ", ")+" of another account")
		}
	}
	a.OnOneConnection(ctx, func(one *API) {
		first := in(one, false)
		ask(one, first, evidence.Arrange)
		second := in(one, true)
		expect(one, second, true, "on a connection on which another account has logged in and asked")
		expect(one, first, false, "on a connection on which another account has logged in and asked")
		expect(one, second, true, "on a connection on which two accounts ask in turn")
	})
	const each = 4
	made := make([]*Credential, 2*each)
	atOnce := func(n int, part func(i int, own *API)) {
		for _, made := range a.AtTheSameMoment(ctx, n, part) {
			if made.End != nil {
				a.Exhibit(made.Answers)
				a.EndAs(made.End)
			}
		}
	}
	atOnce(len(made), func(i int, own *API) { made[i] = in(own, i%2 == 1) })
	for i, c := range made {
		expect(a, c, i%2 == 1, "of two that logged in at the same moment")
	}
	atOnce(len(made), func(i int, own *API) { expect(own, made[i], i%2 == 1, "of two that ask at the same moment") })
	if last, field := Carried(a.Client.Document()); field != "" && last == kind && a.Client.Document().Login().By.CredentialHeader() == "" &&
		!strings.EqualFold(field, "Cookie") {
		answer := a.LogIn(ctx, other, Beside(field, in(a, false)), As(evidence.Act))
		if c, given := a.Read(answer); given { // that it gives none is another check's matter
			expect(a, c, true, "of a login that carried a credential of another account")
		}
	}
}
