package redact

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

const tokenChars = plainChars + "+/"

// aRun returns a redactor with as many tokens as a long run makes, and the artefact of about size bytes that
// mentions them.
func aRun(tokens, length, size int, escape func(string) string) (*Redactor, string) {
	rnd := rand.New(rand.NewPCG(3, 4))
	var r Redactor
	secrets := make([]string, tokens)
	for i := range secrets {
		secrets[i] = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9." + randomText(rnd, length-37, tokenChars)
		r.Add(fmt.Sprintf("token-%d", i+1), secrets[i])
	}
	var b strings.Builder
	for b.Len() < size {
		fmt.Fprintf(&b, `{"name": "Authorization", "value": "%s"}, {"name": "Content-Type", "value": "text/html; charset=utf-8"}`+"\n",
			escape(secrets[rnd.IntN(tokens)]))
		fmt.Fprintf(&b, `<p>The token %s is no longer valid &amp; cannot be renewed.</p>`+"\n", randomText(rnd, length, tokenChars))
	}
	return &r, b.String()
}

func BenchmarkScrub(b *testing.B) {
	escapes := map[string]func(string) string{
		"literal": func(s string) string { return s },
		"dotnet":  func(s string) string { return strings.ReplaceAll(s, "+", `\u002B`) },
		"percent": percentAll,
	}
	for _, name := range []string{"literal", "dotnet", "percent"} {
		b.Run(name, func(b *testing.B) {
			r, text := aRun(2000, 600, 3<<20, escapes[name])
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r.Scrub(text)
			}
		})
	}
}

// BenchmarkRun is what a run with walks comes to: 3,000 secrets, each of which it comes to know while it scrubs what it has seen.
func BenchmarkRun(b *testing.B) {
	rnd := rand.New(rand.NewPCG(7, 8))
	secrets := make([]string, 3000)
	for i := range secrets {
		secrets[i] = randomText(rnd, []int{22, 44, 86, 300}[i%4], tokenChars)
	}
	b.ReportAllocs()
	for b.Loop() {
		var r Redactor
		for i, s := range secrets {
			if _, known := r.Name(s); !known {
				r.Call("token", s, 1)
			}
			r.Scrub(`{"token":"` + strings.ReplaceAll(s, "+", `\u002B`) + `"}`)
			r.Scrub("Basic " + secrets[i/2])
			r.Scrub("Thu, 26 Nov 2026 13:13:31 GMT")
		}
	}
}

// BenchmarkScrubHostile has texts that a server might send to make the scrubbing expensive.
func BenchmarkScrubHostile(b *testing.B) {
	texts := map[string]string{
		"backslashes": `\`, "percent signs": "%", "nested percent": "%25", "ampersands": "&amp;", "open names": "‹", "one letter": "a", "entities": "&aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	}
	var r Redactor
	r.Add("backslashes", strings.Repeat(`\`, 200))
	r.Add("percent", strings.Repeat("%25", 60))
	r.Add("ampersand", strings.Repeat("&", 200))
	r.Add("letters", strings.Repeat("a", 600)+"b")
	for name, part := range texts {
		text := strings.Repeat(part, 1<<20/len(part))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r.Scrub(text)
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	rnd := rand.New(rand.NewPCG(5, 6))
	var r Redactor
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i%2000 == 0 {
			r = Redactor{}
		}
		b.StopTimer()
		secret := randomText(rnd, 600, tokenChars)
		b.StartTimer()
		r.Add("token", secret)
	}
}
