package runner

import (
	"context"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/target"
	"example.org/conform/suites/check"
)

// planned is a small suite of the profile adaxes-2025.1.
func smallSuite(t *testing.T) []check.Definition {
	t.Helper()
	documents, err := check.DocumentsOf("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	s := check.NewSuite(documents, func(c *check.Case) *check.Case { return c }, nil)
	nothing := func(context.Context, *check.Case) {}
	s.Check("plain", "does a thing", nothing, check.Proves("ADX-SES-01"))
	s.Check("down-level", "needs a name", nothing, check.Proves("ADX-SES-02"))
	s.Check("first", "spends one", nothing, check.Proves("ADX-SES-08"), check.Spends("a"))
	s.Check("shared", "shares it", nothing, check.Proves("ADX-SES-12"), check.Spends("a"))
	s.Check("second", "spends another", nothing, check.Proves("ADX-SES-09"), check.Spends("b"))
	s.Check("third", "spends a third", nothing, check.Proves("ADX-SES-14"), check.Spends("c"))
	s.Check("of-another", "spends one of another account", nothing, check.Proves("ADX-SES-14"), check.SpendsOf("oddPassword", "a"))
	s.Check("lacking", "needs what is lacking", nothing, check.Proves("ADX-SES-14"), check.Spends("d"),
		check.LackingIn(func(*target.Target) (string, string) { return "lacking", "add it" }))
	s.Check("rest", "spends what is left", nothing, check.Proves("ADX-SES-09"), check.SpendsRest("e", 4))
	s.Check("other", "holds elsewhere", nothing, check.Proves("ADX-SES-18"))
	defs, err := s.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	return defs
}

func ids(defs []check.Definition) []string {
	var out []string
	for _, d := range defs {
		out = append(out, strings.TrimPrefix(d.ID, "adaxes-2025.1/"))
	}
	return out
}

func TestChoose(t *testing.T) {
	t.Parallel()
	defs := smallSuite(t)
	if slices.ContainsFunc(defs, func(d check.Definition) bool { return d.Slug == "other" }) {
		t.Error("a check of another profile's requirement is in the suite")
	}
	for name, c := range map[string]struct {
		bad     int
		filter  string
		run     []string
		skipped []string
		left    int
		wrong   []WrongPasswords
	}{
		"no wrong passwords": {0, "", []string{"ADX-SES-01/plain"},
			[]string{"ADX-SES-02/down-level", "ADX-SES-08/first", "ADX-SES-09/second", "ADX-SES-09/rest", "ADX-SES-12/shared", "ADX-SES-14/third",
				"ADX-SES-14/of-another", "ADX-SES-14/lacking"}, 0, []WrongPasswords{{"svc", 0}}},
		"two": {2, "", []string{"ADX-SES-01/plain", "ADX-SES-08/first", "ADX-SES-09/second", "ADX-SES-12/shared",
			"ADX-SES-14/of-another"},
			[]string{"ADX-SES-02/down-level", "ADX-SES-09/rest", "ADX-SES-14/third", "ADX-SES-14/lacking"}, 0, []WrongPasswords{{"svc", 2}, {"odd", 1}}},
		"some to spare": {5, "", []string{"ADX-SES-01/plain", "ADX-SES-08/first", "ADX-SES-09/second", "ADX-SES-09/rest", "ADX-SES-12/shared",
			"ADX-SES-14/third", "ADX-SES-14/of-another"}, []string{"ADX-SES-02/down-level", "ADX-SES-14/lacking"}, 0, []WrongPasswords{{"svc", 5}, {"odd", 1}}},
		"many to spare": {50, "!SHOULD && !ADX-SES-14", []string{"ADX-SES-01/plain", "ADX-SES-08/first", "ADX-SES-09/second", "ADX-SES-09/rest"},
			[]string{"ADX-SES-02/down-level"}, 4, []WrongPasswords{{"svc", 6}}},
		"filtered": {2, "SHOULD", []string{"ADX-SES-12/shared"}, nil, 8, []WrongPasswords{{"svc", 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			selected, err := selector(c.filter, nil)
			if err != nil {
				t.Fatal(err)
			}
			odd := map[string]target.Account{"oddPassword": {Username: "odd"}}
			p := Planned{Defs: defs, Target: &target.Target{
				Account: target.Account{Username: "svc"}, Accounts: odd, Limits: target.Limits{BadLogins: c.bad},
			}}
			p.choose(selected, spent{})
			var skipped []check.Definition
			for _, skip := range p.Skipped {
				skipped = append(skipped, skip.Definition)
				if skip.Reason == "" || skip.Remedy == "" {
					t.Errorf("%s is skipped without reason or remedy: %+v", skip.ID, skip)
				}
			}
			if !slices.Equal(ids(p.Run), c.run) || !slices.Equal(ids(skipped), c.skipped) || p.Unselected != c.left || !slices.Equal(p.WrongPasswords, c.wrong) {
				t.Errorf("run %v, skipped %v, %d not selected, wrong passwords %v", ids(p.Run), ids(skipped), p.Unselected, p.WrongPasswords)
			}
		})
	}
}

// What takes what others leave is paid for once by runs against the same server, which share the answers.
func TestTheRestIsSpentOnce(t *testing.T) {
	t.Parallel()
	sent := spent{}
	for i, wrong := range []int{5, 0} {
		p := Planned{Defs: smallSuite(t), Target: &target.Target{Account: target.Account{Username: "svc"}, Limits: target.Limits{BadLogins: 5}}}
		p.choose(func(check.Definition) bool { return true }, sent)
		if p.Rest != 2 || p.WrongPasswords[0].Number != wrong {
			t.Errorf("run %d: %d are left, wrong passwords %v", i, p.Rest, p.WrongPasswords)
		}
	}
}

func TestVetFilter(t *testing.T) {
	t.Parallel()
	defs := smallSuite(t)
	for filter, ok := range map[string]bool{
		"": true, "session && MUST": true, "must": true, "!SHOULD": true, "ADX-SES-01 || (session && !NOTE)": false, "ADX-SES-01": true,
		"renewl": false, "!renewl": false, "/ADX-SES-0[12]/": true, "/anything/ || nonsense": false,
	} {
		if err := vetFilter(defs, filter); (err == nil) != ok {
			t.Errorf("%q: %v", filter, err)
		}
	}
	if _, err := selector("(session", nil); err == nil {
		t.Error("a filter that does not end is no error")
	}
}
