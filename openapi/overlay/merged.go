package overlay

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"

	"example.org/conform/openapi"
	"example.org/conform/openapi/placed"
)

// Merged is a document with its overlays applied.
type Merged struct {
	// Root is what came of it.
	Root    *placed.Node
	file    string
	folder  *os.Root
	written func() *placed.Written
}

// Open reads a document and applies overlays to it, in their order. Nothing is changed on disk, and nothing fetched.
func Open(document string, overlays ...string) (*Merged, error) {
	root, err := read(document, placed.Read)
	if err != nil {
		return nil, err
	}
	if err := Over(root, overlays...); err != nil {
		return nil, err
	}
	folder, err := os.OpenRoot(filepath.Dir(document))
	if err != nil {
		return nil, fmt.Errorf("%s: its folder cannot be opened; check the path", document)
	}
	return &Merged{root, document, folder, sync.OnceValue(root.Write)}, nil
}

// Over applies the overlays in files to a document, in their order.
func Over(root *placed.Node, overlays ...string) error {
	for _, file := range overlays {
		o, err := read(file, Read)
		if err == nil {
			err = o.Apply(root)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// read reads a file and makes something of it.
func read[T any](file string, make func(string, []byte) (T, error)) (made T, err error) {
	text, err := os.ReadFile(file)
	if failed, is := errors.AsType[*fs.PathError](err); is {
		return made, fmt.Errorf("%s: %w; check the path", file, failed.Err)
	}
	return make(file, text)
}

// Close lets go of the document's folder.
func (m *Merged) Close() error { return m.folder.Close() }

// Folder has the document as it came out in the place of the one on disk, under File, with what lies beside it: what reads
// contracts from a folder reads it there, and names its lines. Translate says where these came from.
func (m *Merged) Folder() fs.FS { return folder{m.folder.FS(), m.File(), m.written().Text} }

// Beside is the folder as it is on disk.
func (m *Merged) Beside() fs.FS { return m.folder.FS() }

// File is the name of the document in its folder.
func (m *Merged) File() string { return filepath.Base(m.file) }

// Place is where a line of a file in Folder came from, file:line.
func (m *Merged) Place(file string, line int) string {
	if from := m.written().Place(line); file == m.File() && from.Line > 0 {
		return from.String()
	}
	return fmt.Sprintf("%s:%d", filepath.Join(filepath.Dir(m.file), file), line)
}

// Contract is the contract that it is, as a run reads it.
func (m *Merged) Contract(o openapi.BroughtOptions) (*openapi.Document, error) {
	o.Place = m.Place
	return openapi.ReadBrought(m.Folder(), m.File(), o)
}

// Translate gives every place in a text that is said of the document as it came out (file:line) its place in the file from which
// the line came, the document's own or an overlay's.
func (m *Merged) Translate(text string) string {
	place := regexp.MustCompile(`(^|[\s("'])` + regexp.QuoteMeta(m.File()) + `:([0-9]{1,9})\b`)
	return place.ReplaceAllStringFunc(text, func(found string) string {
		parts := place.FindStringSubmatch(found)
		line, _ := strconv.Atoi(parts[2])
		if from := m.written().Place(line); from.Line > 0 {
			return parts[1] + from.String()
		}
		return found
	})
}

// folder is a folder of which one file is another.
type folder struct {
	fs.FS
	file string
	text []byte
}

func (f folder) Open(name string) (fs.File, error) {
	if name == f.file {
		return &opened{bytes.NewReader(f.text), f}, nil
	}
	return f.FS.Open(name)
}

type opened struct {
	*bytes.Reader
	of folder
}

func (o *opened) Stat() (fs.FileInfo, error) { return o, nil }
func (o *opened) Close() error               { return nil }
func (o *opened) Name() string               { return o.of.file }
func (o *opened) Size() int64                { return int64(len(o.of.text)) }
func (o *opened) Mode() fs.FileMode          { return 0o444 }
func (o *opened) ModTime() time.Time         { return time.Time{} }
func (o *opened) IsDir() bool                { return false }
func (o *opened) Sys() any                   { return nil }
