package check

import (
	"context"
	"slices"
	"strings"
	"testing"

	"example.org/conform/harness/target"
)

// planned is a small suite of the profile adaxes-2025.1.
func planned(t *testing.T) []Definition {
	t.Helper()
	s, err := NewSuite("adaxes-2025.1", func(c *Case) *Case { return c }, nil)
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(context.Context, *Case) {}
	s.Check("plain", "does a thing", nothing, Proves("ADX-SES-01"))
	s.Check("down-level", "needs a name", nothing, Proves("ADX-SES-02"))
	s.Check("first", "spends one", nothing, Proves("ADX-SES-08"), Spends("a"))
	s.Check("shared", "shares it", nothing, Proves("ADX-SES-12"), Spends("a"))
	s.Check("second", "spends another", nothing, Proves("ADX-SES-09"), Spends("b"))
	s.Check("third", "spends a third", nothing, Proves("ADX-SES-14"), Spends("c"))
	s.Check("other", "holds elsewhere", nothing, Proves("ADX-SES-18"))
	defs, err := s.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	return defs
}

func ids(defs []Definition) []string {
	var out []string
	for _, d := range defs {
		out = append(out, strings.TrimPrefix(d.ID, "adaxes-2025.1/"))
	}
	return out
}

func TestSelect(t *testing.T) {
	t.Parallel()
	defs := planned(t)
	if slices.ContainsFunc(defs, func(d Definition) bool { return d.Slug == "other" }) {
		t.Error("a check of another profile's requirement is in the suite")
	}
	for name, c := range map[string]struct {
		bad     int
		filter  string
		run     []string
		skipped []string
		left    int
		wrong   int
	}{
		"no wrong passwords": {0, "", []string{"ADX-SES-01/plain"},
			[]string{"ADX-SES-02/down-level", "ADX-SES-08/first", "ADX-SES-09/second", "ADX-SES-12/shared", "ADX-SES-14/third"}, 0, 0},
		"two": {2, "", []string{"ADX-SES-01/plain", "ADX-SES-08/first", "ADX-SES-09/second", "ADX-SES-12/shared"},
			[]string{"ADX-SES-02/down-level", "ADX-SES-14/third"}, 0, 2},
		"filtered": {2, "SHOULD", []string{"ADX-SES-12/shared"}, nil, 5, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := Select(defs, &target.Target{Limits: target.Limits{BadLogins: c.bad}}, target.Vocabulary{}, c.filter, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(ids(p.Run), c.run) || !slices.Equal(ids(p.Skipped), c.skipped) || p.Unselected != c.left || p.WrongPasswords != c.wrong {
				t.Errorf("run %v, skipped %v, %d not selected, %d wrong passwords", ids(p.Run), ids(p.Skipped), p.Unselected, p.WrongPasswords)
			}
			for id, skip := range p.Skips {
				if skip.Reason == "" || skip.Remedy == "" {
					t.Errorf("%s is skipped without reason or remedy: %+v", id, skip)
				}
			}
		})
	}
}

func TestVetFilter(t *testing.T) {
	t.Parallel()
	defs := planned(t)
	for filter, ok := range map[string]bool{
		"": true, "session && MUST": true, "must": true, "!SHOULD": true, "ADX-SES-01 || (session && !NOTE)": false, "ADX-SES-01": true,
		"renewl": false, "!renewl": false, "/ADX-SES-0[12]/": true, "/anything/ || nonsense": false,
	} {
		if err := VetFilter(defs, filter); (err == nil) != ok {
			t.Errorf("%q: %v", filter, err)
		}
	}
	if _, err := Select(defs, &target.Target{}, target.Vocabulary{}, "(session", nil); err == nil {
		t.Error("a filter that does not end is no error")
	}
}

func TestDeclarationsAreVetted(t *testing.T) {
	t.Parallel()
	nothing := func(context.Context, *Case) {}
	for name, declare := range map[string]func(*Suite[*Case]){
		"no requirement":      func(s *Suite[*Case]) { s.Check("a", "t", nothing) },
		"unknown requirement": func(s *Suite[*Case]) { s.Check("a", "t", nothing, Proves("ADX-SES-99")) },
		"different levels":    func(s *Suite[*Case]) { s.Check("a", "t", nothing, Proves("ADX-SES-01", "ADX-SES-06")) },
		"twice": func(s *Suite[*Case]) {
			s.Check("a", "t", nothing, Proves("ADX-SES-01"))
			s.Check("a", "t", nothing, Proves("ADX-SES-01"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := NewSuite("adaxes-2025.1", func(c *Case) *Case { return c }, nil)
			if err != nil {
				t.Fatal(err)
			}
			declare(s)
			if _, err := s.Definitions(); err == nil {
				t.Error("no error")
			}
		})
	}
}
