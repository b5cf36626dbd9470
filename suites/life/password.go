package life

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// WrongPassword names the wrong password that has nothing of the right one. Checks that name the same one share its answer.
const WrongPassword = "wrong-password"

// TryPassword tries a wrong password for the target's account, once in the run.
func (a *API) TryPassword(ctx context.Context, attempt, password string, options ...Option) *client.Answer {
	account := a.Target.Account
	account.Password = target.Secret(password)
	return a.tryFor(ctx, "", attempt, account, options...)
}

// TryAccount tries what a server may count as a wrong password for the target's account, once in the run.
func (a *API) TryAccount(ctx context.Context, attempt string, account target.Account) *client.Answer {
	return a.tryFor(ctx, "", attempt, account)
}

// tryFor is TryAccount for the account under a name of the target's Accounts, "" for its own.
func (a *API) tryFor(ctx context.Context, name, attempt string, account target.Account, options ...Option) *client.Answer {
	// Also where it is another way to write the right one: in base64 the two have nothing in common.
	a.Secret("wrong-password", account.Password.Reveal())
	return a.Case.WrongPassword(ctx, a.Target.Of(name).Username, attempt, func() { a.loggingIn(ctx, name) }, func() *client.Answer {
		answer := a.LogIn(ctx, account, options...)
		a.lookAt(ctx, answer)
		return answer
	})
}

// lookAt looks at the answer to a wrong password when it comes: when checks come to share it, the time of what is in it may be up.
func (a *API) lookAt(ctx context.Context, answer *client.Answer) {
	if c, ok := a.Read(answer); ok && c.hand.Value.Member() == "" {
		a.Opening(ctx, c.Value)
		return
	}
	a.Gives(ctx, answer)
	if a.dialect.Refusal != nil && check.Refused(answer) {
		a.dialect.Refusal(ctx, a, answer)
	}
}

// TryWrongPassword tries a password that has nothing of the right one.
func (a *API) TryWrongPassword(ctx context.Context) *client.Answer {
	return a.TryPassword(ctx, WrongPassword, check.NoPassword)
}

// TryStranger tries to log in to an account that does not exist, in the domain of the target's account.
func (a *API) TryStranger(ctx context.Context, options ...Option) *client.Answer {
	answer := a.LogIn(ctx, a.nobody(), options...)
	if len(options) == 0 { // else it may be malformed
		a.heldTo(answer, "name", "unknown")
	}
	return answer
}

// nobody is an account that does not exist.
func (a *API) nobody() target.Account {
	account := a.Wrong()
	account.Username = stranger(account.Username)
	if account.DownLevelName != "" {
		account.DownLevelName = stranger(account.DownLevelName)
	}
	return account
}

// Wrong is the target's account with a password that has nothing of the right one.
func (a *API) Wrong() target.Account {
	account := a.Target.Account
	account.Password = check.NoPassword
	a.Secret("wrong-password", check.NoPassword)
	return account
}

// heldTo holds a refused login, whichever check made it, to the status that the contract promises for what was sent.
func (a *API) heldTo(answer *client.Answer, at, sent string) {
	if !check.Refused(answer) {
		return
	}
	for _, p := range answer.Operation.Promises {
		if p.At == at && p.Status != 0 && p.Status != answer.Status && slices.Contains(p.Sent, sent) {
			a.Broke(p.Requirement, fmt.Sprintf("status %d for every login that fails", p.Status), answer)
			return
		}
	}
}

// strangersInARow is how many failed logins of one stranger follow each other: more than the three to five after which directories
// commonly lock an account, and one less than what fits three bits.
const strangersInARow = 7

// inARow expects that a stranger is refused again and again, each time as the first, while nobody else logs in.
func inARow(ctx context.Context, a *API, _ *openapi.Operation, p openapi.Promise) {
	what := fmt.Sprintf("one of %d failed logins in a row, each with the same unknown name,", strangersInARow)
	a.Against(a.LoggingIn(ctx), func() {
		a.row(ctx, func(own *API, answer *client.Answer) {
			if p.Status != 0 {
				own.Expect(answer).To(check.HaveStatus(p.Status), "for "+what)
				return
			}
			own.ExpectNothing(ctx, answer, what)
		}, func() {})
	})
}

// row logs a stranger in several times, and then whoever comes last, while nobody else logs in.
func (a *API) row(ctx context.Context, judge func(own *API, answer *client.Answer), last func()) {
	account := a.nobody()
	a.loggingInAlone(ctx, func() {
		a.Spread(ctx, strangersInARow, func(_ int, own *API) { judge(own, own.logIn(ctx, account)) })
		last()
	})
}

// loggingInAlone has nobody else log in meanwhile. A good login goes first, so that what others failed before counts for nothing.
func (a *API) loggingInAlone(ctx context.Context, meanwhile func()) {
	done, err := a.Ledger.LoggingInAlone(ctx)
	if err != nil {
		a.Inconclusive("%v", err)
	}
	defer done()
	a.logIn(ctx, a.Target.Account, As(evidence.Control))
	meanwhile()
}

// wrongAfterStrangers expects that a wrong password is refused also where strangers have failed before.
func wrongAfterStrangers(ctx context.Context, a *API, _ *openapi.Operation, _ openapi.Promise) {
	account := a.Wrong()
	a.Against(a.LoggingIn(ctx), func() {
		answer := a.Case.WrongPassword(ctx, account.Username, afterStrangers, func() { a.LoggingIn(ctx) }, func() (answer *client.Answer) {
			a.row(ctx, func(*API, *client.Answer) {}, func() { answer = a.logIn(ctx, account) })
			return answer
		})
		a.ExpectNothing(ctx, answer, "a wrong password after the failed logins of a stranger")
	})
}

// wrongInARow names the wrong passwords that follow each other without a right one between, and wrongOnes is how many there are at most: what
// turns a counter of three bits over.
const (
	wrongInARow = "wrong-in-a-row"
	wrongOnes   = 9
)

// refusesWrongInARow expects that each of several wrong passwords in a row is refused, while nobody else logs in.
func refusesWrongInARow(ctx context.Context, a *API, _ *openapi.Operation, _ openapi.Promise) {
	account := a.Wrong()
	times := a.Target.Limits.InARow(wrongOnes)
	what := fmt.Sprintf("one of %d wrong passwords in a row", times)
	a.Against(a.LoggingIn(ctx), func() {
		answer := a.Case.WrongPasswords(ctx, account.Username, wrongInARow, times, func() { a.LoggingIn(ctx) }, func() (answer *client.Answer) {
			a.loggingInAlone(ctx, func() {
				for i := range times {
					if near, ok := FirstEight(a.Password()); ok && i == times-1 { // what stands in for a directory may look at less
						a.Redactor.Call("password-first-eight", near, 1)
						account.Password = target.Secret(near)
					}
					next := a.logIn(ctx, account, Once)
					if next.Err != nil { // what is lost says nothing, and may have counted
						answer = cmp.Or(answer, next)
						continue
					}
					a.ExpectNothing(ctx, next, what)
					answer = next
				}
			})
			return answer
		})
		a.ExpectNothing(ctx, answer, what)
	})
}

// afterStrangers names the wrong password that follows strangers' failures.
const afterStrangers = "wrong-after-strangers"

// stranger is a name that nobody has, in the domain of another.
func stranger(like string) string {
	name := check.Stranger()
	if domain, _, ok := strings.Cut(like, `\`); ok {
		return domain + `\` + name
	}
	if _, domain, ok := strings.Cut(like, "@"); ok {
		return name + "@" + domain
	}
	return name
}

// passwordRule judges a login that has to fail, or how its failure is answered.
func passwordRule(op *openapi.Operation, p openapi.Promise, options []check.Option) (rule, []check.Option, error) {
	if h := op.HandsOut(); h == nil || h.From != "" || len(p.Sent) != 1 {
		return nil, nil, fmt.Errorf("at %s: the operation is no login, or it is not one thing that is sent", p.At)
	}
	name := p.Sent[0]
	n, near := nearNameCalled(name)
	switch {
	case p.At == "account":
		return enters, append(options, check.Needs("accounts."+name)), nil
	case p.At == "name" && name == "unknown":
		return strangers, options, nil
	case p.At == "name" && domains[name] != nil:
		try := func(a *API, ctx context.Context) *client.Answer { return inDomain(a, ctx, name) }
		return failing("", try), append(options, check.Spends(name)), nil
	case p.At == "name" && near:
		return failing("", n.try(name)), append(options, check.Nearly(), check.Spends(name), check.LackingIn(n.lackingIn)), nil
	case p.At == "name":
		return nil, nil, fmt.Errorf("no name %q can be sent", name)
	case name == "wrong":
		return failing("", (*API).TryWrongPassword), append(options, check.Spends(WrongPassword)), nil
	}
	if !strings.HasSuffix(name, "/wrong") {
		options = append(options, check.Nearly())
	}
	if name == halfAPair {
		return failing("", withHalfAPair), append(options, check.Spends(halfAPair)), nil
	}
	if name == anothers {
		options = append(options, check.Needs("accounts."+target.OddPassword), check.Spends(anothers), check.LackingIn(sharesPassword))
		return failing(target.OddPassword, ofAnother), options, nil
	}
	m, known := passwordMissCalled(name)
	if !known {
		return nil, nil, fmt.Errorf("no password %q can be sent", name)
	}
	if m.account != "" {
		options = append(options, check.Needs("accounts."+m.account))
	}
	try := func(a *API, ctx context.Context) *client.Answer { return m.tryNear(ctx, a, name) }
	return failing(m.account, try), append(options, check.SpendsOf(m.account, name), check.LackingIn(m.lackingIn)), nil
}

// anothers names the password of another account of the target.
const anothers = "of-another"

// sharesPassword says of a target whose other account has the password of its own that there is nothing to try.
func sharesPassword(t *target.Target) (reason, remedy string) {
	if t.Account.Password != t.Of(target.OddPassword).Password {
		return "", ""
	}
	return "the account and accounts." + target.OddPassword + " have the same password", "give them passwords of their own"
}

// ofAnother tries the password of another account, which has just logged in by it.
func ofAnother(a *API, ctx context.Context) *client.Answer {
	return a.TryPassword(ctx, anothers, a.Target.Of(target.OddPassword).Password.Reveal())
}

// plain tells whether a password is one that neither a server nor a filter before it could take for malformed or for an attack.
func plain(password string) bool {
	odd := func(r rune) bool { return r < ' ' || r > '~' || r == '%' || r == '&' }
	return password != "" && !strings.ContainsFunc(password, odd)
}

// halfAPair names the password with half of a pair of surrogates behind it, which no text holds and JSON can write (RFC 8259, 8.2).
const halfAPair = "lone-surrogate"

func withHalfAPair(a *API, ctx context.Context) *client.Answer {
	const mark = "\ue000" // what nobody has in a password, in the place of what no text can hold
	return a.TryPassword(ctx, halfAPair, a.Password()+mark, With(func(r *client.Request) {
		if data, err := json.Marshal(r.JSON); err == nil {
			r.JSON, r.Body = nil, bytes.ReplaceAll(data, []byte(mark), []byte(`\ud800`))
		}
	}))
}

// byStranger tries it as nobody.
func byStranger(a *API, ctx context.Context) *client.Answer { return a.TryStranger(ctx) }

// strangers expects that who does not exist is refused, also who does not say a password: guests come so.
func strangers(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	failing("", byStranger)(ctx, a, op, p)
	if p.Status != 0 {
		return
	}
	a.Against(a.LoggingIn(ctx), func() {
		guest := a.nobody()
		guest.Password = ""
		a.ExpectNothing(ctx, a.LogIn(ctx, guest), "an unknown account without a password")
	})
}

// domains are those in which the account's name is another's: one that nobody has (RFC 2606, 2), and one below the right one, which ends
// like it. The right one is "" where the name has none.
var domains = map[string]func(right string) string{
	"other-domain": func(string) string { return "conform.invalid" },
	"sub-domain":   func(right string) string { return "conform." + right },
}

// inDomain tries the account's name in another domain, with the right password.
func inDomain(a *API, ctx context.Context, name string) *client.Answer {
	account := a.Target.Account
	local, right, has := strings.Cut(account.Username, "@")
	if !has && name != "other-domain" {
		a.Skip("the account's name has no domain", "nothing: the promise is empty for this account")
	}
	account.Username = local + "@" + domains[name](right)
	return a.TryAccount(ctx, name, account)
}

// inOtherCase logs in with the account's name in other letters. Whether that is the account is the server's to say; what it hands out
// then is as good as any.
func inOtherCase(ctx context.Context, a *API, op *openapi.Operation, _ openapi.Promise) {
	account := a.Target.Account
	name, ok := check.OtherCase(account.Username)
	if !ok {
		a.Skip("the account's name has no letters", "nothing: the promise is empty for this account")
	}
	account.Username = name
	if down, ok := check.OtherCase(account.DownLevelName); ok {
		account.DownLevelName = down
	}
	answer := a.LogIn(ctx, account)
	c, ok := a.Read(answer)
	if !ok {
		a.Skip("the server tells names apart by their letter case: "+check.Describe(answer), "nothing: the promise is empty for this server")
	}
	a.ExpectAccepted(ctx, a.Opener(op.HandsOut().Kind), c, Noun(c.Kind)+" of a login with the name in other letters")
}

// attempt is a login that has to fail.
type attempt func(*API, context.Context) *client.Answer

// tried says what is tried by what a promise sends.
func tried(sent string) string {
	near, isNear := nearNameCalled(sent)
	switch account, miss, _ := strings.Cut(sent, "/"); {
	case sent == "wrong":
		return "a wrong password"
	case sent == "unknown":
		return "an unknown account"
	case isNear:
		return "the right password under " + near.words
	case sent == anothers:
		return "the password of another account"
	case miss == "wrong":
		return "a wrong password for " + called(account)
	case miss != "":
		return "the password in another letter case for " + called(account)
	}
	return "a password that nearly matches"
}

// failing judges an attempt to log in to an account: it hands out nothing or, where a status is promised, has that.
func failing(account string, try attempt) rule {
	return func(ctx context.Context, a *API, _ *openapi.Operation, p openapi.Promise) {
		what := cmp.Or(p.What, tried(p.Sent[0]))
		a.Against(a.loggingIn(ctx, account), func() {
			answer := try(a, ctx)
			if p.Status != 0 {
				a.Expect(answer).To(check.HaveStatus(p.Status), "for "+what)
				return
			}
			a.ExpectNothing(ctx, answer, what)
		})
	}
}

// noEnumeration expects that nobody learns from a refusal whether a name is known.
func noEnumeration(ctx context.Context, a *API, _ *openapi.Operation, _ openapi.Promise) {
	unknown, wrong := a.TryStranger(ctx), a.TryWrongPassword(ctx)
	a.Expect(unknown).To(check.HaveStatus(wrong.Status), "the status for a wrong password, also for an unknown account")
	if codes := a.dialect.Codes; codes != nil {
		a.Require(codes(unknown) == codes(wrong), "the codes for a wrong password, "+codes(wrong)+", also for an unknown account", codes(unknown))
	}
}

// noEcho expects that an answer does not repeat the password that was sent.
func noEcho(try attempt, words string) rule {
	return func(ctx context.Context, a *API, _ *openapi.Operation, _ openapi.Promise) {
		a.ExpectNoEcho(try(a, ctx), check.NoPassword, words)
	}
}
