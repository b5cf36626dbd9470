package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// hostile is an input that no good client sends: by the grammar of JSON (RFC 8259), of URIs (RFC 3986) or of header fields
// (RFC 9110), at its edges or beyond them. A server may refuse it in any way but by falling over.
type hostile struct {
	words string
	write func(*client.Request)
}

// Sizes stay below what servers commonly take at most, 8 kB for a head and 100 kB for a body: beyond that many close the
// connection, which says nothing of the API.
const (
	longValue = 5000
	longBody  = 64 << 10
	deep      = 2000
)

// hostileInputs are those for an operation: for its body, the parameters of its path and query, and its credential. Of one of the
// operator's own nothing is known but that it takes a credential.
func hostileInputs(op *openapi.Operation, own bool) []hostile {
	if own {
		return inField(op)
	}
	all := inField(op)
	switch {
	case op.IsForm():
		all = append(all, hostileForms(op)...)
	case op.RequestMediaType() != "":
		all = append(all, hostileBodies(op)...)
	}
	for _, name := range op.QueryParameters() {
		all = append(all, hostileQueries(name)...)
	}
	if len(op.QueryParameters()) == 0 {
		all = append(all, malformedQueries("conform")...) // frameworks read every query
	}
	for _, p := range op.Takes() {
		if p.In == "path" {
			for _, v := range hostileValues {
				all = append(all, strangers(hostile{p.Name + " as " + v.words, func(r *client.Request) {
					r.PathValues = withValue(r.PathValues, p.Name, v.text)
				}}))
			}
		}
	}
	return all
}

// strangers is for a target that a router, or who reads the request line, may know nothing of: what they say is not the API's answer.
func strangers(h hostile) hostile {
	return hostile{h.words, func(r *client.Request) {
		r.Undescribed = true
		h.write(r)
	}}
}

func inField(op *openapi.Operation) (all []hostile) {
	field, values := op.CredentialHeader(), hostileFields
	if field == "" {
		if op.Basic() || op.RequestMediaType() == "" { // it reads the field, or nobody knows that it does not
			return nil
		}
		field, values = "Authorization", foreignFields
	}
	for _, v := range values {
		all = append(all, hostile{field + " as " + v.words, func(r *client.Request) {
			r.Credential = "" // it is nobody's, and no secret
			if r.Header = r.Header.Clone(); r.Header == nil {
				r.Header = http.Header{}
			}
			r.Header.Set(field, v.text)
		}})
	}
	return all
}

type hostileText struct{ words, text string }

// hostileValues are texts that stand where an identifier is expected, and are encoded as the place wants it.
var hostileValues = []hostileText{
	{"one character", "x"},
	{"a negative number", "-1"},
	{"a number beyond 64 bits", "99999999999999999999"},
	{"300 characters", strings.Repeat("a", 300)},
	{"5,000 characters", strings.Repeat("a", longValue)},
	{"characters beyond ASCII", "Größe-会话-\U0001F511"},
	{"a NUL", "a\x00b"},
	{"bytes that are no UTF-8", "\xff\xfe"},
	{"a quote", "a'b\"c"},
	{"a path upwards", "../../x"},
	{"a percent sign", "%"},
	{"blanks", "   "},
	{"a line end", "a\r\nb"},
	{"the name of what every object has", "constructor"},
	{"the name of every object's prototype", "__proto__"},
}

// hostileFields are values of the field in which a credential goes.
var hostileFields = []hostileText{
	{"one character", "x"},
	{"5,000 characters", strings.Repeat("a", longValue)},
	{"characters beyond ASCII", "Gr\xf6\xdfe"},
	{"separators alone", ", ,;="},
	{"a scheme alone", "Basic"},
	{"a scheme and blanks", "Bearer    "},
	{"Basic with what is no base64", "Basic =%&"},
	{"Basic with a dangling character", "Basic YTpiY"},
	{"Basic without a colon", "Basic YWJj"},
	{"Basic with a colon alone", "Basic Og=="},
	{"Basic with bytes that are no UTF-8", "Basic //46/w=="},
	{"Basic with NULs", "Basic AAA6AAA="},
	{"Digest without its parameters", "Digest username"},
	{"an unclosed quote", `Bearer "abc`},
	{"two colons", "::"},
}

// foreignFields are values of the field where none is asked for, as a client or a gateway adds it to every request.
var foreignFields = []hostileText{
	{"a scheme of another API", "Bearer AAAAAAAAAAAAAAAAAAAAAA"},
	{"a scheme alone", "Bearer"},
	{"Basic with what is no base64", "Basic =%&"},
	{"Basic without a colon", "Basic YWJj"},
}

// hostileQueries are queries in which one parameter is off.
func hostileQueries(name string) []hostile {
	var all []hostile
	for _, v := range hostileValues {
		all = append(all, rawQuery(name+" as "+v.words, name+"="+url.QueryEscape(v.text)))
	}
	return append(all, malformedQueries(name)...)
}

func rawQuery(words, query string) hostile {
	return hostile{"a query with " + words, func(r *client.Request) { r.Query, r.RawQuery = nil, query }}
}

// malformedQueries are queries that are off as such, around one parameter.
func malformedQueries(name string) []hostile {
	var all []hostile
	raw := func(words, query string) { all = append(all, rawQuery(words, query)) }
	all = append(all, strangers(rawQuery("an escape of one digit", name+"=a%2")), strangers(rawQuery("an escape that is none", name+"=%zz")))
	raw("an overlong escape of UTF-8", name+"=%c0%af")
	raw(name+" and no equals sign", name)
	raw(name+" twice", name+"=a&"+name+"=b")
	raw(name+" as a list", name+"[]=a&"+name+"[]=b")
	raw(name+" as an object", name+"[x]=a")
	raw("separators alone", "&&=&;&"+name+"=")
	raw("a thousand parameters", strings.Repeat("x=1&", 1000)+name+"=a")
	return all
}

// hostileBodies are bodies. Those that are well-formed hold the members of the good one, as far as the words do not say otherwise.
func hostileBodies(op *openapi.Operation) []hostile {
	var all []hostile
	text := func(words, body string) {
		all = append(all, hostile{words, func(r *client.Request) { r.JSON, r.Body = nil, []byte(body) }})
	}
	// of writes the good members, so that what is off is what the server comes to look at.
	of := func(words string, change func(good []byte) []byte) {
		all = append(all, hostile{words, func(r *client.Request) {
			if good, err := json.Marshal(r.JSON); err == nil && r.JSON != nil {
				r.JSON, r.Body = nil, change(good)
			}
		}})
	}
	member := func(words, value string) {
		of("a member that holds "+words, func(good []byte) []byte { return with(good, `"conform":`+value) })
	}
	each := func(words, value string) {
		for _, m := range op.Members {
			all = append(all, hostile{m.Name + " as " + words, func(r *client.Request) {
				members, _ := r.JSON.(map[string]any)
				parts := []string{fmt.Sprintf("%q:%s", m.Name, value)}
				for _, name := range slices.Sorted(maps.Keys(members)) {
					if other, err := json.Marshal(members[name]); err == nil && name != m.Name {
						parts = append(parts, fmt.Sprintf("%q:%s", name, other))
					}
				}
				r.JSON, r.Body = nil, []byte("{"+strings.Join(parts, ",")+"}")
			}})
		}
	}
	for _, body := range []string{"nothing", "{", "}", "null", "true", "0", `""`, "[]", "[null]", "{}", "NaN", "<a/>", "a=b&c=d", "{'a': 'b'}",
		`{"a":1,}`, `{"a" "b"}`, `{"a":01}`, `{"a":"\x"}`, `{"a":"\u12"}`, `{"a`, `{"a":`, `{"a":"`, `{"a":"\`, `{"a":"\u00`, `{"a":tr`, `{"a":-`, `[1,`, "{\"a\":\"\x01\"}", "/**/{}"} {
		text("a body that is "+body, body)
	}
	text("blanks", "  \r\n\t ")
	text("arrays in arrays, 2,000 deep", strings.Repeat("[", deep)+strings.Repeat("]", deep))
	text("objects in objects, 2,000 deep", strings.Repeat(`{"a":`, deep)+"1"+strings.Repeat("}", deep))
	member("arrays in arrays, 2,000 deep", strings.Repeat("[", deep)+strings.Repeat("]", deep))
	member("a number beyond any", "1e999999")
	member("a number of 5,000 digits", strings.Repeat("9", longValue))
	member("a text of 64 kB", `"`+strings.Repeat("a", longBody)+`"`)
	member("a lone surrogate", `"\ud800"`)
	member("an escaped NUL", `"\u0000"`)
	member("bytes that are no UTF-8", "\"\xff\xfe\"")
	of("the members twice", func(good []byte) []byte { return with(good, string(bytes.Trim(good, "{}"))) })
	of("a member without a name", func(good []byte) []byte { return with(good, `"":1`) })
	of("a member named __proto__", func(good []byte) []byte { return with(good, `"__proto__":{"a":1},"constructor":1`) })
	of("a value behind the value", func(good []byte) []byte { return append(good, "{}"...) })
	of("a NUL behind the value", func(good []byte) []byte { return append(good, 0) })
	of("a byte order mark before it", func(good []byte) []byte { return append([]byte("\xef\xbb\xbf"), good...) })
	of("UTF-16", func(good []byte) []byte {
		var wide []byte
		for _, unit := range utf16.Encode([]rune(string(good))) {
			wide = append(wide, byte(unit), byte(unit>>8))
		}
		return wide
	})
	each("an escaped NUL", `"a\u0000b"`)
	each("a lone surrogate", `"\udfff"`)
	each("5,000 characters", `"`+strings.Repeat("a", longValue)+`"`)
	each("characters beyond ASCII", `"Größe-会话-🔑"`)
	each("bytes that are no UTF-8", "\"\xff\xfe\"")
	each("format directives", `"%s%n{0}${x}"`)
	each("a quote", `"a'b\"c"`)
	each("two at signs", `"a@b@c"`)
	each("two backslashes", `"a\\b\\c"`)
	each("an at sign at its end", `"a@"`)
	each("a backslash at its end", `"a\\"`)
	each("separators alone", `"@\\/:"`)
	each("a number beyond any", "1e999999")
	each("a number beyond 32 bits", "4294967299") // as a password it is withheld wherever else it stands, so that no check sends it otherwise
	each("a number beyond 64 bits", "99999999999999999999")
	each("a fraction", "0.5")
	each("a negative number", "-1")
	each("null", "null")
	each("true", "true")
	each("a list", `["a"]`)
	each("objects in objects", `{"a":{"b":[{}]}}`)
	each("an empty text", `""`)
	each("the name of what every object has", `"constructor"`)
	each("the name of every object's prototype", `"__proto__"`)
	for _, media := range []string{"application/x-www-form-urlencoded", "multipart/form-data", "text/html", "application/json; charset=no-such", "a", "/"} {
		all = append(all, hostile{"a good body as " + media, func(r *client.Request) { r.ContentType = media }})
	}
	return all
}

// withValue adds a value to those of a path.
func withValue(values map[string]string, name, text string) map[string]string {
	values = maps.Clone(values)
	if values == nil {
		values = map[string]string{}
	}
	values[name] = text
	return values
}

// with adds a member to an object.
func with(object []byte, member string) []byte {
	rest, found := bytes.CutSuffix(object, []byte("}"))
	if !found {
		return object
	}
	if len(rest) > 1 && member != "" {
		rest = append(slices.Clone(rest), ',')
	}
	return append(append(rest, member...), '}')
}

// standsHostile expects that no hostile input makes the operation fall over.
func standsHostile(ctx context.Context, l Lender, op *openapi.Operation) {
	inputs := hostileInputs(op, l.Checked().OwnProbe(op.ID()))
	var changes []func(*client.Request)
	for _, input := range inputs {
		changes = append(changes, func(r *client.Request) {
			for _, p := range op.Takes() {
				if p.In == "path" {
					r.PathValues = withValue(r.PathValues, p.Name, "0")
				}
			}
			input.write(r)
		})
	}
	l.Strange(ctx, op, changes, func(i int, own *check.Case, answer *client.Answer) {
		own.Expect(answer).To(check.NotBeServerError(), "for "+inputs[i].words)
	})
}
