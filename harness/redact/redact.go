// Package redact replaces secrets in text by names, so that what a run stores can be handed over: every value that
// was registered is found by its characters, wherever it stands and however it is written there.
//
// Found are the literal value and, in any mixture and several layers deep, percent-encoding (also of single
// characters, and a plus sign for a space or the reverse), escapes with a backslash as in JSON and programming
// languages, and HTML and XML character references. Found too are base64 (both alphabets, with or without padding
// and line breaks, and inside longer base64 such as Basic credentials) and hexadecimal digits, of the value in UTF-8,
// in Latin-1, and up to 256 bytes in UTF-16, and these again under any of the escapes.
//
// A secret of less than four characters, or of digits alone and less than ten, would be found everywhere. It is
// replaced only where it stands literally with no letter or digit next to it; in base64 it is found only as part of a
// longer secret that its user registers, such as user and password together.
//
// In longer base64, the first and the last character that a secret has a part in may hold bits of its neighbours as
// well. These are left: at most four bits of the secret at each end. Where an escape can be read in two ways, the
// reading that takes more of the text wins: after a secret that ends in a backslash, one backslash more may go.
package redact

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// maxRounds bounds how often Scrub looks at its own result. The second look finds nothing unless names, put next to
// what was left, have made a new secret; secrets that look like names could go on for ever.
const maxRounds = 4

// Redactor replaces the secrets it knows by their names. The zero value knows none. It is safe for concurrent use,
// and must not be copied once used.
type Redactor struct {
	mu      sync.RWMutex
	ids     map[string]int32 // by value
	values  []string         // by id
	names   []string         // by id
	known   map[string]bool  // names
	longest int              // bytes of the longest name
	needles *needles
	kinds   map[string]int // secrets that Call has named, by kind
}

// Add makes value a secret that is shown as ‹name›. A value that is known keeps its first name; an empty value is
// ignored; a secret without a name gets one by its number. The marks ‹ and › are taken out of a name.
func (r *Redactor) Add(name, value string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.register(name, value)
}

func (r *Redactor) register(name, value string) {
	if _, ok := r.ids[value]; ok || value == "" {
		return
	}
	if r.needles == nil {
		r.needles, r.ids, r.known = newNeedles(), make(map[string]int32), make(map[string]bool)
	}
	if name = unmarked.Replace(name); name == "" {
		name = fmt.Sprintf("secret-%d", len(r.values)+1)
	}
	r.longest, r.known[name] = max(r.longest, len(name)), true
	r.add(name, value)
	// HTTP takes blanks from around the value of a header (RFC 9110, 5.5): a secret comes back from there without them.
	if trimmed := strings.TrimSpace(value); !tooShort(trimmed) {
		r.add(name, trimmed)
	}
}

func (r *Redactor) add(name, value string) {
	if _, ok := r.ids[value]; ok {
		return
	}
	value = strings.Clone(value)
	id := int32(len(r.values))
	r.ids[value] = id
	r.values, r.names = append(r.values, value), append(r.names, name)
	r.needles.add(value, id)
}

// Call makes value a secret that is shown by its kind and a number, counted from the given one on: the first is "token" for
// 2, and "token-1" for 1. It returns the name, which is the one that it had where the value is known.
func (r *Redactor) Call(kind, value string, from int) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if id, ok := r.ids[value]; ok {
		return r.names[id]
	}
	if r.kinds == nil {
		r.kinds = map[string]int{}
	}
	name := kind
	if r.kinds[kind]++; r.kinds[kind] >= from {
		name = fmt.Sprintf("%s-%d", kind, r.kinds[kind])
	}
	r.register(name, value)
	return name
}

// Vary is Call for a value made from a secret, such as a near miss. One that shows a known secret whole, with nothing but signs and escapes
// about it, gets no name: the signs are what a reader has to see, and the secret in it has its own.
func (r *Redactor) Vary(kind, value string) {
	if shown := r.Scrub(value); shown != value && strings.IndexFunc(escaped.ReplaceAllString(named.ReplaceAllString(shown, ""), ""), isLetterOrDigit) < 0 {
		return
	}
	r.Call(kind, value, 1)
}

var (
	named   = regexp.MustCompile(opening + "[^" + opening + closing + "]*" + closing)
	escaped = regexp.MustCompile(`%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[abfnrtv0]|&#?[0-9A-Za-z]+;`)
)

func isLetterOrDigit(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// Name returns the name of a secret, without the marks around it, and whether the value is known: as it stands or, where it was
// sent with its quoting broken, as another form of one that is.
func (r *Redactor) Name(value string) (string, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if id, ok := r.ids[value]; ok {
		return r.names[id], true
	}
	if strings.IndexFunc(value, mayBeWrittenOtherwise) < 0 {
		return "", false // it can be no other form than base64 or hexadecimal digits, by which nobody calls a secret
	}
	if found := r.scan(value, nil); len(found) == 1 && found[0].from == 0 && found[0].to == len(value) {
		return r.names[found[0].id], true
	}
	return "", false
}

// mayBeWrittenOtherwise reports whether a character begins an escape, or stands for another one in some form of the literal value.
func mayBeWrittenOtherwise(r rune) bool {
	return r >= utf8.RuneSelf || strings.ContainsRune(introducers+" +", r)
}

// Scrub returns text with every secret replaced by its name in ‹ ›. Where secrets overlap, all that they cover is
// replaced by their names in turn; a secret within a longer one goes with it. What is not part of a secret is kept
// byte for byte, UTF-8 or not, and scrubbing the result again changes nothing.
func (r *Redactor) Scrub(text string) string { return r.scrub(text, nil) }

// ScrubAfter is what another redactor makes of text, and then this one: its secrets are replaced in what is no name that the other has put there.
func (r *Redactor) ScrubAfter(other *Redactor, text string) string {
	return r.scrub(other.Scrub(text), other)
}

func (r *Redactor) scrub(text string, after *Redactor) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if after != nil {
		after.mu.RLock()
		defer after.mu.RUnlock()
	}
	for range maxRounds {
		spans := r.scan(text, after)
		if len(spans) == 0 {
			break
		}
		text = r.replace(text, spans)
	}
	return text
}

// scan returns where secrets stand in text, in order of their places: of those that start at the same place the longest, also
// where it lies within another or overlaps it. Names that Scrub has put there are no secrets, nor are those of another redactor.
func (r *Redactor) scan(text string, other *Redactor) []span {
	if len(r.values) == 0 {
		return nil
	}
	s := scanner{text: text, esc: readEscapes(text), needles: r.needles, values: r.values, markers: r.markers(text, other)}
	return s.scan()
}

const opening, closing = "‹", "›"

var unmarked = strings.NewReplacer(opening, "", closing, "")

// markers returns where names stand in text, also those of another redactor.
func (r *Redactor) markers(text string, other *Redactor) []span {
	var out []span
	longest, known := r.longest, func(name string) bool { return r.known[name] || other != nil && other.known[name] }
	if other != nil {
		longest = max(longest, other.longest)
	}
	for at := 0; ; {
		i := strings.Index(text[at:], opening)
		if i < 0 {
			return out
		}
		from := at + i
		at = from + len(opening)
		n := strings.Index(text[at:min(len(text), at+longest+len(closing))], closing)
		if n >= 0 && known(text[at:at+n]) {
			at += n + len(closing)
			out = append(out, span{from: from, to: at})
		}
	}
}

// replace puts names in the place of spans, which are in order of their starts.
func (r *Redactor) replace(text string, spans []span) string {
	var b strings.Builder
	b.Grow(len(text))
	done, last := 0, ""
	for _, s := range spans {
		if s.to <= done {
			continue
		}
		name := r.names[s.id]
		if s.from >= done {
			b.WriteString(text[done:s.from])
			last = ""
		}
		if name != last {
			b.WriteString(opening + name + closing)
		}
		done, last = s.to, name
	}
	b.WriteString(text[done:])
	return b.String()
}
