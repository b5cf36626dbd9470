package waiver_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/waiver"
)

const good = `- check: adaxes-2025.1/ADX-TOK-04/works-until-destroyed
  target: https://*.example.com/restApi
  reason: vendor ticket 4711
  expires: 2031-02-28
- {requirement: ADX-TOK-05, profile: adaxes-2023.2, reason: "known: old", expires: "2031-03-01"}
`

func TestParseReadsBothForms(t *testing.T) {
	t.Parallel()
	list, err := waiver.Parse("w.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 {
		t.Fatalf("%d waivers, want 2", len(list))
	}
	first, second := list[0], list[1]
	if first.Check != "adaxes-2025.1/ADX-TOK-04/works-until-destroyed" || first.Requirement != "" ||
		first.Target != "https://*.example.com/restApi" || first.Reason != "vendor ticket 4711" ||
		first.Expires.Format(time.DateOnly) != "2031-02-28" {
		t.Errorf("the first waiver is %+v", first)
	}
	if second.Requirement != "ADX-TOK-05" || second.Profile != "adaxes-2023.2" || second.Reason != "known: old" || second.Target != "" {
		t.Errorf("the second waiver is %+v", second)
	}
	under, err := waiver.Parse("w.yaml", []byte("waivers:\n"+good))
	if err != nil {
		t.Fatal(err)
	}
	if len(under) != 2 || under[0].Check != first.Check || !reflect.DeepEqual(under[1].Expires, second.Expires) {
		t.Errorf("under the key waivers the list is %+v", under)
	}
}

// All checks of a requirement can be written as an ID with a star, under either key, with a profile before it or beside it.
func TestParseReadsAllChecksOfARequirement(t *testing.T) {
	t.Parallel()
	const rest = ", reason: x, expires: 2031-01-01}\n"
	for entry, profile := range map[string]string{
		"{check: ADX-SES-01/*": "", "{check: 'ADX-SES-01/*'": "", "{requirement: ADX-SES-01/*": "",
		"{check: adaxes-2025.1/ADX-SES-01/*": "adaxes-2025.1", "{requirement: adaxes-2025.1/ADX-SES-01/*": "adaxes-2025.1",
		"{check: ADX-SES-01/*, profile: adaxes-2025.1":               "adaxes-2025.1",
		"{check: adaxes-2025.1/ADX-SES-01/*, profile: adaxes-2025.1": "adaxes-2025.1",
	} {
		list, err := waiver.Parse("w.yaml", []byte("- "+entry+rest))
		if err != nil {
			t.Errorf("%s: %v", entry, err)
			continue
		}
		if w := list[0]; w.Check != "" || w.Requirement != "ADX-SES-01" || w.Profile != profile || w.String() != "requirement ADX-SES-01" {
			t.Errorf("%s is %+v", entry, w)
		}
		if err := waiver.Vet(list, nil); err != nil {
			t.Errorf("%s: %v", entry, err)
		}
	}
	for entry, want := range map[string]string{
		"{check: adaxes-2025.1/ADX-SES-01/*, profile: adaxes-2023.2": "w.yaml:1:3: the profile before the requirement is not the one under profile",
		"{check: ADX-SES-99/*":             "w.yaml:1:3: unknown requirement",
		"{check: /*":                       "w.yaml:1:3: check or requirement is missing",
		"{check: adaxes-2020/ADX-SES-01/*": "w.yaml:1:3: unknown profile",
		"{check: a/ADX-SES-01/b/*":         "w.yaml:1:3: unknown requirement",
		"{check: ADX-SES-01/x*":            "w.yaml:1:3: unknown check",
	} {
		list, err := waiver.Parse("w.yaml", []byte("- "+entry+rest))
		if err == nil {
			err = waiver.Vet(list, nil)
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", entry, err, want)
		}
	}
}

func TestParseTakesAnEmptyFileForNoWaivers(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "# none at present\n", "[]", "waivers: []", "waivers:\n", "---\n"} {
		if list, err := waiver.Parse("w.yaml", []byte(text)); err != nil || len(list) != 0 {
			t.Errorf("%q: %v, %v", text, list, err)
		}
	}
}

func TestParseRefusesInOneLineWithThePlace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"unknown key", "- requirement: ADX-TOK-04\n  expires: 2031-01-01\n  raeson: x\n", `w.yaml:3:3: unknown key "raeson" (did you mean reason?)`},
		{"unknown key at the top", "waiver: []\n", "w.yaml:1:1: must be a list of waivers"},
		{"two keys at the top", "waivers: []\nother: 1\n", "w.yaml:1:1: must be a list of waivers"},
		{"both", "- check: a\n  requirement: b\n  reason: x\n  expires: 2031-01-01\n", "w.yaml:1:3: check and requirement are both given"},
		{"neither", "- reason: x\n  expires: 2031-01-01\n", "w.yaml:1:3: check or requirement is missing"},
		{"no reason", "- check: a\n  expires: 2031-01-01\n", "w.yaml:1:3: reason is missing"},
		{"empty reason", "- check: a\n  reason: ' '\n  expires: 2031-01-01\n", "w.yaml:2:11: reason: must be a text that is not empty"},
		{"no day", "- check: a\n  reason: x\n", "w.yaml:1:3: expires is missing"},
		{"no such day", "- check: a\n  reason: x\n  expires: 2031-02-29\n", "w.yaml:3:12: expires: must be a day"},
		{"a time", "- check: a\n  reason: x\n  expires: 2031-02-20T00:00:00Z\n", "w.yaml:3:12: expires: must be a day"},
		{"null", "- check: a\n  reason: x\n  expires: 2031-01-01\n  target:\n", "w.yaml:4:11: target: must be a text that is not empty"},
		{"twice", "- check: a\n  check: b\n  reason: x\n  expires: 2031-01-01\n", "w.yaml:2:3:"},
		{"a text", "waive everything", "w.yaml:1:1: must be a list"},
		{"an entry that is a text", "- a\n", "w.yaml:1:3: must be a mapping of keys to values"},
		{"a list as value", "- check: [a]\n  reason: x\n  expires: 2031-01-01\n", "w.yaml:1:10: check: must be a text"},
		{"two documents", "[]\n---\n[]\n", "a second document"},
		{"no YAML", "- {check: a\n", "w.yaml:1:"},
		{"no text", "\xff- check", "not UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := waiver.Parse("w.yaml", []byte(test.text))
			if err == nil {
				t.Fatal("accepted")
			}
			if got := err.Error(); !strings.HasPrefix(got, "w.yaml:") || !strings.Contains(got, test.want) || strings.Contains(got, "\n") {
				t.Errorf("the error is %q, want one line with %q", got, test.want)
			}
		})
	}
}

func TestVetNamesWhatIsUnknown(t *testing.T) {
	t.Parallel()
	checks := []string{"adaxes-2025.1/ADX-TOK-04/works-until-destroyed", "adaxes-2023.2/ADX-TOK-04/works-until-destroyed"}
	for _, test := range []struct{ name, entry, want string }{
		{"check", "check: adaxes-2025.1/ADX-TOK-04/works-until-destoryed", "did you mean adaxes-2025.1/ADX-TOK-04/works-until-destroyed?"},
		{"requirement", "requirement: ADX-TOK-99", `unknown requirement "ADX-TOK-99"`},
		{"profile", "requirement: ADX-TOK-04, profile: adaxes-2025", "did you mean adaxes-2025.1?"},
		{"profile of another check", "check: adaxes-2025.1/ADX-TOK-04/works-until-destroyed, profile: adaxes-2023.2", "leave profile out"},
		{"good", "check: adaxes-2025.1/ADX-TOK-04/works-until-destroyed", ""},
		{"good requirement", "requirement: ADX-TOK-04, profile: adaxes-2023.2", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			list, err := waiver.Parse("dir/w.yaml", []byte("- {"+test.entry+", reason: x, expires: 2031-01-01}\n"))
			if err != nil {
				t.Fatal(err)
			}
			err = waiver.Vet(list, checks)
			switch {
			case test.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "dir/w.yaml:1:")):
				t.Errorf("the error is %v, want one with its place and %q", err, test.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("waivers: [{check: a}]"))
	f.Add([]byte("- &a {check: *a}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := waiver.Parse("w.yaml", data)
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("an error of several lines: %q", err)
		}
		for _, w := range list {
			if (w.Check == "") == (w.Requirement == "") || w.Reason == "" || w.Expires.IsZero() {
				t.Errorf("an incomplete waiver: %+v", w)
			}
		}
	})
}
