package hostile

import "strings"

// chunks are what stands where the chunks of a body should.
func chunks() []row {
	both := []moment{always, later}
	once := []moment{always}
	whole := func(before string, after pieces) says {
		return chunked(func(t *turn) pieces { return then(text(before+chunk(t.body())), after) })
	}
	return []row{
		{"chunk-extension-endless", "a chunk extension that does not end", chunked(func(*turn) pieces { return then(text("5;a="), endless("a")) }), both},
		{"chunk-extensions-wide", "a chunk of one byte with an extension of 60 kB, without an end", chunked(func(*turn) pieces {
			return endless("1;a=" + long(60_000, "a") + "\r\n \r\n")
		}), once},
		{"chunks-endless", "chunks without an end", chunked(func(*turn) pieces { return endless(chunk(long(4000, " "))) }), both},
		{"chunks-of-a-byte", "chunks of one byte without an end", chunked(func(*turn) pieces { return endless(chunk(" ")) }), once},
		{"chunks-slow", "a chunk of one byte a second", chunked(func(*turn) pieces { return slowly(chunk(" ")) }), both},
		{"chunk-size-huge", "a chunk of 2^63-1 bytes", chunked(func(*turn) pieces { return text("7fffffffffffffff\r\n{}") }), once},
		{"chunk-size-beyond", "a chunk of a size beyond 64 bits", chunked(func(*turn) pieces { return text(strings.Repeat("f", 40) + "\r\n{}") }), once},
		{"chunk-size-garbage", "a chunk of no size", chunked(func(*turn) pieces { return text("\x1b[31mzz%s\r\n{}\r\n0\r\n\r\n") }), once},
		{"chunks-cut", "chunks that break off", whole("", text("ff\r\nbroken")), []moment{always, granting}},
		{"trailers-endless", "trailers without an end", whole("", then(text("0\r\n"), endless("X-Odd: v\r\n"))), both},
		{"trailer-endless", "a trailer that does not end", whole("", then(text("0\r\nX-Odd: "), endless("v"))), once},
		{"trailers-garbage", "noise for trailers", whole("", text("0\r\nno field\r\n\r\n")), once},
	}
}
