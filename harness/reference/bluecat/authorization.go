package bluecat

import (
	"encoding/base64"
	"strings"
)

// BasicCredentials are a name and a token, joined by a colon, in base64 ("Authorization header"; RFC 7617).
func BasicCredentials(name, token string) string {
	return base64.StdEncoding.EncodeToString([]byte(name + ":" + token))
}

// Authorize judges the Authorization header: Basic, with the name of a user and the token of a live session of that
// user ("Authorization header"). The refusal is the same whatever is wrong with a name or a token.
func (c *Call) Authorize() (Session, *Refusal) {
	rules := c.server.rules.Access
	name, token, readable := c.Basic()
	if !readable {
		return Session{}, unauthorized(InvalidAuthorizationCredentials, "The request carries no Basic credentials that can be read.")
	}
	session, found := rules.Find(c, token)
	if !found || !rules.Names(c, session, name) || !rules.Live(c, session) {
		return Session{}, unauthorized(InvalidAuthorizationToken, "The API token is not valid for this user.")
	}
	return session, nil
}

// Basic reads the name and the token from the Authorization header. The name ends at the first colon (RFC 7617, 2).
func (c *Call) Basic() (name, token string, readable bool) {
	scheme, credentials, _ := strings.Cut(c.Request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(credentials))
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(plain), ":")
}
