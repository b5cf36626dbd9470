// Package waiver holds what a team has decided to live with for a while: which failure is excused, on which target,
// why, and until when. A waiver changes no judgement; it takes the failure out of the gate, in plain sight. One that
// has expired, that matches nothing or that excuses a check which passes closes the gate itself.
package waiver

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/verdict"
	"example.org/conform/harness/yamlfile"
	"example.org/conform/specs"
)

// Waiver is one entry of a file of waivers. Load and Parse return it complete.
type Waiver struct {
	// Check is the ID of the check that is excused, or Requirement that of the requirement all of whose checks are.
	// One of them is set.
	Check       string `yaml:"check"`
	Requirement string `yaml:"requirement"`
	// Profile narrows a waiver of a requirement to one profile. Empty is every profile.
	Profile string `yaml:"profile"`
	// Target narrows it to targets whose URL it matches, in which * stands for any characters, slashes included.
	// Empty is every target.
	Target string `yaml:"target"`
	// Reason says why the team lives with it.
	Reason string `yaml:"reason"`
	// Expires is the last day on which the waiver holds, in UTC.
	Expires time.Time `yaml:"expires"`

	place string
	twice bool // two profiles are given
}

// format is that of a file of waivers. Its bound is far above any.
var format = yamlfile.Format{Kind: "list of waivers", Max: 1 << 20, Filled: true}

// Load reads a file of waivers. See Parse.
func Load(path string) ([]Waiver, error) {
	data, err := format.Load(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, data)
}

// Parse reads waivers, YAML or JSON: a list of entries, or a mapping whose one key, waivers, holds that list. An empty
// file holds none. An entry has the keys
//
//	check or requirement   what is excused: exactly one of them; <requirement>/* and <profile>/<requirement>/* stand for all
//	                       checks of a requirement under either key
//	target                 optional; URL of the target, in which * stands for any characters
//	profile                optional; the one profile in which a requirement is excused
//	reason                 why, not empty
//	expires                the last day on which it holds, YYYY-MM-DD
//
// Any other key is an error, and so is one that stands twice. An error is one line with the place: name:line:column.
func Parse(name string, data []byte) ([]Waiver, error) {
	doc, err := format.Parse(name, data)
	if err != nil {
		return nil, err
	}
	entries, err := doc.Items("waivers")
	if err != nil {
		return nil, err
	}
	var waivers []Waiver
	for _, entry := range entries {
		w := Waiver{place: entry.Place("")}
		if err := entry.Into(&w); err != nil {
			return nil, err
		}
		w.spread()
		if problem := w.incomplete(); problem != "" {
			return nil, entry.Fault("", "%s", problem)
		}
		w.Target, w.Reason = strings.TrimSuffix(w.Target, "/"), strings.Join(strings.Fields(w.Reason), " ")
		waivers = append(waivers, w)
	}
	return waivers, nil
}

// spread reads what is excused where it is written as all checks of a requirement: ADX-TOK-04/*, or with a profile before it.
func (w *Waiver) spread() {
	for _, field := range []*string{&w.Check, &w.Requirement} {
		all, isAll := strings.CutSuffix(*field, "/*")
		if !isAll || w.Check != "" && w.Requirement != "" {
			continue
		}
		profile, requirement, both := strings.Cut(all, "/")
		if !both {
			profile, requirement = "", all
		}
		w.twice = profile != "" && w.Profile != "" && profile != w.Profile
		w.Check, w.Requirement, w.Profile = "", requirement, cmp.Or(profile, w.Profile)
		return
	}
}

// incomplete says what an entry lacks, or has too much.
func (w Waiver) incomplete() string {
	switch {
	case w.Check != "" && w.Requirement != "":
		return "check and requirement are both given; keep one"
	case w.Check == "" && w.Requirement == "":
		return "check or requirement is missing: name what is waived"
	case w.twice:
		return "the profile before the requirement is not the one under profile; keep one"
	case w.Reason == "":
		return "reason is missing: say why it is waived"
	case w.Expires.IsZero():
		return "expires is missing: give the last day on which it holds, as YYYY-MM-DD"
	}
	return ""
}

// String names what is waived, as verdict.WaiverProblem has it.
func (w Waiver) String() string {
	if w.Check != "" {
		return "check " + w.Check
	}
	return "requirement " + w.Requirement
}

// expired reports whether the last day of the waiver is over.
func (w Waiver) expired(now time.Time) bool { return !now.Before(w.Expires.AddDate(0, 0, 1)) }

// covers reports whether the waiver could excuse something of a run: its target, its profile, and a check or a
// requirement that the profile has.
func (w Waiver) covers(run *verdict.Run) bool {
	if w.Target != "" && !glob(w.Target, run.Target) {
		return false
	}
	if w.Check != "" {
		return profileOf(w.Check) == run.Profile
	}
	if w.Profile != "" && w.Profile != run.Profile {
		return false
	}
	catalogue, err := specs.ForProfile(run.Profile)
	if err != nil { // it is that of a contract which somebody brings
		return slices.ContainsFunc(run.Checks, func(c verdict.Check) bool { return slices.Contains(c.Requirements, w.Requirement) })
	}
	_, holds := catalogue.Find(run.Profile, w.Requirement)
	return holds
}

// profileOf is the profile in a check's ID.
func profileOf(check string) string {
	profile, _, _ := strings.Cut(check, "/")
	return profile
}

// proved reports whether one of the checks proves a requirement, as their IDs have it.
func proved(checks []string, requirement string) bool {
	return slices.ContainsFunc(checks, func(id string) bool { return strings.Contains(id, "/"+requirement+"/") })
}

// glob matches a text against a pattern in which * stands for any characters. URLs hold the brackets and the question
// marks to which a shell's pattern gives a meaning, so here they are themselves.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	matches, err := regexp.MatchString(`(?s)^`+strings.Join(parts, ".*")+`$`, text)
	return err == nil && matches
}

// Vet checks that every waiver names a check or a requirement that exists, with the IDs of all checks of all profiles.
// The error is one line: the waiver's place, what is unknown and the nearest spelling.
func Vet(waivers []Waiver, checks []string) error {
	for _, w := range waivers {
		var err error
		if w.Requirement != "" && !proved(checks, w.Requirement) {
			_, _, err = specs.Lookup(w.Requirement)
		}
		if w.Profile != "" && err == nil && !slices.ContainsFunc(checks, func(id string) bool { return profileOf(id) == w.Profile }) {
			_, err = specs.ForProfile(w.Profile)
		}
		if w.Check != "" && !slices.Contains(checks, w.Check) {
			err = &specs.Unknown{Kind: "check", Name: w.Check, Known: checks, Hint: "conform list checks names them all, and REQUIREMENT/* all of one"}
		}
		if unknown, is := errors.AsType[*specs.Unknown](err); is {
			err = errors.New(unknown.Guarded())
		}
		if err != nil {
			return fmt.Errorf("%s: %w", w.place, err)
		}
		if w.Check != "" && w.Profile != "" && profileOf(w.Check) != w.Profile {
			return fmt.Errorf("%s: the check %s is not one of the profile %s; leave profile out", w.place, w.Check, w.Profile)
		}
	}
	return nil
}
