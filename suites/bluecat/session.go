package bluecat

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/contract"
)

// sessionCreation declares the checks of a login that succeeds: what the document shows under "Response". That each
// member is there and has its type is in the contract; these checks add what one member says of another.
func sessionCreation(s *check.Suite[*API]) {
	contract.Described(s, createSession, func(ctx context.Context, api *API) *client.Answer { return api.LogIn(ctx) })

	s.Check("expires-later", "gives a token that expires later than the login", func(ctx context.Context, api *API) {
		body := api.loggedIn(ctx)
		login, ends := api.date(body, "loginDateTime"), api.date(body, "apiTokenExpirationDateTime")
		api.Require(ends.After(login), "apiTokenExpirationDateTime later than loginDateTime, "+stamp(login), stamp(ends))
	}, check.Proves("BCT-SES-06"))

	s.Check("not-in-the-future", "gives a loginDateTime that is not in the future", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx)
		login := api.date(api.members(answer), "loginDateTime")
		_, now := api.Written(answer)
		api.Require(!login.After(now), "loginDateTime no later than the moment of the response, "+stamp(answer.Date), stamp(login))
	}, check.Proves("BCT-SES-11"))

	s.Check("name-and-token", "gives the base64 encoding of name and token as basicAuthenticationCredentials", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		if session.Given == "" {
			api.Inconclusive("the answer has no basicAuthenticationCredentials to read")
		}
		// A server that takes names in any letter case may well encode the name as it keeps it.
		api.Require(session.Given == encode(session.Username, session.Token) || session.Given == encode(session.kept, session.Token),
			"basicAuthenticationCredentials is the base64 encoding of the name that was sent, a colon and apiToken", "something else")
	}, check.Proves("BCT-SES-07"))

	s.Check("name-as-sent", "gives the name that was sent as user.name", func(ctx context.Context, api *API) {
		user, _ := api.loggedIn(ctx)["user"].(map[string]any)
		name, ok := user["name"].(string)
		if !ok {
			api.Inconclusive("the answer has no user.name to read")
		}
		api.Require(strings.EqualFold(name, api.Target.Account.Username), "user.name "+api.Target.Account.Username, name)
	}, check.Proves("BCT-SES-14"))

	s.Check("own-address", "gives the session's own address as _links.self", func(ctx context.Context, api *API) {
		body := api.loggedIn(ctx)
		id, address := api.id(body), link(body, "self")
		if address == "" {
			api.Fail("_links.self.href that ends in /api/v2/sessions/"+id, "none")
		}
		api.Require(namesSession(address, id), "_links.self.href that ends in /api/v2/sessions/"+id, address)
	}, check.Proves("BCT-SES-16"))

	s.Check("location", "names the session in Location", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx)
		id, location := api.id(api.members(answer)), answer.Header.Get("Location")
		if location == "" {
			api.Inconclusive("there is no Location, which another check of the requirement names")
		}
		api.Require(namesSession(location, id), "Location that ends in /api/v2/sessions/"+id, check.OrMissing(location))
	}, check.Proves("BCT-SES-23"))

	s.Check("unknown-members", "ignores members of a request that it does not need", func(ctx context.Context, api *API) {
		account := api.Target.Account
		api.Login(ctx)
		api.Expect(api.CreateSessionWith(ctx, map[string]any{
			"username": account.Username, "password": account.Password.Reveal(), "type": "UserSession", "conform": map[string]any{"unknown": true},
		})).To(check.Succeed(), "a login with the members type and conform")
	}, check.Proves("BCT-SES-24"))

	s.Check("of-its-own", "gives another id and another token at every login", func(ctx context.Context, api *API) {
		first, second := api.Session(ctx), api.Session(ctx)
		api.Require(first.ID != second.ID || first.ID == noID, "two logins give two ids", "the same one twice")
		api.Require(first.Token != second.Token, "two logins give two tokens", "the same one twice")
		// Two logins may meet others of the run, to which the server gives the same.
		api.Require(!api.Shared(first.Credential()), "a session of its own for every login", "one that another login was given too")
		api.ExpectWorks(ctx, first, first.Credential(), "the token of the first of two logins")
	}, check.Proves("BCT-SES-25"), check.Reaching())

	s.Check("habits", "records the form of dates and tokens, and a token's life", func(ctx context.Context, api *API) {
		session := api.Session(ctx)
		if !session.life.Known() {
			api.Inconclusive("apiTokenExpirationDateTime cannot be read")
		}
		body := api.loggedIn(ctx)
		login := api.date(body, "loginDateTime")
		api.Note("a token of %d characters lives for %s; dates have %s", len(session.Token),
			api.date(body, "apiTokenExpirationDateTime").Sub(login), dateForm(fmt.Sprint(body["loginDateTime"])))
	}, check.Proves("BCT-SES-28"))

	s.Check("credentials-as-hal", "records what credentials sent as application/hal+json get", func(ctx context.Context, api *API) {
		account := api.Target.Account
		body, err := json.Marshal(map[string]string{"username": account.Username, "password": account.Password.Reveal()})
		if err != nil {
			api.Inconclusive("the check itself is at fault: %v", err)
		}
		api.Note("a login sent as %s: %s", halJSON, check.Describe(api.send(ctx, client.Request{
			Operation: createSession, Body: body, ContentType: halJSON,
		}, nil)))
	}, check.Proves("BCT-SES-29"))
}

// representations declares the checks of the media types that a client may ask for.
func representations(s *check.Suite[*API]) {
	s.Check("hal-asked", "answers application/hal+json to a client that accepts that alone", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx, accepting(halJSON))
		api.Expect(answer).To(check.Succeed(), "a login with Accept "+halJSON)
		api.expectMediaType(answer, halJSON)
	}, check.Proves("BCT-SES-02"))

	s.Check("anything-accepted", "answers application/hal+json to a client that accepts anything", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx, accepting("*/*"))
		api.Expect(answer).To(check.Succeed(), "a login with Accept */*")
		api.expectMediaType(answer, halJSON)
	}, check.Proves("BCT-SES-21"))

	s.Check("json-asked", "answers application/json without _links to a client that accepts that alone", func(ctx context.Context, api *API) {
		answer := api.LogIn(ctx, accepting(plainJSON))
		api.Expect(answer).To(check.Succeed(), "a login with Accept "+plainJSON)
		api.expectMediaType(answer, plainJSON)
		api.Require(!strings.Contains(string(answer.Body), `"_links"`), "no _links in "+plainJSON, "_links")
	}, check.Proves("BCT-SES-22"))
}

func (a *API) expectMediaType(answer *client.Answer, want string) {
	got, _, _ := strings.Cut(answer.Header.Get("Content-Type"), ";")
	got = strings.ToLower(strings.TrimSpace(got))
	a.Require(got == want, "media type "+want, check.OrMissing(got))
}

// loggedIn logs the target's account in and returns the members of the answer.
func (a *API) loggedIn(ctx context.Context) map[string]any { return a.members(a.LogIn(ctx)) }

// members are those of an answer's object, numbers as they are written; it ends the check when there are none.
func (a *API) members(answer *client.Answer) map[string]any {
	var body map[string]any
	decoder := json.NewDecoder(strings.NewReader(string(answer.Body)))
	decoder.UseNumber()
	if !check.Granted(answer) || decoder.Decode(&body) != nil {
		a.Inconclusive("the login gave nothing readable: %s", check.Describe(answer))
	}
	return body
}

// id reads the id of an answer, or ends the check: that it is there is for the contract to say.
func (a *API) id(body map[string]any) string {
	id, ok := body["id"].(json.Number)
	if !ok {
		a.Inconclusive("the answer has no id to read")
	}
	return id.String()
}

// date reads a date-time of an answer, or ends the check: that it is there is for the contract to say.
func (a *API) date(body map[string]any, member string) time.Time {
	text, _ := body[member].(string)
	t, err := check.ParseTime(text)
	if err != nil {
		a.Inconclusive("the answer has no %s to read", member)
	}
	return t
}

// link is the address of a relation, empty when there is none.
func link(body map[string]any, relation string) string {
	links, _ := body["_links"].(map[string]any)
	one, _ := links[relation].(map[string]any)
	href, _ := one["href"].(string)
	return href
}

// dateForm says in words how a date-time is written.
func dateForm(text string) string {
	_, fraction, found := strings.Cut(text, ".")
	digits := len(fraction) - len(strings.TrimLeft(fraction, "0123456789"))
	zone := "an offset in figures"
	if strings.HasSuffix(strings.ToUpper(text), "Z") {
		zone = "Z"
	}
	if !found {
		return "whole seconds and " + zone
	}
	return fmt.Sprintf("%d fraction digits and %s", digits, zone)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "which is missing"
	}
	return t.UTC().Format(time.RFC3339Nano)
}
