package hostile

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"
)

// shortest is the number of bytes below which nothing is a secret by itself.
const shortest = 8

// carriers are the members of bodies that hold secrets with any of the vendors.
var carriers = []string{"password", "sessionId", "token", "id", "auth", "apiToken", "basicAuthenticationCredentials"}

// Secrets are what a request holds that its client would not have told: credentials and passwords.
func Secrets(header http.Header, query url.Values, body []byte) (all []string) {
	for name, values := range header {
		if !strings.Contains(strings.ToLower(name), "authorization") {
			continue
		}
		for _, value := range values {
			_, credential, hasScheme := strings.Cut(value, " ")
			if !hasScheme {
				credential = value
			}
			all = append(all, credential)
			if pair, err := base64.StdEncoding.DecodeString(credential); err == nil {
				_, password, _ := strings.Cut(string(pair), ":")
				all = append(all, password)
			}
		}
	}
	all = append(all, query["token"]...)
	return slices.DeleteFunc(append(all, Handed(body)...), func(s string) bool { return len(s) < shortest })
}

// Handed are the secrets in a body: the members of an object that are called so, or all of what is a bare word.
func Handed(body []byte) (all []string) {
	var v any
	if json.Unmarshal(body, &v) != nil {
		v = string(body)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range carriers {
			for has, value := range v {
				if s, isText := value.(string); isText && strings.EqualFold(has, name) {
					all = append(all, s)
				}
			}
		}
	case string:
		if !strings.ContainsAny(v, " \r\n\t<{") {
			all = append(all, v)
		}
	}
	return slices.DeleteFunc(all, func(s string) bool { return len(s) < shortest })
}

// sent are the secrets of the request, and fresh those that the answer hands out.
func (t *turn) sent() []string {
	var body []byte
	if t.Request.GetBody != nil {
		again, _ := t.Request.GetBody() // of bytes: there is no error
		body, _ = io.ReadAll(again)
	}
	return Secrets(t.Request.Header, t.Request.URL.Query(), body)
}

func (t *turn) fresh() []string { return Handed(t.Answer.Body) }

// forms are the ways to write a secret that any reader knows to undo.
func forms(secret string) []string {
	var percent, characters strings.Builder
	for i := range len(secret) {
		percent.WriteString("%" + hex.EncodeToString([]byte{secret[i]}))
	}
	for _, unit := range utf16.Encode([]rune(secret)) {
		characters.WriteString(`\u` + hex.EncodeToString([]byte{byte(unit >> 8), byte(unit)}))
	}
	quoted, _ := json.Marshal(secret) // a string can be written
	wide := strings.TrimPrefix(wide16(secret), "\xff\xfe")
	return []string{
		secret, percent.String(), url.QueryEscape(secret), characters.String(), strings.Trim(string(quoted), `"`), html.EscapeString(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("user:" + secret + "!")), base64.StdEncoding.EncodeToString([]byte(wide)),
		hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))),
	}
}

// place is where secrets are put; it is given all of them in one line.
type place struct {
	name, story string
	put         func(line string) says
}

// readable are the places that leave an answer as good as it was, so that a run goes on with all of them.
var readable = []string{"reason", "field", "cookie", "date", "media-type", "trailer", "json-member", "interim", "behind-the-end"}

// echoes are answers that send the secrets of their requests back, under every encoding, and those that put what they hand out where
// nobody looks for it.
func echoes() (rows []row) {
	field := func(name string) func(string) says {
		return func(line string) says { return with(text(name + line + "\r\n")) }
	}
	body := func(media, before, after string) func(string) says {
		return func(line string) says {
			return answered(media, "", func(*turn) string { return before + line + after })
		}
	}
	for _, p := range []place{
		{"reason", "as its reason", func(line string) says { return reasoned(text(line)) }},
		{"status-code", "in place of the status", func(line string) says { return begun(text("HTTP/1.1 " + line + " OK")) }},
		{"version", "in place of the version", func(line string) says { return begun(text(line + " 200 OK")) }},
		{"field", "in a field", field("X-Echo: ")},
		{"cookie", "in a cookie", field("Set-Cookie: a=")},
		{"location", "in Location", func(line string) says {
			return func(t *turn) bool { return refused(302, text("Location: /moved?token="+line+"\r\n"))(t) }
		}},
		{"challenge", "in a challenge", func(line string) says { return refused(401, text("WWW-Authenticate: Basic realm=\""+line+"\"\r\n")) }},
		{"retry-after", "in Retry-After", func(line string) says { return refused(429, text("Retry-After: "+line+"\r\n")) }},
		{"field-without-colon", "in a line that is no field", func(line string) says {
			return with(text(strings.ReplaceAll(line, ":", "=") + "\r\n"))
		}},
		{"field-name", "in the name of a field", func(line string) says { return with(text(strings.ReplaceAll(line, ":", "=") + ": v\r\n")) }},
		{"date", "as its Date", func(line string) says {
			return func(t *turn) bool {
				t.Answer.Header.Set("Date", line)
				return t.plain()
			}
		}},
		{"media-type", "in the media type", func(line string) says {
			return answered("application/json; charset=\""+line+"\"", "", func(t *turn) string { return t.body() })
		}},
		{"content-coding", "as the content coding", field("Content-Encoding: ")},
		{"content-length", "as the length of the body", func(line string) says { return framed("Content-Length: "+line+"\r\n", nil) }},
		{"transfer-encoding", "as the transfer coding", func(line string) says { return framed("Transfer-Encoding: "+line+"\r\n", nil) }},
		{"chunk-size", "as the size of a chunk", func(line string) says {
			return chunked(func(t *turn) pieces { return text(line + "\r\n" + t.body() + "\r\n0\r\n\r\n") })
		}},
		{"chunk-extension", "in the extension of a chunk", func(line string) says {
			return chunked(func(t *turn) pieces { return text("0;a=\"" + line[:min(len(line), 3000)] + "\"\r\n\r\n") })
		}},
		{"trailer", "in a trailer", func(line string) says {
			return chunked(func(t *turn) pieces { return text(chunk(t.body()) + "0\r\nX-Echo: " + line + "\r\n\r\n") })
		}},
		{"trailer-without-colon", "in a trailer that is no field", func(line string) says {
			return chunked(func(t *turn) pieces {
				return text(chunk(t.body()) + "0\r\n" + strings.ReplaceAll(line, ":", "=") + "\r\n\r\n")
			})
		}},
		{"text", "in a text", body("text/plain", "You sent ", ".")},
		{"page", "in a page", body("text/html", "<html><body><p>You sent ", "</body></html>")},
		{"json-broken", "in JSON that breaks off", body("application/json", `{"message": "`, "")},
		{"json-bare", "as a word of JSON", body("application/json", `{"message": `, "}")},
		{"bytes-broken", "among bytes that are no text", body("application/octet-stream", "\x00\xff\xfe\x80", "\x80\xff")},
		{"behind-the-end", "behind the end of the answer", func(line string) says {
			return func(t *turn) bool { return t.say(text(t.Answer.Text()), text(line), text("\r\n")) && false }
		}},
		{"json-member", "as a member of each answer, and as its name", func(line string) says {
			quoted, _ := json.Marshal(line) // a string can be written
			return answered("application/json", "", func(t *turn) string {
				member := string(quoted) + ":" + string(quoted)
				return inserted(t.body(), member, "{"+member+"}")
			})
		}},
		{"utf-16", "in a text in UTF-16", func(line string) says {
			return answered("text/plain", "", func(*turn) string { return wide16("You sent " + line) })
		}},
		{"gzip", "in a text in gzip", func(line string) says {
			return answered("text/plain", "Content-Encoding: gzip\r\n", func(*turn) string { return zip("You sent " + line) })
		}},
		{"interim", "in an interim answer", func(line string) says {
			return func(t *turn) bool {
				return t.say(text("HTTP/1.1 103 Early Hints\r\nX-Echo: "+line+"\r\n\r\n")) && t.plain()
			}
		}},
	} {
		when := often
		if slices.Contains(readable, p.name) {
			when = always
		}
		rows = append(rows,
			row{"echo-in-" + p.name, "sends every secret of a request back, " + p.story, func(t *turn) bool { return p.put(oneLine(t.sent()))(t) }, []moment{when}},
			row{"fresh-in-" + p.name, "puts what it hands out, " + p.story, func(t *turn) bool { return p.put(strings.Join(t.fresh(), " "))(t) }, []moment{granting}},
		)
	}
	return rows
}

// oneLine has every secret in every form.
func oneLine(secrets []string) string {
	var all []string
	for _, s := range secrets {
		all = append(all, forms(s)...)
	}
	return strings.NewReplacer("\r", "", "\n", "").Replace(strings.Join(all, " "))
}
