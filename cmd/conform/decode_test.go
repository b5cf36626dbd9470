package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"strconv"
	"strings"
	"testing"
)

// searcher looks for secrets in texts under every encoding that a report could give them. It shares nothing with the
// package that takes them out: it decodes whole texts, and looks for the plain values in what comes of it.
type searcher struct {
	starts  map[string][]string // secrets, by their first bytes
	begins  [1 << 24 / 8]byte   // a bit for each three bytes with which one of them begins
	secrets int
}

// keyLength is the number of bytes by which secrets are looked up; no secret of the tests is shorter.
const keyLength = 8

func (s *searcher) add(secret string) {
	if len(secret) < keyLength {
		return
	}
	if s.starts == nil {
		s.starts = map[string][]string{}
	}
	for _, known := range s.starts[secret[:keyLength]] {
		if known == secret {
			return
		}
	}
	s.starts[secret[:keyLength]] = append(s.starts[secret[:keyLength]], secret)
	at := threeBytes(secret)
	s.begins[at>>3] |= 1 << (at & 7)
	s.secrets++
}

func threeBytes(text string) int { return int(text[0])<<16 | int(text[1])<<8 | int(text[2]) }

// window is how much of a text is searched at a time, so that what is decoded of it fits into memory; twice is how much of it is
// searched again with the next, more than a secret takes under any encoding.
const window, twice = 4 << 20, 32 << 10

// find returns where a secret stands: the decodings that lead to it, and what is around it.
func (s *searcher) find(text string) (found []string) {
	for {
		s.search(text[:min(window, len(text))], "as it is", 3, map[string]bool{}, &found)
		if len(text) <= window || len(found) > 5 {
			return found
		}
		text = text[window-twice:]
	}
}

func (s *searcher) search(text, way string, depth int, seen map[string]bool, found *[]string) {
	if seen[text] || len(text) < keyLength {
		return
	}
	seen[text] = true
	for i := 0; i+keyLength <= len(text); i++ {
		if at := threeBytes(text[i:]); s.begins[at>>3]&(1<<(at&7)) == 0 {
			continue
		}
		for _, secret := range s.starts[text[i:i+keyLength]] {
			if strings.HasPrefix(text[i:], secret) {
				*found = append(*found, way+": …"+strconv.QuoteToASCII(text[max(0, i-80):min(len(text), i+len(secret)+20)])+"…")
			}
		}
	}
	if len(*found) > 5 || depth == 0 {
		return
	}
	for name, decode := range map[string]func(string) string{
		"percent-decoded": percentDecoded, "a form": formDecoded, "unescaped": backslashDecoded, "HTML": html.UnescapeString,
		"without NULs": func(text string) string { return strings.ReplaceAll(text, "\x00", "") }, // UTF-16 that nobody knew for it
	} {
		s.search(decode(text), way+", "+name, depth-1, seen, found)
	}
	for _, digits := range runs(text, 16, isHex, nothing) {
		for offset := range 2 {
			if data, err := hex.DecodeString(digits[offset : offset+(len(digits)-offset)/2*2]); err == nil {
				s.search(string(data), way+", hexadecimal", depth-1, seen, found)
			}
		}
	}
	// Base64 is decoded from each of its four alignments: what is searched for may begin within a longer text.
	for _, run := range runs(text, 11, isBase64, isBreak) {
		if seen["base64 "+run] {
			continue
		}
		seen["base64 "+run] = true
		run = strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "").Replace(run)
		for offset := range 4 {
			part := run[min(offset, len(run)):]
			data, err := base64.RawStdEncoding.DecodeString(part[:len(part)/4*4])
			if err != nil {
				continue
			}
			s.search(string(data), way+", base64", min(depth-1, 1), seen, found)
			if tail, err := base64.RawStdEncoding.DecodeString(trimmedToBytes(part)); err == nil {
				s.search(string(tail), way+", base64", min(depth-1, 1), seen, found)
			}
		}
	}
}

// trimmedToBytes cuts base64 so that it ends with a whole byte: a rest of one character holds none.
func trimmedToBytes(part string) string {
	if len(part)%4 == 1 {
		return part[:len(part)-1]
	}
	return part
}

// The characters of what is decoded; breaks may stand within base64.
var (
	isHex    = characters("0123456789abcdefABCDEF")
	isBase64 = characters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")
	isBreak  = characters("\r\n")
	nothing  = characters("")
)

func characters(all string) (is [256]bool) {
	for _, c := range []byte(all) {
		is[c] = true
	}
	return is
}

// runs are the parts of a text, of so many characters at least, that consist of some, and go on behind breaks. A report has
// megabytes, for which expressions take their time.
func runs(text string, least int, of, breaks [256]bool) (all []string) {
	over := func(i int, is *[256]bool) int {
		for i < len(text) && is[text[i]] {
			i++
		}
		return i
	}
	for i := 0; i < len(text); {
		end := over(i, &of)
		if end-i < least {
			i = max(end, i+1)
			continue
		}
		for {
			next := over(end, &breaks)
			if next == end || next == len(text) || !of[text[next]] {
				break
			}
			end = over(next, &of)
		}
		all = append(all, text[i:end])
		i = end
	}
	return all
}

// percentDecoded decodes what is percent-encoded and leaves the rest: a report is no URL.
func percentDecoded(text string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '%')
		if i < 0 {
			break
		}
		b.WriteString(text[:i])
		if text = text[i:]; len(text) > 2 && isHex[text[1]] && isHex[text[2]] {
			n, _ := strconv.ParseUint(text[1:3], 16, 8)
			b.WriteByte(byte(n))
			text = text[3:]
		} else {
			b.WriteByte('%')
			text = text[1:]
		}
	}
	b.WriteString(text)
	return b.String()
}

func formDecoded(text string) string { return percentDecoded(strings.ReplaceAll(text, "+", " ")) }

func backslashDecoded(text string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(text, '\\')
		if i < 0 || i+1 == len(text) {
			break
		}
		b.WriteString(text[:i])
		c := text[i+1]
		digits := map[byte]int{'u': 4, 'x': 2}[c]
		text = text[i+2:]
		if digits > 0 && len(text) >= digits {
			if n, err := strconv.ParseUint(text[:digits], 16, 32); err == nil {
				b.WriteRune(rune(n))
				text = text[digits:]
				continue
			}
		}
		if at := strings.IndexByte("ntr", c); at >= 0 {
			c = "\n\t\r"[at]
		}
		b.WriteByte(c)
	}
	b.WriteString(text)
	return b.String()
}

// Where a secret lies across the windows of a long text, it is found too.
func TestTheSearchFindsSecretsInLongTexts(t *testing.T) {
	t.Parallel()
	var s searcher
	s.add("a-secret-of-some-length")
	blank := strings.Repeat(" ", window-10)
	for _, before := range []string{blank, blank + blank, blank[twice:] + "  "} {
		if found := s.find(before + "a-secret-of-some-length" + blank); len(found) == 0 {
			t.Errorf("behind %d bytes it is not found", len(before))
		}
	}
}

// The search itself has to find what it is there for, or the tests that use it prove nothing.
func TestTheSearchFindsSecretsUnderEveryEncoding(t *testing.T) {
	t.Parallel()
	const secret = `p"ä\s+w/d=&<o>'r d%1`
	var s searcher
	s.add(secret)
	s.add("0123456789abcdef")
	for name, text := range encodings(secret) {
		if found := s.find("before " + text + " after"); len(found) == 0 {
			t.Errorf("%s is not found: %s", name, text)
		}
		object, err := json.Marshal(map[string]string{"a": "before " + text})
		if err != nil {
			t.Fatal(err)
		}
		if found := s.find(string(object)); len(found) == 0 {
			t.Errorf("%s is not found in JSON: %s", name, object)
		}
	}
	if found := s.find("a text without it, " + secret[:12] + " p%22%C3%A4"); len(found) > 0 {
		t.Errorf("found where there is none: %v", found)
	}
}

// encodings are the ways in which a server could send a secret back.
func encodings(secret string) map[string]string {
	var all, characters strings.Builder
	for i := range len(secret) {
		all.WriteString("%" + hex.EncodeToString([]byte{secret[i]}))
	}
	for _, c := range secret {
		characters.WriteString("&#" + strconv.Itoa(int(c)) + ";")
	}
	out := map[string]string{
		"plain":           secret,
		"percent-encoded": all.String(),
		"as JSON":         strings.Trim(strconv.QuoteToASCII(secret), `"`),
		"as HTML":         html.EscapeString(secret),
		"as characters":   characters.String(),
		"hexadecimal":     hex.EncodeToString([]byte(secret)),
		"HEXADECIMAL":     strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"Basic":           "Basic " + base64.StdEncoding.EncodeToString([]byte("svc@example.com:"+secret)),
	}
	for shift, before := range []string{"", "a", "ab"} {
		out["base64 at alignment "+strconv.Itoa(shift)] = base64.StdEncoding.EncodeToString([]byte(before + secret + "tail"))
		out["URL base64 at alignment "+strconv.Itoa(shift)] = base64.RawURLEncoding.EncodeToString([]byte(before + secret))
	}
	return out
}
