package reports

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// secretName is the form in which evidence shows a secret.
var secretName = regexp.MustCompile(`‹([A-Za-z][A-Za-z0-9 ._-]*)›`)

// escapedName is the same after a URL library has percent-encoded it.
var escapedName = regexp.MustCompile(`(?i)%E2%80%B9([A-Za-z][A-Za-z0-9._-]*)%E2%80%BA`)

// restoredNames takes the percent-encoding from the names of secrets, and from nothing else.
func restoredNames(text string) string { return escapedName.ReplaceAllString(text, "‹$1›") }

// variable is the environment variable that stands for a secret's name.
func variable(name string) string {
	return "CONFORM_" + noVariable.ReplaceAllString(strings.ToUpper(name), "_")
}

var noVariable = regexp.MustCompile(`[^A-Z0-9]`)

// plainWord needs no quotes in any shell.
var plainWord = regexp.MustCompile(`^[A-Z]+$`)

// word writes a text as one shell word: literal parts in single quotes, in which a shell reads nothing, and each
// secret's name as its variable in double quotes.
func (c *curl) word(text string) string { return c.words(text, `"${%s:?}"`) }

// jsonWord is word for a text in which the secrets stand within JSON strings.
func (c *curl) jsonWord(text string) string { return c.words(text, `"$(json "${%s:?}")"`) }

func (c *curl) words(text, expansion string) string {
	if plainWord.MatchString(text) {
		return text
	}
	var b strings.Builder
	from := 0
	literal := func(to int) {
		if from < to {
			b.WriteString(quoted(text[from:to]))
		}
	}
	for _, at := range secretName.FindAllStringSubmatchIndex(text, -1) {
		name := variable(text[at[2]:at[3]])
		c.variables = append(c.variables, name)
		literal(at[0])
		fmt.Fprintf(&b, expansion, name)
		from = at[1]
	}
	literal(len(text))
	return cmp.Or(b.String(), "''")
}

// quoted puts a text in single quotes. A single quote in it is written outside of them.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// jsonFunction escapes a secret for a JSON string.
const jsonFunction = `json() { printf %s "$1" | sed 's/[\\"]/\\&/g'; }`

func (c *curl) body(b *evidence.Body) {
	if b.Binary || b.Cut {
		c.comments = append(c.comments, "# the evidence does not hold the whole body: put the "+verdict.Count(b.Size, "byte", "bytes")+" that were sent into body.bin")
		c.arguments = append(c.arguments, "--data-binary @body.bin")
		return
	}
	kind, text := strings.ToLower(header(c.request.Headers, "Content-Type")), strings.TrimSpace(b.Text)
	switch {
	case !secretName.MatchString(b.Text):
		c.add("--data-raw", b.Text)
	case strings.Contains(kind, "x-www-form-urlencoded"):
		c.pairs(b.Text, "--data-raw", "", "--data-urlencode")
	case strings.Contains(kind, "json") || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") || strings.HasPrefix(text, `"`):
		c.comments = append(c.comments, jsonFunction)
		c.arguments = append(c.arguments, "--data-raw "+c.jsonWord(b.Text))
	default:
		c.add("--data-raw", b.Text)
	}
}
