package fault_test

import (
	"strings"
	"testing"

	"example.org/conform/harness/fault"
)

// compares are the seams of a server that compares passwords.
var compares fault.Seams[compared, call, string, string]

const small = `
profiles: [pyramid-2018.5]
faults:
  - {name: own, breaks: R-1, shows: 401, story: a story}
  - {name: any-password, breaks: R-2, shows: no session}
variants:
  - {name: own, story: where the document leaves it open, long: true}
`

func TestReadJoinsNamesAndMechanisms(t *testing.T) {
	t.Parallel()
	own := fault.Overrides[compared]{"own": func(c *compared) { c.same = nil }}
	c, err := compares.Read([]byte(small), []fault.Overrides[compared]{own}, passwords)
	if err != nil {
		t.Fatal(err)
	}
	if f := c.Faults[0]; f.Requirement != "R-1" || f.Reason != "401" || f.Story != "a story" || f.Apply == nil {
		t.Errorf("%+v", f)
	}
	if f := c.Faults[1]; f.Reason != "no session" || !strings.Contains(f.Story, "directory") || f.Apply == nil {
		t.Errorf("%+v does not have the story of its kind", f)
	}
	if v := c.Variants[0]; !v.Long || v.Apply == nil {
		t.Errorf("%+v", v)
	}
}

func TestReadFindsMistakes(t *testing.T) {
	t.Parallel()
	own := fault.Overrides[compared]{"own": func(*compared) {}}
	for _, test := range []struct{ mistake, text, told string }{
		{"an unknown field", strings.Replace(small, "shows: 401", "show: 401", 1), "unknown field"},
		{"a name without a mechanism", strings.Replace(small, "any-password", "no-password", 1), "no-password has no mechanism"},
		{"a mechanism without an entry", "profiles: [pyramid-2018.5]", "the mechanism own has no entry"},
		{"an entry twice", strings.Replace(small, "any-password", "own", 1), "own comes twice"},
		{"no story", strings.Replace(small, ", story: a story", "", 1), "own has no story"},
		{"a fault that breaks nothing", strings.Replace(small, "breaks: R-1, ", "", 1), `own breaks ""`},
		{"a variant that breaks something", strings.Replace(small, "own, story: where", "own, breaks: R-3, story: where", 1), `own breaks "R-3"`},
		{"a profile without a contract", strings.Replace(small, "pyramid-2018.5", "p", 1), `no profile "p"`},
		{"two mechanisms", strings.Replace(small, "shows: 401", "does: {refusal: any, status: 401}", 1), "there are two mechanisms own"},
		{"an effect on nothing", strings.Replace(small, "shows: no session", "does: {status: 401}", 1), "one of answer, request and refusal"},
		{"an effect on two", strings.Replace(small, "shows: no session", "does: {answer: x, refusal: any}", 1),
			"one of answer, request and refusal"},
		{"a refusal that nobody knows", strings.Replace(small, "shows: no session", "does: {refusal: rude}", 1), `no refusal is called "rude"`},
		{"a request that nobody knows", strings.Replace(small, "shows: no session", "does: {request: x, where: [rude]}", 1),
			`no request is called "rude"`},
		{"an unknown change", strings.Replace(small, "shows: no session", "does: {refusal: any, spoil: token}", 1), "unknown field"},
	} {
		_, err := compares.Read([]byte(test.text), []fault.Overrides[compared]{own}, passwords)
		if err == nil || !strings.Contains(err.Error(), test.told) {
			t.Errorf("%s: error %v, want one with %q", test.mistake, err, test.told)
		}
	}
	_, err := compares.Read([]byte(small), []fault.Overrides[compared]{own, own})
	if err == nil || !strings.Contains(err.Error(), "two mechanisms own") {
		t.Errorf("a mechanism twice: error %v", err)
	}
	if _, err := compares.Read([]byte(small), []fault.Overrides[compared]{own}, passwords, passwords); err == nil ||
		!strings.Contains(err.Error(), "two kinds have a mechanism any-password") {
		t.Errorf("a kind twice: error %v", err)
	}
}
