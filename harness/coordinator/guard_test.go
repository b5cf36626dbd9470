package coordinator

import (
	"errors"
	"testing"

	"example.org/conform/harness/redact"
)

// An account is locked by wrong passwords whichever run sends them: runs against one server share one budget, and
// each still knows what it has sent itself.
func TestRunsAgainstOneServerShareItsGuard(t *testing.T) {
	t.Parallel()
	limits := []Limits{
		{Server: "https://a.example.com", WrongPasswords: 2}, {Server: "https://a.example.com", WrongPasswords: 2},
		{WrongPasswords: 1}, {WrongPasswords: 1},
	}
	s := New(&Job{Runs: make([]RunJob, len(limits))}, limits, &redact.Redactor{})
	try := func(run int) error {
		err := s.lockAccount(t.Context(), run, "svc")
		if err == nil {
			s.unlockAccount(run, "svc")
		}
		return err
	}
	for i, step := range []struct {
		run  int
		want error
	}{{0, nil}, {1, nil}, {0, ErrBudget}, {1, ErrBudget}, {2, nil}, {3, nil}, {2, ErrBudget}, {3, ErrBudget}} {
		if err := try(step.run); !errors.Is(err, step.want) {
			t.Errorf("step %d, run %d: %v, want %v", i, step.run, err, step.want)
		}
	}
	for run := range limits {
		if got := s.WrongPasswords(run); got != 1 {
			t.Errorf("run %d has sent %d", run, got)
		}
	}
}
