// Package reports writes what a run came to, for the readers that it has: report.json for programs, junit.xml for
// build servers, index.html for people, summary.md for a pull request and run.har for a browser's developer tools.
// It knows the result model alone, so that a stored report can be written again in any form.
package reports

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

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

// artefacts are the files of a run, each with the writer that makes it.
var artefacts = []struct {
	name string
	// mark is what the beginning of the file holds, by which a later run knows it.
	mark  string
	write func(io.Writer, *verdict.Report) error
}{
	{JSONFile, `"schema": "` + verdict.Schema[:strings.Index(verdict.Schema, "/")+1], JSON},
	{JUnitFile, `<testsuites name="conform `, JUnit},
	{HTMLFile, `<meta name="generator" content="conform">`, HTML},
	{MarkdownFile, markdownMark, Markdown},
	{HARFile, `"name": "conform"`, HAR},
}

// Files are the names of all artefacts.
func Files() []string {
	var names []string
	for _, a := range artefacts {
		names = append(names, a.name)
	}
	return names
}

// selected are the names in only, in the order in which they are written, or all.
func selected(only []string) []string {
	return slices.DeleteFunc(Files(), func(name string) bool { return len(only) > 0 && !slices.Contains(only, name) })
}

// Unwritten is the error of a report that could not be written.
type Unwritten struct {
	Name string // of the file, in the folder of the run
	Err  error
}

func (u *Unwritten) Error() string { return "writing " + u.Name + ": " + u.Err.Error() }

// Unwrap returns what went wrong.
func (u *Unwritten) Unwrap() error { return u.Err }

// Write writes the artefacts of the report into dir, which it creates: those of the names in only, or all of them. A
// file appears whole or not at all, and replaces the one of an earlier run. Every writer is tried; the error joins one Unwritten for
// each that failed, so one failure loses nothing else. The report must be free of secrets: the writers change no text.
func Write(dir string, r *verdict.Report, only []string) error {
	missing := os.MkdirAll(dir, 0o755)
	var failures []error
	for _, a := range artefacts {
		if !slices.Contains(selected(only), a.name) {
			continue
		}
		err := missing
		if err == nil { // a report is for the whole team, and for the build server that collects it
			err = WriteFile(filepath.Join(dir, a.name), 0o644, func(w io.Writer) error { return a.write(w, r) })
		}
		if err != nil {
			failures = append(failures, &Unwritten{a.name, err})
		}
	}
	return errors.Join(failures...)
}

// WriteFile stores a file of the mode in one step: a reader sees the old file or the new one, whole.
func WriteFile(path string, mode fs.FileMode, write func(io.Writer) error) (err error) {
	f, err := os.OpenFile(beginning(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode) // less what the user's mask takes away
	if err != nil {
		return err
	}
	defer func() {
		// A report is data from a server under test: a writer that meets what nobody foresaw must not cost the other files.
		if p := recover(); p != nil {
			err = fmt.Errorf("the writer broke down: %v", p)
		}
		if err != nil {
			_ = f.Close()
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	text := bufio.NewWriter(f)
	for _, step := range []func() error{
		func() error { return write(text) }, text.Flush, f.Close,
		func() error { return os.Rename(f.Name(), path) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
