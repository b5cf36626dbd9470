package bluecat

import (
	"encoding/base64"
	"net/http"
	"slices"

	"example.org/conform/harness/reference/random"
)

// User is somebody who may log in.
type User struct {
	ID       int64
	Name     string
	Password string
}

// newUsers makes the users of a server. The first is the one whom a client is meant to log in as.
func newUsers(password func() string) []User {
	return []User{
		{ID: 100893, Name: "Conform.Service", Password: password()}, {ID: 100894, Name: "Conform.Operator", Password: password()},
	}
}

// Users are all users.
func (c *Call) Users() []User { return slices.Clone(c.server.users) }

// User is the user with this name, in this letter case.
func (c *Call) User(name string) (User, bool) {
	return c.user(func(user User) bool { return user.Name == name })
}

func (c *Call) user(is func(User) bool) (User, bool) {
	if i := slices.IndexFunc(c.server.users, is); i >= 0 {
		return c.server.users[i], true
	}
	return User{}, false
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
