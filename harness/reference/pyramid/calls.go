package pyramid

import (
	"encoding/json"
	"net/http"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
)

// What clients call beside the document's login: the login by a name and a password, and the look at oneself.

// authenticateUser answers POST /API2/auth/authenticateUser with {data: {userName, password}}.
func (c *Call) authenticateUser() (*Answer, *Refusal) {
	var form struct {
		Data struct {
			UserName string `json:"userName"`
			Password string `json:"password"`
		} `json:"data"`
	}
	if json.Unmarshal(c.Body, &form) != nil || form.Data.UserName == "" {
		return problem(http.StatusBadRequest, "The body is not a JSON object with data.userName and data.password.")
	}
	domain, name := splitName(form.Data.UserName)
	account, known := c.server.accounts.Named(domain, name)
	right := kernel.SamePassword(account.Password, form.Data.Password)
	if known {
		c.server.Tried(account.Name, right)
	}
	if !known || !right {
		return problem(http.StatusUnauthorized, "The user name or the password is wrong.")
	}
	token := c.server.rules.Issue(c, account)
	answer := answered(http.StatusOK, "text/plain; charset=utf-8", token.Text)
	answer.Header.Set("Cache-Control", "no-store")
	answer.Token = &token
	return answer, nil
}

// getMe answers POST /API2/access/getMe with {auth}: the id of the token's user, and the name.
func (c *Call) getMe() (*Answer, *Refusal) {
	var form struct {
		Auth json.RawMessage `json:"auth"`
	}
	if json.Unmarshal(c.Body, &form) != nil {
		return problem(http.StatusBadRequest, "The body is not a JSON object with auth.")
	}
	account, ok := c.server.rules.Authorize(c, form.Auth)
	if !ok {
		return problem(http.StatusUnauthorized, "The call carries no valid token.")
	}
	return toldMe(map[string]any{"data": []string{account.Name, account.Username}})
}

// getMe3 answers POST /API3/access/getMe with the header paToken, and with any body: it has no input.
func (c *Call) getMe3() (*Answer, *Refusal) {
	var auth json.RawMessage
	if texts, given := c.Request.Header[tokenHeader]; given {
		auth, _ = json.Marshal(texts[0]) // a text can always be written
	}
	account, ok := c.server.rules.Authorize(c, auth)
	if !ok {
		return problem(http.StatusUnauthorized, "The call carries no valid token.")
	}
	return toldMe([]string{account.Name, account.Username})
}

func toldMe(of any) (*Answer, *Refusal) {
	body, err := reply.JSON(of)
	if err != nil {
		return problem(http.StatusInternalServerError, "The answer has no JSON form.")
	}
	return answered(http.StatusOK, "application/json; charset=utf-8", string(body)), nil
}
