package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// One platform is released as all are, and built again from a copy of the sources in another folder.
func TestRelease(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: the command is built three times")
	}
	authorities := filepath.Join(t.TempDir(), "authorities.pem")
	if err := os.WriteFile(authorities, []byte("none"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := order{sources: "../..", out: filepath.Join(t.TempDir(), "dist"), linked: "-X main.released=v0.0.9", authorities: authorities, once: true}
	if err := o.read("linux/amd64"); err != nil {
		t.Fatal(err)
	}
	if err := o.make(t.Context()); err != nil {
		t.Fatal(err)
	}
	executable := filepath.Join(o.out, "conform_dev_linux_amd64")
	t.Run("the same bytes from another folder", func(t *testing.T) {
		t.Parallel()
		elsewhere := t.TempDir()
		if err := copied(t.Context(), o.sources, filepath.Join(elsewhere, "src")); err != nil {
			t.Fatal(err)
		}
		second := filepath.Join(elsewhere, "conform")
		if err := build(t.Context(), filepath.Join(elsewhere, "src"), second, o.linked, o.platforms[0], ""); err != nil {
			t.Fatal(err)
		}
		if err := same(executable, second); err != nil {
			t.Error(err)
		}
	})
	t.Run("checksums", func(t *testing.T) {
		t.Parallel()
		check := exec.Command("sha256sum", "--check", "--strict", "--quiet", sumsFile)
		check.Dir = o.out
		if output, err := check.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, output)
		}
		for _, name := range []string{"conform_dev_linux_amd64.cdx.json", "conform_dev_image.oci.tar", "man/conform-run.1", "completions/_conform", "licences/std/LICENSE"} {
			if sums := read(t, filepath.Join(o.out, sumsFile)); !strings.Contains(sums, "  "+name+"\n") {
				t.Errorf("%s is not in the release:\n%s", name, sums)
			}
		}
	})
	t.Run("what it is made of", func(t *testing.T) {
		t.Parallel()
		said, err := exec.Command("go", "version", "-m", executable).Output()
		if err != nil {
			t.Fatal(err)
		}
		bill, modules := read(t, executable+".cdx.json"), 0
		for line := range strings.Lines(string(said)) {
			if f := strings.Fields(line); len(f) > 2 && f[0] == "dep" {
				modules++
				if !strings.Contains(bill, `"pkg:golang/`+f[1]+"@"+f[2]+`"`) {
					t.Errorf("%s is not in the bill of materials", f[1])
				}
				if texts, err := os.ReadDir(filepath.Join(o.out, "licences", f[1])); err != nil || len(texts) == 0 {
					t.Errorf("no licence of %s: %v", f[1], err)
				}
			}
		}
		if modules < 5 || !json.Valid([]byte(bill)) || strings.Count(bill, `"bom-ref"`) != modules+2 {
			t.Errorf("%d modules, and the bill is\n%s", modules, bill)
		}
	})
	t.Run("image", func(t *testing.T) {
		t.Parallel()
		expectImage(t, filepath.Join(o.out, "conform_dev_image.oci.tar"), read(t, executable))
	})
	t.Run("a second release takes its place, and nothing else's", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		kept := filepath.Join(folder, "kept.txt")
		if err := errors.Join(emptied(folder), os.WriteFile(kept, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
		if err := emptied(folder); err == nil || !strings.Contains(err.Error(), "something else") {
			t.Errorf("a folder that is no release: %v", err)
		}
		if err := sums(folder); err != nil {
			t.Fatal(err)
		}
		if err := emptied(folder); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(kept); !os.IsNotExist(err) {
			t.Errorf("what an earlier release left is there: %v", err)
		}
	})
}

// expectImage follows an OCI archive from its index to the executable, and holds every digest on the way against the bytes.
func expectImage(t *testing.T, file, executable string) {
	t.Helper()
	files := untar(t, read(t, file))
	blob := func(d described) string {
		data, ok := files["blobs/"+strings.Replace(d.Digest, ":", "/", 1)]
		if !ok || len(data) != d.Size || d.Digest != fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(data))) {
			t.Fatalf("no such blob, or another: %+v", d)
		}
		return data
	}
	var index, all struct{ Manifests []described }
	var manifest struct {
		Config described
		Layers []described
	}
	decode(t, files["index.json"], &index)
	decode(t, blob(index.Manifests[0]), &all)
	if len(all.Manifests) != 1 || all.Manifests[0].Platform["architecture"] != "amd64" {
		t.Fatalf("the image is for %+v", all.Manifests)
	}
	decode(t, blob(all.Manifests[0]), &manifest)
	if config := blob(manifest.Config); !strings.Contains(config, `"architecture":"amd64"`) || !strings.Contains(config, manifest.Layers[0].Digest) {
		t.Errorf("the configuration is %s", config)
	}
	if root := untar(t, blob(manifest.Layers[0])); root["conform"] != executable || root["etc/ssl/certs/ca-certificates.crt"] != "none" {
		t.Error("the executable or the authorities are not in the image, or other ones")
	}
}

func TestBuildsThatDifferAreTold(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, content := range map[string]string{"a": "abc", "b": "abd", "c": "ab"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for other, want := range map[string]string{"a": "", "b": "differs at byte 2", "c": "3 bytes, and 2"} {
		err := same(filepath.Join(folder, "a"), filepath.Join(folder, other))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("a and %s: %v", other, err)
		}
	}
}

// A module without a licence may not be given on, and ends the release.
func TestNoLicenceNoRelease(t *testing.T) {
	t.Parallel()
	from, to := t.TempDir(), t.TempDir()
	if err := kept(from, to); err == nil || !strings.Contains(err.Error(), "no licence") {
		t.Errorf("nothing is there, and %v", err)
	}
	for _, name := range []string{"LICENSE.md", "COPYING", "NOTICE.txt", "license.go", "README"} {
		if err := os.WriteFile(filepath.Join(from, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := kept(from, to); err != nil {
		t.Fatal(err)
	}
	var names []string
	entries, _ := os.ReadDir(to)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if want := []string{"COPYING", "LICENSE.md", "NOTICE.txt"}; !slices.Equal(names, want) {
		t.Errorf("kept are %v, want %v", names, want)
	}
}

func TestUnknownPlatform(t *testing.T) {
	t.Parallel()
	if err := new(order).read("linux/amd64,plan9/386"); err == nil || !strings.Contains(err.Error(), `"plan9/386" is none; give some of linux/amd64`) {
		t.Errorf("it is taken: %v", err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func decode(t *testing.T, data string, into any) {
	t.Helper()
	if err := json.NewDecoder(bytes.NewReader([]byte(data))).Decode(into); err != nil {
		t.Fatal(err)
	}
}

func untar(t *testing.T, archive string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for r := tar.NewReader(strings.NewReader(archive)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		} else if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[h.Name] = string(data)
	}
}
