//go:build unix && !solaris && !aix

package reports

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the lock of an open folder, which nobody else has until it is closed.
func lock(folder *os.File) error {
	if errors.Is(syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB), syscall.EWOULDBLOCK) {
		return ErrClaimed
	}
	return nil
}
