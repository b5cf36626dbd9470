package check

import (
	"crypto/rand"
	"encoding/json"
	mathrand "math/rand/v2"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.org/conform/harness/client"
	"example.org/conform/harness/redact"
)

// MadeUp returns a credential that looks like a real one and was never issued: the same length, and letters and
// digits in place of letters and digits. In the place of a number stands one that nobody counts up to, since routers may know a
// path by the numbers in it.
func (c *Case) MadeUp(like string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	if like != "" && strings.Trim(like, "0123456789") == "" {
		return strconv.FormatInt(manyIDs+mathrand.Int64N(manyIDs), 10)
	}
	made := like
	for made == like && strings.ContainsAny(like, alphabet) { // an identifier may be a single digit
		made = strings.Map(func(r rune) rune {
			if !strings.ContainsRune(alphabet, r) {
				return r
			}
			return rune(alphabet[mathrand.IntN(len(alphabet))])
		}, like)
	}
	c.Secret("made-up", made)
	return made
}

// manyIDs is more than any server has counted, and less than the numbers that every reader of JSON knows (RFC 8259, 6).
const manyIDs = 1 << 52

// NoPassword is nobody's password.
const NoPassword = "Conform-wrong-0"

// Stranger is a name that nobody has, another one each time: a server may well count what is tried with it.
func Stranger() string { return strange + strings.ToLower(rand.Text()[:12]) }

const strange = "conform-"

// IsStranger reports whether a name, with a domain or without, is one that Stranger made.
func IsStranger(name string) bool { return strings.Contains(name, strange) }

// Password is the right password of the target's account.
func (c *Case) Password() string { return c.Target.Account.Password.Reveal() }

// OtherCase changes the case of every letter; ok is false when there is none to change.
func OtherCase(s string) (changed string, ok bool) {
	changed = strings.Map(func(r rune) rune {
		if upper := unicode.ToUpper(r); upper != r {
			return upper
		}
		return unicode.ToLower(r)
	}, s)
	return changed, changed != s
}

// telling is the length from which a password cannot stand in an answer by chance.
const telling = 8

// TellingPassword is the password of the target's account, for a check that looks for it in answers. A password that
// may well stand there without being repeated ends the check: "admin" of the user admin, a word that error texts use,
// or a few characters that any token may hold. Nobody may be blamed for these.
func (c *Case) TellingPassword() string {
	account := c.Target.Account
	password := c.Password()
	plain := strings.IndexFunc(password, func(r rune) bool { return !unicode.IsLetter(r) }) < 0 ||
		strings.IndexFunc(password, unicode.IsLetter) < 0
	names := strings.ToLower(strings.Join([]string{account.Username, account.DownLevelName, account.Domain, c.Target.URL}, "\n"))
	if plain || utf8.RuneCountInString(password) < telling || strings.Contains(names, strings.ToLower(password)) {
		c.Skip("the account's password may stand in an answer by chance: it is short, a plain word or number, or part of a name",
			"use an account whose password has 8 characters or more, letters and others, and is no part of its name")
	}
	return password
}

// ExpectNoEcho expects that an answer does not repeat a secret of its request.
func (c *Case) ExpectNoEcho(answer *client.Answer, secret, what string) {
	if answer.Err != nil {
		c.Inconclusive("%s did not come: %s", what, Describe(answer))
	}
	var r redact.Redactor
	r.Add("password", secret)
	echoes := func(text string) bool { return r.Scrub(text) != text }
	c.Require(!echoes(string(answer.Body)), what+" does not repeat the password", "the password, in its body")
	for name, values := range answer.Header {
		c.Require(!echoes(strings.Join(values, " ")), what+" does not repeat the password", "the password, in its header "+name)
	}
}

// Carries reports whether an answer holds a member that is not empty, whatever its status: what a refusal hands out beside
// its error is handed out.
func Carries(answer *client.Answer, member string) bool {
	var body map[string]any
	if answer.Err != nil || json.Unmarshal(answer.Body, &body) != nil {
		return false
	}
	value, given := body[member]
	return given && value != nil && value != ""
}
