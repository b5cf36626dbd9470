package bluecat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/spelling"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// sessionCreation declares the checks of a login that succeeds: what the document shows under "Response". That each
// member is there and has its type is in the contract; these checks add what one member says of another.
func sessionCreation(s *check.Suite[*API]) {
	s.Check("expires-later", "gives a token that expires later than the login", func(ctx context.Context, api *API) {
		body := api.loggedIn(ctx)
		login, ends := api.date(body, "loginDateTime"), api.date(body, "apiTokenExpirationDateTime")
		api.Require(ends.After(login), "apiTokenExpirationDateTime later than loginDateTime, "+check.Stamp(login), check.Stamp(ends))
	}, check.Proves("BCT-SES-06"))

	s.Check("not-in-the-future", "gives a loginDateTime that is not in the future", func(ctx context.Context, api *API) {
		answer := api.logIn(ctx)
		login := api.date(api.members(answer), "loginDateTime")
		_, now := api.Written(answer)
		api.Require(!login.After(now), "loginDateTime no later than the moment of the response, "+check.Stamp(answer.Date), check.Stamp(login))
	}, check.Proves("BCT-SES-11"))

	s.Check("name-and-token",
		"gives the base64 encoding of name and token as basicAuthenticationCredentials", func(ctx context.Context, api *API) {
			made := api.Make(ctx, session)
			if made.Name(given) == "" {
				api.Inconclusive("the answer has no basicAuthenticationCredentials to read")
			}
			// A server that takes names in any letter case may well encode the name as it keeps it.
			name, kept := api.Target.Account.Username, ""
			if user, ok := api.members(made.Given)["user"].(map[string]any); ok {
				kept, _ = user["name"].(string)
			}
			own := strings.EqualFold(name, kept) && "Basic "+made.Name(given) == life.Basic(kept, made.Value)
			api.Require(own || "Basic "+made.Name(given) == life.Basic(name, made.Value),
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
		answer := api.logIn(ctx)
		id, location := api.id(api.members(answer)), answer.Header.Get("Location")
		if location == "" {
			api.Inconclusive("there is no Location, which another check of the requirement names")
		}
		api.Require(namesSession(location, id), "Location that ends in /api/v2/sessions/"+id, check.OrMissing(location))
	}, check.Proves("BCT-SES-23"))

	s.Check("unknown-members", "ignores members of a request that it does not need", func(ctx context.Context, api *API) {
		api.LoggingIn(ctx)
		unknown := life.Member("conform", map[string]any{"unknown": true})
		api.Expect(api.logIn(ctx, life.Member("type", "UserSession"), unknown)).To(check.Succeed(), "a login with the members type and conform")
	}, check.Proves("BCT-SES-24"))

	s.Check("habits", "records the form of dates and tokens, and a token's life", func(ctx context.Context, api *API) {
		made := api.Make(ctx, session)
		if !made.Life.Known() {
			api.Inconclusive("apiTokenExpirationDateTime cannot be read")
		}
		body := api.loggedIn(ctx)
		login := api.date(body, "loginDateTime")
		api.Note("a token of %d characters lives for %s; dates have %s", len(made.Value),
			api.date(body, "apiTokenExpirationDateTime").Sub(login), dateForm(fmt.Sprint(body["loginDateTime"])))
	}, check.Proves("BCT-SES-28"))

	s.Check("credentials-as-hal", "records what credentials sent as application/hal+json get", func(ctx context.Context, api *API) {
		answer := api.logIn(ctx, life.With(func(r *client.Request) { r.ContentType = halJSON }))
		api.Note("a login sent as %s: %s", halJSON, check.Describe(answer))
	}, check.Proves("BCT-SES-29"))

	s.Check("other-case-name", "records what the name in another letter case gets", func(ctx context.Context, api *API) {
		account := api.Target.Account
		name, ok := check.OtherCase(account.Username)
		if !ok {
			api.Note("the name of the account has no letters")
			return
		}
		account.Username = name
		api.Note("the right password under the name in another letter case: %s", check.Describe(api.LogIn(ctx, account)))
	}, check.Proves("BCT-SES-30"))
}

// representations declares the checks of the media types that a client may ask for.
func representations(s *check.Suite[*API]) {
	for _, asked := range []struct{ slug, title, accept, want, requirement string }{
		{"hal-asked", "answers application/hal+json to a client that accepts that alone", halJSON, halJSON, "BCT-SES-02"},
		{"hal-preferred", "answers application/hal+json to a client that prefers it, wherever it stands",
			plainJSON + ";q=0.5, text/html;q=0.1, " + halJSON, halJSON, "BCT-SES-02"},
		{"anything-accepted", "answers application/hal+json to a client that accepts anything", "*/*", halJSON, "BCT-SES-21"},
		{"json-asked", "answers application/json without _links to a client that accepts that alone", plainJSON, plainJSON, "BCT-SES-22"},
		{"nothing-said", "answers application/hal+json where the request has no Accept, as the document's has none", "", halJSON, "BCT-SES-21"},
	} {
		s.Check(asked.slug, asked.title, func(ctx context.Context, api *API) {
			words, accepting := "Accept "+asked.accept, life.Header("Accept", asked.accept)
			if asked.accept == "" {
				none, err := spelling.Of("no-accept")
				api.AtFault(err)
				words, accepting = "no Accept", life.With(none.Write)
			}
			answer := api.logIn(ctx, accepting, life.Undescribed) // the form is judged here
			api.Expect(answer).To(check.Succeed(), "a login with "+words)
			got, _, _ := strings.Cut(answer.Header.Get("Content-Type"), ";")
			got = strings.ToLower(strings.TrimSpace(got))
			api.Require(got == asked.want, "media type "+asked.want, check.OrMissing(got))
			if asked.want == plainJSON {
				api.Require(!strings.Contains(string(answer.Body), `"_links"`), "no _links in "+plainJSON, "_links")
			}
		}, check.Proves(asked.requirement))
	}
}

func (a *API) logIn(ctx context.Context, options ...life.Option) *client.Answer {
	return a.LogIn(ctx, a.Target.Account, options...)
}

// loggedIn logs the target's account in and returns the members of the answer.
func (a *API) loggedIn(ctx context.Context) map[string]any { return a.members(a.logIn(ctx)) }

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
	t, err := openapi.ParseTime(text)
	if err != nil {
		a.Inconclusive("the answer has no %s to read", member)
	}
	return t
}

// states holds the dates of any session that is handed out against each other and the moment of the answer.
func states(a *life.API, c *life.Credential) {
	var body struct {
		Login string `json:"loginDateTime"`
		Ends  string `json:"apiTokenExpirationDateTime"`
	}
	if json.Unmarshal(c.Given.Body, &body) != nil {
		return
	}
	login, err := openapi.ParseTime(body.Login)
	if err != nil {
		return
	}
	if ends, err := openapi.ParseTime(body.Ends); err == nil && !ends.After(login) {
		a.Misstated(c, "BCT-SES-06", "apiTokenExpirationDateTime", "later than loginDateTime, "+check.Stamp(login), ends)
	}
	if _, now, known := check.Dated(c.Given); known && login.After(now) {
		a.Misstated(c, "BCT-SES-11", "loginDateTime", "no later than the moment of the response, "+check.Stamp(c.Given.Date), login)
	}
}

// namesSession tells whether an address is that of the session with an id, wherever the API lies.
func namesSession(address, id string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.HasSuffix(u.Path, "/api/v2/sessions/"+id)
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
