package main

import (
	"math"
	"syscall"
)

// limits are the open files and the bytes of addresses that this process may have.
func limits() (files, addresses uint64) {
	return limit(syscall.RLIMIT_NOFILE), limit(syscall.RLIMIT_AS)
}

func limit(of int) uint64 {
	var l syscall.Rlimit
	if syscall.Getrlimit(of, &l) != nil {
		return math.MaxUint64
	}
	return l.Cur
}
