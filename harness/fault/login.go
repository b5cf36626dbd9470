package fault

import (
	"encoding/base64"
	"net/http"
	"strings"
	"sync/atomic"

	"golang.org/x/net/http/httpguts"

	"example.org/conform/harness/reference/kernel"
)

// answered is a login as far as an echo of its password depends on it.
type answered struct {
	username, password string
	// known tells whether there is such an account, and granted whether it was let in.
	known, granted bool
	answer         Parts
}

// Echoes are the ways to send a password back, in the answers to an operation whose body has a username and a password.
func (s Seams[C, K, A, R]) Echoes(word string, operation kernel.Operation, known func(c *K, username string) bool) Kind[C] {
	member := func(name string, where func(answered) bool, value func(answered) any) func(answered) {
		return func(l answered) {
			if where(l) {
				l.answer.set(name, value(l))
			}
		}
	}
	granted := func(l answered) bool { return l.granted }
	refused := func(l answered) bool { return !l.granted }
	request := func(l answered) any { return map[string]any{"password": l.password} }
	return bind("echoes", word, map[string]func(answered){
		"password-in-*": member("request", granted, request),
		"password-in-basic-form": member("basic", granted, func(l answered) any {
			return base64.StdEncoding.EncodeToString([]byte(l.username + ":" + l.password))
		}),
		"password-in-header": func(l answered) {
			if text := "user=" + l.username + "; pwd=" + l.password; httpguts.ValidHeaderFieldValue(text) { // else no header can hold it
				l.answer.Header.Set("X-Debug", text)
			}
		},
		"password-in-error": member("message", refused, func(l answered) any {
			return "The request was refused: " + l.username + ", " + l.password + "."
		}),
		"password-in-error-for-unknown-account": member("message", func(l answered) bool { return !l.granted && !l.known },
			func(l answered) any { return "No user matches " + l.username + " and " + l.password + "." }),
		"password-in-error-for-wrong-password": member("message", func(l answered) bool { return !l.granted && l.known },
			func(l answered) any { return "The password " + l.password + " is wrong." }),
		"password-in-every-answer": member("request", func(answered) bool { return true }, request),
	}, func(echo func(answered)) func(*C) {
		return s.Edit(func(c *K, a *A) {
			call := s.Call(c)
			name, password := Text(call.Body, "username"), Text(call.Body, "password")
			if call.Operation == operation && password != "" {
				echo(answered{name, password, known(c, name), !s.refused(a), s.Parts(a)})
			}
		})
	})
}

// Rows are the ways to answer failed logins that follow each other otherwise than the first: the fourth and all further ones, until
// one is granted.
func (s Seams[C, K, A, R]) Rows(word string, operation kernel.Operation) Kind[C] {
	return bind("rows", word, map[string]int{
		"fourth-failed-*-in-a-row-403": http.StatusForbidden,
		"fourth-failed-*-in-a-row-500": http.StatusInternalServerError,
	}, func(status int) func(*C) {
		return func(c *C) {
			var row atomic.Int64
			s.Edit(func(c *K, a *A) {
				switch {
				case s.Call(c).Operation != operation:
				case !s.refused(a):
					row.Store(0)
				case row.Add(1) >= 4:
					s.Fail(a, status)
				}
			})(c)
		}
	})
}

// Names are the ways to find an account by what is nearly its name. The seam takes what tells whether a name without its domain will do for
// one that nobody has asked for by its own.
func Names[C any](seam func(like func(own, given string) bool) func(*C)) Kind[C] {
	return bind("names", "", map[string]func(own, given string) bool{
		"name-by-its-start":            func(own, given string) bool { return len(given) > len(own)/2 && strings.HasPrefix(own, given) },
		"name-with-one-character-more": func(own, given string) bool { return given != "" && given[:len(given)-1] == own },
		"name-with-a-tag":              func(own, given string) bool { name, _, _ := strings.Cut(given, "+"); return name == own },
		"name-with-a-wildcard": func(own, given string) bool {
			return len(own) == len(given) && matchesLike(own, given)
		},
	}, seam)
}

// matchesLike says whether a text matches a pattern of as many bytes, in which _ stands for any.
func matchesLike(text, pattern string) bool {
	for i := range len(pattern) {
		if pattern[i] != '_' && pattern[i] != text[i] {
			return false
		}
	}
	return true
}

// NearlyNamed says whether a name is in the domain of an account's own and, without that, like it.
func NearlyNamed(own, given string, like func(own, given string) bool) bool {
	if domain, local, has := strings.Cut(own, `\`); has {
		inDomain, named, _ := strings.Cut(given, `\`)
		return strings.EqualFold(domain, inDomain) && like(local, named)
	}
	local, domain, _ := strings.Cut(own, "@")
	named, inDomain, _ := strings.Cut(given, "@")
	return strings.EqualFold(domain, inDomain) && like(local, named)
}

// Overruns are the ways to let in whoever comes when a counter of failed logins that follow each other runs over. The seam is that
// of Passwords.
func (s Seams[C, K, A, R]) Overruns(operation kernel.Operation, seam func(same func(right, given string) bool) func(*C)) Kind[C] {
	return bind("overruns", "", map[string]int64{"eighth-failed-login-enters": 8}, func(nth int64) func(*C) {
		return func(c *C) {
			var row atomic.Int64
			seam(func(right, given string) bool { return given == right || row.Load() == nth-1 })(c)
			s.Edit(func(c *K, a *A) {
				switch {
				case s.Call(c).Operation != operation:
				case s.refused(a):
					row.Add(1)
				default:
					row.Store(0)
				}
			})(c)
		}
	})
}
