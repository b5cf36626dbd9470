// Package reports writes what a run came to, for the readers that it has: report.json for programs, junit.xml for
// build servers, index.html for people, summary.md for a pull request and run.har for a browser's developer tools.
// It knows the result model alone, so that a stored report can be written again in any form.
package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"example.org/conform/harness/verdict"
)

// The names of the artefacts in the directory of a run.
const (
	JSONFile     = "report.json"
	JUnitFile    = "junit.xml"
	HTMLFile     = "index.html"
	MarkdownFile = "summary.md"
	HARFile      = "run.har"
)

// Options says how Write treats what it writes.
type Options struct {
	// Scrub takes secrets out of a text. Evidence is redacted when it is made; this is the last net below it, applied
	// to every text of the report before it is rendered and to every rendered artefact before it is stored.
	// Nil leaves texts as they are.
	Scrub func(string) string
	// Only are the names of the artefacts to write; empty means all of them.
	Only []string
}

// Files are the names of all artefacts.
func Files() []string {
	var names []string
	for _, a := range artefacts() {
		names = append(names, a.name)
	}
	return names
}

// artefact is one file of a run and the writer that makes it.
type artefact struct {
	name  string
	write func(io.Writer, *verdict.Report) error
	json  bool // the content is JSON
}

func artefacts() []artefact {
	return []artefact{
		{JSONFile, JSON, true},
		{JUnitFile, JUnit, false},
		{HTMLFile, HTML, false},
		{MarkdownFile, Markdown, false},
		{HARFile, HAR, true},
	}
}

// Write writes every artefact of the report into dir, which it creates. A file appears whole or not at all, and
// replaces the one of an earlier run. Every writer is tried; the error joins what failed, so one failure loses nothing else.
func Write(dir string, r *verdict.Report, opts Options) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the report directory: %w", err)
	}
	if opts.Scrub != nil {
		r = scrubbed(r, opts.Scrub)
	}
	var failures []error
	for _, a := range artefacts() {
		if len(opts.Only) > 0 && !slices.Contains(opts.Only, a.name) {
			continue
		}
		if err := writeArtefact(dir, a, r, opts.Scrub); err != nil {
			failures = append(failures, fmt.Errorf("writing %s: %w", a.name, err))
		}
	}
	return errors.Join(failures...)
}

func writeArtefact(dir string, a artefact, r *verdict.Report, scrub func(string) string) (err error) {
	// A report is data from a server under test: a writer that meets what nobody foresaw must not cost the other files.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the writer broke down: %v", p)
		}
	}()
	var text bytes.Buffer
	if err := a.write(&text, r); err != nil {
		return err
	}
	content := text.Bytes()
	if scrub != nil {
		content = []byte(scrub(text.String()))
		if a.json && !json.Valid(content) {
			return errors.New("the last scrub left no valid JSON: a secret that is as short as a word of the format cannot be taken out of it")
		}
	}
	return replaceFile(filepath.Join(dir, a.name), content)
}

// replaceFile stores content under path in one step: a reader sees the old file or the new one.
func replaceFile(path string, content []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if _, err := f.Write(content); err != nil {
		return errors.Join(err, f.Close())
	}
	// CreateTemp gives 0600; a report is for the whole team, and for the build server that collects it.
	if err := f.Chmod(0o644); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
