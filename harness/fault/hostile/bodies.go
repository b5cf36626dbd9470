package hostile

import (
	"strconv"
	"strings"
	"sync"
)

// big is what a body comes to that a client may still read.
const big = 9_000_000

// bodies are those of sizes and shapes that nobody needs. They hold what the server's own do, so that whoever reads them can go on.
func bodies() []row {
	once := []moment{always}
	padded := func(name, story string, padding func() string) row {
		made := sync.OnceValue(padding)
		return row{name, story, answered("application/json", "", func(t *turn) string { return inserted(t.body(), `"padding":`+made(), made()) }), once}
	}
	members := func(name, story string, members func() string) row {
		made := sync.OnceValue(members)
		return row{name, story, answered("application/json", "", func(t *turn) string { return inserted(t.body(), made(), "{"+made()+"}") }), once}
	}
	many := func(n int, of func(i int) string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(of(i))
		}
		return b.String()
	}
	return []row{
		padded("json-of-empty-objects", "three million empty objects in each answer", func() string { return "[" + long(big-2, "{},")[:big-4] + "{}]" }),
		padded("json-of-zeros", "four million numbers in each answer", func() string { return "[" + long(big-2, "0,")[:big-3] + "0]" }),
		padded("json-deep-arrays", "arrays a million deep", func() string { return strings.Repeat("[", 1_000_000) + strings.Repeat("]", 1_000_000) }),
		padded("json-deep-objects", "objects a million deep", func() string {
			return strings.Repeat(`{"a":`, 1_000_000) + "1" + strings.Repeat("}", 1_000_000)
		}),
		padded("json-deep-unclosed", "arrays four million deep that nobody closes", func() string { return long(4_000_000, "[") }),
		padded("json-number-long", "a number of a million digits", func() string { return long(1_000_000, "9") }),
		padded("json-number-huge", "a number with an exponent of a million digits", func() string { return "1e" + long(1_000_000, "9") }),
		padded("json-string-long", "a string of 9 MB", func() string { return `"` + long(big, "abcdefghij") + `"` }),
		padded("json-string-escaped", "a string of 9 MB in escapes", func() string { return `"` + long(big-big%6, `\u0041`) + `"` }),
		members("json-members-many", "half a million members", func() string {
			return many(500_000, func(i int) string { return `"m` + strconv.Itoa(i) + `":0` })
		}),
		members("json-members-alike", "a million members of one name", func() string { return many(1_000_000, func(int) string { return `"a":0` }) }),
		members("json-names-long", "names of 1 MB", func() string {
			return many(8, func(i int) string { return `"` + strconv.Itoa(i) + long(1_000_000, "n") + `":0` })
		}),
		{"text-of-10-MB", "a text of 10 MB without a blank", answered("text/plain", "", func(*turn) string { return long(10_000_000, "a") }), once},
		{"text-of-20-MB", "a body of 20 MB of which a length tells", answered("application/json", "", func(*turn) string { return long(20_000_000, " ") }), once},
		{"page-of-9-MB", "a page of 9 MB with a refusal", func(t *turn) bool {
			t.Answer.Status = 400
			return answered("text/html", "", func(*turn) string { return long(big, "<p>no</p>\n") })(t)
		}, []moment{always, later}},
		{"utf-8-broken", "bytes that are no UTF-8", padBroken("\xff\xfe\xc0\x80\xed\xa0\x80"), once},
		{"surrogates-alone", "halves of surrogates", padBroken(`\ud800 \udfff \ud800\u0041`), once},
		{"nul-in-body", "NULs in a body, plain and escaped", padBroken("\x00\\u0000\x00"), once},
		{"bidi-in-body", "characters that turn the direction of a text, in a body", padBroken("\u202e\u2066\u200f\ufeff\u2028"), once},
		{"escapes-in-body", "a terminal's escapes in a body", padBroken("\x1b[2J\\u001b[31m\\u009b2J\x9b"), once},
		{"body-endless", "a body without an end", framed("", func(*turn) pieces { return endless(" ") }), []moment{always, later}},
	}
}

// padBroken puts a string into each answer, as it stands.
func padBroken(s string) says {
	return answered("application/json", "", func(t *turn) string { return inserted(t.body(), `"odd":"`+s+`"`, `"`+s+`"`) })
}

// inserted is an object with more members, or what stands in the place of what is none.
func inserted(body, members, otherwise string) string {
	rest, isObject := strings.CutPrefix(strings.TrimSpace(body), "{")
	switch {
	case !isObject:
		return otherwise
	case strings.TrimSpace(rest) == "}":
		return "{" + members + "}"
	}
	return "{" + members + "," + rest
}
