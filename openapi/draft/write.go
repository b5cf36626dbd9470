package draft

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"example.org/conform/openapi"
	"example.org/conform/openapi/survey"
)

// width is where comments are folded.
const width = 118

// Write writes the draft as an overlay for the document under a name. Its comments are questions, and what was seen and not proposed.
func (r *Draft) Write(d *survey.Document, file string) string {
	var to strings.Builder
	comment := func(indent, text string) {
		for i, line := range folded(printable(text), width-len(indent)) {
			if i > 0 {
				line = "  " + line
			}
			to.WriteString(indent + "# " + line + "\n")
		}
	}
	questions := 0
	for _, a := range r.actions {
		questions += len(a.questions)
	}
	comment("", fmt.Sprintf("What %s seems to say of its credentials, guessed from names, schemas, security and links. Read each action, answer the %s, "+
		"and take out what is wrong; openapi/doc.go explains the extensions.", clean(file), counted(questions, "question")))
	comment("", "Then: conform contract lint "+clean(file)+" --overlay THIS-FILE")
	to.WriteString(body(yaml.MapSlice{
		{Key: "overlay", Value: "1.0.0"},
		{Key: "info", Value: item("title", "The life of credentials in "+clean(title3(d)), "version", "0.1.0")},
		{Key: "extends", Value: "./" + file},
	}, ""))
	if len(r.actions) == 0 {
		to.WriteString("actions: []\n")
	} else {
		to.WriteString("actions:\n")
	}
	for _, a := range r.actions {
		to.WriteString("\n")
		for _, question := range a.questions {
			comment("  ", "Question: "+question)
		}
		says := item("target", a.target, "description", a.why)
		if a.remove {
			says = append(says, yaml.MapItem{Key: "remove", Value: true})
		} else {
			says = append(says, yaml.MapItem{Key: "update", Value: a.update})
		}
		text := body(says, "    ")
		to.WriteString("  - " + strings.TrimPrefix(text, "    "))
	}
	if len(r.notes) > 0 {
		to.WriteString("\n")
		comment("", "Seen, and not proposed:")
		for _, note := range r.notes {
			comment("", "- "+note)
		}
	}
	return to.String()
}

// title3 is the document's own title.
func title3(d *survey.Document) string {
	if text := d.Get("info").Get("title").Text(); text != "" {
		return text
	}
	return "the API"
}

// body is a mapping as YAML, indented.
func body(m yaml.MapSlice, indent string) string {
	var to strings.Builder
	for line := range strings.Lines(openapi.WriteYAML(m)) {
		to.WriteString(indent + line)
	}
	return to.String()
}

func counted(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprint(n, " ", unit, "s")
}

// folded is a text in lines of a width at most, where its words allow.
func folded(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width-2 {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
