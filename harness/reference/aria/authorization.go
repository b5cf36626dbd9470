package aria

import (
	"slices"
	"strings"
)

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
