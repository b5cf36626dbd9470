package aria

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// acquisition declares the checks of the answer to a good acquisition.
func acquisition(s *check.Suite[*API]) {
	s.Check("any-media-type", "records what a client gets that accepts any media type", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx, api.Target.Account, life.Header("Accept", "*/*"), life.Undescribed) // XML is offered besides JSON
		media := answer.MediaType()
		api.Note("%s, %s", check.Describe(answer), cmp.Or(media, "no Content-Type"))
	}, check.Proves("ARO-ACQ-18"))

	s.Check("xml", "records what a client gets that accepts application/xml alone", func(ctx context.Context, api *API) {
		// The contract knows of no such request: the answer is recorded and not judged.
		answer := api.LogIn(ctx, api.Target.Account, life.Header("Accept", "application/xml"), life.Undescribed)
		media := answer.MediaType()
		api.Note("%s, %s", check.Describe(answer), cmp.Or(media, "no Content-Type"))
	}, check.Proves("ARO-ACQ-19"))

	s.Check("other-media-type", "records what a body sent as text/plain gets", func(ctx context.Context, api *API) {
		plain := life.With(func(r *client.Request) { r.ContentType = "text/plain" })
		answer := api.LogIn(ctx, api.Target.Account, plain, life.Undescribed)
		outcome := "no token"
		if _, ok := api.Read(answer); ok {
			outcome = "a token"
		}
		api.Note("a body sent as text/plain: %s, %s", check.Describe(answer), outcome)
	}, check.Proves("ARO-ACQ-20"))
}

// local names the source of the server's own users, which is asked where none is named; notNamed is the promise of that.
const (
	local    = "local"
	notNamed = "ARO-ACQ-07"
)

// onlyLocal skips the check where the account is not one of the server's own users: without a source nobody looks for it elsewhere.
func (a *API) onlyLocal() {
	if own := a.Target.Own[authSourceKey]; !strings.EqualFold(own, local) {
		a.Skip("the account is not one of the server's own users: its authSource is "+own, "use an account whose account.authSource is local")
	}
}

// authSources declares the checks of the optional name of an authentication source.
func authSources(s *check.Suite[*API]) {
	for _, way := range []struct {
		slug, title, requirement string
		source                   func(*target.Target) any
	}{
		{"named", "gives a token when authSource names the account's source", "ARO-ACQ-06",
			func(t *target.Target) any { return t.Own[authSourceKey] }},
		{"not-named", "gives a token without authSource", notNamed, func(*target.Target) any { return life.Missing }},
	} {
		s.Check(way.slug, way.title, func(ctx context.Context, api *API) {
			if way.requirement == notNamed {
				api.onlyLocal()
			}
			answer := api.LogIn(ctx, api.Target.Account, from(way.source(api.Target)))
			made, ok := api.Read(answer)
			api.Require(ok, "a token in the answer", check.Shown(answer))
			api.ExpectWorks(ctx, made, "the token")
		}, check.Proves(way.requirement))
	}

	s.Check("earlier-live-with-and-without-a-source", "keeps earlier tokens of the account working when it acquires others with and without authSource",
		func(ctx context.Context, api *API) {
			api.onlyLocal()
			named := api.Target.Own[authSourceKey]
			var all []*life.Credential
			for _, source := range []any{named, life.Missing, named, life.Missing} {
				made, ok := api.Read(api.LogIn(ctx, api.Target.Account, from(source)))
				if !ok {
					api.Inconclusive("an acquisition gave no token, which another check judges")
				}
				all = append(all, made)
			}
			for _, made := range all {
				api.ExpectWorks(ctx, made, "a token acquired before others, with authSource and without,")
			}
		}, check.Proves("ARO-TOK-08"))

	s.Check("directory-not-named", "records what the account of a directory gets without authSource", func(ctx context.Context, api *API) {
		if strings.EqualFold(api.Target.Own[authSourceKey], local) {
			api.Note("the account is one of the server's own users")
			return
		}
		answer := api.LogIn(ctx, api.Target.Account, from(life.Missing))
		outcome := "no token"
		if _, ok := api.Read(answer); ok {
			outcome = "a token"
		}
		api.Note("without authSource: %s, %s", check.Describe(answer), outcome)
	}, check.Proves("ARO-ACQ-22"))

	// Without the name of a source another part of a server may compare the password.
	const withoutSource = "first-eight-without-source"
	s.Check(withoutSource, "gives no token without authSource for a password of which the first eight characters alone are right",
		func(ctx context.Context, api *API) {
			account := api.Target.Account
			near, ok := life.FirstEight(account.Password.Reveal())
			if !ok {
				api.Skip("the account's password has no such near miss", "use an account whose password is longer")
			}
			api.Secret("password-first-eight", near)
			account.Password = target.Secret(near)
			api.Against(api.LoggingIn(ctx), func() {
				answer := api.WrongPassword(ctx, account.Username, withoutSource, func() { api.LoggingIn(ctx) }, func() *client.Answer {
					return api.LogIn(ctx, account, from(life.Missing))
				})
				api.ExpectNothing(ctx, answer, "a password that nearly matches, without authSource,")
			})
		}, check.Proves("ARO-ACQ-09"), check.Spends(withoutSource), check.Nearly())

	// The right password at a source that is none: a server may count that as a wrong one.
	const unknownSource = "unknown-auth-source"
	s.Check(unknownSource, "gives no token when authSource names no source", func(ctx context.Context, api *API) {
		api.Against(api.LoggingIn(ctx), func() {
			account := api.Target.Account
			answer := api.WrongPassword(ctx, account.Username, unknownSource, func() { api.LoggingIn(ctx) }, func() *client.Answer {
				return api.LogIn(ctx, account, from("conform-no-such-source"))
			})
			api.ExpectNothing(ctx, answer, "an authSource that does not exist")
		})
	}, check.Proves("ARO-ACQ-15"), check.Spends(unknownSource))

	for _, wrong := range []struct {
		slug, words string
		source      func(*target.Target) (string, bool)
	}{
		{"wrong-password-at-no-source", "an authSource that does not exist",
			func(*target.Target) (string, bool) { return "conform-no-such-source", true }},
		{"wrong-password-at-the-source-in-other-case", "the authSource in other letters",
			func(t *target.Target) (string, bool) { return check.OtherCase(t.Own[authSourceKey]) }},
	} {
		s.Check(wrong.slug, "gives no token for a wrong password and "+wrong.words, func(ctx context.Context, api *API) {
			source, ok := wrong.source(api.Target)
			if !ok {
				api.Skip("the target names no authSource that has letters", "name account.authSource in the target")
			}
			api.Against(api.LoggingIn(ctx), func() {
				answer := api.TryPassword(ctx, wrong.slug, check.NoPassword, from(source))
				api.ExpectNothing(ctx, answer, "a wrong password and "+wrong.words)
			})
		}, check.Proves("ARO-ACQ-08"), check.Spends(wrong.slug))
	}
}

// refusals declares the checks of what describes a refusal.
func refusals(s *check.Suite[*API]) {
	s.Check("body", "records whether a failed authentication is answered with a body", func(ctx context.Context, api *API) {
		answer := api.TryStranger(ctx)
		api.Note("%s for an unknown user: %s", check.Describe(answer), describeBody(answer))
	}, check.Proves("ARO-ACQ-12"))

	s.Check("bodies", "records what describes a refusal", func(ctx context.Context, api *API) {
		malformed := api.Do(ctx, acquireToken, life.Body(`{}`))
		without := api.Do(ctx, life.Probe)
		api.Note("an acquisition without credentials: %d, %s; the probe without a token: %d, %s",
			malformed.Status, describeBody(malformed), without.Status, describeBody(without))
	}, check.Proves("ARO-ERR-02"))
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
