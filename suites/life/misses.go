package life

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// A miss makes a near miss of a credential or a password: a server that compares too little keeps no promise by refusing what has
// nothing of the right one. ok is false where the right one has no such miss.
type miss func(right string) (near string, ok bool)

// misses are those of a credential.
func misses() map[string]miss {
	return map[string]miss{
		"one-changed": oneChanged,
		"cut-short":   func(t string) (string, bool) { return t[:len(t)*3/4], len(t) > 3 },
		"longer":      longer,
		"first-half":  firstHalf,
		"other-case":  otherCase,
	}
}

// lanManager is the number of characters of a password that LAN Manager's hash looks at.
const lanManager = 14

// passwordMisses are those of the password of the target's own account.
func passwordMisses() map[string]miss {
	return map[string]miss{
		"empty-password": func(p string) (string, bool) { return "", p != "" },
		"other-case":     check.OtherCase,
		"prefix":         prefix,
		"first-eight":    FirstEight,
		"first-fourteen": func(p string) (string, bool) { return p[:min(len(p), lanManager)], len(p) > lanManager && ascii(p) },
		"trailing-blank": func(p string) (string, bool) { return p + " ", p != "" },
		"leading-blank":  func(p string) (string, bool) { return " " + p, p != "" },
		"line-end":       func(p string) (string, bool) { return p + "\n", p != "" },
		"nul-and-more":   func(p string) (string, bool) { return p + "\x00x", p != "" },
		"percent-escape": firstAs(func(r rune) string { return fmt.Sprintf("%%%02X", r) }),
		"entity":         firstAs(func(r rune) string { return fmt.Sprintf("&#%d;", r) }),
		"accented":       firstAs(func(r rune) string { return accented[r] }),
		"full-width":     firstAs(func(r rune) string { return string(r + 0xfee0) }),
		"json-escape":    firstAs(func(r rune) string { return fmt.Sprintf(`\u%04x`, r) }),
		// A password with a zero-width space in it is none that could be another way to write the right one (RFC 8265, 4.2.2).
		"invisible":        func(p string) (string, bool) { return p[:len(p)/2] + "\u200b" + p[len(p)/2:], ascii(p) },
		"first-other-case": firstInOtherCase,
	}
}

// ascii tells a password of single bytes from an empty one, or one beyond them.
func ascii(password string) bool {
	return password != "" && !strings.ContainsFunc(password, func(r rune) bool { return r > unicode.MaxASCII })
}

// firstInOtherCase changes the case of the first character, where that is a letter.
func firstInOtherCase(password string) (string, bool) {
	r := []rune(password)
	first, ok := check.OtherCase(string(r[:min(len(r), 1)]))
	return first + string(r[min(len(r), 1):]), ok
}

// accented are vowels as a collation without regard to accents takes them for the plain ones.
var accented = map[rune]string{'a': "á", 'e': "é", 'i': "í", 'o': "ó", 'u': "ú", 'A': "Á", 'E': "É", 'I': "Í", 'O': "Ó", 'U': "Ú"}

// firstAs writes the first letter or digit of ASCII that has another form in that form.
func firstAs(write func(rune) string) miss {
	return func(p string) (string, bool) {
		for i, r := range p {
			if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				continue
			}
			if form := write(r); form != "" {
				return p[:i] + form + p[i+1:], true
			}
		}
		return p, false
	}
}

// firstHalf is what stands before the two colons in the middle of a token, where it has such.
func firstHalf(token string) (string, bool) {
	half, _, ok := strings.Cut(token, "::")
	return half, ok
}

// guid is a number of 128 bits, whose digits may be read in either case.
var guid = regexp.MustCompile(`^\{?[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?$`)

// isNumber says whether a text is one number in hexadecimal digits, be it a GUID.
func isNumber(text string) bool { return guid.MatchString(text) || hexText.MatchString(text) }

// otherCase changes the case of every letter. A number in hexadecimal digits has no such miss; what is made of several is a text like any
// other.
func otherCase(text string) (string, bool) {
	if isNumber(text) {
		return text, false
	}
	other, ok := check.OtherCase(text)
	return other, ok && !sameBytes(text, other)
}

// longer has more behind it, as much as makes other bytes of it.
func longer(token string) (string, bool) {
	for _, near := range []string{token + "0", token + "00", muchLonger(token)} {
		if !sameBytes(token, near) {
			return near, true
		}
	}
	return token, false
}

// muchLonger has a group more behind it, before which padding goes.
func muchLonger(token string) string {
	if near := token + "0000"; !sameBytes(token, near) {
		return near
	}
	return strings.TrimRight(token, "=") + "0000"
}

func prefix(password string) (string, bool) {
	r := []rune(password)
	return string(r[:max(len(r)-1, 0)]), len(r) > 1
}

// FirstEight keeps the first eight characters, which are all that an old hash looks at, or all but the last of a short password, and
// changes every one behind them.
func FirstEight(password string) (string, bool) {
	n := utf8.RuneCountInString(password)
	return othersFrom(password, min(8, n-1)), n > 1
}

// othersFrom changes every character from the one at an index on.
func othersFrom(text string, index int) string {
	r := []rune(text)
	for i := max(index, 0); i < len(r); i++ {
		other := another(r[i])
		if other == r[i] { // it is of no kind
			other = 'x'
		}
		r[i] = other
	}
	return string(r)
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
			changed := slices.Clone(r)
			changed[at] = other
			if !sameBytes(token, string(changed)) {
				return string(changed), true
			}
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

// noScheme is a word that no server takes for a scheme.
const noScheme = "ConformNoScheme"

// farTooLong is the length of a credential that nobody issues.
const farTooLong = 4096

// shapes are identifiers that nobody issues, by what is odd about them.
var shapes = map[string]string{
	"one-character": "x", "digits": "1234567890", "long": strings.Repeat("Ab0-", 75), "beyond-ascii": "Größe-会话", "separators": "a+b/c=d&e f%g",
}

// sending is how a request is sent with what a contract names in the place of the credential. What begins with an equals sign is
// sent as it stands behind it.
func (s *story) sending(ctx context.Context, name string) []Option {
	value, at := s.sentAs(), s.at()
	text := func(t string) []Option { return append(s.by(), instead(at, sent{text: t})) }
	raw := func(t string) []Option { return []Option{instead(at, sent{text: t, raw: true})} }
	if literal, ok := strings.CutPrefix(name, "="); ok {
		return []Option{instead(authority, sent{text: literal, literal: true})}
	}
	if of := misses()[name]; of != nil {
		near, ok := of(value)
		if !ok {
			s.Skip("what the server gives out has no such near miss", "nothing: the promise is empty for this server")
		}
		s.Redactor.Vary("near-miss-"+s.hero.Kind, near)
		return text(near)
	}
	switch name {
	case "none":
		return []Option{instead(at, sent{none: true})}
	case "null":
		return []Option{instead(at, sent{null: true})}
	case "itself":
		return s.by()
	case "no-authority":
		return []Option{instead(authority, sent{none: true})}
	case "nothing":
		return append(text(""), instead(authority, sent{none: true}))
	case "empty":
		return text("")
	case "made-up":
		return text(s.MadeUp(value))
	case "password":
		return text(s.Password())
	case "other-name":
		return raw(Basic(check.Stranger(), value))
	case "other-account":
		other, has := s.Second()
		if !has {
			s.Skip(noOther, nameOther)
		}
		return raw(Basic(other.Username, value))
	case "longer-name":
		return raw(Basic(s.user()+"x", value))
	case "shorter-name":
		return raw(Basic(strings.TrimSuffix(s.user(), s.user()[max(len(s.user())-1, 0):]), value))
	case "name-in-a-domain":
		return raw(Basic(s.user()+"@conform.invalid", value))
	case "no-name":
		return raw(Basic("", value))
	case "bearer":
		return raw("Bearer " + value)
	case "unknown-scheme":
		return raw(noScheme + " " + value)
	case "bare":
		return raw(value)
	case "far-too-long":
		return text(strings.Repeat("A", farTooLong))
	}
	if shape, ok := shapes[name]; ok {
		return text(shape)
	}
	kind, other, _ := strings.Cut(name, "/")
	return text(s.another(ctx, kind).Name(other))
}

// sent is what the promise sends: a credential of another kind by each of its names.
func (s *story) sent() (all []string) {
	for _, name := range s.p.Sent {
		all = append(all, name)
		if slices.Contains(s.Client.Document().Kinds(), name) {
			for _, other := range slices.Sorted(maps.Keys(s.hand(name).Names)) {
				all = append(all, name+"/"+other)
			}
		}
	}
	return all
}

// user is the name that goes with the hero in credentials of HTTP's Basic.
func (s *story) user() string { return s.hero.read(s.place().Scheme.User) }

// another is a credential of another kind: the parent, or a child.
func (s *story) another(ctx context.Context, kind string) *Credential {
	if s.parent != nil && s.parent.Kind == kind {
		return s.parent
	}
	return s.Child(ctx, s.hero, kind)
}

// at is the place that the promise is about.
func (s *story) at() string {
	if s.p.At != "" {
		return s.p.At
	}
	return role(s.op.Takes()[0])
}

// words says what is sent in the place of a credential.
func words(name, kind string) string {
	switch name {
	case "none":
		return "no " + kind
	case "null":
		return "null in the place of the " + kind
	case "itself":
		return "the " + kind + " itself"
	case "no-authority":
		return "nothing that authorizes it"
	case "nothing":
		return "an empty " + kind + " and nothing that authorizes it"
	case "made-up":
		return "a made-up " + kind
	case "empty":
		return "an empty " + kind
	case "password":
		return "the password in the place of the " + kind
	case "other-name":
		return "the right " + kind + " under another name"
	case "other-account":
		return "the right " + kind + " under the name of another account"
	case "longer-name", "shorter-name", "name-in-a-domain":
		return "the right " + kind + " under a name that begins like the right one"
	case "no-name":
		return "the right " + kind + " under no name"
	case "unknown-scheme":
		return "a good " + kind + " behind an unknown scheme"
	case "bare":
		return "a good " + kind + " and no scheme"
	}
	if name == nearMisses || misses()[name] != nil {
		return "a near miss of a real " + kind
	}
	if literal, ok := strings.CutPrefix(name, "="); ok {
		return "the credentials " + literal
	}
	if _, ok := shapes[name]; ok {
		return "a " + kind + " of another shape, " + name
	}
	return "another kind of credential, " + name
}

// knownSent reports whether what a promise sends can be sent.
func knownSent(d *openapi.Document, name string) bool {
	if strings.HasPrefix(name, "=") || misses()[name] != nil || shapes[name] != "" {
		return true
	}
	for _, known := range append(d.Kinds(), nearMisses, "none", "null", "itself", "no-authority", "nothing",
		"empty", "made-up", "password", "other-name", "other-account", "longer-name", "shorter-name",
		"name-in-a-domain", "no-name", "bearer",
		"unknown-scheme", "bare", "far-too-long") {
		if name == known {
			return true
		}
	}
	return false
}
