package reports

import (
	"fmt"
	"io"
	"strings"

	"example.org/conform/harness/verdict"
)

// markdownLimit is the longest summary, in bytes. GitHub takes 64 KiB in a comment; a reader wants far less.
const markdownLimit = 56 << 10

// markdownMark is what a summary begins with (see its template), which no reader sees.
const markdownMark = "<!-- conform -->"

// Markdown writes the summary for a pull request or a step summary: the verdict, the totals, and what a reader has to
// act on. It stays under 60 KB whatever the report holds, and says what it left out.
func Markdown(w io.Writer, r *verdict.Report) error {
	type problems struct {
		Title  string
		Status verdict.Status
	}
	view := struct {
		*sheet
		*verdict.Report
		Names    map[*verdict.Run]string
		Several  bool
		Problems []problems
		Lacks    []*lack
	}{sheet: &sheet{}, Report: r, Names: runNames(r), Several: len(r.Runs) > 1, Lacks: lacks(r), Problems: []problems{
		{"Failed", verdict.Failed}, {"Could not be judged", verdict.Inconclusive}, {"Warnings", verdict.Warned},
	}}
	return view.write(w, MarkdownFile, view)
}

// lack is what skipped checks lack of the target: one addition often switches on many.
type lack struct {
	Reason, Remedy string
	Checks         int
}

func lacks(r *verdict.Report) []*lack {
	var all []*lack
	at := map[lack]*lack{}
	for _, c := range r.Checks(verdict.Skipped) {
		key := lack{Reason: c.Reason, Remedy: c.Remedy}
		if at[key] == nil {
			at[key] = &lack{Reason: c.Reason, Remedy: c.Remedy}
			all = append(all, at[key])
		}
		at[key].Checks++
	}
	return all
}

// sheet is a Markdown text that keeps under markdownLimit: its template asks before each section whether that still fits,
// and rows and lines are empty when they do not. What is left out is counted.
type sheet struct {
	text strings.Builder
	Left int
}

func (s *sheet) Fits(lines int) bool {
	if s.text.Len() > markdownLimit-1024 {
		s.Left += lines
		return false
	}
	return lines > 0
}

func (s *sheet) Keep(line string) string {
	if s.text.Len()+len(line) >= markdownLimit {
		s.Left++
		return ""
	}
	return line + "\n"
}

func (s *sheet) Row(cells ...any) string {
	return s.Keep(fmt.Sprintf("|"+strings.Repeat(" %v |", len(cells)), cells...))
}

// write fills the sheet by a template, whose view it is a part of.
func (s *sheet) write(w io.Writer, name string, view any) error {
	if err := fill(&s.text, name, view); err != nil {
		return err
	}
	_, err := io.WriteString(w, s.text.String())
	return err
}

// total is the number of checks of a status.
func total(r *verdict.Report, of verdict.Status) int {
	n := 0
	for range r.Checks(of) {
		n++
	}
	return n
}

// markdownEscapes takes the meaning from what Markdown and the HTML in it would obey, so that a server's answer can
// make no link, no image, no mention and no table cell. A numeric reference works where a backslash does not: in a
// table, before a digit and at the start of a line.
var markdownEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "&#124;", "\\", "&#92;", "`", "&#96;", "*", "&#42;", "_", "&#95;",
	"[", "&#91;", "]", "&#93;", "#", "&#35;", "@", "&#64;", "~", "&#126;", "://", "&#58;//", "www.", "www&#46;", "$", "&#36;",
)

// cell makes a text safe within a table cell, on one line, with at most limit bytes of the text.
func cell(text string, limit int) string { return markdownEscapes.Replace(line(text, limit)) }

// code sets a text as code. HTML's element takes escapes within it, which backticks do not.
func code(text string, limit int) string { return "<code>" + cell(text, limit) + "</code>" }

// titled is the cell of a check.
func titled(title, id string) string { return cell(title, 200) + "<br>" + code(id, 160) }

// waivable counts what failed and what a waiver may excuse: it excuses servers, and no client.
func waivable(r *verdict.Report) (n int) {
	for _, c := range r.Checks(verdict.Failed) {
		if c.Subject != "client" {
			n++
		}
	}
	return n
}
