package contract

import (
	"maps"
	"net/url"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
)

// hostileForms are bodies that are off as forms. Those that are well-formed hold the members of the good one, as far as the words do not say
// otherwise.
func hostileForms(op *openapi.Operation) []hostile {
	var all []hostile
	text := func(words, body string) {
		all = append(all, hostile{words, func(r *client.Request) { r.JSON, r.Body = nil, []byte(body) }})
	}
	// of has another body made of the good one.
	of := func(words string, change func(good string) string) {
		all = append(all, hostile{words, func(r *client.Request) {
			if members, ok := r.JSON.(map[string]any); ok {
				r.JSON, r.Body = nil, []byte(change(string(openapi.EncodeForm(members))))
			}
		}})
	}
	for _, body := range []string{"nothing", "=", "&&&", "=&=", "a=%", "a=%zz", "a=%u0041", "%=b", "a[]=1&a[b]=2", "a[b][c][d]=1", "{}", "[]", "null", "<a/>"} {
		text("a body that is "+body, body)
	}
	text("a name of 64 kB", strings.Repeat("a", longBody))
	text("a thousand members", strings.Repeat("x=1&", 1000))
	of("the members twice", func(good string) string { return good + "&" + good })
	of("a semicolon between members", func(good string) string { return strings.ReplaceAll(good, "&", ";") })
	of("a NUL behind it", func(good string) string { return good + "\x00" })
	of("a byte order mark before it", func(good string) string { return "\xef\xbb\xbf" + good })
	of("a member without a name", func(good string) string { return good + "&=1" })
	of("a member that holds a text of 64 kB", func(good string) string { return good + "&conform=" + strings.Repeat("a", longBody) })
	for _, m := range op.Members {
		for _, v := range hostileValues {
			all = append(all, hostile{m.Name + " as " + v.words, func(r *client.Request) {
				members, _ := r.JSON.(map[string]any)
				members = maps.Clone(members)
				members[m.Name] = v.text
				r.JSON = members
			}})
		}
		name := url.QueryEscape(m.Name)
		of(m.Name+" as a list", func(good string) string { return strings.Replace(good, name+"=", name+"[]=", 1) })
		of(m.Name+" as an object", func(good string) string { return strings.Replace(good, name+"=", name+"[a]=", 1) })
		of(m.Name+" with an escape that is none", func(good string) string { return strings.Replace(good, name+"=", name+"=%zz", 1) })
		of(m.Name+" without an equals sign", func(good string) string { return strings.Replace(good, name+"=", name+"&", 1) })
	}
	for _, media := range []string{"application/json", "multipart/form-data", "text/html", formMedia + "; charset=no-such", "a", "/"} {
		all = append(all, hostile{"a good body as " + media, func(r *client.Request) { r.ContentType = media }})
	}
	return all
}

const formMedia = "application/x-www-form-urlencoded"
