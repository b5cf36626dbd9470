package adaxes

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// info is what an AuthTicketInfo says of whom the ticket is for, and an AuthSession of its account.
type info struct {
	SID                  any `json:"sid"`
	ChangePasswordReason any `json:"changePasswordReason"`
}

func infoOf(c *life.Credential) (i info) {
	_ = json.Unmarshal(c.Given.Body, &i) // what cannot be read says nothing
	return i
}

// tickets declares the checks of what is the Adaxes REST API's own in tickets, from their issue to their destruction.
func tickets(s *check.Suite[*API]) {
	s.Check("same-for-the-account", "gives the same sid with every token of an account", func(ctx context.Context, api *API) {
		first, second := infoOf(api.Make(ctx, token)).SID, infoOf(api.Make(ctx, token)).SID
		api.Require(first == second, fmt.Sprintf("the sid of the account's other token, %v", first), fmt.Sprint(second))
	}, check.Proves("ADX-TOK-05"))

	s.Check("another-for-another", "gives another sid with the token of another account", func(ctx context.Context, api *API) {
		own, other := infoOf(api.Make(ctx, token)).SID, infoOf(api.MakeOther(ctx, token)).SID
		api.Require(own != other, fmt.Sprintf("another sid for another account than %v", own), fmt.Sprint(other))
	}, check.Proves("ADX-TOK-05"))
	s.Check("same-for-both-names", `gives the same sid whether the account's name is written user@domain or DOMAIN\user`, func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx, api.downLevel())
		created, ok := api.Read(answer)
		if !ok { // which has a check of its own
			api.Inconclusive("a login with DOMAIN\\user gave no session: %s", check.Describe(answer))
		}
		one, other := infoOf(api.Make(ctx, token)).SID, infoOf(api.Child(ctx, created, token)).SID
		api.Require(one == other, fmt.Sprintf("one sid for both names of the account, %v", one), fmt.Sprint(other))
	}, check.Proves("ADX-TOK-05"))

	s.Check("same-subject", "keeps the sid", func(ctx context.Context, api *API) {
		old := api.Make(ctx, token)
		before, after := infoOf(old), infoOf(api.Renew(ctx, old))
		api.Require(before.SID == after.SID, fmt.Sprintf("the sid of the old ticket, %v", before.SID), fmt.Sprint(after.SID))
	}, check.Proves("ADX-REN-05"))

	s.Check("ticket-id", "records whether the ticket id changes", func(ctx context.Context, api *API) {
		old := api.Make(ctx, token)
		if api.Renew(ctx, old).Name(ticket) == old.Name(ticket) {
			api.Note("the renewal keeps the ticket id")
		} else {
			api.Note("the renewal gives another ticket id")
		}
	}, check.Proves("ADX-REN-06"))

	s.Check("percent-encoded", "decodes a token parameter that is percent-encoded throughout", func(ctx context.Context, api *API) {
		encoded := life.With(func(r *client.Request) { r.RawQuery = "token=" + encodeAll(r.Query.Get("token")) })
		api.ExpectAccepted(ctx, api.Operation(renewToken), api.Make(ctx, token), "a percent-encoded token", encoded)
	}, check.Proves("ADX-REN-09"))

	s.Check("by-ticket-id", "records whether a destruction by ticket id ends the token", func(ctx context.Context, api *API) {
		made := api.Make(ctx, token)
		answer := api.Present(ctx, destroyToken, made, life.By(ticket), life.Authorized(made), life.Raw(made.Value))
		ended := "the token still works"
		if !check.Granted(api.Use(ctx, made)) {
			ended = "the token is ended"
		}
		api.Note("%s; %s", check.Describe(answer), ended)
	}, check.Proves("ADX-DST-14"))

	s.Check("single-quotes", "records what JSON in single quotes gets", func(ctx context.Context, api *API) {
		api.noteIssue(ctx, life.With(func(r *client.Request) {
			members, _ := json.Marshal(r.JSON) // it is made of texts
			r.Body = []byte(strings.NewReplacer(`":`, `':`, `{"`, `{ '`, `,"`, `, '`).Replace(string(members)))
		}), "JSON in single quotes")
	}, check.Proves("ADX-TOK-17"))

	s.Check("session-by-id", "records what DELETE /api/auth?id=… gets", func(ctx context.Context, api *API) {
		made := api.Make(ctx, session)
		answer := api.Do(ctx, destroyToken, life.With(func(r *client.Request) { r.Query = url.Values{"id": {made.Value}} }))
		ended := "the session is ended"
		if _, ok := api.Read(api.Present(ctx, issueToken, made)); ok {
			ended = "the session still issues tokens"
		}
		api.Note("%s; %s", check.Describe(answer), ended)
	}, check.Proves("ADX-DST-15"))
}

// encodeAll percent-encodes every byte.
func encodeAll(text string) string {
	var b strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&b, "%%%02X", text[i])
	}
	return b.String()
}

// typeVariants declares the checks of the request member type, which 2023.2 asks for and later releases do not know.
func typeVariants(s *check.Suite[*API]) {
	with := func(value any) life.Option { return life.Member("type", value) }
	without := life.Member("type", life.Missing)
	accepted := func(ctx context.Context, api *API, option life.Option, what string) {
		made := api.ExpectAccepted(ctx, api.Operation(issueToken), api.Make(ctx, session), what, option)
		api.ExpectWorks(ctx, made, "the token from "+what)
	}
	zero := func(ctx context.Context, api *API) { accepted(ctx, api, with(0), "a request with type 0") }
	s.Check("zero", "accepts type 0", zero, check.Proves("ADX-TYP-01"))
	s.Check("zero", "accepts type 0 of an older client", zero, check.Proves("ADX-TYP-02"))

	s.Check("missing", "records what a request without type gets", func(ctx context.Context, api *API) {
		api.noteIssue(ctx, without, "without type")
	}, check.Proves("ADX-TYP-03"))
	s.Check("missing", "accepts a request without type", func(ctx context.Context, api *API) {
		accepted(ctx, api, without, "a request without type")
	}, check.Proves("ADX-TYP-04"))

	s.Check("zero-as-string", `records what type "0" gets`, func(ctx context.Context, api *API) {
		api.noteIssue(ctx, with("0"), `type "0"`)
	}, check.Proves("ADX-TYP-05"))

	others := []struct {
		slug  string
		value any
	}{
		{"one", 1}, {"null", nil}, {"true", true},
		// Of these a reader that converts, or keeps as many bits as it wants, makes 0.
		{"false", false}, {"a-byte-over", 1 << 8}, {"beyond-32-bits", 1 << 32}, {"a-fraction", 0.5}, {"an-empty-text", ""}, {"a-list", []int{0}},
	}
	for _, other := range others {
		s.Check(other.slug, "refuses type "+other.slug, func(ctx context.Context, api *API) {
			s := api.Make(ctx, session)
			// Of sessions of their own: that one gives several tokens is a promise of later releases.
			api.Against(api.WorkingNow(ctx, api.Operation(issueToken), session), func() {
				api.ExpectNothing(ctx, api.Present(ctx, issueToken, s, with(other.value)), "type "+other.slug)
			})
		}, check.Proves("ADX-TYP-06"))
		s.Check(other.slug, "does not answer type "+other.slug+" 5xx", func(ctx context.Context, api *API) {
			api.Expect(api.Present(ctx, issueToken, api.Make(ctx, session), with(other.value))).To(check.NotBeServerError())
		}, check.Proves("ADX-TYP-08"))
	}
	for _, other := range others[:3] {
		s.Check(other.slug, "records what type "+other.slug+" gets", func(ctx context.Context, api *API) {
			api.noteIssue(ctx, with(other.value), "type "+other.slug)
		}, check.Proves("ADX-TYP-07"))
	}
}

func (a *API) noteIssue(ctx context.Context, option life.Option, what string) {
	answer, outcome := a.Present(ctx, issueToken, a.Make(ctx, session), option), "no token"
	if _, ok := a.Read(answer); ok {
		outcome = "a token"
	}
	a.Note("%s: %s, %s", what, check.Describe(answer), outcome)
}
