package reports

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
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
func (c *Command) word(text string) string { return c.words(text, `"${%s:?}"`) }

// words is word with another expansion of the variables.
func (c *Command) words(text, expansion string) string {
	if plainWord.MatchString(text) {
		return text
	}
	var b strings.Builder
	from := 0
	literal := func(to int) {
		if from < to { // a single quote in it is written outside of the quotes
			b.WriteString("'" + strings.ReplaceAll(text[from:to], "'", `'\''`) + "'")
		}
	}
	for _, at := range secretName.FindAllStringSubmatchIndex(text, -1) {
		name := variable(text[at[2]:at[3]])
		c.Variables = append(c.Variables, name)
		literal(at[0])
		fmt.Fprintf(&b, expansion, name)
		from = at[1]
	}
	literal(len(text))
	return cmp.Or(b.String(), "''")
}
