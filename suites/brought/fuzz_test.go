package brought

import (
	"os"
	"testing"
	"testing/fstest"

	"example.org/conform/harness/fault/player"
	"example.org/conform/harness/reference"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// FuzzGenerate reads whatever a contract may hold: what can be read comes to requirements that have each a source, to checks that contradict
// nothing, and to a server that plays it with none of its faults or with any, or the one line that says why not.
func FuzzGenerate(f *testing.F) {
	for _, file := range []string{"cellar.json", "shop.yaml", "turnstile.yaml", "vault.yaml"} {
		text, err := os.ReadFile("testdata/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 8<<10 {
			t.Skip("what is slow to read finds little")
		}
		d, err := openapi.ReadBrought(fstest.MapFS{"api.yaml": {Data: []byte(text)}}, "api.yaml", openapi.BroughtOptions{Profile: "api"})
		if err != nil {
			return // a fuzz target of its own reads
		}
		catalogue, err := generate(d, nil, "api.yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range catalogue.Requirements {
			if r.Source == "" || r.Statement == "" {
				t.Errorf("%+v", r)
			}
		}
		c := &Contract{Documents: check.Documents{Contract: d, Catalogue: catalogue}, Profile: "api"}
		if all, err := c.System().Checks("api", nil); err != nil || len(all) == 0 {
			t.Errorf("%d checks: %v", len(all), err)
		}
		player.Faults(d)
		if system, err := player.Make(d)(reference.Options{Profile: "api"}); err == nil {
			system.Close()
		}
	})
}
