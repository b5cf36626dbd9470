package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"example.org/conform/harness/verdict"
	"example.org/conform/reports"
)

// folder is the one into which a run writes its reports, taken for it alone.
type folder struct {
	path    string
	only    []string
	release func()
	is      os.FileInfo // what was taken: the path may come to lead elsewhere
	written []string
}

// take takes a folder for the reports of the names in only, or all, removes those of an earlier run and finds that new ones can be written.
func take(path string, only []string) (*folder, error) {
	f := &folder{path: path, only: only}
	if err := f.claim(); err != nil {
		return nil, err
	}
	err := reports.Clear(path)
	if err != nil {
		err = fmt.Errorf("removing the reports of an earlier run: %w", unwritable(err))
	} else if err = f.own(); err == nil {
		if err = reports.Probe(path); err != nil {
			err = fmt.Errorf("trying to write: %w", unwritable(err))
		}
	}
	if err != nil {
		f.release()
		return nil, err
	}
	return f, nil
}

func (f *folder) claim() (err error) {
	if f.path == "" {
		return errors.New("it is empty: name a folder")
	}
	if f.release, err = reports.Claim(f.path); err != nil {
		return unwritable(misled(f.path, err))
	}
	f.is, err = os.Stat(f.path)
	return err
}

// misled says what stands where a folder is to be made.
func misled(path string, err error) error {
	link, linkErr := os.Lstat(path)
	_, there := os.Stat(path)
	switch {
	case errors.Is(err, reports.ErrClaimed) || linkErr != nil:
		return err
	case link.Mode().Type() == fs.ModeSymlink && there != nil:
		return errors.New("it is a link that leads to no folder; make the folder, or name another")
	case !link.IsDir() && there == nil && errors.Is(err, syscall.ENOTDIR):
		return errors.New("it is no folder; name one, or a place where one can be made")
	}
	return err
}

// own finds that no report takes the place of a file that no run has written.
func (f *folder) own() error {
	if foreign := reports.Foreign(f.path, f.only); len(foreign) > 0 {
		return fmt.Errorf("it holds %s, which no run has written: name another folder, or move that away", inWords(foreign))
	}
	return nil
}

// write writes the reports, and says in one line what could not be written, why, and what to do. Where the folder has gone since it was
// taken, it is made and taken anew.
func (f *folder) write(r *verdict.Report) error {
	wanted := reports.Files()
	if len(f.only) > 0 {
		wanted = slices.DeleteFunc(wanted, func(name string) bool { return !slices.Contains(f.only, name) })
	}
	if now, err := os.Stat(f.path); err != nil || !os.SameFile(now, f.is) {
		f.release()
		if err := f.claim(); err != nil {
			return fmt.Errorf("the folder for the reports, %s, has gone during the run, and they could not be written: %w", f.path, err)
		}
		if err := f.own(); err != nil {
			return fmt.Errorf("another folder has come to stand at %s during the run, and the reports could not be written: %w", f.path, err)
		}
	}
	err := reports.Write(f.path, r, f.only)
	var reasons, lost []string
	for _, one := range each(err) {
		lost = append(lost, one.Name)
		if why := unwritable(one.Err).Error(); !slices.Contains(reasons, why) {
			reasons = append(reasons, why)
		}
	}
	f.written = slices.DeleteFunc(wanted, func(name string) bool { return slices.Contains(lost, name) })
	if len(lost) == 0 {
		return err
	}
	return fmt.Errorf("%s could not be written into %s: %s", inWords(lost), f.path, strings.Join(reasons, "; "))
}

// json is report.json, as it was written or, where it was not, as it would be.
func (f *folder) json(r *verdict.Report) ([]byte, error) {
	if slices.Contains(f.written, reports.JSONFile) {
		if text, err := os.ReadFile(filepath.Join(f.path, reports.JSONFile)); err == nil {
			return text, nil
		}
	}
	var text bytes.Buffer
	err := reports.JSON(&text, r)
	return text.Bytes(), err
}

// each are the reports that could not be written.
func each(err error) (all []*reports.Unwritten) {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range several.Unwrap() {
			all = append(all, each(one)...)
		}
	} else if one, ok := errors.AsType[*reports.Unwritten](err); ok {
		all = append(all, one)
	}
	return all
}

// remedies are what to do where the system refuses to write, by what it says.
var remedies = map[syscall.Errno]string{
	syscall.ENOSPC: "make room there, or give --out a folder elsewhere",
	syscall.EDQUOT: "make room in the quota, or give --out a folder elsewhere",
	syscall.EFBIG:  "raise the limit of the size of files (ulimit -f)",
	syscall.EMFILE: "raise the limit of open files (ulimit -n)",
	syscall.EROFS:  "give --out a folder that can be written into",
	syscall.EACCES: "give --out a folder that can be written into",
	syscall.EPERM:  "give --out a folder that can be written into",
}

// unwritable is what the system says where it refuses to write, with what to do.
func unwritable(err error) error {
	errno, ok := errors.AsType[syscall.Errno](err)
	switch remedy := remedies[errno]; {
	case !ok:
		return err
	case remedy == "":
		return fmt.Errorf("%w; give --out a folder elsewhere", errno)
	default:
		return fmt.Errorf("%w; %s", errno, remedy)
	}
}

// inWords are names in a sentence.
func inWords(names []string) string {
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
	return strings.Join(names, "")
}

// forget removes the reports of an earlier run, unless another is under way there: what fails from here on has judged nothing.
func (j *judging) forget() {
	if _, err := os.Stat(j.out); j.dryRun || err != nil {
		return
	}
	if release, err := reports.Claim(j.out); err == nil {
		defer release()
		_ = reports.Clear(j.out) // what cannot be removed is said where the folder is taken
	}
}
