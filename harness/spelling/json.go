package spelling

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"

	"example.org/conform/harness/client"
)

// object writes a JSON object anew: its members in an order, and each name and value as write has it.
func object(order func([]string), indent string, write func(any) string) func(*client.Request) {
	named := func(name string) string { return write(name) }
	return members(order, indent, named, write)
}

func members(order func([]string), indent string, named func(string) string, write func(any) string) func(*client.Request) {
	return func(r *client.Request) {
		members, ok := r.JSON.(map[string]any)
		if !ok || r.Form || r.Body != nil {
			return
		}
		sorted := slices.Sorted(maps.Keys(members))
		if order != nil {
			order(sorted)
		}
		var parts []string
		for _, name := range sorted {
			parts = append(parts, indent+named(name)+":"+write(members[name]))
		}
		r.Body = []byte("{" + strings.Join(parts, ",") + strings.TrimRight(indent, " ") + "}")
	}
}

// around puts blanks before and behind a body.
func around(blanks string, write func(*client.Request)) func(*client.Request) {
	return func(r *client.Request) {
		if write(r); r.JSON != nil && r.Body != nil {
			r.Body = slices.Concat([]byte(blanks), r.Body, []byte(blanks))
		}
	}
}

// plain writes a value as encoding/json does without regard to HTML.
func plain(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // it was decoded from JSON, or is text
	return strings.TrimSuffix(b.String(), "\n")
}

// escaped writes every character of a text as an escape, in a form.
func escaped(form string) func(any) string {
	return func(v any) string {
		text, ok := v.(string)
		if !ok {
			return plain(v)
		}
		var b strings.Builder
		for _, unit := range utf16.Encode([]rune(text)) {
			fmt.Fprintf(&b, form, unit)
		}
		return `"` + b.String() + `"`
	}
}

// partly writes those characters of a text as escapes that have no letter among their digits.
func partly(v any) string {
	text, ok := v.(string)
	if !ok {
		return plain(v)
	}
	var b strings.Builder
	for _, c := range text {
		if code := fmt.Sprintf("%04x", c); len(code) == 4 && !strings.ContainsAny(code, "abcdef") {
			b.WriteString(`\u` + code)
		} else {
			quoted := plain(string(c))
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return `"` + b.String() + `"`
}

func jsonSpellings() []Spelling {
	return []Spelling{
		{Literals, "JSON with & < > as they are", "RFC-SPL-09", content, object(nil, "", plain)},
		{"json-blanks", "JSON with blanks and tabs", "RFC-SPL-09", content, object(nil, " \t ", plain)},
		{"json-line-ends", "JSON over several lines", "RFC-SPL-09", content, object(nil, "\r\n    ", plain)},
		{"json-as-in-samples", "JSON over several lines, its members in the order in which samples have them", "RFC-SPL-09", content,
			object(slices.Reverse, "\n    ", plain)},
		{"json-line-ends-around", "JSON with line ends and blanks around it", "RFC-SPL-09", content, around("\n    ", object(nil, "", plain))},
		{"json-members-reversed", "JSON with its members in the other order", "RFC-SPL-09", content, object(slices.Reverse, "", plain)},
		{"json-escapes", "JSON with every character escaped", "RFC-SPL-09", content, object(nil, "", escaped(`\u%04x`))},
		{"json-escapes-capital", "JSON with every character escaped, in capitals", "RFC-SPL-09", content, object(nil, "", escaped(`\u%04X`))},
		{"json-escaped-values", "JSON with characters of its values escaped, and its names as they are", "RFC-SPL-09", content,
			members(nil, "", func(name string) string { return plain(name) }, partly)},
		{"json-escaped-slashes", "JSON with slashes escaped", "RFC-SPL-09", content, object(nil, "", func(v any) string {
			text, _ := json.Marshal(v) // it was decoded from JSON, or is text
			return strings.ReplaceAll(string(text), "/", `\/`)
		})},
		{"json-unknown-member", "JSON with a member that nobody knows", "RFC-SPL-12", "", func(r *client.Request) {
			if members, ok := r.JSON.(map[string]any); ok && !r.Form && r.Body == nil {
				members = maps.Clone(members)
				members["conformUnknown"] = map[string]any{"a": []any{1, nil}, "b": "Größe-会话-🔑"}
				r.JSON = members
			}
		}},
	}
}
