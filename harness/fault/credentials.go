package fault

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"example.org/conform/harness/reference/kernel"
)

// Lookups are the ways to find a credential by what is not its text. The seam takes what tells whether a text will do for
// a credential that nobody has asked for by its own.
func Lookups[C any](word string, seam func(like func(real, text string) bool) func(*C)) Kind[C] {
	type likeness = func(real, text string) bool
	const begins = 8 // what is shorter begins too many
	return bind("lookups", word, map[string]likeness{
		"any-*":         func(string, string) bool { return true },
		"empty-*":       func(_, text string) bool { return text == "" },
		"*-in-any-case": strings.EqualFold,
		"*-cut-accepted": func(real, text string) bool {
			column := len(real) * 3 / 4
			return len(text) >= column && text[:column] == real[:column]
		},
		"*-by-a-prefix":              func(real, text string) bool { return len(text) > begins && strings.HasPrefix(real, text) },
		"*-trimmed":                  func(real, text string) bool { return strings.TrimSpace(text) == real },
		"*-without-its-line-end":     func(real, text string) bool { return strings.TrimRight(text, "\r\n") == real },
		"longer-*-accepted":          func(real, text string) bool { return strings.HasPrefix(text, real) },
		"*-one-character-forgiven":   OneApart,
		"*-first-character-forgiven": func(real, text string) bool { return len(text) == len(real) && text[1:] == real[1:] },
		"*-last-character-forgiven": func(real, text string) bool {
			core := strings.TrimRight(real, "=") // what stands behind is base64's padding
			return len(text) <= len(real) && strings.HasPrefix(text, core[:len(core)-1])
		},
		"*-by-its-first-half":     func(real, text string) bool { return strings.HasPrefix(text, real[:len(real)/2]) },
		"*-by-its-last-half":      func(real, text string) bool { return strings.HasSuffix(text, real[len(real)/2:]) },
		"*-by-its-end":            func(real, text string) bool { return len(text) > begins && strings.HasSuffix(real, text) },
		"*-in-any-order":          func(real, text string) bool { return sorted(real) == sorted(text) },
		"*-unescaped":             func(real, text string) bool { return unescaped(text) == real },
		"*-in-full-width":         func(real, text string) bool { return strings.Map(halfWidth, text) == real },
		"*-behind-bearer":         func(real, text string) bool { return strings.TrimPrefix(text, "Bearer ") == real },
		"*-behind-something-else": func(real, text string) bool { return strings.HasSuffix(text, real) },
	}, seam)
}

// SameBytes tells texts that are the same to a decoder of base64, in either alphabet, which overlooks what it does not know, ends with the
// padding and drops the bits that make no byte.
func SameBytes(real, text string) bool { return bytes.Equal(decoded(real), decoded(text)) }

func decoded(text string) []byte {
	text, _, _ = strings.Cut(text, "=")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		case r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' && r != '/':
			return -1
		}
		return r
	}, text)
	if len(text)%4 == 1 {
		text = text[:len(text)-1]
	}
	read, _ := base64.RawStdEncoding.DecodeString(text) // not strict: the bits that are left over mean nothing
	return read
}

// Near finds the record that a text is like, where none has the text itself. Own is the server's own way to find one, and all are
// its records that match.
func Near[K, T any](
	own func(*K, string) (T, bool), all func(*K, func(T) bool) []T, like func(c *K, one T, text string) bool,
) func(*K, string) (T, bool) {
	return func(c *K, text string) (T, bool) {
		if found, ok := own(c, text); ok {
			return found, true
		}
		return First(all(c, func(one T) bool { return like(c, one, text) }))
	}
}

// StrangeTokens are the ways to fall over a credential that nobody thought of, in this header of an operation.
func (s Seams[C, K, A, R]) StrangeTokens(operation kernel.Operation, header string) Kind[C] {
	containing := func(part string) func(string) bool {
		return func(text string) bool { return strings.Contains(text, part) }
	}
	return bind("strange-tokens", "", map[string]func(string) bool{
		"quote-crashes":      containing("'"),
		"percent-crashes":    containing("%"),
		"scheme-crashes":     containing(" "),
		"long-token-crashes": func(text string) bool { return len(text) > 2000 },
	}, func(strange func(text string) bool) func(*C) {
		return s.Edit(func(c *K, a *A) {
			call := s.Call(c)
			if call.Operation == operation && s.refused(a) && strange(call.Request.Header.Get(header)) {
				s.Fail(a, http.StatusInternalServerError)
			}
		})
	})
}

// Record is a session or a token when somebody asks whether it counts.
type Record struct {
	Name string
	// Account is whose it is, and no other's.
	Account    string
	Since, Now time.Time
	kernel.Life
}

// How far off an end is: by what nobody would call late or early by eye, and by what some libraries allow for differences
// of clocks.
const (
	little = 500 * time.Millisecond
	skew   = 5 * time.Minute
)

// Lifetimes are the ways in which a record lives shorter or longer than it says. The seam takes what tells whether a T
// counts, which sees the ended and the expired ones too.
func Lifetimes[C, K, T any](word string, seam func(live func(*K, T) bool) func(*C), record func(*K, T) Record) Kind[C] {
	within := func(more time.Duration) func(Record) bool {
		return func(r Record) bool { return r.EndedAt.IsZero() && r.Now.Before(r.ExpiresAt.Add(more)) }
	}
	return bindAnew("lifetimes", word, func() map[string]func(Record) bool {
		var seen sync.Map
		m := &memory{uses: map[string]uses{}}
		return map[string]func(Record) bool{
			"*-never-stored": func(Record) bool { return false },
			"*-works-from-its-second-use": func(r Record) bool {
				_, cached := seen.LoadOrStore(r.Name, true)
				return cached && r.Live(r.Now)
			},
			"*-ends-at-half": func(r Record) bool { return r.Live(r.Now) && r.Now.Sub(r.Since) < r.ExpiresAt.Sub(r.Since)/2 },
			"*-ends-early":   func(r Record) bool { return r.Live(r.Now.Add(little)) },
			"*-lives-on":     within(little),
			"*-ends-late":    within(skew),
			"*-never-ends":   func(r Record) bool { return r.EndedAt.IsZero() },
			"*-of-a-second-account-ends-early": func(r Record) bool {
				if first, _ := seen.LoadOrStore("the first account", r.Account); first == r.Account {
					return r.Live(r.Now)
				}
				return r.Live(r.Now.Add(r.ExpiresAt.Sub(r.Since) * 2 / 5))
			},
			"*-lives-on-after-five-uses": func(r Record) bool {
				return r.Live(r.Now) && m.use(r) || r.EndedAt.IsZero() && m.of(r.Name).count >= 5 && within(r.ExpiresAt.Sub(r.Since))(r)
			},
			"*-lives-on-until-another-is-used": func(r Record) bool {
				if r.Live(r.Now) {
					m.born(r.Since)
				}
				return r.Live(r.Now) || r.EndedAt.IsZero() && !m.bornSince(r.ExpiresAt)
			},
		}
	}, func(counts func(Record) bool) func(*C) {
		return seam(func(c *K, t T) bool { return counts(record(c, t)) })
	})
}

// Births are the ways in which a new record does not stand beside the earlier ones. The seam takes what makes one more record
// for an account or a session O; own and end are the server's own ways to make one and to end one, and earlier are those that
// O has already.
func Births[C, K, O, T, R any](
	word string, seam func(func(*K, O) (T, *R)) func(*C), own func(*K, O) (T, *R), earlier func(*K, O) []T, end func(*K, T),
) Kind[C] {
	return bind("births", word, map[string]func(*K, O) (T, *R){
		"*-handed-out-again": func(c *K, of O) (T, *R) {
			if again, found := First(earlier(c, of)); found {
				return again, nil
			}
			return own(c, of)
		},
		"*-ended-by-the-next": func(c *K, of O) (T, *R) {
			for _, one := range earlier(c, of) {
				end(c, one)
			}
			return own(c, of)
		},
	}, seam)
}

// Returns is the way to hand out what has ended. The seams take what makes a record, and what an order to end one does; create and end are
// the server's own ways.
func Returns[C, K, O, T, R any](
	word string, creating func(func(*K, O) (T, *R)) func(*C), create func(*K, O) (T, *R), ending func(func(*K, T)) func(*C), end func(*K, T),
) Kind[C] {
	return bind("returns", word, map[string]struct{}{"*-handed-out-after-its-end": {}}, func(struct{}) func(*C) {
		return func(c *C) {
			var last atomic.Pointer[T]
			ending(func(k *K, one T) {
				end(k, one)
				last.Store(&one)
			})(c)
			creating(func(k *K, of O) (T, *R) {
				if one := last.Swap(nil); one != nil {
					return *one, nil
				}
				return create(k, of)
			})(c)
		}
	})
}

// Ends are the ways in which an order to end a record ends none, or more. The seam takes what the order does; end and all
// are the server's own way to end one, and those that belong to the same account.
func Ends[C, K, T any](word string, seam func(func(*K, T)) func(*C), end func(*K, T), all func(*K, T) []T) Kind[C] {
	return bind("ends", word, map[string]func(*K, T){
		"*-does-nothing": func(*K, T) {},
		"*-ends-all": func(c *K, named T) {
			for _, one := range all(c, named) {
				end(c, one)
			}
		},
	}, seam)
}
