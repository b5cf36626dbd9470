package specs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEveryCatalogueLoads(t *testing.T) {
	t.Parallel()
	inFolder, err := filepath.Glob("*.yaml")
	if err != nil || len(inFolder) == 0 {
		t.Fatalf("catalogues in the folder: %v, %v", inFolder, err)
	}
	inFolder = slices.DeleteFunc(inFolder, func(name string) bool { return name == commonName }) // part of each
	all, err := All()
	if err != nil || len(all) != len(inFolder) {
		t.Fatalf("%d catalogues, %v; the folder has %v", len(all), err, inFolder)
	}
	for i, c := range all {
		if c.System+extension != inFolder[i] {
			t.Errorf("All()[%d] is %s; the folder has %v", i, c.System, inFolder)
		}
		inSomeProfile := map[string]bool{}
		for _, p := range c.Profiles {
			for _, r := range c.all(p.ID) {
				inSomeProfile[r.ID] = true
				if _, left := p.replace(r.Statement + r.Source); left != nil {
					t.Errorf("%s in %s: %v is not replaced", r.ID, p.ID, left)
				}
			}
		}
		for _, r := range c.Requirements {
			if !inSomeProfile[r.ID] {
				t.Errorf("%s holds in no profile", r.ID)
			}
		}
		for _, s := range c.Subjects {
			if !slices.ContainsFunc(c.Requirements, func(r Requirement) bool { return r.Subject == s.Key }) {
				t.Errorf("%s: subject %s has no requirement", c.System, s.Key)
			}
		}
	}
}

func TestSubjectsKeepTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	c, err := ForProfile("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, s := range c.Subjects {
		keys = append(keys, s.Key)
	}
	want := "session account token type renewal terminate destroy nocontent expiry instance error sample spelling client"
	if got := strings.Join(keys, " "); got != want {
		t.Errorf("subjects are %s, want %s", got, want)
	}
}

func TestInSpeaksTheWordsOfTheProfile(t *testing.T) {
	t.Parallel()
	for profile, source := range map[string]string{
		"adaxes-2023.2": `Adaxes REST API, "Authentication", Obtain security token, Responses`,
		"adaxes-2025.1": `Adaxes REST API, "Authentication (legacy)", Obtain access token, Responses`,
	} {
		c, err := ForProfile(profile)
		if err != nil {
			t.Fatal(err)
		}
		if r, found := c.Find(profile, "ADX-TOK-01"); !found || r.Source != source {
			t.Errorf("source in %s is %q (found %v), want %q", profile, r.Source, found, source)
		}
	}
}

func TestInNamesTheDocumentUnlessTheSourceIsItsOwn(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"Obtain {token}":             "The document, Obtain access token",
		"'page \"Errors\", {token}'": `page "Errors", access token`,
		"security practice (x)":      "security practice (x)",
		"RFC 9110, 8.6":              "RFC 9110, 8.6",
		"reports of users":           "reports of users",
		"pages of it":                "The document, pages of it",
	} {
		c, err := parse("small.yaml", []byte(strings.Replace(small, "Obtain {token}", source, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.In("small-1")[0]; got.Source != want || got.Statement != "The access token works." {
			t.Errorf("%s gives %q and %q, want %q", source, got.Source, got.Statement, want)
		}
	}
}

func TestReplaceLeavesThePathOfAnOperationAlone(t *testing.T) {
	t.Parallel()
	p := Profile{Terms: map[string]string{"token": "access token", "id": "other"}}
	for text, want := range map[string]struct{ text, unresolved string }{
		"{token}":                            {"access token", "[]"},
		"the {token}{token}, DELETE /x/{id}": {"the access tokenaccess token, DELETE /x/{id}", "[]"},
		"{ticket} of {token}":                {"{ticket} of access token", "[{ticket}]"},
		`{"id": 1}`:                          {`{"id": 1}`, "[]"},
	} {
		if got, unresolved := p.replace(text); got != want.text || fmt.Sprint(unresolved) != want.unresolved {
			t.Errorf("replace(%q) = %q, %v, want %q, %s", text, got, unresolved, want.text, want.unresolved)
		}
	}
}

func TestFindKnowsWhereARequirementHolds(t *testing.T) {
	t.Parallel()
	c, err := ForProfile("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		profile, id string
		want        bool
	}{
		{"adaxes-2023.2", "ADX-SES-18", true},
		{"adaxes-2025.1", "ADX-SES-18", false},
		{"adaxes-2025.1", "ADX-SES-01", true},
		{"adaxes-2025.1", "ADX-SES-99", false},
		{"nowhere", "ADX-SES-01", false},
	} {
		if _, got := c.Find(tt.profile, tt.id); got != tt.want {
			t.Errorf("Find(%s, %s) found is %v, want %v", tt.profile, tt.id, got, tt.want)
		}
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	c, r, err := Lookup("ADX-TOK-04")
	if err != nil || c.System != "adaxes" || r.ID != "ADX-TOK-04" || r.Subject != "token" || r.Level != Must {
		t.Errorf("Lookup = %v, %+v, %v", c, r, err)
	}
}

func TestUnknownNamesSuggestTheNearest(t *testing.T) {
	t.Parallel()
	_, profile := ForProfile("adaxes-2025.2")
	_, far := ForProfile("x")
	_, _, requirement := Lookup("adx-tok-4")
	for _, tt := range []struct {
		err  error
		want []string
	}{
		{profile, []string{`unknown profile "adaxes-2025.2" (did you mean adaxes-2025.1?); known are `, "adaxes-2023.2, adaxes-2025.1"}},
		{far, []string{`unknown profile "x"; known are `}},
		{requirement, []string{`unknown requirement "adx-tok-4" (did you mean ADX-TOK-04?)`}},
	} {
		for _, want := range tt.want {
			if tt.err == nil || !strings.Contains(tt.err.Error(), want) {
				t.Errorf("error %v lacks %q", tt.err, want)
			}
		}
	}
}

func TestCallersCannotChangeACatalogueForOthers(t *testing.T) {
	t.Parallel()
	for i := range 2 {
		c, err := ForProfile("adaxes-2025.1")
		if err != nil {
			t.Fatal(err)
		}
		if c.Profiles[0].Terms["token"] == "changed" || c.Requirements[0].Profiles[0] == "changed" || c.Subjects[0].Key == "changed" {
			t.Fatalf("round %d sees what another caller changed", i)
		}
		c.Profiles[0].Terms["token"], c.Requirements[0].Profiles[0], c.Subjects[0].Key = "changed", "changed", "changed"
	}
}

// small is the smallest catalogue that loads.
const small = `system: small
title: Small
prefix: SML
profiles:
  - id: small-1
    title: Small 1
    document: The document
    terms: {token: access token}
subjects:
  session: Sessions
requirements:
  - id: SML-SES-01
    subject: session
    level: MUST
    statement: The {token} works.
    source: Obtain {token}
`

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	if _, err := parse("small.yaml", []byte(small)); err != nil {
		t.Fatalf("the catalogue that the cases break is broken itself: %v", err)
	}
	second := small[strings.Index(small, "  - id: SML"):]
	for name, tt := range map[string]struct{ old, new, want string }{
		"an unknown key":              {"    level: MUST", "    levle: MUST", `small.yaml:14:5: unknown key "levle" (did you mean level?); the other catalogues show those that are known`},
		"an unknown key at the top":   {"prefix: SML", "prefix: SML\nother: x", "small.yaml:4:1: unknown key; the other catalogues show those that are known"},
		"a key twice":                 {"title: Small\n", "title: Small\ntitle: Small\n", "small.yaml:3:1: a key stands twice; keep one"},
		"a broken line":               {"  - id: small-1", "  - id: 'small-1", "small.yaml:"},
		"no title":                    {"title: Small\n", "", "small.yaml:1:1: title is empty"},
		"a prefix in small letters":   {"prefix: SML", "prefix: sml", "small.yaml:3:9: prefix must be three capitals"},
		"an ID of another system":     {"SML-SES-01", "ADX-SES-01", "small.yaml:12:9: the ID of a requirement has the form SML-SUBJ-NN"},
		"an ID of one digit":          {"SML-SES-01", "SML-SES-1", "small.yaml:12:9: the ID of a requirement has the form SML-SUBJ-NN"},
		"an ID twice":                 {second, second + second, "small.yaml:17:9: requirement SML-SES-01 stands twice"},
		"an unknown subject":          {"subject: session", "subject: sesion", `small.yaml:13:14: requirement SML-SES-01: unknown subject "sesion" (did you mean session?); it must be a key of subjects`},
		"an unknown level":            {"level: MUST", "level: must", "small.yaml:14:12: requirement SML-SES-01: unknown level; it must be MUST, SHOULD or NOTE"},
		"no level":                    {"    level: MUST\n", "", "small.yaml:12:5: requirement SML-SES-01: unknown level; it must be MUST, SHOULD or NOTE"},
		"an unknown profile":          {"level: MUST", "level: MUST\n    profiles: [small-2]", "small.yaml:15:16: requirement SML-SES-01: unknown profile; it must be the id of one of profiles"},
		"a profile twice":             {"level: MUST", "level: MUST\n    profiles: [small-1, small-1]", "small.yaml:15:25: requirement SML-SES-01: a profile stands twice"},
		"no profile at all":           {"level: MUST", "level: MUST\n    profiles: []", "small.yaml:15:15: requirement SML-SES-01: profiles is empty; leave it out when it holds in all of them"},
		"no statement":                {"statement: The {token} works.", "statement: ' '", "small.yaml:15:16: requirement SML-SES-01: statement is empty"},
		"no source":                   {"    source: Obtain {token}\n", "", "small.yaml:12:5: requirement SML-SES-01: source is empty"},
		"a term without a word":       {"The {token} works", "The {ticket} works", "small.yaml:15:16: requirement SML-SES-01: a profile in which it holds has no term for what is in braces"},
		"a term in the source":        {"Obtain {token}", "Obtain {ticket}", "small.yaml:16:13: requirement SML-SES-01: a profile in which it holds has no term for what is in braces"},
		"a need of three parts":       {"level: MUST", "level: MUST\n    needs: [a.b.c]", "small.yaml:15:13: requirement SML-SES-01: a need must be one name, or two joined by a dot"},
		"a subject that is no label":  {"  session: Sessions", "  'session & more': Sessions", "small.yaml:10:3: subject: the key must be letters and digits, small first, and the title not empty"},
		"a subject that is no text":   {"  session: Sessions", "  session: 1", "small.yaml:10:3: subjects: the key and the title of each must be texts"},
		"a profile without document":  {"    document: The document\n", "", "small.yaml:5:5: profile: title or document is empty"},
		"a word that holds a term":    {"access token}", "'{other}'}", "small.yaml:8:12: profile: a term must be letters, and its word a text without braces"},
		"a profile ID with a slash":   {"- id: small-1", "- id: small/1", "small.yaml:5:9: the ID of a profile is small letters, digits, dots and hyphens"},
		"a list where a text belongs": {"title: Small\n", "title: [Small]\n", "small.yaml:2:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.Count(small, tt.old) == 0 {
				t.Fatalf("the catalogue has no %q to break", tt.old)
			}
			_, err := parse("small.yaml", []byte(strings.Replace(small, tt.old, tt.new, 1)))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q, want %q in one line", fmt.Sprint(err), tt.want)
			}
		})
	}
}

func TestCataloguesMustNotClash(t *testing.T) {
	t.Parallel()
	other := strings.NewReplacer("system: small", "system: other", "SML", "OTH", "small-1", "other-1").Replace(small)
	for name, tt := range map[string]struct{ file, text, want string }{
		"nothing":      {"other.yaml", other, ""},
		"the prefix":   {"other.yaml", strings.ReplaceAll(other, "OTH", "SML"), "small.yaml: prefix SML is that of other"},
		"a profile":    {"other.yaml", strings.ReplaceAll(other, "other-1", "small-1"), "small.yaml: profile small-1 belongs to other"},
		"the filename": {"another.yaml", other, `another.yaml:1:9: system must be the name of the file, "another"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			for file, text := range map[string]string{"small.yaml": small, tt.file: tt.text} {
				if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := loadAll(os.DirFS(folder))
			if got := fmt.Sprint(err); (tt.want == "") != (err == nil) || tt.want != "" && got != tt.want {
				t.Errorf("error %s, want %s", got, tt.want)
			}
		})
	}
}

// A promise that a breach of fails a server is one that somebody has made.
func TestAMustHasItsWordsOrAReason(t *testing.T) {
	t.Parallel()
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		for _, p := range c.Profiles {
			for _, r := range c.all(p.ID) {
				if r.Level == Must && r.Grounds() == "" {
					t.Errorf("%s in %s is a MUST without a word of its document (quote) or a reason (because)", r.ID, p.ID)
				}
				if len(r.Quote) > 100 {
					t.Errorf("%s in %s quotes %d characters; a phrase will do", r.ID, p.ID, len(r.Quote))
				}
			}
		}
	}
}

func TestAProfileHasAPlaceOfItsOwn(t *testing.T) {
	t.Parallel()
	with := func(own string) string {
		return strings.Replace(small, "source: Obtain {token}", "source: Obtain {token}\n"+own, 1)
	}
	c, err := parse("small.yaml", []byte(with("    because: x\n    own: {small-1: {source: 'Renew {token}', quote: 'the {token}'}}")))
	if err != nil {
		t.Fatal(err)
	}
	got := c.In("small-1")[0]
	if got.Source != "The document, Renew access token" || got.Grounds() != "“the access token”, because x" || got.Own != nil {
		t.Errorf("%+v, %s", got, got.Grounds())
	}
	if _, err := parse("small.yaml", []byte(with("    own: {small-9: {source: x}}"))); err == nil || !strings.HasPrefix(err.Error(), "small.yaml:17:10: ") {
		t.Errorf("a place in no profile: %v", err)
	}
}
