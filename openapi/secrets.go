package openapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"html"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Secret is a value that may not be stored or shown.
type Secret struct {
	// Kind is what the contract calls it: session, ticket, token, password, …
	Kind string
	// Value is as it stands in the body, unescaped.
	Value string
}

// SecretsIn finds the secrets in a body of the operation: a request's, or with response set an answer's of the given
// status. It errs on the side of finding too many. A member counts wherever it stands in the body and whatever its type,
// an answer may hold what the contract describes for another status, and a body that is no JSON is searched as text.
// Each value is listed once, in the order of the body.
func (o *Operation) SecretsIn(body []byte, response bool, status int) []Secret {
	kinds := map[string]string{}
	var whole string // the kind of a text body as a whole
	for _, c := range o.contentsFor(response, status) {
		for name, kind := range c.schema.secrets {
			if kinds[name] == "" {
				kinds[name] = kind
			}
		}
		if kind := c.schema.secret; kind != "" && whole == "" && (status/100 == 2 || c.takes(body)) {
			whole = kind
		}
	}
	f := finder{kinds: kinds}
	body = bytes.TrimPrefix(body, byteOrderMark)
	switch {
	case !response && o.IsForm():
		form := formMembers(body)
		for _, name := range slices.Sorted(maps.Keys(form)) {
			for _, value := range form[name] {
				if kinds[name] != "" {
					f.add(kinds[name], value)
				}
			}
		}
	case len(kinds) > 0:
		if !f.tokens(body) {
			f.text(body)
		}
	case whole != "" && !page.Match(body) && !slices.Contains([]string{"null", "true", "false"}, string(bytes.TrimSpace(body))): // none of which a server issues
		f.add(whole, string(bytes.TrimSpace(body)))
		var text string
		if json.Unmarshal(body, &text) == nil {
			f.add(whole, text) // a server that quotes what should stand bare
		}
	}
	return f.found
}

// SecretsInQuery finds the secrets among the parameters of a query, in the order of the document.
func (o *Operation) SecretsInQuery(query url.Values) (found []Secret) {
	for _, ref := range o.parameters {
		if kind, secret := ref.Value.Extensions[extSecret].(string); secret && ref.Value.In == openapi3.ParameterInQuery {
			found = append(found, Secret{kind, query.Get(ref.Value.Name)})
		}
	}
	return found
}

// QueryParameters are the names of the parameters of its query, in the order of the document.
func (o *Operation) QueryParameters() (names []string) {
	for _, ref := range o.parameters {
		if ref.Value.In == openapi3.ParameterInQuery {
			names = append(names, ref.Value.Name)
		}
	}
	return names
}

// takes reports whether a text body is as the content describes it: a refusal in words is not the secret that another
// status would have brought.
func (c content) takes(body []byte) bool {
	return len(c.schema.failures(string(body))) == 0
}

// contentsFor lists the contents whose secrets a body may hold, those of the status first.
func (o *Operation) contentsFor(response bool, status int) []content {
	if !response {
		return o.request
	}
	var list []content
	if r := o.responseFor(status); r != nil {
		list = append(list, r.contents...)
	}
	for _, key := range slices.Sorted(maps.Keys(o.responses)) {
		list = append(list, o.responses[key].contents...)
	}
	return list
}

// secretNames collects the kinds of the secret members below a schema by their names, and returns that of the schema
// itself. A name that is known keeps its kind.
func secretNames(ref *openapi3.SchemaRef, kinds map[string]string) string {
	for name, property := range ref.Value.Properties {
		if kind := (spot{schemas: parts(property)}).says(extSecret); kind != "" && kinds[name] == "" {
			kinds[name] = kind
		}
	}
	for _, child := range children(ref.Value) {
		secretNames(child, kinds)
	}
	return schemaExtension(ref, extSecret)
}

// xmlText is an element of XML with nothing but text in it, or cut within that.
var xmlText = regexp.MustCompile(`<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>([^<>]+)`)

type finder struct {
	kinds map[string]string
	found []Secret
}

func (f *finder) add(kind, value string) {
	secret := Secret{kind, value}
	if value != "" && !slices.Contains(f.found, secret) {
		f.found = append(f.found, secret)
	}
}

// tokens goes through the JSON values of a body, and tells whether it got to the end. A name may come twice, and
// values may follow each other. What stands below a secret member is of its kind.
func (f *finder) tokens(body []byte) bool {
	d := tokensOf(body)
	next := []string{""} // the kind of the next value, by depth
	for {
		token, err := d.ReadToken()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		depth := d.StackDepth()
		switch open := token.Kind(); {
		case open == '{' || open == '[':
			next = append(next[:depth], next[depth-1])
		case isName(d, token):
			next[depth] = cmp.Or(next[depth-1], f.kinds[token.String()])
		case (open == '"' || open == '0') && next[depth] != "":
			f.add(next[depth], token.String())
		}
	}
}

// member finds a name with a text value in anything that looks like JSON, also when it is cut within the value.
var member = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"\s*:\s*"((?:[^"\\]|\\.)*)`)

// text searches a body that is not JSON throughout. Quoting that is itself quoted is followed one level down.
func (f *finder) text(body []byte) {
	for _, form := range [][]byte{body, bytes.ReplaceAll(body, []byte(`\"`), []byte(`"`))} {
		for _, m := range member.FindAllSubmatch(form, -1) {
			kind := f.kinds[string(m[1])]
			if kind == "" {
				continue
			}
			var value string
			if json.Unmarshal(slices.Concat([]byte{'"'}, m[2], []byte{'"'}), &value) == nil {
				f.add(kind, value)
			}
			f.add(kind, string(m[2]))
		}
	}
	for _, m := range xmlText.FindAllSubmatch(body, -1) {
		if kind := f.kinds[string(m[1])]; kind != "" {
			f.add(kind, html.UnescapeString(string(bytes.TrimSpace(m[2]))))
		}
	}
}
