package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// build builds the command. Nothing of this machine is in what comes out: no path, no time, and no commit but that which the linker is
// told. cache is a folder of the toolchain's own; where it is empty, the user's.
func build(ctx context.Context, sources, file, linked string, p platform, cache string) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	// Go's own version of what is built would be that of the last tag, with the state of the folder.
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid= "+linked, "-o", file, "./cmd/conform")
	cmd.Dir = sources
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOOS="+p.os, "GOARCH="+p.arch)
	if cache != "" {
		cmd.Env = append(cmd.Env, "GOCACHE="+cache)
	}
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building for %s/%s: %w: %s", p.os, p.arch, err, bytes.TrimSpace(output))
	}
	return nil
}

// again builds everything a second time, from a copy of the sources in another folder and with nothing kept of the first time, and finds
// that the same came out.
func (o *order) again(ctx context.Context) error {
	elsewhere, err := os.MkdirTemp("", "conform-release-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(elsewhere) }()
	if err := copied(ctx, o.sources, filepath.Join(elsewhere, "sources")); err != nil {
		return err
	}
	for _, p := range o.platforms {
		fmt.Println("building again for " + p.os + "/" + p.arch)
		second := filepath.Join(elsewhere, o.name(p))
		if err := build(ctx, filepath.Join(elsewhere, "sources"), second, o.linked, p, filepath.Join(elsewhere, "cache")); err != nil {
			return err
		}
		if err := same(filepath.Join(o.out, o.name(p)), second); err != nil {
			return err
		}
	}
	return nil
}

// copied copies the files that Git knows, or would.
func copied(ctx context.Context, from, to string) error {
	list := exec.CommandContext(ctx, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = from
	names, err := list.Output()
	if err != nil {
		return fmt.Errorf("asking Git for the sources: %w", err)
	}
	for _, name := range strings.Split(strings.Trim(string(names), "\x00"), "\x00") {
		data, err := os.ReadFile(filepath.Join(from, name))
		if os.IsNotExist(err) { // removed, and not yet from Git
			continue
		}
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// same finds that two files hold the same bytes.
func same(first, second string) error {
	a, err := os.ReadFile(first)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(second)
	if err != nil {
		return err
	}
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Errorf("%s: a second build differs at byte %d; nothing of the machine, the folder or the time may be in it", filepath.Base(first), i)
		}
	}
	if len(a) != len(b) {
		return fmt.Errorf("%s: it has %d bytes, and %d where it is built again", filepath.Base(first), len(a), len(b))
	}
	return nil
}

// pages writes the manual pages and the completions, which the command of this machine knows.
func (o *order) pages(ctx context.Context) error {
	scratch, err := os.MkdirTemp("", "conform-release-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	command := filepath.Join(scratch, o.name(here()))
	if err := build(ctx, o.sources, command, o.linked, here(), ""); err != nil {
		return err
	}
	run := func(args ...string) ([]byte, error) {
		out, err := exec.CommandContext(ctx, command, args...).Output()
		if err != nil {
			err = fmt.Errorf("conform %s: %w", strings.Join(args, " "), err)
		}
		return out, err
	}
	if _, err := run("man", filepath.Join(o.out, "man")); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(o.out, "completions"), 0o755); err != nil {
		return err
	}
	for shell, name := range map[string]string{"bash": "conform.bash", "zsh": "_conform", "fish": "conform.fish", "powershell": "conform.ps1"} {
		text, err := run("completion", shell)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(o.out, "completions", name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
