package openapi

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// What a target gives is handed out by nobody and ended by nobody, and a contract that says otherwise is refused with the way out.
func TestWhatTheTargetGives(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../cmd/conform/testdata/keys.yaml")
	if err != nil {
		t.Fatal(err)
	}
	read := func(old, new string) (*Document, error) {
		if !strings.Contains(string(text), old) {
			t.Fatalf("the contract has no %q", old)
		}
		changed := strings.Replace(string(text), old, new, 1)
		return ReadBrought(fstest.MapFS{"keys.yaml": {Data: []byte(changed)}}, "keys.yaml", BroughtOptions{Profile: "keys"})
	}
	d, err := read("stock", "stock")
	if err != nil {
		t.Fatal(err)
	}
	if idle := d.Idle(); d.Given() != "key" || d.Login() != nil || len(d.Kinds()) != 0 || len(idle) != 1 || idle[0].ID != "removeKey" {
		t.Errorf("%q is given, %v is handed out, and %v left alone", d.Given(), d.Kinds(), idle)
	}
	for want, change := range map[string][2]string{
		"it ends a key, which the target gives and a run never ends; write kind: key": {"x-ends: {kind: key}", "x-ends: {}"},
		"in credentials of Basic":                                  {"given: true", "given: true, user: '$request.body#/user'"},
		"or the security scheme whose credential the target gives": {", given: true", ""},
	} {
		if _, err := read(change[0], change[1]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A relation that no run can tell from another is refused, with what to write in its place.
func TestADeviceIsNothingThatAnEndReaches(t *testing.T) {
	t.Parallel()
	if err := (&End{Reaches: []string{"device"}}).check(); err == nil || !strings.Contains(err.Error(), "say account") {
		t.Errorf("got %v", err)
	}
}
