package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// searcher looks for secrets in texts under every encoding that a report could give them. It shares nothing with the
// package that takes them out: it decodes whole texts, and looks for the plain values in what comes of it.
type searcher struct {
	starts  map[string][]string // secrets, by their first bytes
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
	s.secrets++
}

// find returns where a secret stands: the decodings that lead to it, and what is around it.
func (s *searcher) find(text string) []string {
	seen := map[string]bool{}
	var found []string
	s.search(text, "as it is", 3, seen, &found)
	return found
}

func (s *searcher) search(text, way string, depth int, seen map[string]bool, found *[]string) {
	if seen[text] || len(text) < keyLength {
		return
	}
	seen[text] = true
	for i := 0; i+keyLength <= len(text); i++ {
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
	} {
		s.search(decode(text), way+", "+name, depth-1, seen, found)
	}
	for _, digits := range hexDigits.FindAllString(text, -1) {
		for offset := range 2 {
			if data, err := hex.DecodeString(digits[offset : offset+(len(digits)-offset)/2*2]); err == nil {
				s.search(string(data), way+", hexadecimal", depth-1, seen, found)
			}
		}
	}
	// Base64 is decoded from each of its four alignments: what is searched for may begin within a longer text.
	for _, run := range base64Text.FindAllString(text, -1) {
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

var (
	hexDigits  = regexp.MustCompile(`[0-9a-fA-F]{16,}`)
	base64Text = regexp.MustCompile(`[A-Za-z0-9+/_-]{11,}(?:[\r\n]+[A-Za-z0-9+/_-]+)*`)
	escape     = regexp.MustCompile(`\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)`)
	percent    = regexp.MustCompile(`%[0-9a-fA-F]{2}`)
)

// percentDecoded decodes what is percent-encoded and leaves the rest: a report is no URL.
func percentDecoded(text string) string {
	return percent.ReplaceAllStringFunc(text, func(e string) string {
		n, _ := strconv.ParseUint(e[1:], 16, 8)
		return string([]byte{byte(n)})
	})
}

func formDecoded(text string) string { return percentDecoded(strings.ReplaceAll(text, "+", " ")) }

func backslashDecoded(text string) string {
	return escape.ReplaceAllStringFunc(text, func(e string) string {
		switch e[1] {
		case 'u', 'x':
			if n, err := strconv.ParseUint(e[2:], 16, 32); err == nil && len(e) > 2 {
				return string(rune(n))
			}
		case 'n':
			return "\n"
		case 't':
			return "\t"
		case 'r':
			return "\r"
		}
		return e[1:]
	})
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
