package fault

import (
	"encoding/base64"
	"strings"
	"sync/atomic"

	"example.org/conform/harness/reference/kernel"
)

// Passwords are the ways to compare passwords wrongly. The seam takes what tells whether a password is right.
func Passwords[C any](seam func(same func(right, given string) bool) func(*C)) Kind[C] {
	type comparison = func(right, given string) bool
	const first = 8 // of an old hash
	return bindAnew("passwords", "", func() map[string]comparison {
		var wrong atomic.Int64
		return map[string]comparison{
			"any-password":             func(string, string) bool { return true },
			"empty-password":           func(right, given string) bool { return given == "" || given == right },
			"password-in-any-case":     strings.EqualFold,
			"password-cut-short":       func(right, given string) bool { return len(given) >= first && given[:first] == right[:first] },
			"password-without-its-end": func(right, given string) bool { return len(given) >= first && strings.HasPrefix(right, given) },
			"password-trimmed":         func(right, given string) bool { return right == strings.TrimSpace(given) },
			"third-wrong-password":     func(right, given string) bool { return given == right || wrong.Add(1) == 3 },
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
func (s Seams[C, K, A, R]) Echoes(word string, operation kernel.Operation, known func(c *K, username string) bool) Kind[C] {
	seam := func(echo func(Login)) func(*C) {
		return s.Edit(func(c *K, a *A) {
			call := s.Call(c)
			name, password := Text(call.Body, "username"), Text(call.Body, "password")
			if call.Operation == operation && password != "" {
				echo(Login{name, password, known(c, name), !s.refused(a), s.Parts(a)})
			}
		})
	}
	return bind("echoes", word, map[string]func(Login){
		"password-in-*": func(l Login) {
			if l.Granted {
				l.Answer.Members.Set("request", map[string]any{"password": l.Password})
			}
		},
		"password-in-basic-form": func(l Login) {
			if l.Granted {
				l.Answer.Members.Set("basic", base64.StdEncoding.EncodeToString([]byte(l.Username+":"+l.Password)))
			}
		},
		"password-in-header": func(l Login) { l.Answer.Header.Set("X-Debug", "user="+l.Username+"; pwd="+l.Password) },
		"password-in-error": func(l Login) {
			if !l.Granted {
				l.Answer.Members.Set("message", "The request was refused: "+l.Username+", "+l.Password+".")
			}
		},
		"password-in-error-for-unknown-account": func(l Login) {
			if !l.Granted && !l.Known {
				l.Answer.Members.Set("message", "No user matches "+l.Username+" and "+l.Password+".")
			}
		},
		"password-in-error-for-wrong-password": func(l Login) {
			if !l.Granted && l.Known {
				l.Answer.Members.Set("message", "The password "+l.Password+" is wrong.")
			}
		},
		"password-in-every-answer": func(l Login) { l.Answer.Members.Set("request", map[string]any{"password": l.Password}) },
	}, seam)
}
