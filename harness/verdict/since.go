package verdict

import (
	"strings"
	"time"
)

// Since says how a report differs from an earlier one, its baseline.
type Since struct {
	// Finished is when the earlier report was.
	Finished time.Time `json:"finished"`
	// Worse are the checks that came to something worse, or are not judged any more, and Better those that are mended.
	Worse  []Moved `json:"worse,omitempty"`
	Better []Moved `json:"better,omitempty"`
	// Came are the targets that the earlier report does not have, and Went those that it alone has.
	Came []string `json:"came,omitempty"`
	Went []string `json:"went,omitempty"`
}

// Moved is a check that came to something else than before. A status is empty where a report does not have the check.
type Moved struct {
	Target string `json:"target"`
	Check  string `json:"check" scrub:"own"`
	Before Status `json:"before,omitempty"`
	After  Status `json:"after,omitempty"`
}

// Of reports whether the check is one of a run.
func (m Moved) Of(r *Run) bool {
	return m.Target == r.Target && strings.HasPrefix(m.Check, r.Profile+"/")
}
