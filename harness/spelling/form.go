package spelling

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"example.org/conform/harness/client"
)

// form writes the values of a form as escape has them, its members in an order.
func form(order func([]string), escape func(string) string) func(*client.Request) {
	return func(r *client.Request) {
		members, ok := r.JSON.(map[string]any)
		if !ok || !r.Form || r.Body != nil {
			return
		}
		names := slices.Sorted(maps.Keys(members))
		if order != nil {
			order(names)
		}
		var parts []string
		for _, name := range names {
			if members[name] != nil {
				parts = append(parts, url.QueryEscape(name)+"="+escape(fmt.Sprint(members[name])))
			}
		}
		r.Body = []byte(strings.Join(parts, "&"))
	}
}

// formSpellings are those of a body in application/x-www-form-urlencoded.
func formSpellings() []Spelling {
	return []Spelling{
		{"form-members-reversed", "a form with its members in the other order", escapes, content, form(slices.Reverse, url.QueryEscape)},
		{"form-escapes-small", "percent-escapes of a form in small letters", escapes, content, form(nil, func(v string) string {
			return escape.ReplaceAllStringFunc(url.QueryEscape(v), strings.ToLower)
		})},
		{"form-escapes-needless", "percent-escapes of characters of a form that need none", escapes, content, form(nil, func(v string) string {
			var b strings.Builder
			for _, c := range []byte(v) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
			return b.String()
		})},
		{"form-blanks-escaped", "blanks of a form as %20", escapes, content, form(nil, func(v string) string {
			return strings.ReplaceAll(url.QueryEscape(v), "+", "%20")
		})},
		{"form-unknown-member", "a form with a member that nobody knows", "RFC-SPL-12", "", func(r *client.Request) {
			if members, ok := r.JSON.(map[string]any); ok && r.Form && r.Body == nil {
				members = maps.Clone(members)
				members["conformUnknown"] = "1"
				r.JSON = members
			}
		}},
	}
}
