package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// part is something that an executable is made of: a module, or Go's own library.
type part struct{ Name, Version string }

// standard is what Go's own library is called among modules.
const standard = "std"

// partsOf are those that an executable names itself, as `go version -m` shows them.
func partsOf(executable string) ([]part, error) {
	info, err := buildinfo.ReadFile(executable)
	if err != nil {
		return nil, fmt.Errorf("reading what %s is made of: %w", filepath.Base(executable), err)
	}
	parts := []part{{standard, strings.TrimPrefix(info.GoVersion, "go")}}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		parts = append(parts, part{m.Path, m.Version})
	}
	return parts, nil
}

// url names a part in the form of package URLs.
func (p part) url() string { return "pkg:golang/" + p.Name + "@" + p.Version }

// bill is the bill of materials of an executable, in the form of CycloneDX 1.5. It has what the executable says of itself and nothing more:
// which parts in which versions, and not which of them asked for which. It has no time and no number of its own, so that two builds give one.
func bill(name string, parts []part) []byte {
	type component struct {
		Type    string `json:"type"`
		Ref     string `json:"bom-ref"`
		Name    string `json:"name"`
		Version string `json:"version,omitempty"`
		URL     string `json:"purl,omitempty"`
	}
	type metadata struct {
		Component component `json:"component"`
	}
	document := struct {
		Format     string      `json:"bomFormat"`
		Spec       string      `json:"specVersion"`
		Version    int         `json:"version"`
		Metadata   metadata    `json:"metadata"`
		Components []component `json:"components"`
	}{"CycloneDX", "1.5", 1, metadata{component{Type: "application", Ref: name, Name: name}}, []component{}}
	for _, p := range parts {
		document.Components = append(document.Components, component{"library", p.url(), p.Name, p.Version, p.url()})
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(document) // texts and numbers
	return out.Bytes()
}

// licence matches the names of files that say under which conditions a module may be given on.
var licence = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([.-][^.]+)?(\.(md|txt|rst))?$`)

// licences copies what each part is licensed under, into a folder a part.
func (o *order) licences(ctx context.Context, parts []part) error {
	folders, err := o.folders(ctx)
	if err != nil {
		return err
	}
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env GOROOT: %w", err)
	}
	slices.SortFunc(parts, func(a, b part) int { return strings.Compare(a.url(), b.url()) })
	for _, p := range slices.Compact(parts) {
		from, ok := folders[p]
		if p.Name == standard {
			from, ok = strings.TrimSpace(string(goroot)), true
		}
		if !ok {
			return fmt.Errorf("the module %s %s is not in the module cache: go mod download", p.Name, p.Version)
		}
		if err := kept(from, filepath.Join(o.out, "licences", filepath.FromSlash(p.Name))); err != nil {
			return fmt.Errorf("%s %s: %w", p.Name, p.Version, err)
		}
	}
	return nil
}

// folders are those in which the toolchain has the modules.
func (o *order) folders(ctx context.Context) (map[part]string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-json=Path,Version,Dir", "all")
	cmd.Dir = o.sources
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m: %w", err)
	}
	folders := map[part]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var m struct{ Path, Version, Dir string }
		if err := decoder.Decode(&m); errors.Is(err, io.EOF) {
			return folders, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list -m: %w", err)
		}
		if m.Dir != "" {
			folders[part{m.Path, m.Version}] = m.Dir
		}
	}
}

// kept copies the files in a folder that are licences. Without one nothing may be given on.
func kept(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	found := false
	for _, e := range entries {
		if e.IsDir() || !licence.MatchString(e.Name()) || filepath.Ext(e.Name()) == ".go" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, e.Name()))
		if err != nil {
			return err
		}
		if err := os.MkdirAll(to, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, e.Name()), text, 0o644); err != nil {
			return err
		}
		found = true
	}
	if !found {
		return errors.New("it has no licence among its files, and without one it may not be given on")
	}
	return nil
}
