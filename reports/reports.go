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
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

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

// ErrClaimed is the error of a folder into which another process writes its reports.
var ErrClaimed = errors.New("another run is writing its reports into this folder; wait for its end, or give this one a folder of its own")

// Claim takes a folder, which it creates, for the reports of one run, until release is called or the process ends, however it ends. It
// fails with ErrClaimed where another has it. Where the file system or the system knows no locks, everybody gets it.
func Claim(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the folder for the reports: %w", err)
	}
	folder, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the folder for the reports: %w", err)
	}
	if err := lock(folder); err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	return sync.OnceFunc(func() { _ = folder.Close() }), nil
}

// Clear removes the reports of an earlier run from a folder, so that none of them passes for one of a run that does not come to write its
// own. A file of the same name that no run has written stays, and so does what a link leads to.
func Clear(dir string) error {
	var failures []error
	for _, a := range artefacts {
		path := filepath.Join(dir, a.name)
		if head, err := headOf(path); err == nil && strings.Contains(head, a.mark) {
			failures = append(failures, os.Remove(path))
		}
	}
	return errors.Join(failures...)
}

// headOf is the first of a file, in which each artefact has its mark.
func headOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	head, err := io.ReadAll(io.LimitReader(f, 8<<10))
	return string(head), err
}

// Write writes the artefacts of the report into dir, which it creates: those of the names in only, or all of them. A
// file appears whole or not at all, and replaces the one of an earlier run. Every writer is tried; the error joins what
// failed, so one failure loses nothing else. The report must be free of secrets: the writers change no text.
func Write(dir string, r *verdict.Report, only []string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the report directory: %w", err)
	}
	var failures []error
	for _, a := range artefacts {
		if len(only) > 0 && !slices.Contains(only, a.name) {
			continue
		}
		// A report is for the whole team, and for the build server that collects it.
		err := WriteFile(filepath.Join(dir, a.name), 0o644, func(w io.Writer) error { return a.write(w, r) })
		if err != nil {
			failures = append(failures, fmt.Errorf("writing %s: %w", a.name, err))
		}
	}
	return errors.Join(failures...)
}

// WriteFile stores a file of the mode in one step: a reader sees the old file or the new one, whole.
func WriteFile(path string, mode fs.FileMode, write func(io.Writer) error) (err error) {
	name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%08x", filepath.Base(path), rand.Uint32()))
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode) // less what the user's mask takes away
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
