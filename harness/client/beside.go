package client

import (
	"cmp"
	"iter"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/redact"
	"example.org/conform/openapi"
)

// Beside are the secrets that an answer hands out beside those of its contract: its cookies, headers whose names say that they hold a
// credential, and, where the operation hands out credentials, whatever looks random in the other headers and in what the
// contract has no name for in the body. What is of use to whoever reads the server's log, an identifier of a request, stays readable.
func (a *Answer) Beside(doc *openapi.Document) (found []openapi.Secret) {
	known := map[openapi.Secret]bool{}
	add := func(kind, value string) {
		if len(kind) > longestKind {
			kind = ""
		}
		kind = strings.Trim(unnamed.ReplaceAllString(strings.ToLower(kind), "-"), "-.")
		if kind == "" || kind[0] < 'a' || kind[0] > 'z' {
			kind = "beside"
		}
		if s := (openapi.Secret{Kind: kind, Value: value}); !known[s] {
			known[s] = true
			found = append(found, s)
		}
	}
	hand := a.Operation.HandsOut()
	if hand == nil && len(a.Differences) > 0 && a.Status/100 == 2 { // it may be what another operation hands out
		for _, op := range doc.Operations() {
			if h := op.HandsOut(); h != nil && h.Value.Member() != "" && len(op.Validate(openapi.Answer{Status: op.Success(), Header: a.Header, Body: a.Body})) == 0 {
				found = append(found, op.SecretsIn(a.Body, true, op.Success())...)
			}
		}
	}
	for _, line := range a.Header.Values("Set-Cookie") {
		before, value, _ := cookie(line)
		switch {
		case hand != nil && strings.EqualFold(string(hand.Value), "$response.cookie."+strings.TrimSuffix(before, "=")):
			add(hand.Kind, value)
		case telling(value):
			add("cookie", value)
		}
	}
	for name, values := range a.Header {
		for _, value := range values {
			switch {
			case name == "Set-Cookie":
			case challenge(name):
				for word := range inChallenge(value) {
					add("challenge", word)
				}
			case ofCredential(name):
				_, last, _ := strings.Cut(value, " ") // a scheme may stand before it
				if last = cmp.Or(strings.TrimSpace(last), value); telling(last) {
					add(name, last)
				}
			case hand != nil && !ofLogs.MatchString(name) && !isMoment(value):
				if doc.Describes(name) && a.Status/100 != 3 { // where it is redirected to, no document says
					value = queried(value) // nor does any expect a query, or a fragment
				}
				for word := range redact.RandomWords(value) {
					add(name, word)
				}
			}
		}
	}
	if hand == nil || a.Err != nil && a.Begun == 0 {
		return found
	}
	for _, t := range a.Operation.Undescribed(max(a.Status, a.Begun), a.Body) {
		if ofLogs.MatchString(t.Name) {
			continue
		}
		for word := range redact.RandomWords(t.Text) {
			add(t.Name, word)
		}
	}
	return found
}

// queried is what stands in a URL behind its path.
func queried(url string) string {
	if i := strings.IndexAny(url, "?#"); i >= 0 {
		return url[i+1:]
	}
	return ""
}

// longestKind is the length of what could be a name, of which a secret may have its own.
const longestKind = 64

var (
	// unnamed is what the name of a secret does not have.
	unnamed = regexp.MustCompile(`[^a-z0-9._-]+`)
	// ofLogs are headers that name an exchange, a machine, a version or the state of a resource, with what a body says of the same.
	ofLogs = regexp.MustCompile(`(?i)(request|correlation|trace|span|transaction|activity|log)[-_]?(id|parent|state)?$|` +
		`^(traceparent|tracestate|etag|via|cf-ray|nel|report-to|content-.*|access-control-.*|` +
		`.*(version|build|server|node|host|backend|instance|cache|upstream|served-by).*)$`)
)

// ofCredential reports whether the name of a header says that it holds a credential. It is asked of every header of every answer.
func ofCredential(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{
		"token", "session", "ticket", "secret", "apikey", "api-key", "auth", "jwt", "credential", "xsrf", "csrf",
	}, func(word string) bool { return strings.Contains(name, word) })
}

// inChallenge are the words of a challenge that look random. The name of a scheme is nobody's secret, however it looks, nor are the steps of
// NTLM and of Negotiate.
func inChallenge(value string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for part := range strings.SplitSeq(value, ",") {
			part = strings.TrimSpace(part)
			scheme, rest, named := strings.Cut(part, " ")
			switch lower := strings.ToLower(scheme); {
			case lower == "ntlm", lower == "negotiate", !named && !strings.ContainsAny(part, "=0123456789"):
				continue
			case named && !strings.Contains(scheme, "="):
				part = rest
			}
			for word := range redact.RandomWords(part) {
				if !yield(word) {
					return
				}
			}
		}
	}
}

// challenge reports whether a header asks for credentials.
func challenge(name string) bool { return name == "Www-Authenticate" || name == "Proxy-Authenticate" }

// isMoment reports whether a header says no more than a time.
func isMoment(value string) bool {
	if _, err := http.ParseTime(value); err == nil {
		return true
	}
	_, err := time.Parse(time.RFC3339Nano, value)
	return err == nil
}

// telling reports whether a value is known again where it turns up elsewhere, and not a word that stands anywhere.
func telling(value string) bool {
	const short = 12
	return redact.LooksRandom(value) || len(value) >= short && strings.ContainsAny(value, "0123456789") && strings.ContainsFunc(value, isLetter)
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// cookie takes the line of a cookie apart: up to its value, the value, and the rest.
func cookie(line string) (name, value, rest string) {
	end := strings.IndexByte(line+";", ';')
	at := strings.IndexByte(line[:end], '=') + 1
	return line[:at], strings.Trim(line[at:end], ` "`), line[end:]
}

// noCookie is what stands in the evidence for the value of a cookie that no secret is known by.
const noCookie = "‹cookie›"

// withoutCookie is a header's value, scrubbed, in which no value of a cookie is left: what a browser would send back is nobody
// else's, however it looks.
func withoutCookie(name, value string) string {
	switch name {
	case "Set-Cookie":
		before, inner, rest := cookie(value)
		if inner == "" || strings.HasPrefix(inner, "‹") {
			return value
		}
		return before + noCookie + rest
	case "Cookie":
		pairs := strings.Split(value, ";")
		for i, pair := range pairs {
			if before, inner, _ := cookie(pair); inner != "" && !strings.HasPrefix(inner, "‹") {
				pairs[i] = before + noCookie
			}
		}
		return strings.Join(pairs, ";")
	}
	return value
}
