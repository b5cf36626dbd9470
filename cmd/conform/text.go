package main

import (
	"embed"
	"fmt"
	"io"
	"strings"
	"text/template"
)

//go:embed text
var texts embed.FS

// writeText writes a text by its template of that name, which has the words for it. It is written whole or not at all.
func writeText(w io.Writer, name string, view any, words template.FuncMap) error {
	t, err := template.New(name).Funcs(words).ParseFS(texts, "text/"+name)
	if err != nil {
		return fmt.Errorf("reading a template: %w", err)
	}
	var text strings.Builder
	if err := t.Execute(&text, view); err != nil {
		return fmt.Errorf("filling a template: %w", err)
	}
	_, err = io.WriteString(w, text.String())
	return err
}
