package openapi

import (
	"slices"
	"strings"
	"testing"
)

func TestMutations(t *testing.T) {
	t.Parallel()
	all := mustLoad(t, "bluecat-9.5").Mutations()
	for _, want := range []Mutation{
		{Name: "token-renamed", Operation: "createSession", Member: "apiToken", Way: "renamed", To: "api_token", Requirement: "BCT-SES-05"},
		{Name: "user-id-as-string", Operation: "createSession", Member: "user/id", Way: "as-string", Requirement: "BCT-SES-14"},
		{Name: "collection-link-missing", Operation: "createSession", Member: "_links/collection", Way: "missing", Requirement: "BCT-SES-17"},
	} {
		if n := len(all) - len(slices.DeleteFunc(slices.Clone(all), func(m Mutation) bool { return m == want })); n != 1 {
			t.Errorf("%+v comes %d times among %+v", want, n, all)
		}
	}
	// What an answer with one requirement for everything shares with another is that one's.
	for _, m := range mustLoad(t, "adaxes-2025.1").Mutations() {
		if m.Operation == "renewToken" {
			t.Errorf("a mutation of a renewal: %+v", m)
		}
	}
}

// What cannot be broken, or not so, is refused, with file and line.
func TestMutationsThatSayNothing(t *testing.T) {
	t.Parallel()
	const token = "x-mutations: {word: token, ways: [empty], renamed: authToken}"
	for name, c := range map[string]struct{ old, new, want string }{
		"an unknown way": {token, "x-mutations: {word: token, ways: [empty, late]}",
			`(aria-shared.yaml:<ways: [empty, late]>): acquireToken: x-mutations: the way "late", which is none of missing, null`},
		"a member that nobody knows": {token, "x-mutations: {word: token, wayes: [empty]}",
			`(aria-shared.yaml:<wayes:>): acquireToken: x-mutations: unknown field "wayes"`},
		"no way": {token, "x-mutations: {word: token}",
			`(aria-shared.yaml:<{word: token}>): acquireToken: x-mutations: a word and a way are needed`},
		"no word": {token, "x-mutations: {ways: [empty]}", `a word and a way are needed`},
		"no requirement": {"x-requirement: ARO-VAL-01\n", "x-expected: a number\n",
			`(aria-shared.yaml:<{word: validity>): acquireToken: x-mutations: validity has no requirement that a mutation could break`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := c.want
			_, err := load("aria-operations-8", func(file string) ([]byte, error) {
				text, err := embedded.ReadFile(file)
				if file != "aria-shared.yaml" {
					return text, err
				}
				changed := strings.Replace(string(text), c.old, c.new, 1)
				want = withLine(want, changed)
				if changed == string(text) {
					t.Fatalf("%q is not in %s", c.old, file)
				}
				return []byte(changed), err
			})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}
