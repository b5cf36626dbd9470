package kernel

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"example.org/conform/harness/reference/random"
)

// Config is what can be set of every server. Its zero value has the defaults.
type Config struct {
	// Profile is the profile that the server keeps. It matters to vendors with several.
	Profile string
	// Instances is the number of service instances that share everything; zero means one. Where the vendor knows none,
	// every address is the same.
	Instances int
	// SessionLifetime and TokenLifetime are counted from when a session or a token is handed out. Zero means the vendor's.
	SessionLifetime, TokenLifetime time.Duration
	// LockoutAfter is the number of wrong passwords in a row that lock an account; zero means DefaultLockoutAfter, a
	// negative number means that no account is ever locked.
	LockoutAfter int `negative:"allowed"`
	// LockoutFor is how long a locked account stays locked, and how long a wrong password is remembered. Zero means
	// DefaultLockoutFor.
	LockoutFor time.Duration
	// Own is the account that a client is meant to log in with, where its name and its password are not to be made up.
	Own Login
	// Password makes the password of each account; nil makes random ones that are hard to leak unnoticed.
	Password func() string
	// Clock tells the time of every decision; nil means time.Now. It is called by several goroutines at once.
	Clock func() time.Time
	// Latency is waited, in real time, before each request is looked at.
	Latency time.Duration
	// KeepHeads has the server keep each request as it came on the connection (Head), in plain HTTP.
	KeepHeads bool
}

// Login is a name and a password. The zero value is none.
type Login struct{ Username, Password string }

// BothForms are the logon name of an account of a directory as user@domain and as DOMAIN\user, from either of them, or from the user's name
// alone in a domain that has these names.
func BothForms(name, dns, netBIOS string) (username, downLevelName string) {
	if domain, user, found := strings.Cut(name, `\`); found {
		return user + "@" + dns, domain + `\` + user
	}
	if user, domain, found := strings.Cut(name, "@"); found {
		first, _, _ := strings.Cut(domain, ".")
		return name, strings.ToUpper(first) + `\` + user
	}
	return name + "@" + dns, netBIOS + `\` + name
}

// The defaults of a lock-out.
const (
	DefaultLockoutAfter = 5
	DefaultLockoutFor   = 30 * time.Minute
)

// Common is the part of a server's configuration that every server has.
func (c *Config) Common() *Config { return c }

// LoadKerberos lets clients log in by Kerberos with the keys of a keytab, where the vendor knows it.
func (c *Config) LoadKerberos(string, string) error {
	return fmt.Errorf("the profile %q knows no Kerberos", c.Profile)
}

// DefaultConfig has the defaults, with a vendor's own lifetimes.
func DefaultConfig(session, token time.Duration) Config {
	return Config{
		Instances: 1, SessionLifetime: session, TokenLifetime: token,
		LockoutAfter: DefaultLockoutAfter, LockoutFor: DefaultLockoutFor,
		Password: func() string { return random.Password(random.Escaped) }, Clock: time.Now,
	}
}

// Complete fills every field of a configuration that is not set with the one of own, in structs within structs too. So a
// server takes its own decision wherever none is given, and the rest of its code asks what it was given alone. It refuses
// a negative number, but for those whose tag says `negative:"allowed"`.
func Complete[T any](given *T, own T) error {
	return complete(reflect.ValueOf(given).Elem(), reflect.ValueOf(own))
}

func complete(given, own reflect.Value) error {
	for i := range given.NumField() {
		field, description := given.Field(i), given.Type().Field(i)
		switch {
		case field.Kind() == reflect.Struct:
			if err := complete(field, own.Field(i)); err != nil {
				return err
			}
		case field.CanInt() && field.Int() < 0 && description.Tag.Get("negative") == "":
			return fmt.Errorf("the %s of %v is negative", description.Name, field.Interface())
		case field.IsZero():
			field.Set(own.Field(i))
		}
	}
	return nil
}
