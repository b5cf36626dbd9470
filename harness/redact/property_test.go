package redact

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

const (
	plainChars  = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	secretChars = plainChars + plainChars + `+/=-_.~%\&"'<>:;,!?# ` + "%\\&éß漢😀"
)

func randomText(rnd *rand.Rand, n int, chars string) string {
	all := []rune(chars)
	out := make([]rune, n)
	for i := range out {
		out[i] = all[rnd.IntN(len(all))]
	}
	return string(out)
}

// A codec writes characters as escapes and reads them again. Its encoding of a text is that of the text's parts.
type codec struct {
	name   string
	encode func(*rand.Rand, string) string
	decode func(string) string
}

var codecs = []codec{
	{"query", func(_ *rand.Rand, s string) string { return url.QueryEscape(s) }, decodeForm},
	{"path", func(_ *rand.Rand, s string) string { return url.PathEscape(s) }, decodePercent},
	{"percent-all", func(_ *rand.Rand, s string) string { return percentAll(s) }, decodePercent},
	{"percent-some", func(rnd *rand.Rand, s string) string {
		var b strings.Builder
		for i := range len(s) {
			if s[i] == '%' || s[i] >= 0x80 || rnd.IntN(3) == 0 {
				fmt.Fprintf(&b, []string{"%%%02X", "%%%02x"}[rnd.IntN(2)], s[i])
			} else {
				b.WriteByte(s[i])
			}
		}
		return b.String()
	}, decodePercent},
	{"json", func(_ *rand.Rand, s string) string {
		out, _ := json.Marshal(s)
		return string(out[1 : len(out)-1])
	}, decodeBackslash},
	{"json-unicode", func(rnd *rand.Rand, s string) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune(s)) {
			if rnd.IntN(4) > 0 || u >= 0x80 || u == '\\' || u == '"' {
				fmt.Fprintf(&b, []string{`\u%04X`, `\u%04x`}[rnd.IntN(2)], u)
			} else {
				b.WriteByte(byte(u))
			}
		}
		return b.String()
	}, decodeBackslash},
	{"json-short", func(_ *rand.Rand, s string) string {
		return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "/", `\/`).Replace(s)
	}, decodeBackslash},
	{"html", func(_ *rand.Rand, s string) string { return html.EscapeString(s) }, html.UnescapeString},
	{"html-numbers", func(rnd *rand.Rand, s string) string {
		var b strings.Builder
		for _, c := range s {
			fmt.Fprintf(&b, []string{"&#%d;", "&#x%x;", "&#x%04X;"}[rnd.IntN(3)], c)
		}
		return b.String()
	}, html.UnescapeString},
}

var (
	percentCode = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	backslashed = regexp.MustCompile(`(?:\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2})|\\u[0-9A-Fa-f]{4}|\\["\\/bfnrt]`)
	base64Run   = regexp.MustCompile(`[A-Za-z0-9+/_-]+`)
	hexRun      = regexp.MustCompile(`[0-9A-Fa-f]+`)
)

func decodePercent(s string) string {
	return percentCode.ReplaceAllStringFunc(s, func(c string) string {
		n, _ := strconv.ParseUint(c[1:], 16, 8)
		return string([]byte{byte(n)})
	})
}

func decodeForm(s string) string { return decodePercent(strings.ReplaceAll(s, "+", " ")) }

func decodeBackslash(s string) string {
	return backslashed.ReplaceAllStringFunc(s, func(c string) string {
		var out string
		if json.Unmarshal([]byte(`"`+c+`"`), &out) != nil {
			return c
		}
		return out
	})
}

// decodings returns the text, its base64 stretches decoded at each alignment, and its hex stretches decoded.
func decodings(s string) string {
	var b strings.Builder
	b.WriteString(s)
	for _, run := range base64Run.FindAllString(s, -1) {
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		for shift := range min(4, len(run)) {
			part := run[shift:]
			part = part[:len(part)-len(part)%4+[]int{0, 0, 2, 3}[len(part)%4]]
			out, _ := base64.RawStdEncoding.DecodeString(part)
			b.WriteString("\n")
			b.Write(out)
		}
	}
	for _, run := range hexRun.FindAllString(s, -1) {
		for shift := range min(2, len(run)) {
			out, _ := hex.DecodeString(run[shift : len(run)-(len(run)-shift)%2])
			b.WriteString("\n")
			b.Write(out)
		}
	}
	return b.String()
}

// cores write the secret itself, together with its neighbours.
var cores = []func(string) string{
	func(s string) string { return s },
	func(s string) string { return s },
	func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	func(s string) string { return hex.EncodeToString([]byte(s)) },
	func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
}

func TestNoSecretSurvivesAnyComposition(t *testing.T) {
	t.Parallel()
	rounds := 6000
	if testing.Short() {
		rounds = 600
	}
	for seed := range rounds {
		rnd := rand.New(rand.NewPCG(uint64(seed), 7))
		secret := randomText(rnd, 4+rnd.IntN(40), secretChars)
		before, after := randomText(rnd, rnd.IntN(20), secretChars), randomText(rnd, rnd.IntN(20), secretChars)
		text := cores[rnd.IntN(len(cores))](before + secret + after)
		var used []codec
		var names []string
		for range rnd.IntN(4) {
			c := codecs[rnd.IntN(len(codecs))]
			text = c.encode(rnd, text)
			used, names = append(used, c), append(names, c.name)
		}
		var r Redactor
		r.Add("t", secret)
		r.Add("other", "other"+secret[1:])
		out := r.Scrub(text)
		if !strings.Contains(out, "‹t›") {
			t.Fatalf("seed %d: %q as %v passed: %q", seed, secret, names, text)
		}
		for left := out; ; used = used[:len(used)-1] {
			if strings.Contains(decodings(left), secret) {
				t.Fatalf("seed %d: %q as %v survived in %q, from %q", seed, secret, names, out, text)
			}
			if len(used) == 0 {
				break
			}
			left = used[len(used)-1].decode(left)
		}
		if again := r.Scrub(out); again != out {
			t.Fatalf("seed %d: %q scrubbed again is %q", seed, out, again)
		}
	}
}

func TestScrubTakesNoMoreThanTheSecret(t *testing.T) {
	t.Parallel()
	for seed := range 3000 {
		rnd := rand.New(rand.NewPCG(uint64(seed), 8))
		secret := randomText(rnd, 6+rnd.IntN(40), secretChars)
		if strings.HasSuffix(secret, `\`) {
			continue // with the backslash of an escape that follows, it may be one that was doubled
		}
		before, after := randomText(rnd, rnd.IntN(20), plainChars), randomText(rnd, rnd.IntN(20), plainChars)
		text := []string{before, secret, after}
		var names []string
		for range rnd.IntN(4) {
			c := codecs[rnd.IntN(len(codecs))]
			for i, part := range text {
				text[i] = c.encode(rnd, part)
			}
			names = append(names, c.name)
		}
		var r Redactor
		r.Add("t", secret)
		if got, want := r.Scrub(strings.Join(text, "")), text[0]+"‹t›"+text[2]; got != want {
			t.Fatalf("seed %d: %q as %v in %q\n got %q\nwant %q", seed, secret, names, text, got, want)
		}
	}
}

// What a walk is spared in a stretch of one letter it would have found as well.
func TestStretchesOfOneLetterAreReadAsIfWalked(t *testing.T) {
	t.Parallel()
	for seed := range 2000 {
		rnd := rand.New(rand.NewPCG(uint64(seed), 9))
		stretches := func(n int) string {
			var b strings.Builder
			for range n {
				b.WriteString(strings.Repeat(randomText(rnd, 1, "aaaaAQ61+%\n"), 1+rnd.IntN(14)))
			}
			return b.String()
		}
		var r Redactor
		for i := range 1 + rnd.IntN(4) {
			r.Add(fmt.Sprintf("s%d", i), stretches(1+rnd.IntN(3)))
		}
		text := stretches(1 + rnd.IntN(12))
		var want []span
		for i := range text {
			alone := scanner{text: text, esc: readEscapes(text), needles: r.needles, values: r.values}
			if best := (span{from: i, to: i}); i+shortest <= len(text) {
				if alone.find(everySet, &best); best.to > i {
					want = append(want, best)
				}
			}
		}
		r.needles.short, r.needles.longestShort = nil, 0
		if got := r.scan(text, nil); !slices.Equal(got, want) {
			t.Fatalf("seed %d: %q in %q\n got %v\nwant %v", seed, r.values, text, got, want)
		}
	}
}
