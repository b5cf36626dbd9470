package main

import "fmt"

// These are what a process must be allowed to have. A run keeps a connection for each request that is under way and some beside them, and a
// reference server in the same process has the other end of each. Below fewestFiles the process cannot even begin; addresses are reserved
// for more than is ever used, and where there are none left it ends in the midst of a run.
const (
	fewestFiles   = 16
	filesToJudge  = 128 // for one target
	openAtATime   = 16  // targets that most of these are open for
	filesToServe  = 512 // for what is judged and served in one process
	filesToProve  = 1024
	fewestAddress = 2 << 30
)

// roomFor finds that the system lets this process have so many open files, and addresses for its memory.
func roomFor(files uint64) error {
	most, addresses := limits()
	switch {
	case most < files:
		return fmt.Errorf("this process may have %d files open, and connections count: %d are needed; raise the limit (ulimit -n %d)", most, files, max(files, 1024))
	case addresses < fewestAddress && files > fewestFiles:
		return fmt.Errorf("this process may have %d MB of addresses, and %d are needed, of which little is used; raise the limit (ulimit -v unlimited)",
			addresses>>20, fewestAddress>>20)
	}
	return nil
}

// room finds that the system lets this process have what it takes to judge the targets.
func (f targetFlags) room() error {
	switch n := len(f.targetFiles); {
	case f.dryRun:
		return nil
	case n > 1:
		return roomFor(uint64(filesToJudge * min(n, openAtATime)))
	case n == 0 && f.target == "":
		return roomFor(filesToServe)
	}
	return roomFor(filesToJudge)
}
