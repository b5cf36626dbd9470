// Package adaxes is the suite of the Adaxes REST API's authentication, in the two profiles that its documents define, and in that
// of the releases since, whose tokens administrators make. How its sessions
// and tokens live is in its contracts; here is what only its documents say.
package adaxes

import (
	"encoding/json"
	"fmt"

	"example.org/conform/harness/client"
	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
	"example.org/conform/suites/spelt"
	"example.org/conform/suites/walk"
)

// The operations of the contract and its kinds of credentials, as far as the checks here name them.
const (
	createSession = "createSession"
	issueToken    = "issueToken"
	renewToken    = "renewToken"
	destroyToken  = "destroyToken"

	session = "session"
	token   = "token"
	// ticket is the name under which a ticket's identifier stands in for its token.
	ticket = "ticket"
)

// serviceHeader names the instance that answered, and sent back asks for the same one (Alternative approach).
const serviceHeader = "Adm-Service"

// API is the Adaxes REST API as one check uses it.
type API struct{ *life.API }

// System is the Adaxes REST API, for the runner. A description can name an account in each state that a logon is refused for.
func System() check.System {
	words := target.Vocabulary{Accounts: []string{
		"passwordExpired", "passwordMustBeChanged", "disabled", "lockedOut", "expired", "outsideLogonHours", "accessDenied",
	}}
	return life.System([]string{"adaxes-2023.2", "adaxes-2025.1", "adaxes-2026.1"}, words, bind, func(s *check.Suite[*API]) {
		life.Declare(s)
		walk.Declare(s)
		spelt.Declare(s)
		sessionCreation(s)
		accountStates(s)
		typeVariants(s)
		tickets(s)
		instances(s)
		errorAnswers(s)
	})
}

func bind(c *check.Case) *API {
	return &API{life.New(c, life.Dialect{
		Word:  func(answer *client.Answer) string { return readRefusal(answer).innerCode() },
		Owner: ownerOf,
		Codes: func(answer *client.Answer) string {
			r := readRefusal(answer)
			return fmt.Sprintf("%v and %s", r.Code, check.OrMissing(r.innerCode()))
		},
		MayDo:   "that the account may use the REST API",
		Example: "/api/directoryObjects?directoryObject=<DN of an object that it can read>",
	})}
}

// ownerOf is what an answer says of the account: its sid, and why its password has to be changed.
func ownerOf(c *life.Credential) (member, text, requirement string) {
	said := infoOf(c)
	sid, isText := said.SID.(string)
	reason, isNumber := said.ChangePasswordReason.(float64)
	switch {
	case isText && c.Renewed():
		return "sid", sid, "ADX-REN-05"
	case isText:
		return "sid", sid, "ADX-TOK-05"
	case isNumber && reason == 0: // of one that has a reason
		return "changePasswordReason", "0", "ADX-SES-21"
	case isNumber:
		return "changePasswordReason", fmt.Sprint(reason), "ADX-SES-20"
	}
	return "", "", ""
}

// refusal is the vendor's error object ("Errors and status codes").
type refusal struct {
	Code       any `json:"code"`
	InnerError *struct {
		Code string `json:"code"`
	} `json:"innerError"`
	ModelState any `json:"modelState"`
}

func readRefusal(answer *client.Answer) refusal {
	var r refusal
	_ = json.Unmarshal(answer.Body, &r) // a refusal of another form has none of the members
	return r
}

// innerCode is innerError.code, empty when there is none.
func (r refusal) innerCode() string {
	if r.InnerError == nil {
		return ""
	}
	return r.InnerError.Code
}

// ExpectInnerCode expects 403 with an inner error code.
func (a *API) ExpectInnerCode(answer *client.Answer, code string) {
	if got := readRefusal(answer).innerCode(); answer.Status != 403 || got != code {
		a.Fail("403 with innerError.code "+code, check.Shown(answer)+", innerError.code "+check.OrMissing(got))
	}
}
