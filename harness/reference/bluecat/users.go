package bluecat

import (
	"encoding/base64"
	"net/http"

	"example.org/conform/harness/reference/random"
)

// User is somebody who may log in.
type User struct {
	ID       int64
	Name     string
	Password string
}

// users are the users of a server, by name.
type users struct {
	ordinary User
	byName   map[string]User
}

func newUsers(password func() string) users {
	ordinary := User{ID: 100893, Name: "Conform.Service", Password: password()}
	other := User{ID: 100894, Name: "Conform.Operator", Password: password()}
	return users{ordinary: ordinary, byName: map[string]User{ordinary.Name: ordinary, other.Name: other}}
}

// byID finds a user by id.
func (u users) byID(id int64) (User, bool) {
	for _, user := range u.byName {
		if user.ID == id {
			return user, true
		}
	}
	return User{}, false
}

// User is the user with this name, in this letter case.
func (c *Call) User(name string) (User, bool) {
	user, found := c.server.users.byName[name]
	return user, found
}

// Users are all users, in no order.
func (c *Call) Users() []User {
	var all []User
	for _, user := range c.server.users.byName {
		all = append(all, user)
	}
	return all
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
	refusal := refuse(http.StatusUnauthorized, InvalidUsernameOrPassword, "The user name or the password is wrong.")
	refusal.KnownUser = known
	return User{}, refusal
}

// RandomToken is a token as the document's example shows one: 40 characters of the base64 alphabet, of 30 random bytes.
func RandomToken() string { return base64.StdEncoding.EncodeToString(random.Bytes(30)) }

// randomPassword holds letters of both cases, so that a change of case changes it, a colon, which Basic credentials
// treat in a way of their own, and the characters that URLs and JSON escape.
func randomPassword() string {
	const special = `:+/%&"`
	var password []byte
	for i := range special {
		password = append(password, random.Pick(random.Upper), random.Pick(random.Lower), random.Pick(random.Digits), special[i])
	}
	return string(append(password, random.Pick(random.Lower)))
}
