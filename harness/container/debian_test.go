package container

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Installed lays out a root with a program of this machine: the files of the Debian package that it comes from, and
// the libraries that it needs. The error says what to install when the program is missing.
func Installed(ctx context.Context, program string) (*Root, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/" + program); err != nil {
			return nil, fmt.Errorf("%s is not installed: apt-get install %s", program, program)
		}
	}
	owner, err := run(ctx, "dpkg-query", "--search", path)
	if err != nil {
		return nil, fmt.Errorf("finding the package of %s: %w", path, err)
	}
	name, _, _ := strings.Cut(string(owner), ": ")
	listed, err := run(ctx, "dpkg-query", "--listfiles", name)
	if err != nil {
		return nil, fmt.Errorf("listing the package %s: %w", name, err)
	}
	needed, err := run(ctx, "ldd", path)
	if err != nil {
		return nil, fmt.Errorf("finding the libraries of %s: %w", path, err)
	}
	var root Root
	for _, file := range append(files(listed), libraries(needed)...) {
		info, err := os.Stat(file)
		if errors.Is(err, os.ErrNotExist) {
			continue // a machine without manual pages has left them out of its packages
		}
		if err == nil && info.Mode().IsRegular() {
			err = root.Copy(file, file)
		}
		if err != nil {
			return nil, fmt.Errorf("laying out %s: %w", program, err)
		}
	}
	return &root, root.Folder("/tmp", 0o1777)
}

// run returns what a command prints. The error has the first line of what it complained about.
func run(ctx context.Context, name string, arguments ...string) ([]byte, error) {
	var complaint bytes.Buffer
	cmd := exec.CommandContext(ctx, name, arguments...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.Stderr = &complaint
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", name, err, oneLine(complaint.String()))
	}
	return output, nil
}

func files(listed []byte) []string {
	var all []string
	for lines := bufio.NewScanner(bytes.NewReader(listed)); lines.Scan(); {
		all = append(all, lines.Text())
	}
	return all
}

// libraries reads what ldd prints: "name => path (address)", "path (address)", and a name alone for what the kernel
// provides.
func libraries(needed []byte) []string {
	var all []string
	for lines := bufio.NewScanner(bytes.NewReader(needed)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if _, after, found := strings.Cut(line, "=> "); found {
			line = after
		}
		if path, _, _ := strings.Cut(line, " "); strings.HasPrefix(path, "/") {
			all = append(all, path)
		}
	}
	return all
}
