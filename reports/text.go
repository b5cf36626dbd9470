package reports

import (
	"cmp"
	"embed"
	"fmt"
	"io"
	"strings"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"

	"example.org/conform/harness/evidence"
	"example.org/conform/harness/verdict"
)

// words are what the templates of all reports have to say things with.
var words = map[string]any{
	"contains": strings.Contains, "join": strings.Join, "upper": strings.ToUpper,
	"short": shortened, "oneline": evidence.OneLine, "line": line, "printable": printable, "capital": capital, "json": jsonText,
	"cell": cell, "code": code, "titled": titled, // Markdown
	"count": verdict.Count, "total": total, "waivable": waivable, "figures": figures, "span": span, "date": date,
	"mark": mark, "status": StatusWord, "outcome": OutcomeWord, "emblem": emblem, "headline": headline, "entry": WaiverEntry,
	"answer": answer, "header": header, "note": bodyNote, "query": query, "address": parsable, "madeUp": madeUp, // of an exchange
	"sections": sections, "step": step, "news": news, "seen": seen, // of a difference
	"sign": func(k verdict.Kill) string {
		return map[verdict.Kill]string{verdict.Killed: "+", verdict.KilledByOthers: "o", verdict.Survived: "-"}[k]
	},
	"covers": func(run verdict.Run) string { // what follows the word of the verdict
		said := strings.TrimPrefix(run.Title(), string(run.Verdict))
		colon, rest, _ := strings.Cut(said, " ")
		if rest == "" {
			return cell(said, 400)
		}
		return colon + " " + cell(rest, 400)
	},
	"named":  func(names map[*verdict.Run]string, run *verdict.Run) string { return names[run] },
	"next":   func(i int) int { return i + 1 },
	"lasted": func(e evidence.Exchange) float64 { return max(e.DurationMs, 0) },
}

//go:embed text
var files embed.FS

// texts are the templates of all reports but the page.
var texts = template.Must(template.New("").Funcs(words).ParseFS(files, "text/*"))

// fill writes a text by its template.
func fill(w io.Writer, name string, view any) error {
	if err := texts.ExecuteTemplate(w, name, view); err != nil {
		return fmt.Errorf("filling %s: %w", name, err)
	}
	return nil
}

// filled is a text by its template, or why there is none.
func filled(name string, view any) string {
	var text strings.Builder
	if err := fill(&text, name, view); err != nil {
		return err.Error()
	}
	return text.String()
}

// shortened cuts a text after limit bytes, between characters, and says how much it left out.
func shortened(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return cut(text, limit) + "… (" + verdict.Count(len(text)-limit, "byte", "bytes") + " more)"
}

// cut is the longest part of the text that has at most limit bytes and ends between characters.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// line is a text from anywhere on one printable line of at most limit bytes.
func line(text string, limit int) string { return printable(shortened(evidence.OneLine(text), limit)) }

// printable replaces the characters that XML 1.0 cannot hold, even escaped: control characters become their Unicode
// pictures (U+2400 and on), so that the reader still sees that there was one; the rest becomes U+FFFD.
func printable(text string) string { return strings.Map(inPrint, strings.ToValidUTF8(text, "\uFFFD")) }

// inPrint is one character of it.
func inPrint(c rune) rune {
	switch {
	case c == '\t', c == '\n':
		return c
	case c < 0x20: // a carriage return too: an XML parser would make a line feed of it
		return 0x2400 + c
	case c == 0x7f:
		return 0x2421
	case obeyed(c), c == 0xfffe, c == 0xffff:
		return unicode.ReplacementChar
	}
	return c
}

// obeyed reports whether a character is none that is read: a control character, which terminals may obey, or one that turns the text
// around it.
func obeyed(c rune) bool {
	return c < 0x20 && c != '\t' && c != '\n' || c >= 0x7f && c <= 0x9f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069
}

// readable has what is written be printable.
var readable = runes.Map(inPrint)

// capital begins a text with a capital letter.
func capital(text string) string {
	word, _, _ := strings.Cut(text, " ")
	first, size := utf8.DecodeRuneInString(text)
	if strings.Contains(word, "://") || first == utf8.RuneError { // an address is written as it is
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// span writes a time in milliseconds as people say it.
func span(ms float64) string {
	switch d := time.Duration(ms * float64(time.Millisecond)); {
	case ms <= 0:
		return "0 ms"
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", ms/1000)
	default:
		return d.Round(time.Second).String()
	}
}

// mark is the sign of a status, so that colour alone says nothing.
func mark(s verdict.Status) string {
	signs := map[verdict.Status]string{
		verdict.Passed: "✓", verdict.Failed: "✕", verdict.Warned: "!", verdict.Noted: "i", verdict.Skipped: "–", verdict.Waived: "~",
	}
	return cmp.Or(signs[s], "?")
}

// StatusWord is a status as people read it, in the page and in the terminal.
func StatusWord(s verdict.Status) string {
	words := map[verdict.Status]string{verdict.Warned: "Warning", verdict.Inconclusive: "Not judged"}
	return cmp.Or(words[s], capital(string(s)))
}

// OutcomeWord is an outcome as people read it, in the page and in the terminal.
func OutcomeWord(o verdict.Outcome) string {
	words := map[verdict.Outcome]string{verdict.Conformant: "conformant", verdict.Nonconformant: "not conformant"}
	return cmp.Or(words[o], "incomplete")
}

// emblem is the sign of an outcome in a summary.
func emblem(o verdict.Outcome) string {
	return map[verdict.Outcome]string{verdict.Conformant: "✅", verdict.Nonconformant: "❌", verdict.Incomplete: "⚠️"}[o]
}
