package brought

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/conform/specs"
)

const ownCatalogue = `system: wine
title: Wine
prefix: WIN
profiles:
  - {id: wine-1, title: 'Wine, 1', document: 'The cellar book', terms: {}}
subjects: {guests: Guests}
requirements:
  - {id: WIN-OUT-01, subject: guests, level: MUST, statement: Who has left is out., source: Leaving, generated: [GEN-get-session-REJECTED-ENDED]}
  - {id: GEN-get-session-NO-OTHER-PATH, level: MUST}
`

func read(t *testing.T, catalogue string) (*Contract, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "wine.yaml")
	if err := os.WriteFile(file, []byte(catalogue), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(Options{Contract: "testdata/cellar.json", Catalogue: file})
}

// A team's catalogue names what is generated, and gives it other levels; the rest is as it was.
func TestCatalogueNamesAndLevels(t *testing.T) {
	t.Parallel()
	c, err := read(t, ownCatalogue)
	if err != nil {
		t.Fatal(err)
	}
	defs, err := c.System().Checks(c.Profile, nil)
	if err != nil {
		t.Fatal(err)
	}
	levels := map[string]specs.Level{}
	for _, d := range defs {
		levels[d.ID] = d.Requirement.Level
	}
	for id, want := range map[string]specs.Level{
		"wine-1/WIN-OUT-01/ended-by-delete-session":                specs.Must,
		"wine-1/GEN-get-session-NO-OTHER-PATH/no-other-path":       specs.Must,
		"wine-1/GEN-post-session-NO-ECHO/no-echo":                  specs.Should,
		"wine-1/GEN-get-session-REJECTED-NONE/none-at-get-session": specs.Must,
	} {
		if levels[id] != want {
			t.Errorf("%s is %q", id, levels[id])
		}
	}
	for id := range levels {
		if strings.Contains(id, "GEN-get-session-REJECTED-ENDED") {
			t.Errorf("%s has another name", id)
		}
	}
}

func TestCatalogueIsRefused(t *testing.T) {
	t.Parallel()
	for want, change := range map[string][2]string{
		"GEN-get-session-NO-WAY is none of the requirements that the contract comes to": {"GEN-get-session-NO-OTHER-PATH", "GEN-get-session-NO-WAY"},
		"stands for GEN-get-session-NOTHING, which is none of the requirements":         {"GEN-get-session-REJECTED-ENDED", "GEN-get-session-NOTHING"},
		"unknown level; it must be MUST, SHOULD or NOTE":                                {"level: MUST}", "level: MAY}"},
		"the ID of a requirement has the form WIN-SUBJ-NN":                              {"WIN-OUT-01", "GEN-x"},
	} {
		if _, err := read(t, strings.Replace(ownCatalogue, change[0], change[1], 1)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
