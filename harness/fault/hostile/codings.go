package hostile

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"io"
	"strings"
	"sync"
	"unicode/utf16"
)

// codings are bodies that are not what they hold.
func codings() []row {
	once := []moment{always}
	coded := func(coding string, body func() string) says {
		made := sync.OnceValue(body)
		return answered("application/json", "", func(*turn) string { return made() }).after(func(t *turn) { t.Answer.Header.Set("Content-Encoding", coding) })
	}
	return []row{
		{"gzip-bomb", "gzip that makes 10 GB of 10 MB", coded("gzip", bomb), []moment{always, later}},
		{"gzip-bomb-unnamed", "gzip that makes 10 GB of 10 MB, of which no field tells", answered("application/json", "", func(*turn) string { return bomb() }), once},
		{"gzip-bomb-nested", "gzip in gzip that makes 10 GB of some kB", coded("gzip, gzip", func() string { return zip(bomb()) }), []moment{always, later}},
		{"gzip-thrice", "gzip over gzip over gzip of each answer", zipped("gzip, gzip, gzip", func(s string) string { return zip(zip(zip(s))) }), once},
		{"gzip-fifty-times", "fifty codings are said, and one is there", zipped(strings.Repeat("gzip, ", 49)+"gzip", zip), once},
		{"gzip-truncated", "gzip that breaks off", zipped("gzip", func(s string) string { z := zip(s); return z[:len(z)*2/3] }), []moment{always, granting}},
		{"gzip-wrong", "noise that is said to be gzip", zipped("gzip", func(s string) string { return "\x1f\x8b\x08" + s }), once},
		{"gzip-tail", "gzip with 5 MB behind its end", zipped("gzip", func(s string) string { return zip(s) + long(5_000_000, "\x00") }), once},
		{"deflate-bomb", "deflate that makes 5 GB of 5 MB", coded("deflate", deflated), once},
		{"brotli-named", "a body that is said to be brotli", zipped("br", func(s string) string { return s }), []moment{always, granting}},
		{"coding-of-noise", "codings of a name of 100 kB", zipped(long(100_000, "a"), func(s string) string { return s }), once},
		{"utf-16", "bodies in UTF-16", zipped("", wide16), []moment{always, granting}},
		{"utf-16-halves", "bodies in UTF-16 that end in the middle of a character", zipped("", func(s string) string { w := wide16(s); return w[:max(len(w)-1, 0)] }), []moment{granting}},
		{"utf-32", "bodies in UTF-32", zipped("", wide32), once},
		{"charset-unknown", "a charset that nobody knows", answered("application/json; charset=x-odd\x1b[31m", "", func(t *turn) string { return t.body() }), once},
	}
}

// after answers what a change has been made to.
func (s says) after(change func(*turn)) says {
	return func(t *turn) bool {
		change(t)
		return s(t)
	}
}

// zipped sends each body in a form of its own, under a content coding unless it is empty.
func zipped(coding string, form func(string) string) says {
	return func(t *turn) bool {
		if coding != "" {
			t.Answer.Header.Set("Content-Encoding", coding)
		}
		t.Answer.Body = []byte(form(t.body()))
		return t.plain()
	}
}

func zip(s string) string {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // a buffer takes everything, and the level is one
	_, _ = io.WriteString(z, s)
	_ = z.Close()
	return b.String()
}

// bomb is 10 MB of gzip that make 10 GB: members of gzip may follow each other (RFC 1952, 2.2), and each of these makes 10 MB of blanks.
var bomb = sync.OnceValue(func() string {
	one := zip(long(10_000_000, " "))
	return strings.Repeat(one, 1000)
})

// deflated is a stream of zlib, which has no members: what makes it long is made once.
var deflated = sync.OnceValue(func() string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	for range 500 {
		_, _ = z.Write(blanks)
	}
	_ = z.Close()
	return b.String()
})

var blanks = bytes.Repeat([]byte(" "), 1_000_000)

func wide16(s string) string {
	var b bytes.Buffer
	_ = binary.Write(&b, binary.LittleEndian, append([]uint16{0xfeff}, utf16.Encode([]rune(s))...))
	return b.String()
}

func wide32(s string) string {
	var b bytes.Buffer
	_ = binary.Write(&b, binary.LittleEndian, append([]rune{0xfeff}, []rune(s)...))
	return b.String()
}
