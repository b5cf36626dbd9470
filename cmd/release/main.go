// Command release makes what a release is made of: an executable a platform, with what lists and licenses its parts, manual pages,
// completions for shells, an image for containers, and the checksums of all of that. It builds twice, and the same has to come out.
package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// order says what a release is to be.
type order struct {
	sources     string // the folder of the module
	out         string
	version     string
	linked      string // flags for the linker
	authorities string // certificates for the image
	platforms   []platform
	once        bool
}

// platform is a system and a processor, in Go's words.
type platform struct{ os, arch string }

// everywhere are the platforms of a release.
const everywhere = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

func main() {
	o := order{sources: "."}
	var platforms string
	flag.StringVar(&o.out, "out", "dist", "folder for the release; what an earlier release left there goes")
	flag.StringVar(&o.version, "version", "", "what the release is called; dev where it is empty")
	flag.StringVar(&o.linked, "ldflags", "", "flags for the linker")
	flag.StringVar(&o.authorities, "authorities", "/etc/ssl/certs/ca-certificates.crt", "certificate authorities for the image")
	flag.StringVar(&platforms, "platforms", everywhere, "what to build for")
	flag.BoolVar(&o.once, "once", false, "do not build a second time to compare")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := o.read(platforms)
	if err == nil {
		err = o.make(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "release: "+err.Error())
		os.Exit(2)
	}
}

// read reads the list of platforms.
func (o *order) read(platforms string) error {
	for _, name := range strings.Split(platforms, ",") {
		if !slices.Contains(strings.Split(everywhere, ","), name) {
			return fmt.Errorf("-platforms: %q is none; give some of %s", name, everywhere)
		}
		system, arch, _ := strings.Cut(name, "/")
		o.platforms = append(o.platforms, platform{system, arch})
	}
	o.version = cmp.Or(o.version, "dev")
	return nil
}

// make makes the release.
func (o *order) make(ctx context.Context) error {
	if err := emptied(o.out); err != nil {
		return err
	}
	var parts []part
	for _, p := range o.platforms {
		fmt.Println("building for " + p.os + "/" + p.arch)
		file := filepath.Join(o.out, o.name(p))
		if err := build(ctx, o.sources, file, o.linked, p, ""); err != nil {
			return err
		}
		of, err := partsOf(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file+".cdx.json", bill(filepath.Base(file), of), 0o644); err != nil {
			return err
		}
		parts = append(parts, of...)
	}
	if err := o.licences(ctx, parts); err != nil {
		return err
	}
	if err := o.pages(ctx); err != nil {
		return err
	}
	if err := o.image(); err != nil {
		return err
	}
	if !o.once {
		if err := o.again(ctx); err != nil {
			return err
		}
	}
	return sums(o.out)
}

// name is what the executable of a platform is called.
func (o *order) name(p platform) string {
	name := "conform_" + o.version + "_" + p.os + "_" + p.arch
	if p.os == "windows" {
		name += ".exe"
	}
	return name
}

// sumsFile holds the checksum of every other file of a release.
const sumsFile = "SHA256SUMS"

// emptied makes a folder, and removes the release that is there. What is no release stays.
func emptied(folder string) error {
	entries, err := os.ReadDir(folder)
	if err == nil && len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(folder, sumsFile)); err != nil {
			return fmt.Errorf("-out %s: it holds something else than a whole release; remove it, or name another folder", folder)
		}
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
	}
	return os.MkdirAll(folder, 0o755)
}

// sums writes the checksums of all files, as sha256sum -c reads them.
func sums(folder string) error {
	var list bytes.Buffer
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		inner, err := filepath.Rel(folder, path)
		fmt.Fprintf(&list, "%x  %s\n", sha256.Sum256(data), filepath.ToSlash(inner))
		return err
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, sumsFile), list.Bytes(), 0o644)
}

// here is the platform of this machine.
func here() platform { return platform{runtime.GOOS, runtime.GOARCH} }
