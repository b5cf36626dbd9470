package life

import (
	"testing"

	"example.org/conform/harness/target"
)

// A near name is near within the domain, whichever way that is written, and is nobody's of whom the target knows.
func TestNearNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][3]string{
		"shorter-name":  {"admi", "admi@example.com", `EXAMPLE\admi`},
		"longer-name":   {"adminx", "adminx@example.com", `EXAMPLE\adminx`},
		"tagged-name":   {"admin+conform", "admin+conform@example.com", `EXAMPLE\admin+conform`},
		"wildcard-name": {"ad_in", "ad_in@example.com", `EXAMPLE\ad_in`},
	} {
		for i, right := range []string{"admin", "admin@example.com", `EXAMPLE\admin`} {
			in := &target.Target{Account: target.Account{Username: right, DownLevelName: `EXAMPLE\admin`}}
			near, ok := nearNames()[name].nearly(in)
			if !ok || near.Username != want[i] || near.DownLevelName != want[2] {
				t.Errorf("%s of %s is %s, %s, %v", name, right, near.Username, near.DownLevelName, ok)
			}
			in.Accounts = map[string]target.Account{target.OddPassword: {Username: want[i]}}
			if reason, remedy := nearNames()[name].lackingIn(in); reason == "" || remedy == "" {
				t.Errorf("%s of %s is another account of the target, and nothing is lacking", name, right)
			}
		}
	}
	for called, want := range map[string][2]string{
		"principal/shorter-name": {"admi@example.com", ""}, "down-level/longer-name": {`EXAMPLE\adminx`, ""}, "tagged-name": {"admin+conform@example.com", `EXAMPLE\admin+conform`},
	} {
		n, known := nearNameCalled(called)
		near, ok := n.nearly(&target.Target{Account: target.Account{Username: "admin@example.com", DownLevelName: `EXAMPLE\admin`}})
		if got := [2]string{near.Username, near.DownLevelName}; !known || !ok || got != want {
			t.Errorf("%s is %q, want %q", called, got, want)
		}
		if _, ok := n.nearly(&target.Target{Account: target.Account{Username: "admin@example.com"}}); ok != (n.form == "") {
			t.Errorf("%s of an account with one form of its name: %v", called, ok)
		}
	}
	if _, known := nearNameCalled("another/shorter-name"); known {
		t.Error("any word is a form of a name")
	}
	for right, name := range map[string]string{"x@example.com": "shorter-name", "_": "wildcard-name", `EXAMPLE\`: "longer-name"} {
		if near, ok := nearNames()[name].nearly(&target.Target{Account: target.Account{Username: right}}); ok {
			t.Errorf("%s of %s is %s", name, right, near.Username)
		}
	}
}
