package hostile

import (
	"strconv"
	"strings"
)

// fields are what stands where a header section should.
func fields() []row {
	both := []moment{always, later}
	once := []moment{always}
	field := func(value string) says { return with(text("X-Odd: " + value + "\r\n")) }
	return []row{
		{"field-of-900-kB", "a field of 900 kB", field(long(900_000, "v")), both},
		{"field-endless", "a field that does not end", with(then(text("X-Odd: "), endless("v"))), both},
		{"fields-a-thousand", "a thousand fields", with(numbered(1000, func(i int) string { return "X-" + strconv.Itoa(i) + ": v\r\n" })), once},
		{"fields-a-hundred-thousand", "a hundred thousand small fields", with(numbered(100_000, func(i int) string { return "X-" + strconv.Itoa(i) + ": v\r\n" })), once},
		{"fields-endless", "fields without an end", with(endless("X-Odd: v\r\n")), both},
		{"field-name-of-64-kB", "a field with a name of 64 kB", with(text(long(64<<10, "X-Name-") + ": v\r\n")), once},
		{"field-with-nul", "a NUL in a field", field("a\x00b"), once},
		{"fields-in-bare-lf", "lines that end in LF alone", func(t *turn) bool {
			head := strings.ReplaceAll(t.line()+t.fields()+t.length(), "\r\n", "\n")
			return t.say(text(head + "\n" + t.body()))
		}, once},
		{"field-with-bare-cr", "a CR in a field", field("a\rb: c"), once},
		{"field-folded", "a field over a thousand lines", field("a" + strings.Repeat("\r\n more", 1000)), once},
		{"field-with-escapes", "fields that move a terminal's cursor, change its title and its colours", field("\x1b[2J\x1b]0;owned\x07\x1b[31m\b\b\b\x7f"), once},
		{"field-with-c1", "the controls of C1 in a field, as bytes and in UTF-8", field("\x9b2J \xc2\x9b2J \xc2\x85"), once},
		{"field-with-bidi", "characters that turn the direction of a text", field("\u202egnp.exe\u2066\u2069\u200b\ufeff"), once},
		{"field-without-colon", "a field without a colon", with(text("this is no field\r\n")), both},
		{"field-with-blank-before-colon", "a blank before a colon", with(text("X-Odd : v\r\n")), once},
		{"field-without-name", "a field without a name", with(text(": v\r\n")), once},
		{"content-length-twice", "two lengths that differ", framed("Content-Length: 5\r\nContent-Length: 5000\r\n", nil), once},
		{"content-length-negative", "a negative length", framed("Content-Length: -1\r\n", nil), once},
		{"content-length-huge", "a length of 2^63-1 and nothing behind it", held(framed("Content-Length: 9223372036854775807\r\n", nil)), both},
		{"content-length-beyond", "a length beyond 64 bits", framed("Content-Length: 99999999999999999999999\r\n", nil), once},
		{"content-length-short", "a body that is longer than its length", framed("Content-Length: 3\r\n", nil), once},
		{"content-length-long", "a body that is shorter than its length", framed("Content-Length: 100000\r\n", nil), []moment{always, granting}},
		{"content-length-and-chunks", "a length and chunks at once", framed("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
			func(t *turn) pieces { return text(chunk(t.body()) + "0\r\n\r\n") }), once},
		{"transfer-encoding-unknown", "a transfer coding that nobody knows", framed("Transfer-Encoding: gzip, odd\r\n", nil), once},
		{"cookies-endless", "cookies without an end", with(endless("Set-Cookie: a=b; Path=/\r\n")), once},
		{"cookies-ten-thousand", "ten thousand cookies", with(numbered(10_000, func(i int) string {
			return "Set-Cookie: c" + strconv.Itoa(i) + "=v; Path=/\r\n"
		})), once},
	}
}

// held says what there is to say, and holds the connection.
func held(says says) says {
	return func(t *turn) bool {
		says(t)
		return t.hold()
	}
}
