package pyramid

import (
	"bytes"
	"encoding/json"
	"net/http"

	"example.org/conform/harness/reference/kernel"
)

// unauthorizedPage is what a client sees that has not logged in: a page for people, from the layer before the API.
const unauthorizedPage = `<!DOCTYPE html><html><head><title>401 - Unauthorized</title></head>` +
	`<body><h1>401 - Unauthorized: access is denied due to invalid credentials.</h1></body></html>`

// authenticate answers POST /API2/auth/authenticateUserWindows, and in API 3.0 /API3/authentication/authenticateUserWindows.
func (c *Call) authenticate() (*Answer, *Refusal) {
	rules := c.server.rules
	c.Login = c.server.authority.Decide(c.Request)
	account, known := c.server.accounts.Named("", c.Login.Account)
	if !known {
		account, known = rules.Anonymous(c)
	}
	if !known {
		answer := answered(http.StatusUnauthorized, "text/html; charset=utf-8", unauthorizedPage)
		answer.Header["Www-Authenticate"] = c.Login.Challenges
		return answer, nil
	}
	if !rules.Body(c) {
		return problem(http.StatusBadRequest, "The body must be null.")
	}
	token := rules.Issue(c, account)
	answer := answered(http.StatusOK, "text/plain; charset=utf-8", token.Text)
	answer.Token = &token
	answer.Header.Set("Cache-Control", "no-store")
	if c.Login.Account != "" && c.Login.Challenges != nil {
		answer.Header["Www-Authenticate"] = c.Login.Challenges // the last word of the negotiation (RFC 4559, 5)
	}
	return answer, nil
}

// AcceptBody takes what clients are known to send: nothing, null, and an object whose auth is null or absent.
func (c *Call) AcceptBody() bool {
	body := bytes.TrimSpace(c.Body)
	if len(body) == 0 || string(body) == "null" {
		return true
	}
	var form struct {
		Auth json.RawMessage `json:"auth"`
	}
	return json.Unmarshal(body, &form) == nil && (form.Auth == nil || string(form.Auth) == "null")
}

// Token is a security token that a server has issued.
type Token struct {
	Text    string
	Account Account
	kernel.Life
}

// Issue makes a token for an account, which lives as long as configured.
func (c *Call) Issue(account Account) Token {
	token := Token{
		Text: c.server.rules.NewToken(), Account: account, Life: kernel.Life{ExpiresAt: c.Now.Add(c.server.config.TokenLifetime)},
	}
	c.server.tokens.Add(token)
	return token
}

// Accounts are those of the server.
func (c *Call) Accounts() Accounts { return c.server.accounts }

// Tokens are those that match of all that the server has issued and not forgotten yet, expired ones among them.
func (c *Call) Tokens(match func(Token) bool) []Token { return c.server.tokens.Match(match) }

// End ends a token before its time, which the API itself never does.
func (c *Call) End(token Token) { c.server.tokens.End(token.Text, c.Now) }

// extractQueryResult answers POST /API2/query/extractQueryResult: a small table for an administrator.
func (c *Call) extractQueryResult() (*Answer, *Refusal) {
	var form struct {
		Data json.RawMessage `json:"data"`
		Auth json.RawMessage `json:"auth"`
	}
	if err := json.Unmarshal(c.Body, &form); err != nil {
		return problem(http.StatusBadRequest, "The body is not a JSON object with data and auth.")
	}
	account, ok := c.server.rules.Authorize(c, form.Auth)
	switch {
	case !ok:
		return problem(http.StatusUnauthorized, "The call carries no valid token.")
	case !account.Admin:
		return problem(http.StatusForbidden, "The token is not that of an administrator.")
	}
	var data struct {
		ItemID string `json:"itemId"`
	}
	if json.Unmarshal(form.Data, &data) != nil || data.ItemID == "" {
		return problem(http.StatusBadRequest, "data.itemId is missing.")
	}
	return answered(http.StatusOK, "application/json; charset=utf-8", result), nil
}

// result is what every query results in, in JSON within JSON, as the document's sample reads it.
const result = `{"data":"{\"Document\":{\"queries\":[{\"result\":{\"data\":[[\"1\"]]}}]}}"}`

// Authorize finds the account of the token in a call's auth.
func (c *Call) Authorize(auth json.RawMessage) (Account, bool) {
	var text string
	if len(auth) == 0 || json.Unmarshal(auth, &text) != nil || text == "" {
		return Account{}, false
	}
	token, found := c.server.rules.FindToken(c, text)
	if !found || !token.Live(c.Now) {
		return Account{}, false
	}
	return token.Account, true
}

// FindToken finds a token by its text.
func (c *Call) FindToken(text string) (Token, bool) { return c.server.tokens.Find(text) }
