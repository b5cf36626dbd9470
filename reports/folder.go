package reports

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

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
// own, and what a run that was killed has begun. A file of the same name that no run has written stays, and so does what a link leads to.
func Clear(dir string) error {
	var failures []error
	for _, a := range artefacts {
		path := filepath.Join(dir, a.name)
		if head, err := headOf(path); err == nil && strings.Contains(head, a.mark) {
			failures = append(failures, os.Remove(path))
		}
	}
	entries, _ := os.ReadDir(dir) // a folder that is not there, or shows nothing, has nothing to remove
	for _, e := range entries {
		if e.Type().IsRegular() && unfinished(e.Name()) {
			failures = append(failures, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(failures...)
}

// Foreign names what stands in a folder where reports are to be written, those of the names in only or all, and what no run has written:
// to write them would take it away. An empty file holds nothing to lose.
func Foreign(dir string, only []string) (names []string) {
	for _, name := range selected(only) {
		path := filepath.Join(dir, name)
		info, err := os.Lstat(path)
		if err != nil || info.Mode().IsRegular() && info.Size() == 0 {
			continue
		}
		mark := artefacts[slices.Index(Files(), name)].mark
		if head, err := headOf(path); err != nil || !strings.Contains(head, mark) {
			names = append(names, name)
		}
	}
	return names
}

// room is how much a folder must be able to take before a run begins: the reports of a few checks.
const room = 256 << 10

// Probe tries to write into a folder as reports are written: better now than when the run is over and its reports have nowhere to go.
func Probe(dir string) error {
	path := filepath.Join(dir, probe)
	err := WriteFile(path, 0o600, func(w io.Writer) error {
		_, err := w.Write(make([]byte, room))
		return err
	})
	if err != nil {
		return err
	}
	return os.Remove(path)
}

// probe is the name of the file that Probe writes.
const probe = ".conform-probe"

// begun are the names of files that are being written, with those that they are to have.
var begun = regexp.MustCompile(`^\.conform-[0-9a-f]{8}-(.+)$`)

// beginning is a name for a file that is being written.
func beginning(path string) string {
	return filepath.Join(filepath.Dir(path), fmt.Sprintf(".conform-%08x-%s", rand.Uint32(), filepath.Base(path)))
}

// unfinished reports whether a name is that of a file which a run makes for itself, and leaves only where it was killed.
func unfinished(name string) bool {
	of := begun.FindStringSubmatch(name)
	return name == probe || of != nil && (of[1] == probe || slices.Contains(Files(), of[1]))
}

// headOf is the first of a file, in which each artefact has its mark. What is no file has none: a pipe would be read for ever.
func headOf(path string) (string, error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return "", errors.Join(err, fs.ErrInvalid)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	head, err := io.ReadAll(io.LimitReader(f, 8<<10))
	return string(head), err
}
