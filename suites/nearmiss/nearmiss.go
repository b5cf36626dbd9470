// Package nearmiss declares the checks of credentials that are nearly right, for any system: a server that compares too
// little of a password or a token keeps no promise by refusing what has nothing of the right one.
package nearmiss

import (
	"context"
	"strings"

	"github.com/onsi/ginkgo/v2/types"

	"example.org/conform/suites/check"
)

// Miss is one way to miss a credential narrowly.
type Miss struct {
	// Slug and Words name it, in a check's ID and in its title. The words of a token's miss follow what the token is.
	Slug, Words string
	of          func(right string) (near string, ok bool)
}

// New is a near miss that only one system's credentials have. It is of no use where of reports false.
func New(slug, words string, of func(right string) (near string, ok bool)) Miss {
	return Miss{slug, words, of}
}

// The near misses of a password, and those of a token.
var (
	EmptyPassword  = Miss{"empty-password", "an empty password", func(p string) (string, bool) { return "", p != "" }}
	OtherCase      = Miss{"other-case", "the password in another letter case", check.OtherCase}
	Prefix         = Miss{"prefix", "the password without its last character", prefix}
	TrailingBlank  = Miss{"trailing-blank", "the password with a blank behind it", func(p string) (string, bool) { return p + " ", p != "" }}
	OneChanged     = Miss{"one-changed", "with one character changed", oneChanged}
	CutShort       = Miss{"cut-short", "cut short", func(t string) (string, bool) { return t[:len(t)*3/4], len(t) > 3 }}
	OtherTokenCase = Miss{"other-case", "in another letter case", otherTokenCase}
	Longer         = Miss{"longer", "with more behind it", func(t string) (string, bool) { return t + "0", true }}
)

// API is what the checks need of a system's API.
type API interface {
	Skip(reason, remedy string)
	Secret(kind, value string) string
	Password() string
}

// Passwords declares a check for each miss of the password of the target's account, titled by what the server does with
// it ("refuses"). The check spends a wrong password, under the miss's slug; judge tries it.
func Passwords[A API](s *check.Suite[A], requirement, verb string, misses []Miss,
	judge func(ctx context.Context, api A, slug, password string),
) {
	types.MarkAsHelper() // the checks stand where a suite calls this
	for _, m := range misses {
		s.Check(m.Slug, verb+" "+m.Words, func(ctx context.Context, api A) {
			password, ok := m.of(api.Password())
			if !ok {
				api.Skip("the account's password has no such near miss", "use an account whose password has letters")
			}
			api.Secret("password-"+m.Slug, password) // a name that says how to make it of the right one
			judge(ctx, api, m.Slug, password)
		}, check.Proves(requirement), check.Spends(m.Slug))
	}
}

// Tokens declares a check for each miss of a token, or of whatever the noun calls it, titled by what the server does with
// it: judge makes a token, asks miss for the near one, and tries that.
func Tokens[A API](s *check.Suite[A], requirement, verb, noun string, misses []Miss,
	judge func(ctx context.Context, api A, miss func(token string) string),
) {
	types.MarkAsHelper() // the checks stand where a suite calls this
	for _, m := range misses {
		s.Check(m.Slug, verb+" "+noun+" "+m.Words, func(ctx context.Context, api A) {
			judge(ctx, api, func(token string) string {
				near, ok := m.of(token)
				if !ok {
					api.Skip("what the server gives out has no such near miss", "nothing: the promise is empty for this server")
				}
				api.Secret("near-miss-token", near)
				return near
			})
		}, check.Proves(requirement))
	}
}

// otherTokenCase changes the case of every letter. The digits of a number, such as a GUID, may be read in either case: a
// token that is one has no such miss.
func otherTokenCase(token string) (string, bool) {
	if strings.Trim(token, "0123456789abcdefABCDEF-{}") == "" {
		return token, false
	}
	return check.OtherCase(token)
}

func prefix(password string) (string, bool) {
	r := []rune(password)
	return string(r[:max(len(r)-1, 0)]), len(r) > 1
}

// oneChanged changes one character, three quarters into the token or as near to that as there is one, for another of its
// kind: what is left looks like a token in every way, and is another one also where digits are read as a number in
// whatever letter case. The last character would not do: in base64 it may hold bits that nobody reads.
func oneChanged(token string) (string, bool) {
	r := []rune(token)
	from := len(r) * 3 / 4
	for i := range r {
		at := from + i
		if at >= len(r) {
			at = len(r) - 1 - i
		}
		if other := another(r[at]); other != r[at] {
			r[at] = other
			return string(r), true
		}
	}
	return token, false
}

// another is the next character of the same kind; a character of no kind is itself.
func another(c rune) rune {
	for _, kind := range []struct{ first, last rune }{{'0', '9'}, {'a', 'f'}, {'g', 'z'}, {'A', 'F'}, {'G', 'Z'}} {
		if c >= kind.first && c <= kind.last {
			return kind.first + (c-kind.first+1)%(kind.last-kind.first+1)
		}
	}
	return c
}
