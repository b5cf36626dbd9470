package reports

import (
	"errors"
	"path/filepath"
	"testing"
)

// One run has a folder for its reports at a time.
func TestClaim(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "run")
	release, err := Claim(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Claim(dir); !errors.Is(err, ErrClaimed) {
		t.Errorf("a second claim: %v", err)
	}
	if other, err := Claim(filepath.Dir(dir)); err != nil {
		t.Errorf("another folder: %v", err)
	} else {
		other()
	}
	release()
	again, err := Claim(dir)
	if err != nil {
		t.Fatalf("after its release: %v", err)
	}
	again()
}
