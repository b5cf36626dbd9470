package life

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"example.org/conform/openapi"
)

// nearMisses is what a contract calls all the near misses of a credential that its place can carry, each sent on its own.
const nearMisses = "near-misses"

// near is a near miss, and how it differs from the right one.
type near struct {
	words, text string
	// anybodys has nothing of the right one, and is no secret.
	anybodys bool
}

// longText is more than buffers hold that were meant for a credential, and less than servers take for a header section.
const longText = 5000

// keys are texts that a store may take for a key of its own, or for a pattern of every one, where it is asked for them as they are.
var keys = []string{"%", "*", ".*", "constructor", "__proto__", "' OR '1'='1"}

// nearOf lists the near misses of a text in a place. What an encoding lets stand for the same bytes is none: the bits behind the
// end of base64, the case of a number's digits, a blank around a field's value (RFC 9110, 5.5).
func nearOf(text string, place openapi.Place) []near {
	var all []near
	add := func(words, other string) {
		if other != text && other != "" {
			all = append(all, near{words: words, text: other})
		}
	}
	core := strings.TrimRight(text, "=") // what stands behind it is base64's padding
	add("its first character changed", changedAt(text, 0))
	add("a character of its first quarter changed", changedAt(text, len(core)/4))
	add("a character in its middle changed", changedAt(text, len(core)/2))
	add("its last character changed", lastChanged(text, len(core)))
	if len(core) > 1 {
		add("its last character missing", core[:len(core)-1])
		add("its first character missing", text[1:])
		add("its last quarter missing", core[:len(core)-max(len(core)/4, 1)])
	}
	if core == text {
		add("four characters more at its end", text+"0000")
	}
	add("four characters more before it", "0000"+text)
	add("a colon and more behind it", text+":0000")
	if other, ok := otherCase(text); ok {
		add("its letters in the other case", other)
	}
	if half := len(text) / 2; utf8.ValidString(text[:half]) {
		if other, ok := otherCase(text[half:]); ok && !isNumber(text) {
			add("the letters of its second half in the other case", text[:half]+other)
		}
	}
	if half, ok := firstHalf(text); ok {
		add("its first half alone", half)
		add("another second half", half+"::"+changedAt(text[len(half)+2:], 0))
	}
	add("two neighbours swapped", neighboursSwapped(text, len(core)/2))
	if back := reversed(text); !strings.EqualFold(back, text) {
		add("backwards", back)
	}
	if escaped, ok := firstAs(func(r rune) string { return fmt.Sprintf("%%%02X", r) })(text); ok && mayEscape(place) {
		add("a character escaped as in a URL, once more than its place needs", escaped)
	}
	if wide, ok := firstAs(func(r rune) string { return string(r + 0xfee0) })(text); ok && place.In != "header" { // fields are ASCII
		add("a character in full width", wide)
	}
	if place.In == "body" { // elsewhere it may be the scheme's
		add("the word Bearer before it", "Bearer "+text)
	}
	if place.In == "query" || place.In == "body" { // around a header field's value it is HTTP's own
		add("a blank before it", " "+text)
		add("a blank behind it", text+" ")
		add("a tab behind it", text+"\t")
		add("a line end before it", "\n"+text)
		add("a line end behind it", text+"\r\n")
		add("a NUL and more behind it", text+"\x00x")
	}
	add("a wildcard of SQL (_) for one of its characters", asWildcard(text, len(core)/2))
	add("a wildcard of SQL (%) for its last quarter", core[:len(core)-max(len(core)/4, 1)]+"%")
	if place.In == "query" || place.In == "path" {
		add("its escapes escaped once more", url.QueryEscape(text))
	}
	for _, key := range keys {
		all = append(all, near{"in its place " + key, key, true})
	}
	all = append(all, near{"in its place as many underscores", strings.Repeat("_", utf8.RuneCountInString(text)), true},
		near{"in its place a text of 5,000 characters", strings.Repeat("A", longText), true})
	return all
}

// mayEscape says whether no server that conforms takes a character of a place for the one that it is an escape of: many read cookies so, and
// what OAuth has in the Basic credentials is written so (RFC 6749, 2.3.1).
func mayEscape(place openapi.Place) bool { return place.Name != "Cookie" && place.Scheme.User == "" }

// neighboursSwapped has two neighbouring letters or digits swapped, from a place on, which differ in whatever letter case.
func neighboursSwapped(text string, from int) string {
	r := []rune(text)
	for i := max(from, 1); i < len(r); i++ {
		if another(r[i-1]) != r[i-1] && another(r[i]) != r[i] && !strings.EqualFold(string(r[i-1]), string(r[i])) {
			r[i-1], r[i] = r[i], r[i-1]
			return string(r)
		}
	}
	return text
}

// asWildcard has the wildcard for one character at a place, or the next one, where that is the wildcard itself or what another alphabet of base64 has for it.
func asWildcard(text string, at int) string {
	for at < len(text) && (text[at] == '_' || text[at] == '/' || text[at] >= utf8.RuneSelf) {
		at++
	}
	if at >= len(text) {
		return text
	}
	return text[:at] + "_" + text[at+1:]
}

// changedAt is a text with the first character that has another of its kind, from a place on, or else the last before it, changed for that.
// A text without such a character stays as it is.
func changedAt(text string, from int) string {
	r := []rune(text)
	for n := range r {
		i := from + n
		if i >= len(r) {
			i = len(r) - 1 - n
		}
		if other := another(r[i]); other != r[i] {
			r[i] = other
			return string(r)
		}
	}
	return text
}

// sixBits is the alphabet of base64 and base64url, each character at its value, or 64 further on.
const sixBits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" +
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// lastChanged changes the last character before an end that base64 knows, in all the bits that it gives it: the highest counts in whatever
// remainder, and lower ones may be bits that nobody reads. A text without such a character stays as it is.
func lastChanged(text string, end int) string {
	for ; end > 0; end-- {
		if value := strings.IndexByte(sixBits, text[end-1]); value >= 0 {
			return text[:end-1] + sixBits[value^63:value^63+1] + text[end:]
		}
	}
	return text
}
