package aria

import (
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/reference/kernel"
)

// Credentials are what an acquisition sends: the document's UsernamePassword.
type Credentials struct {
	Username, Password string
	// AuthSource is the name of a source, "" where the request names none.
	AuthSource string
}

// Credentials reads {username, password, authSource}. The first two must be there, as strings, and the name must not be
// empty; an empty password is a wrong one.
func (c *Call) Credentials() (Credentials, *Refusal) {
	object, problem := kernel.ReadObject(c.Body, nil)
	if problem != nil {
		return Credentials{}, worded(*problem)
	}
	var failures []Failure
	read := func(name string, required bool) string {
		value, wrong := object.Text(name)
		if wrong != "" && (required || wrong != kernel.Required) {
			failures = append(failures, Failure{string(wrong), name})
		}
		return value
	}
	given := Credentials{Username: read("username", true), Password: read("password", true), AuthSource: read("authSource", false)}
	if given.Username == "" && len(failures) == 0 {
		failures = append(failures, Failure{"The value must not be empty.", "username"})
	}
	if len(failures) > 0 {
		refusal := worded(kernel.Problem{Status: http.StatusBadRequest, Message: "The request is invalid."})
		refusal.Failures = failures
		return Credentials{}, refusal
	}
	return given, nil
}

// logIn is the account of the credentials, or the refusal, which is the same whatever is wrong with them.
func (c *Call) logIn(given Credentials) (Account, *Refusal) {
	rules := c.server.rules.Login
	var account Account
	source, known := rules.Source(c, given.AuthSource)
	if known {
		account, known = rules.Find(c, source, given.Username)
	}
	counted := account.ID
	if !known {
		counted = given.Username
	}
	tried := c.server.Try(counted, known, c.Now, given.Password, func() bool { return rules.Matches(c, account, given.Password) })
	if !tried.Right {
		return Account{}, worded(kernel.Problem{Status: http.StatusUnauthorized, Message: "The user name or the password is not valid."})
	}
	return account, nil
}

// acquire answers POST /api/auth/token/acquire.
func (c *Call) acquire() (*Answer, *Refusal) {
	given, refusal := c.server.rules.Requests.Credentials(c)
	if refusal != nil {
		return nil, refusal
	}
	account, refusal := c.logIn(given)
	if refusal != nil {
		return nil, refusal
	}
	token, refusal := c.server.rules.Tokens.Acquire(c, account)
	if refusal != nil {
		return nil, refusal
	}
	answer := ok("auth-token", map[string]any{
		"token":     token.Text,
		"validity":  token.ExpiresAt.UnixMilli(),
		"expiresAt": token.ExpiresAt.UTC().Format(proseLayout),
		"roles":     account.Roles,
	})
	answer.Token = &token
	return answer, nil
}

// proseLayout writes expiresAt as servers in use do: "Friday, August 5, 2016 6:22:05 PM UTC".
const proseLayout = "Monday, January 2, 2006 3:04:05 PM MST"

// authorize is the token that the Authorization header carries. The refusal is the same whatever is wrong with it.
func (c *Call) authorize() (Token, *Refusal) {
	rules := c.server.rules.Tokens
	word, text, found := strings.Cut(strings.TrimSpace(c.Request.Header.Get("Authorization")), " ")
	if !found {
		word, text = "", word
	}
	text = strings.TrimSpace(text)
	if text == "" || !rules.Scheme(c, word) {
		return Token{}, c.unauthorized()
	}
	token, found := rules.Find(c, text)
	if !found || !rules.Live(c, token) {
		return Token{}, c.unauthorized()
	}
	rules.Used(c, token)
	return token, nil
}

// Scheme tells whether the word is one of the configured schemes, in any letter case (RFC 9110, 11.1).
func (c *Call) Scheme(word string) bool {
	return slices.ContainsFunc(c.server.config.Schemes, func(s string) bool { return strings.EqualFold(s, word) })
}
