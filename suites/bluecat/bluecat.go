// Package bluecat is the suite of BlueCat Address Manager's RESTful v2 API. How its sessions live is in its contract; here is what only
// its documents say.
package bluecat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
	"example.org/conform/suites/spelt"
	"example.org/conform/suites/walk"
)

// The operations of the contract and its kind of credentials, as far as the checks here name them.
const (
	createSession       = "createSession"
	getCurrentSession   = "getCurrentSession"
	patchCurrentSession = "patchCurrentSession"

	session = "session"
	// given are the ready-made credentials of a session, and id its identifier.
	given = "given"
	id    = "id"
)

// The media types that the documents name.
const (
	halJSON   = "application/hal+json"
	plainJSON = "application/json"
	// preferHAL asks for what the document shows, without losing a server that has only the other.
	preferHAL = halJSON + ", " + plainJSON + ";q=0.5, */*;q=0.1"
)

// API is the RESTful v2 API as one check uses it.
type API struct{ *life.API }

// System is BlueCat Address Manager, for the runner.
func System() check.System {
	return life.System([]string{"bluecat-9.5"}, target.Vocabulary{}, bind, func(s *check.Suite[*API]) {
		life.Declare(s)
		walk.Declare(s)
		spelt.Declare(s)
		sessionCreation(s)
		representations(s)
		links(s)
		currentSession(s)
		challenges(s)
		errorAnswers(s)
	})
}

func bind(c *check.Case) *API {
	return &API{life.New(c, life.Dialect{
		Accept: preferHAL,
		Word:   func(answer *client.Answer) string { return readRefusal(answer).Code },
		Codes: func(answer *client.Answer) string {
			return fmt.Sprint(check.OrMissing(readRefusal(answer).Code), " with the message ", readRefusal(answer).Message)
		},
		States:  states,
		MayDo:   "that the user may use the API",
		Example: "/api/v2/configurations or another collection",
	})}
}

// currentSession declares the checks of the current session and of the answer to a logout.
func currentSession(s *check.Suite[*API]) {
	s.Check("its-own", "gives as the current session the one whose credentials it carries", func(ctx context.Context, api *API) {
		for _, made := range []*life.Credential{api.Make(ctx, session), api.Make(ctx, session)} {
			answer := api.Present(ctx, getCurrentSession, made)
			if !check.Granted(answer) {
				api.Fresh(answer, made.Key())
				api.Fail("the current session", check.Shown(answer))
			}
			got := api.id(api.members(answer))
			api.Require(got == made.Name(id), "the current session's id, "+made.Name(id), got)
		}
	}, check.Proves("BCT-AUT-09"))

	s.Check("body", "records what the answer to a logout shows", func(ctx context.Context, api *API) {
		answer := api.Present(ctx, patchCurrentSession, api.Make(ctx, session))
		var body struct {
			State  any `json:"state"`
			LogOut any `json:"logoutDateTime"`
		}
		if !check.Granted(answer) || json.Unmarshal(answer.Body, &body) != nil {
			api.Note("no session in it: %s", check.Describe(answer))
			return
		}
		api.Note("%s, state %s, logoutDateTime %s", check.Describe(answer), orMissing(body.State), orMissing(body.LogOut))
	}, check.Proves("BCT-OUT-05"))
}

// offersBasic is WWW-Authenticate with Basic among what it offers.
var offersBasic = regexp.MustCompile(`(?i)(^|,)\s*basic(\s|,|$)`)

// challenges declares the check of what a request without credentials, or with wrong ones, is offered.
func challenges(s *check.Suite[*API]) {
	s.Check("challenge", "offers Basic in WWW-Authenticate where credentials are missing or wrong", func(ctx context.Context, api *API) {
		made := api.MadeUp(api.Make(ctx, session).Value)
		for _, wrong := range []struct {
			words   string
			options []life.Option
		}{
			{"without credentials", nil}, {"with a made-up token", []life.Option{life.Raw(life.Basic(api.Target.Account.Username, made))}},
		} {
			answer := api.Do(ctx, life.Probe, wrong.options...)
			if answer.Status != http.StatusUnauthorized {
				api.Inconclusive("the probe %s is not answered 401: %s", wrong.words, check.Describe(answer))
			}
			offered := strings.Join(answer.Header.Values("WWW-Authenticate"), ", ")
			api.Require(offersBasic.MatchString(offered), "Basic in WWW-Authenticate, for the probe "+wrong.words, check.OrMissing(offered))
		}
	}, check.Proves("BCT-AUT-12"))
}

// orMissing is a value as people read it.
func orMissing(value any) string {
	if value == nil {
		return check.OrMissing("")
	}
	return fmt.Sprint(value)
}

// refusal is the vendor's error object.
type refusal struct {
	Status  any    `json:"status"`
	Code    string `json:"code"`
	Message any    `json:"message"`
}

func readRefusal(answer *client.Answer) refusal {
	var r refusal
	_ = json.Unmarshal(answer.Body, &r) // a refusal of another form has none of the members
	return r
}

// ExpectCode expects a refusal with one of the codes.
func (a *API) ExpectCode(answer *client.Answer, what string, codes ...string) {
	got := readRefusal(answer).Code
	a.Require(check.Refused(answer) && slices.Contains(codes, got),
		fmt.Sprintf("%s refused with code %s", what, strings.Join(codes, " or ")), check.Shown(answer)+", code "+check.OrMissing(got))
}
