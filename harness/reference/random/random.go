// Package random makes what a reference server hands out and nobody may guess.
package random

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"html"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// Bytes are n random bytes.
func Bytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: the runtime ends the program before it returns weak bytes
	return b
}

// ID is an identifier of n random bytes, written in the URL-safe base64 alphabet.
func ID(n int) string { return base64.RawURLEncoding.EncodeToString(Bytes(n)) }

// Token is a random token of about the given number of characters: the next multiple of four, at least 16. It always
// holds '+', '/' and '=', so that a client or a server that forgets to encode or decode one is found out.
func Token(length int) string {
	groups := max(4, (length+3)/4)
	for {
		token := base64.StdEncoding.EncodeToString(Bytes(groups*3 - 1)) // one byte short, for the padding
		if strings.Contains(token, "+") && strings.Contains(token, "/") {
			return token
		}
	}
}

// Below is a random number from 0 to n-1.
func Below(n int) int {
	i, _ := rand.Int(rand.Reader, big.NewInt(int64(n))) // fails no more than rand.Read does
	return int(i.Int64())
}

// GUID is a random (version 4) GUID in lower case, without braces.
func GUID() string {
	b := Bytes(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// The characters of passwords that a person can tell from each other.
const (
	upper  = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	lower  = "abcdefghijkmnpqrstuvwxyz"
	digits = "23456789"
	vowels = "aeiu"
)

// Escaped are characters that URLs and forms escape, and that JSON and shells leave alone: a client that pastes a password has not to
// think of it.
const Escaped = `+/`

// Password holds letters of both cases, so that a change of case changes it, a vowel, which can bear an accent, and each of the
// special characters, none of which begins what a decoder would take for an escape: there is Odd for that.
func Password(special string) string {
	for {
		if p := password(special); !percentEscape.MatchString(p) && html.UnescapeString(p) == p {
			return p
		}
	}
}

var percentEscape = regexp.MustCompile("%[0-9A-Fa-f]{2}")

func password(special string) string {
	var password []byte
	for _, alphabet := range append(slices.Repeat([]string{upper, lower, digits}, 5), vowels) {
		password = append(password, alphabet[Below(len(alphabet))])
	}
	for _, char := range []byte(special) {
		// Never at either end: a client that trims is not what these passwords are for.
		password = slices.Insert(password, 1+Below(len(password)-1), char)
	}
	return string(password)
}

// Odd holds what stacks are known to mangle: +, a blank, an accent, <, a percent-escape and an entity; and nothing that means something
// between quotes of either kind. What changes in it without a change of its length stands among the first eight characters, all that
// an old hash looks at.
func Odd() string {
	return letters(2) + "+" + letters(2) + " " + letters(2) + "\u00e9" + letters(2) + "<" + string(lower[Below(len(lower))]) + letters(1) + "%" +
		string("456"[Below(3)]) + string(digits[Below(len(digits))]) + letters(2) + "&amp;" + letters(4)
}

// Long has more bytes than bcrypt looks at.
func Long() string { return letters(96) }

// letters are n letters and digits of the password alphabets.
func letters(n int) string {
	const all = upper + lower + digits
	b := make([]byte, n)
	for i := range b {
		b[i] = all[Below(len(all))]
	}
	return string(b)
}
