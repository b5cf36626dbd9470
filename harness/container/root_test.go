package container

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
)

// Root is a root file system under construction. Everything in it belongs to root; its zero value is empty.
type Root struct {
	archive bytes.Buffer
	writer  *tar.Writer
	folders []string
	files   []string
}

// Folder adds a folder, and those above it with mode 0755. A folder that is there already stays as it is.
func (r *Root) Folder(name string, mode os.FileMode) error {
	name = strings.Trim(path.Clean(name), "/")
	if name == "" || name == "." || slices.Contains(r.folders, name) {
		return nil
	}
	if err := r.Folder(path.Dir(name), 0o755); err != nil {
		return err
	}
	r.folders = append(r.folders, name)
	return r.write(&tar.Header{Typeflag: tar.TypeDir, Name: name + "/", Mode: int64(mode)}, nil)
}

// File adds a file with the content. The mode is that of tar: 0o1777 has the sticky bit.
func (r *Root) File(name string, mode os.FileMode, content []byte) error {
	name = strings.Trim(path.Clean(name), "/")
	if slices.Contains(r.files, name) {
		return nil
	}
	if err := r.Folder(path.Dir(name), 0o755); err != nil {
		return err
	}
	r.files = append(r.files, name)
	return r.write(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: int64(mode), Size: int64(len(content))}, content)
}

// Copy adds a file of this machine, following links, with its permissions.
func (r *Root) Copy(name, source string) error {
	info, err := os.Stat(source)
	if err != nil {
		return fmt.Errorf("laying out an image: %w", err)
	}
	content, err := os.ReadFile(source)
	if err != nil {
		return fmt.Errorf("laying out an image: %w", err)
	}
	return r.File(name, info.Mode().Perm(), content)
}

func (r *Root) write(header *tar.Header, content []byte) error {
	if r.writer == nil {
		r.writer = tar.NewWriter(&r.archive)
	}
	if err := r.writer.WriteHeader(header); err != nil {
		return fmt.Errorf("laying out an image: %w", err)
	}
	if _, err := r.writer.Write(content); err != nil {
		return fmt.Errorf("laying out an image: %w", err)
	}
	return nil
}

// context is what the engine builds from: a Dockerfile and the root as an archive, which keeps the modes.
func (r *Root) context(dockerfile string) (io.ReadSeeker, error) {
	if r.writer == nil {
		return nil, fmt.Errorf("laying out an image: its root is empty")
	}
	if err := r.writer.Close(); err != nil {
		return nil, fmt.Errorf("laying out an image: %w", err)
	}
	var outer Root
	for name, content := range map[string][]byte{"Dockerfile": []byte(dockerfile), "root.tar": r.archive.Bytes()} {
		if err := outer.File(name, 0o644, content); err != nil {
			return nil, err
		}
	}
	if err := outer.writer.Close(); err != nil {
		return nil, fmt.Errorf("laying out an image: %w", err)
	}
	return bytes.NewReader(outer.archive.Bytes()), nil
}
