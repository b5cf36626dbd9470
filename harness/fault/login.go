package fault

import (
	"encoding/base64"
	"strings"
	"sync/atomic"

	"example.org/conform/harness/reference/kernel"
)

// Passwords are the ways to compare passwords wrongly. The seam takes what tells whether a password is right.
func Passwords[C any](seam func(same func(right, given string) bool) func(*C)) Choice[C] {
	type comparison = func(right, given string) bool
	const first = 8 // of an old hash
	return choice("", func() []way[comparison] {
		var wrong atomic.Int64
		return []way[comparison]{
			{"any-password", "", "the directory is asked whether the account exists, not whether the password is right",
				func(string, string) bool { return true }},
			{"empty-password", "", "a bind without password is an anonymous one, which the directory grants (RFC 4513, 5.1.2)",
				func(right, given string) bool { return given == "" || given == right }},
			{"password-in-any-case", "", "the column of the database compares without regard to letter case", strings.EqualFold},
			{"password-cut-short", "", "the hash looks at the first eight characters, as crypt did",
				func(right, given string) bool { return len(given) >= first && given[:first] == right[:first] }},
			{"password-without-its-end", "", "the comparison stops at the end of the shorter text",
				func(right, given string) bool { return len(given) >= first && strings.HasPrefix(right, given) }},
			{"password-trimmed", "", "form input is trimmed before it is compared",
				func(right, given string) bool { return right == strings.TrimSpace(given) }},
			{"third-wrong-password", "", "a counter of attempts runs over and lets the next one in",
				func(right, given string) bool { return given == right || wrong.Add(1) == 3 }},
		}
	}, seam)
}

// Login is a login that has been answered, as far as an echo of its password depends on it.
type Login struct {
	Username, Password string
	// Known tells whether there is such an account, and Granted whether it was let in.
	Known, Granted bool
	Answer         Parts
}

// Echoes are the ways to send a password back, in the answers to an operation whose body has a username and a password.
func (s Seams[C, K, A, R]) Echoes(word string, operation kernel.Operation, known func(c *K, username string) bool) Choice[C] {
	seam := func(echo func(Login)) func(*C) {
		return s.Edit(func(c *K, a *A) {
			call := s.Call(c)
			name, password := Text(call.Body, "username"), Text(call.Body, "password")
			if call.Operation == operation && password != "" {
				echo(Login{name, password, known(c, name), !s.Refused(a), s.Parts(a)})
			}
		})
	}
	return choice(word, func() []way[func(Login)] {
		return []way[func(Login)]{
			{"password-in-*", "", "the answer is the request's object, filled in", func(l Login) {
				if l.Granted {
					l.Answer.Members.Set("request", map[string]any{"password": l.Password})
				}
			}},
			{"password-in-basic-form", "", "the answer offers the credentials for Basic authentication", func(l Login) {
				if l.Granted {
					l.Answer.Members.Set("basic", base64.StdEncoding.EncodeToString([]byte(l.Username+":"+l.Password)))
				}
			}},
			{"password-in-header", "", "a header shows the parsed request to developers",
				func(l Login) { l.Answer.Header.Set("X-Debug", "user="+l.Username+"; pwd="+l.Password) }},
			{"password-in-error", "", "a refusal carries the request, to help whoever looks into it", func(l Login) {
				if !l.Granted {
					l.Answer.Members.Set("message", "The request was refused: "+l.Username+", "+l.Password+".")
				}
			}},
			{"password-in-error-for-unknown-account", "", "the message quotes the failed search", func(l Login) {
				if !l.Granted && !l.Known {
					l.Answer.Members.Set("message", "No user matches "+l.Username+" and "+l.Password+".")
				}
			}},
			{"password-in-error-for-wrong-password", "", "the message quotes the failed bind", func(l Login) {
				if !l.Granted && l.Known {
					l.Answer.Members.Set("message", "The password "+l.Password+" is wrong.")
				}
			}},
			{"password-in-every-answer", "", "the answer carries the request, for the convenience of clients",
				func(l Login) { l.Answer.Members.Set("request", map[string]any{"password": l.Password}) }},
		}
	}, seam)
}
