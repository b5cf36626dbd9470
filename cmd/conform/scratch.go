package main

import (
	"os"
	"path/filepath"
	"time"

	"example.org/conform/reports"
)

// fresh is how old a folder may be that its process has not come to claim.
const fresh = time.Minute

// scratch makes a temporary folder, which forget removes, and removes those of the same beginning that a process which was killed has left:
// each is claimed by the process that uses it, for as long as that lives.
func scratch(beginning string) (dir string, forget func(), err error) {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), beginning+"*"))
	for _, old := range left {
		if info, err := os.Lstat(old); err != nil || !info.IsDir() || time.Since(info.ModTime()) < fresh {
			continue
		}
		if release, err := reports.Claim(old); err == nil {
			_ = os.RemoveAll(old) // of somebody else it may not be removed
			release()
		}
	}
	if dir, err = os.MkdirTemp("", beginning); err != nil {
		return "", nil, err
	}
	release, err := reports.Claim(dir)
	if err != nil {
		return "", nil, err
	}
	return dir, func() {
		_ = os.RemoveAll(dir)
		release()
	}, nil
}
