// Package brought judges servers by contracts that somebody brings: an OpenAPI document that says how its credentials live, of an API that
// nobody here knows. What the document promises, and what HTTP and its kin ask of whoever speaks them, is generated as requirements with
// IDs that stay the same from run to run, each tied to the place in the document that says so. A catalogue of the team's own may name
// them, or give them other levels.
package brought

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/target"
	"example.org/conform/openapi"
	"example.org/conform/openapi/overlay"
	"example.org/conform/specs"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
	"example.org/conform/suites/spelt"
	"example.org/conform/suites/walk"
)

// Options say what somebody brings.
type Options struct {
	// Contract is the file of the OpenAPI document, and Catalogue that of the team's requirements; "" for none.
	Contract, Catalogue string
	// Overlays are the files of the overlays that change the document, in their order.
	Overlays []string
	// Allowed are the IDs of operations that may be sent good requests though no life of a credential needs them.
	Allowed []string
}

// Contract is a contract that somebody brings, with the requirements that it comes to.
type Contract struct {
	check.Documents
	// Profile is what it is called: the profile of its catalogue, or the name of its file.
	Profile string
	allowed []string
}

// Read reads a contract.
func Read(o Options) (*Contract, error) {
	c := &Contract{Profile: profileOf(o.Contract), allowed: o.Allowed}
	var team *specs.Catalogue
	if o.Catalogue != "" {
		var err error
		if team, err = specs.ReadFile(o.Catalogue); err != nil {
			return nil, fmt.Errorf("--catalogue: %w", err)
		}
		if c.Profile, err = profileIn(team, c.Profile); err != nil {
			return nil, fmt.Errorf("--catalogue: %w", err)
		}
	}
	d, err := document(o, openapi.BroughtOptions{Profile: c.Profile, Allowed: o.Allowed})
	if err != nil {
		return nil, fmt.Errorf("--contract: %w", err)
	}
	c.Contract = d
	if c.Catalogue, err = generate(d, team, filepath.Base(o.Contract)); err != nil {
		return nil, err
	}
	return c, nil
}

// document reads the OpenAPI document, as its overlays change it.
func document(o Options, as openapi.BroughtOptions) (*openapi.Document, error) {
	if len(o.Overlays) == 0 {
		return openapi.ReadFile(o.Contract, as)
	}
	merged, err := overlay.Open(o.Contract, o.Overlays...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = merged.Close() }()
	return merged.Contract(as)
}

// profileIn is the profile of a catalogue that a contract is for: its only one, or that of the contract's name.
func profileIn(team *specs.Catalogue, named string) (string, error) {
	if len(team.Profiles) == 1 {
		return team.Profiles[0].ID, nil
	}
	for _, p := range team.Profiles {
		if p.ID == named {
			return p.ID, nil
		}
	}
	return "", fmt.Errorf("it has several profiles, and none is called %s as the file of the contract is; name the file after one", named)
}

var noProfile = regexp.MustCompile(`[^a-z0-9.-]+`)

// profileOf makes the name of a profile of that of a file.
func profileOf(file string) string {
	name := strings.ToLower(filepath.Base(file))
	for _, extension := range []string{".yaml", ".yml", ".json"} {
		name = strings.TrimSuffix(name, extension)
	}
	name = strings.Trim(noProfile.ReplaceAllString(name, "-"), "-.")
	if name == "" || name[0] < 'a' || name[0] > 'z' {
		name = strings.TrimSuffix("contract-"+name, "-")
	}
	return name
}

// System is the API of the contract, for the runner.
func (c *Contract) System() check.System {
	documents := func(string) (check.Documents, error) { return c.Documents, nil }
	// Cookies and JWTs count in whole seconds, and who states no end says nothing of it.
	dialect := life.Dialect{Described: true, Unit: time.Second, MayDo: "that the account may log in", Example: "GET " + c.probePath()}
	return life.SystemOf(documents, []string{c.Profile}, target.Vocabulary{},
		func(k *check.Case) *life.API { return life.New(k, dialect) },
		func(s *check.Suite[*life.API]) {
			life.Declare(s)
			walk.Declare(s)
			spelt.Declare(s)
		})
}

func (c *Contract) probePath() string {
	op, err := c.Contract.Operation(check.Probe)
	if err != nil { // it was read
		return ""
	}
	return op.Path()
}

// Sent is what a run sends to an operation of the contract.
type Sent struct {
	ID, Method, Path, What string
}

// Sends lists the operations of the contract, with what each is sent in a run, those that are left alone at the end.
func (c *Contract) Sends() (all []Sent) {
	for _, op := range c.Contract.Operations() {
		what := "good requests, and refused, broken and hostile ones"
		switch {
		case op.HandsOut() != nil && op.HandsOut().From == "":
			what += "; hands out " + life.Noun(op.HandsOut().Kind) + " for the account"
		case op.HandsOut() != nil && op.HandsOut().Renews():
			what += "; renews " + life.Noun(op.HandsOut().Kind)
		case op.HandsOut() != nil:
			what += "; hands out " + life.Noun(op.HandsOut().Kind) + " for " + life.Noun(op.HandsOut().From)
		case op.Ends() != nil:
			what += "; ends " + life.Noun(op.Ends().Kind)
		case op.Clears():
			what += "; has the client forget " + life.Noun(op.Takes()[0].Kind)
		case op.Probes():
			what += "; shows whether " + life.Noun(op.Takes()[0].Kind) + " works"
		}
		if slices.Contains(c.allowed, op.ID()) {
			what += " (--allow)"
		}
		all = append(all, Sent{op.ID(), op.Method(), op.Path(), what})
	}
	for _, idle := range c.Contract.Idle() {
		what := "nothing: no life of a credential needs it (--allow " + idle.ID + ")"
		if idle.Writes() {
			what = "nothing: it may write, and no life of a credential needs it (--allow " + idle.ID + ")"
		}
		if idle.Ends != "" {
			what += "; the contract says that it " + idle.Ends + ", which is not tried"
		}
		all = append(all, Sent{idle.ID, idle.Method, idle.Path, what})
	}
	return all
}
