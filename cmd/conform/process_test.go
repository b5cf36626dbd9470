package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// children are the child processes of a process, by /proc.
func children(t *testing.T, parent int) []int {
	t.Helper()
	entries, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(entries) == 0 {
		t.Skip("no /proc on this machine: the processes of a run cannot be found")
	}
	var found []int
	for _, entry := range entries {
		data, err := os.ReadFile(entry)
		if err != nil {
			continue // it has ended
		}
		_, rest, ok := strings.Cut(string(data), ") ")
		var state string
		var ppid int
		if _, err := fmt.Sscan(rest, &state, &ppid); !ok || err != nil || ppid != parent {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(entry))); err == nil {
			found = append(found, pid)
		}
	}
	return found
}
