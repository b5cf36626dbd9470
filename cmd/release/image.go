package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// described points to a blob of an image, in the words of the OCI's specification.
type described struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int               `json:"size"`
	Platform    map[string]string `json:"platform,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// The kinds of blobs.
const (
	indexType    = "application/vnd.oci.image.index.v1+json"
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	configType   = "application/vnd.oci.image.config.v1+json"
	layerType    = "application/vnd.oci.image.layer.v1.tar"
)

// entry is a file or, without data, a folder of an archive.
type entry struct {
	name string
	mode int64
	data []byte
}

// archive is a tar of some entries that belong to nobody in particular and have no time, so that the same goes in and comes out.
func archive(entries []entry) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: e.mode, Size: int64(len(e.data)), Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}
		if e.data == nil {
			h.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(h); err != nil {
			return nil, err
		}
		if _, err := w.Write(e.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

// layout collects the blobs of an image.
type layout struct{ entries []entry }

func (l *layout) add(mediaType string, data []byte) described {
	digest := fmt.Sprintf("%x", sha256.Sum256(data))
	l.entries = append(l.entries, entry{"blobs/sha256/" + digest, 0o644, data})
	return described{MediaType: mediaType, Digest: "sha256:" + digest, Size: len(data)}
}

func (l *layout) addJSON(mediaType string, value any) (described, error) {
	data, err := json.Marshal(value)
	return l.add(mediaType, data), err
}

// image writes the image of every Linux that is built for, as one OCI archive. No engine is needed for it: it is the executable, the
// certificate authorities of this machine, and two folders that anybody may write in, as in the image that `make image` makes.
func (o *order) image() error {
	authorities, err := os.ReadFile(o.authorities)
	if err != nil {
		return fmt.Errorf("the image needs certificate authorities: %w; apt-get install ca-certificates, or give -authorities", err)
	}
	blobs := &layout{}
	var manifests []described
	for _, p := range o.platforms {
		if p.os != "linux" {
			continue
		}
		executable, err := os.ReadFile(filepath.Join(o.out, o.name(p)))
		if err != nil {
			return err
		}
		layer, err := archive([]entry{
			{"conform", 0o755, executable},
			{"etc/", 0o755, nil}, {"etc/ssl/", 0o755, nil}, {"etc/ssl/certs/", 0o755, nil}, {"etc/ssl/certs/ca-certificates.crt", 0o644, authorities},
			{"tmp/", 0o1777, nil}, {"reports/", 0o1777, nil},
		})
		if err != nil {
			return err
		}
		m, err := blobs.manifest(p, layer)
		if err != nil {
			return err
		}
		manifests = append(manifests, m)
	}
	if len(manifests) == 0 {
		fmt.Println("no Linux is built for, so that the image is left out")
		return nil
	}
	all, err := blobs.addJSON(indexType, map[string]any{"schemaVersion": 2, "mediaType": indexType, "manifests": manifests})
	if err != nil {
		return err
	}
	all.Annotations = map[string]string{"org.opencontainers.image.ref.name": o.version}
	index, err := json.Marshal(map[string]any{"schemaVersion": 2, "mediaType": indexType, "manifests": []described{all}})
	if err != nil {
		return err
	}
	data, err := archive(append([]entry{
		{"oci-layout", 0o644, []byte(`{"imageLayoutVersion":"1.0.0"}`)}, {"index.json", 0o644, index}, {"blobs/", 0o755, nil}, {"blobs/sha256/", 0o755, nil},
	}, blobs.entries...))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(o.out, "conform_"+o.version+"_image.oci.tar"), data, 0o644)
}

// manifest adds the image of one platform.
func (l *layout) manifest(p platform, layer []byte) (described, error) {
	content := l.add(layerType, layer)
	config, err := l.addJSON(configType, map[string]any{
		"os": p.os, "architecture": p.arch,
		"config": map[string]any{
			"User": "65532:65532", "WorkingDir": "/", "Entrypoint": []string{"/conform"},
			"Labels": map[string]string{"org.opencontainers.image.title": "conform"},
		},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{content.Digest}},
	})
	if err != nil {
		return described{}, err
	}
	m, err := l.addJSON(manifestType, map[string]any{
		"schemaVersion": 2, "mediaType": manifestType, "config": config, "layers": []described{content},
	})
	m.Platform = map[string]string{"os": p.os, "architecture": p.arch}
	return m, err
}
