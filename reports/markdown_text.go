package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// markdownEscapes takes the meaning from what Markdown and the HTML in it would obey, so that a server's answer can
// make no link, no image, no mention and no table cell. A numeric reference works where a backslash does not: in a
// table, before a digit and at the start of a line.
var markdownEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "\\", "&#92;", "`", "&#96;", "*", "&#42;", "_", "&#95;",
	"[", "&#91;", "]", "&#93;", "#", "&#35;", "@", "&#64;", "~", "&#126;", "://", "&#58;//", "www.", "www&#46;", "$", "&#36;",
)

// cell makes a text safe within a table cell, on one line, with at most limit bytes of the text.
func cell(text string, limit int) string {
	return markdownEscapes.Replace(printable(shortened(evidence.OneLine(text), limit)))
}

// code sets a text as code. HTML's element takes escapes within it, which backticks do not.
func code(text string, limit int) string { return "<code>" + cell(text, limit) + "</code>" }

// capital begins a text with a capital letter.
func capital(text string) string {
	word, _, _ := strings.Cut(text, " ")
	if strings.Contains(word, "://") {
		return text // an address is written as it is
	}
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 || first == utf8.RuneError {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// verdictWords says an outcome in words.
func verdictWords(o verdict.Outcome) string {
	switch o {
	case verdict.Conformant:
		return "conformant"
	case verdict.Nonconformant:
		return "not conformant"
	default:
		return "incomplete"
	}
}
