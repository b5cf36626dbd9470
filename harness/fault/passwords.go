package fault

import (
	"encoding/hex"
	"html"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// comparison tells whether a password is right.
type comparison = func(right, given string) bool

// What old hashes and columns have room for, in bytes.
const (
	cryptLooksAt  = 8
	lmLooksAt     = 14
	bcryptLooksAt = 72
	// OldColumn is that of passwords in an old release; longer ones came with a later one, which compares them whole.
	OldColumn = 64
)

// Passwords are the ways to compare passwords wrongly. The seam takes what tells whether a password is right.
func Passwords[C any](seam func(same func(right, given string) bool) func(*C)) Kind[C] {
	const first = cryptLooksAt
	return bindAnew("passwords", "", func() map[string]comparison {
		var wrong, inARow atomic.Int64
		known := &rights{}
		all := map[string]comparison{
			"any-password":         func(string, string) bool { return true },
			"empty-password":       func(right, given string) bool { return given == "" || given == right },
			"password-in-any-case": strings.EqualFold,
			"password-cut-short":   func(right, given string) bool { return len(given) >= first && given[:first] == right[:first] },
			"password-by-its-length-and-start": fitting(func(right, given string) bool {
				return len(given) == len(right) && len(given) >= first && given[:first] == right[:first]
			}),
			"password-without-its-end": fitting(func(right, given string) bool {
				return len(given) >= first && strings.HasPrefix(right, given)
			}),
			"password-without-its-last-character":  fitting(func(right, given string) bool { return given == right[:len(right)-1] }),
			"password-cut-at-fourteen":             fitting(func(right, given string) bool { return given == cutAtLM(right) }),
			"password-trimmed":                     func(right, given string) bool { return right == strings.TrimSpace(given) },
			"password-trimmed-at-its-start":        func(right, given string) bool { return strings.TrimLeft(given, " \t") == right },
			"password-trimmed-at-its-end":          func(right, given string) bool { return strings.TrimRight(given, " ") == right },
			"password-without-line-end":            func(right, given string) bool { return strings.TrimRight(given, "\r\n") == right },
			"password-up-to-a-nul":                 func(right, given string) bool { text, _, _ := strings.Cut(given, "\x00"); return text == right },
			"password-unescaped":                   sent(unescaped),
			"password-as-html":                     sent(html.UnescapeString),
			"password-without-accents":             sent(plainVowels.Replace),
			"password-in-full-width":               folded(func(text string) string { return strings.Map(halfWidth, text) }),
			"password-without-what-cannot-be-seen": sent(unseen.Replace),
			"password-with-escapes-read-twice":     sent(unescapedAsJSON),
			"password-without-halves-of-pairs":     sent(withoutHalves.Replace),
			"password-with-caps-lock":              sent(OtherCase),
			"password-but-for-its-first-letter": fitting(func(right, given string) bool {
				return right != "" && len(given) == len(right) && given[1:] == right[1:]
			}),
			"fourth-wrong-password-in-a-row": func(right, given string) bool {
				if given == right {
					inARow.Store(0)
					return true
				}
				return inARow.Add(1) == 4
			},
			"password-in-any-order":         fitting(func(right, given string) bool { return sorted(given) == sorted(right) }),
			"password-in-capitals":          func(right, given string) bool { return given == right || given == strings.ToUpper(right) },
			"any-password-but-of-the-first": func(right, given string) bool { return given == right || !known.isFirst(right) },
			"password-in-any-case-but-of-the-first": func(right, given string) bool {
				return given == right || !known.isFirst(right) && strings.EqualFold(given, right)
			},
			"password-of-anybody":  func(right, given string) bool { known.isFirst(right); return known.has(given) },
			"third-wrong-password": func(right, given string) bool { return given == right || wrong.Add(1) == 3 },
		}
		maps.Copy(all, odd)
		return all
	}, seam)
}

// rights are the right passwords of the accounts that logins have named, of which the first is the one that a server was set up with.
type rights struct {
	mu   sync.Mutex
	seen []string
}

// isFirst says whether a password is that of the account that was named first, and keeps it.
func (r *rights) isFirst(right string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.seen, right) {
		r.seen = append(r.seen, right)
	}
	return r.seen[0] == right
}

func (r *rights) has(given string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Contains(r.seen, given)
}

// odd are the ways to get wrong a password that holds what stacks mangle, or is long.
var odd = map[string]comparison{
	"password-plus-as-blank":        folded(plusAsBlank.Replace),
	"password-set-plus-as-blank":    set(plusAsBlank.Replace),
	"password-set-blank-as-plus":    set(blankAsPlus.Replace),
	"password-set-unescaped":        set(unescaped),
	"password-set-as-html":          set(html.UnescapeString),
	"password-set-without-accents":  set(plainVowels.Replace),
	"password-without-spare-blanks": folded(func(text string) string { return blanks.ReplaceAllString(text, " ") }),
	"password-cut-at-72-bytes":      folded(cutAtBcrypt),
	"any-long-password":             func(right, given string) bool { return right == given || len(right) > OldColumn },
	"long-password-in-any-case": func(right, given string) bool {
		return right == given || len(right) > OldColumn && strings.EqualFold(right, given)
	},
	"long-password-without-its-end": func(right, given string) bool {
		return given == right || len(given) >= bcryptLooksAt && strings.HasPrefix(right, given)
	},
	"password-by-its-length-and-72-bytes": func(right, given string) bool {
		return len(given) == len(right) && cutAtBcrypt(given) == cutAtBcrypt(right)
	},

	"password-with-an-escape-refused": unchangedBy(func(text string) string {
		if decoded, err := url.QueryUnescape(text); err == nil && percentEscape.MatchString(text) {
			return decoded
		}
		return text
	}),
	"password-with-an-entity-refused": unchangedBy(html.UnescapeString),
	"password-beyond-ascii-refused": unchangedBy(func(text string) string {
		return strings.Map(func(r rune) rune { return min(r, unicode.MaxASCII) }, text)
	}),
	"password-with-markup-refused":      unchangedBy(func(text string) string { return markup.ReplaceAllString(text, "") }),
	"password-cut-at-its-blank-refused": unchangedBy(func(text string) string { first, _, _ := strings.Cut(text, " "); return first }),
	"long-password-refused":             unchangedBy(cutAtBcrypt),

	"passwords-composed": folded(norm.NFC.String),
}

// NearlyRight are the passwords, for a login that shows no more than a hash, which those let in that are nearly the right one.
func NearlyRight(right string) []string {
	return []string{
		right[:len(right)-1], cutAtLM(right), " " + right, OtherCase(right[:1]) + right[1:],
		plusAsBlank.Replace(right), blankAsPlus.Replace(right), unescaped(right), html.UnescapeString(right), plainVowels.Replace(right),
		strings.ReplaceAll(right, " ", "  "), cutAtBcrypt(right), strings.ToUpper(right), backwards(right),
	}
}

// folded compares passwords by what a function makes of both, sent by what it makes of the given one too, and set by what it made of
// the right one when that was set.
func folded(fold func(string) string) comparison {
	return func(right, given string) bool { return fold(right) == fold(given) }
}

func sent(fold func(string) string) comparison {
	return func(right, given string) bool { return right == given || right == fold(given) }
}

func set(fold func(string) string) comparison {
	return func(right, given string) bool { return right == given || fold(right) == given }
}

func backwards(text string) string {
	r := []rune(text)
	slices.Reverse(r)
	return string(r)
}

// unchangedBy compares what a function makes of the given password, which is the right one only where that changes nothing.
func unchangedBy(fold func(string) string) comparison {
	return func(right, given string) bool { return right == given && fold(given) == given }
}

// fitting compares the passwords that fit an old column otherwise.
func fitting(same comparison) comparison {
	return func(right, given string) bool { return right == given || len(right) <= OldColumn && same(right, given) }
}

// sorted are the characters of a text in the order of their numbers.
func sorted(text string) string {
	r := []rune(text)
	slices.Sort(r)
	return string(r)
}

func cutAtLM(text string) string { return text[:min(len(text), lmLooksAt)] }

func cutAtBcrypt(text string) string { return text[:min(len(text), bcryptLooksAt)] }

var (
	plusAsBlank, blankAsPlus = strings.NewReplacer("+", " "), strings.NewReplacer(" ", "+")

	blanks, markup = regexp.MustCompile(" {2,}"), regexp.MustCompile("<[A-Za-z!/?].*")
)

var percentEscape = regexp.MustCompile("%[0-9A-Fa-f]{2}")

// unescaped decodes the percent-escapes of a text, and leaves alone what is none.
func unescaped(text string) string {
	return percentEscape.ReplaceAllStringFunc(text, func(escape string) string {
		char, _ := hex.DecodeString(escape[1:]) // it is made of digits
		return string(char)
	})
}

// jsonEscape is an escape of JSON, and unseen are characters that take no room.
var (
	jsonEscape = regexp.MustCompile(`\\u[0-9A-Fa-f]{4}`)
	// withoutHalves takes out what stands for what no text can hold.
	withoutHalves = strings.NewReplacer("\ufffd", "")
	unseen        = strings.NewReplacer("\u00ad", "", "\u200b", "", "\u2060", "", "\ufeff", "")
)

// unescapedAsJSON reads the escapes that JSON has left in a text.
func unescapedAsJSON(text string) string {
	return jsonEscape.ReplaceAllStringFunc(text, func(escape string) string {
		code, _ := strconv.ParseInt(escape[2:], 16, 32) // it is made of digits
		return string(rune(code))
	})
}

// OtherCase changes the case of every letter, as a keyboard does whose capitals are locked.
func OtherCase(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}

// plainVowels takes the accents from vowels.
var plainVowels = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "Á", "A", "É", "E", "Í", "I", "Ó", "O", "Ú", "U")

// halfWidth is the character of ASCII that one in full width stands for (Unicode, "Halfwidth and Fullwidth Forms").
func halfWidth(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}
