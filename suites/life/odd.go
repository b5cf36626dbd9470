package life

import (
	"context"
	"encoding/hex"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// passwordMiss makes near misses of the password of one account.
type passwordMiss struct {
	of miss
	// account is its name in the target's Accounts, "" for the target's own.
	account string
	// wants says what a password has that has such a near miss.
	wants string
}

// passwordMissCalled is the near miss that a contract calls so.
func passwordMissCalled(name string) (m passwordMiss, known bool) {
	if of := passwordMisses()[name]; of != nil {
		return passwordMiss{of: of, wants: "letters"}, true
	}
	if m, known = oddMisses()[name]; known {
		return m, true
	}
	account, name, _ := strings.Cut(name, "/")
	of := map[string]miss{"wrong": wrong, "other-case": check.OtherCase}[name]
	return passwordMiss{of: of, account: account, wants: "letters"}, of != nil && account != ""
}

// wrong has nothing of the right one.
func wrong(right string) (string, bool) {
	return string(check.NoPassword), right != string(check.NoPassword)
}

// oddMisses are those of the passwords that stacks are known to mangle. One that is decomposed (Unicode's NFD) is none of them: a
// server may well compose passwords before it compares them (RFC 8265, 4.2.2).
func oddMisses() map[string]passwordMiss {
	odd := func(wants string, change func(string) string) passwordMiss {
		return passwordMiss{account: target.OddPassword, wants: wants, of: func(right string) (string, bool) {
			near := change(right)
			// What is another way to write the right one would blame a server for taking it, and not every way to log in can send the rest.
			other := norm.NFC.String(near) != norm.NFC.String(right)
			return near, other && utf8.ValidString(near) && !strings.ContainsFunc(near, unicode.IsControl)
		}}
	}
	long := func(change func(head, tail string) string) passwordMiss {
		const wants = "a character that begins with its 73rd byte"
		return passwordMiss{account: target.LongPassword, wants: wants, of: func(right string) (string, bool) {
			if len(right) <= target.LongerThan || !utf8.RuneStart(right[target.LongerThan]) {
				return right, false
			}
			return change(right[:target.LongerThan], right[target.LongerThan:]), true
		}}
	}
	replaced := func(old, with string) func(string) string { return strings.NewReplacer(old, with).Replace }
	return map[string]passwordMiss{
		"plus-as-blank":   odd("a +", replaced("+", " ")),
		"percent-decoded": odd("% before the two hexadecimal digits of a printable character", percentDecoded),
		"accent-dropped":  odd("an accent on a letter", withoutAccents),
		"entity-decoded":  odd("an HTML entity, such as &amp;", html.UnescapeString),
		"blank-as-plus":   odd("a blank", replaced(" ", "+")),
		"another-blank":   odd("a blank", replaced(" ", "  ")),
		"cut-at-72":       long(func(head, _ string) string { return head }),
		"other-behind-72": long(func(head, tail string) string { return head + othersFrom(tail, 0) }),
	}
}

var percentEscape = regexp.MustCompile("%[0-9A-Fa-f]{2}")

// percentDecoded decodes the percent-escapes of a text, and leaves alone what is none.
func percentDecoded(text string) string {
	return percentEscape.ReplaceAllStringFunc(text, func(escape string) string {
		char, _ := hex.DecodeString(escape[1:]) // it is made of digits
		return string(char)
	})
}

// withoutAccents takes the accents from letters, as a collation does that has no regard to them.
func withoutAccents(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}

// lackingIn says, before anything is sent, whether the password in a target has no such near miss.
func (m passwordMiss) lackingIn(t *target.Target) (reason, remedy string) {
	if _, ok := m.of(t.Of(m.account).Password.Reveal()); ok {
		return "", ""
	}
	return "the password of " + called(m.account) + " has no such near miss", "use an account whose password has " + m.wants
}

// called is an account of a target by its key.
func called(account string) string {
	if account == "" {
		return "account"
	}
	return "accounts." + account
}

// tryNear tries a near miss of an account's password, once in the run.
func (m passwordMiss) tryNear(ctx context.Context, a *API, name string) *client.Answer {
	account := a.Target.Of(m.account)
	near, _ := m.of(account.Password.Reveal()) // else the check is not run
	if m.account == "" {
		a.Redactor.Call("password-"+name, near, 1) // a name that says how to make it of the right one
	} else {
		a.withhold()
		if near != string(check.NoPassword) {
			a.Redactor.Call("password-of-"+strings.ReplaceAll(name, "/", "-"), near, 2)
		}
	}
	account.Password = target.Secret(near)
	answer := a.tryFor(ctx, m.account, name, account)
	if m.account == "" && plain(near) {
		a.heldTo(answer, "password", "wrong")
	}
	return answer
}

// withhold makes secrets of what stacks are known to make of the passwords in the target, before any server has them to send back: each
// by a name that says how to make it of the right one, also where it is another way to write that.
func (a *API) withhold() {
	misses := oddMisses()
	for _, name := range slices.Sorted(maps.Keys(misses)) {
		m := misses[name]
		if near, ok := m.of(a.Target.Of(m.account).Password.Reveal()); ok {
			a.Redactor.Call("password-of-"+m.account+"-"+name, near, 2)
		}
	}
}

// entering logs in to an account beside the target's own. What it is given is not tried any further: that account may well be allowed
// less.
func (a *API) entering(ctx context.Context, name string, options ...Option) (answer *client.Answer, entered bool) {
	answer = a.LogIn(ctx, a.Target.Of(name), options...)
	_, entered = a.Read(answer)
	delete(a.given, answer)
	return answer, entered
}

// Another logs in to another account of the target. It says whether there was such a login.
func (a *API) Another(ctx context.Context) (entered bool) {
	name := a.others()
	if name != "" {
		_, entered = a.entering(ctx, name)
	}
	return entered
}

// others is the name, in the target's Accounts, of an account beside its own that logs in as any does; "" for none.
func (a *API) others() string {
	if all := a.everyOther(); len(all) > 0 {
		return all[0]
	}
	return ""
}

// everyOther are the names of all of them.
func (a *API) everyOther() []string {
	return slices.DeleteFunc(append(slices.Clone(a.dialect.InOrder), target.OddPassword, target.LongPassword), func(name string) bool {
		_, has := a.Target.Accounts[name]
		return !has
	})
}

// What a target lacks that names no other account, and what to do about it.
const noOther, nameOther = "the target names no other account", "name accounts." + target.OddPassword + " in the target"

// Second is that account.
func (a *API) Second() (account target.Account, has bool) {
	name := a.others()
	return a.Target.Of(name), name != ""
}

// SecondWorks reports whether what that account is given opens the probe: it may well be allowed less than the target's own.
func (a *API) SecondWorks(ctx context.Context) bool {
	account, has := a.Second()
	return has && a.letIn(ctx, account)
}

// OtherLogins are further ways to log in by which one is given what opens the probe: the target's own account by its name written
// DOMAIN\user, and the other accounts that log in as any does.
func (a *API) OtherLogins(ctx context.Context) (all []target.Account) {
	if own := a.Target.Account; own.DownLevelName != "" {
		own.Username = own.DownLevelName
		all = append(all, own)
	}
	for _, name := range a.everyOther() {
		all = append(all, a.Target.Of(name))
	}
	return slices.DeleteFunc(all, func(account target.Account) bool { return !a.letIn(ctx, account) })
}

// letIn reports whether what an account is given opens the probe, which is tried once in a run, and not where nobody could end it.
func (a *API) letIn(ctx context.Context, account target.Account) bool {
	if a.Ledger.Losses()[a.Client.Document().Login().By.ID()] > 0 {
		return false
	}
	works, _, err := ledger.Do(ctx, &a.Ledger.Own, "what is opened by who logs in as "+account.Username, func() (works bool, err error) {
		a.Together(ctx, 1, func(_ int, own *API) { // a part that ends early leaves it at no
			c, ok := own.Read(own.LogIn(ctx, account, As(evidence.Act)))
			for _, h := range own.way(own.Operation(Probe).Takes()[0].Kind)[1:] {
				if ok {
					c, ok = own.Read(own.Present(ctx, h.By.ID(), c))
				}
			}
			works = ok && check.Granted(own.Use(ctx, c, As(evidence.Act)))
		})
		return works, nil
	})
	return err == nil && works
}

// MakeOther arranges a credential of a kind for another account of the target, or skips the check where there is none.
func (a *API) MakeOther(ctx context.Context, kind string) *Credential {
	account, has := a.Second()
	if !has {
		a.Skip(noOther, nameOther)
	}
	if a.isGiven(kind) {
		return a.givenTo(account)
	}
	answer := a.LogIn(ctx, account, As(evidence.Control))
	c, entered := a.Read(answer)
	if !entered { // which has a check of its own
		a.Inconclusive("a login with the right password of %s gave nothing usable: %s", called(a.others()), check.Describe(answer))
	}
	for _, h := range a.way(kind)[1:] {
		c = a.Child(ctx, c, h.Kind)
	}
	return c
}

// loggingIn is LoggingIn for the account under a name of the target's Accounts. That it cannot log in has a check of its own.
func (a *API) loggingIn(ctx context.Context, name string) check.Control {
	if name == "" {
		return a.LoggingIn(ctx)
	}
	return check.Show(func() {
		if answer, entered := a.entering(ctx, name, As(evidence.Control)); !entered {
			a.Inconclusive("the control, a login with the right password of %s, gave nothing usable: %s", called(name), check.Describe(answer))
		}
	})
}

// enters expects that an account beside the target's own logs in. How that is answered, other checks ask.
func enters(ctx context.Context, a *API, op *openapi.Operation, p openapi.Promise) {
	answer, entered := a.entering(ctx, p.Sent[0])
	what := fmt.Sprintf("%s for the name and the password of %s", Noun(op.HandsOut().Kind), called(p.Sent[0]))
	a.Require(entered, what, check.Shown(answer))
}
