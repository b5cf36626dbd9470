package reports

import (
	"regexp"
	"strings"

	"example.org/conform/harness/evidence"
)

// secretName is the form in which evidence shows a secret.
var secretName = regexp.MustCompile(`‹([A-Za-z][A-Za-z0-9 ._-]*)›`)

// escapedName is the same after a URL library has percent-encoded it.
var escapedName = regexp.MustCompile(`(?i)%E2%80%B9([A-Za-z][A-Za-z0-9._-]*)%E2%80%BA`)

// restoredNames takes the percent-encoding from the names of secrets, and from nothing else.
func restoredNames(text string) string { return escapedName.ReplaceAllString(text, "‹$1›") }

// variable is the environment variable that stands for a secret's name.
func variable(name string) string {
	return "CONFORM_" + strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z':
			return c - 'a' + 'A'
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			return c
		}
		return '_'
	}, name)
}

// plainWord needs no quotes in any shell.
var plainWord = regexp.MustCompile(`^[A-Z]+$`)

// word writes a text as one shell word: literal parts in single quotes, in which a shell reads nothing, and each
// secret's name as its variable in double quotes.
func (c *curl) word(text string) string {
	return c.words(text, func(name string) string { return `"${` + name + `:?}"` })
}

// jsonWord is word for a text in which the secrets stand within JSON strings.
func (c *curl) jsonWord(text string) string {
	return c.words(text, func(name string) string { return `"$(json "${` + name + `:?}")"` })
}

func (c *curl) words(text string, expansion func(variable string) string) string {
	if plainWord.MatchString(text) {
		return text
	}
	var b strings.Builder
	rest := text
	for _, at := range secretName.FindAllStringSubmatchIndex(text, -1) {
		name := variable(text[at[2]:at[3]])
		c.variables = append(c.variables, name)
		literal := text[len(text)-len(rest) : at[0]]
		if literal != "" {
			b.WriteString(quoted(literal))
		}
		b.WriteString(expansion(name))
		rest = text[at[1]:]
	}
	if rest != "" || b.Len() == 0 {
		b.WriteString(quoted(rest))
	}
	return b.String()
}

// quoted puts a text in single quotes. A single quote in it is written outside of them.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// jsonFunction escapes a secret for a JSON string.
const jsonFunction = `json() { printf %s "$1" | sed 's/[\\"]/\\&/g'; }`

func (c *curl) body(b *evidence.Body) {
	if b.Binary || b.Cut {
		c.comments = append(c.comments, "# the evidence does not hold the whole body: put the "+count(b.Size, "byte", "bytes")+" that were sent into body.bin")
		c.addWord("--data-binary", "@body.bin")
		return
	}
	kind := strings.ToLower(header(c.request.Headers, "Content-Type"))
	switch {
	case !secretName.MatchString(b.Text):
		c.add("--data-raw", b.Text)
	case strings.Contains(kind, "x-www-form-urlencoded"):
		c.form(b.Text)
	case strings.Contains(kind, "json") || looksLikeJSON(b.Text):
		c.comments = append(c.comments, jsonFunction)
		c.addWord("--data-raw", c.jsonWord(b.Text))
	default:
		c.add("--data-raw", b.Text)
	}
}

func (c *curl) form(text string) {
	for part := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(part, "=")
		switch {
		case !secretName.MatchString(part):
			c.add("--data-raw", part)
		case secretName.MatchString(name) || name == "":
			c.add("--data-urlencode", "="+unescaped(part))
		default:
			c.add("--data-urlencode", name+"="+unescaped(value))
		}
	}
}

func looksLikeJSON(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") || strings.HasPrefix(text, `"`)
}
