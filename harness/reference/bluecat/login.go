package bluecat

import (
	"bytes"
	"encoding/base64"
	"mime"
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/random"
)

// User is somebody who may log in.
type User struct {
	ID       int64
	Name     string
	Password string
	// Key is what a description calls an unusual user.
	Key string
}

// newUsers makes the users of a server. The first is the one whom a client is meant to log in as.
func newUsers(password func() string, own kernel.Login) []User {
	users := []User{
		{ID: 100893, Name: "Conform.Service", Password: password()}, {ID: 100894, Name: "Conform.Operator", Password: password()},
	}
	if own != (kernel.Login{}) {
		users[0].Name, users[0].Password = own.Username, own.Password
	}
	for i, u := range kernel.NewUnusual() {
		users = append(users, User{ID: 100895 + int64(i), Name: "Conform." + u.User, Password: u.Password, Key: u.Key})
	}
	return users
}

// Users are all users.
func (c *Call) Users() []User { return slices.Clone(c.server.users) }

// User is the user with this name, in this letter case.
func (c *Call) User(name string) (User, bool) {
	i := slices.IndexFunc(c.server.users, func(user User) bool { return user.Name == name })
	if i < 0 {
		return User{}, false
	}
	return c.server.users[i], true
}

// logIn is the user of a name and a password, or the refusal, which is the same for a name that nobody has and for a
// wrong password.
func (c *Call) logIn(name, password string) (User, *Refusal) {
	rules := c.server.rules.Login
	user, known := rules.Find(c, name)
	tried := c.server.Try(name, known, c.Now, password, func() bool { return rules.Matches(c, user, password) })
	if tried.Right {
		return user, nil
	}
	if !known {
		if user, known := rules.Unknown(c, name); known {
			return user, nil
		}
	}
	refusal := unauthorized(InvalidUsernameOrPassword, "The user name or the password is wrong.")
	refusal.KnownUser = known
	return User{}, refusal
}

// RandomToken is a token as the document's example shows one: 40 characters of the base64 alphabet, of 30 random bytes.
func RandomToken() string { return base64.StdEncoding.EncodeToString(random.Bytes(30)) }

// Credentials reads {username, password}. Both must be there, as strings; an empty one is a wrong one, not a missing
// one. Other members are ignored.
func (c *Call) Credentials() (username, password string, refusal *Refusal) {
	texts, refusal := c.texts([]string{JSON, HAL}, "username", "password")
	if refusal != nil {
		return "", "", refusal
	}
	return texts[0], texts[1], nil
}

// readLogout reads {state: LOGGED_OUT}.
func (c *Call) readLogout() *Refusal {
	texts, refusal := c.texts([]string{MergePatch}, "state")
	if refusal == nil && texts[0] != LoggedOut {
		return refuse(http.StatusBadRequest, InvalidFieldValue, "The field state cannot have this value.")
	}
	return refusal
}

// texts are the strings of the body's members of these names.
func (c *Call) texts(mediaTypes []string, names ...string) ([]string, *Refusal) {
	given, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(mediaTypes, given) {
		return nil, refuse(http.StatusUnsupportedMediaType, UnsupportedMediaType,
			"The request body must be sent as "+strings.Join(mediaTypes, " or ")+".")
	}
	if len(bytes.TrimSpace(c.Body)) == 0 {
		return nil, refuse(http.StatusBadRequest, EmptyRequestBody, "The request body is empty.")
	}
	object, problem := kernel.ReadObject(c.Body, nil)
	if problem != nil {
		return nil, worded(*problem)
	}
	var texts []string
	for _, name := range names {
		text, wrong := object.Text(name)
		switch wrong {
		case kernel.Required:
			return nil, refuse(http.StatusBadRequest, MissingRequiredField, "The field "+name+" is required.")
		case kernel.NotString:
			return nil, refuse(http.StatusBadRequest, JSONParseError, "The value of "+name+" is not a string.")
		}
		texts = append(texts, text)
	}
	return texts, nil
}

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
