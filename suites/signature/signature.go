// Package signature knows what servers break of which it is known how they came to be so, and says which of these stories fits a run
// best. That is a hint for whoever looks for the cause, and never a verdict.
package signature

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"

	"example.org/conform/harness/verdict"
)

// A Signature is what a server of a known story breaks.
type Signature struct {
	// Name is that of the fault, Story how a real server comes to have it.
	Name, Story string
	// Marks are what fails, and how: see [Marks].
	Marks []string
}

// Marks are what a run shows to be broken, each check with what came: <requirement>/<slug>|<what came>, where secrets, numbers and moments
// are left out. Checks that try much at once, and what is seen in passing, differ from run to run and have none.
func Marks(checks []verdict.Check, sweeps func(verdict.Check) bool) []string {
	var marks []string
	for _, c := range checks {
		if c.Broken() && c.SeenBy == "" && !sweeps(c) {
			_, id, _ := strings.Cut(c.ID, "/")
			marks = append(marks, id+"|"+masked(c.Actual))
		}
	}
	slices.Sort(marks)
	return slices.Compact(marks)
}

// longestActual is how much of what came tells one story from another.
const longestActual = 60

var (
	names   = regexp.MustCompile(`‹[^›]*›`)
	moments = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z?`)
	numbers = regexp.MustCompile(`\b\d{4,}[\d.-]*`)
	details = regexp.MustCompile(`( with a body of |, in an answer to |, and \d+ of |, and not again |malformed JSON in |markup \().*`)
)

func masked(actual string) string {
	for _, m := range []struct {
		of *regexp.Regexp
		by string
	}{{details, ""}, {names, "‹›"}, {moments, "T"}, {numbers, "N"}} {
		actual = m.of.ReplaceAllString(actual, m.by)
	}
	if runes := []rune(actual); len(runes) > longestActual {
		actual = string(runes[:longestActual])
	}
	return actual
}

// A Set is signatures that a run can be held against.
type Set struct {
	all    []Signature
	traits []shown
	rarity map[string]float64
}

// shown is what marks show: their checks, and what these have in common with those of other systems.
type shown struct{ own, common map[string]bool }

// NewSet is the set of some signatures.
func NewSet(all []Signature) *Set {
	s := &Set{all: all, rarity: map[string]float64{}}
	for _, one := range all {
		of := traits(one.Marks)
		s.traits = append(s.traits, of)
		for t := range of.own {
			s.rarity[t]++
		}
	}
	for t, n := range s.rarity {
		s.rarity[t] = weight(len(all), n)
	}
	return s
}

// All are the signatures of the set.
func (s *Set) All() iter.Seq[Signature] { return slices.Values(s.all) }

// weight of a trait is the more the fewer servers show it.
func weight(all int, shown float64) float64 { return math.Log(1 + float64(all)/shown) }

// traits are, of each mark, the check, its slug, and each with what came. The slugs are common to systems.
func traits(marks []string) shown {
	of := shown{map[string]bool{}, map[string]bool{}}
	for _, mark := range marks {
		check, came, _ := strings.Cut(mark, "|")
		_, slug, _ := strings.Cut(check, "/")
		of.own[check], of.own[check+"|"+came] = true, true
		for _, t := range []string{slug, slug + "|" + came} {
			of.own[t], of.common[t] = true, true
		}
	}
	return of
}

// A run has to fit a story by most of what either shows, and fit no other as well. What another system's server shows counts for less.
const (
	fits    = 0.7
	clearly = 0.02
	foreign = 0.9
)

// Best is the story that fits what a run shows best; ok says that one fits well, and exact that servers of this story break just that.
func (s *Set) Best(marks []string) (best Signature, exact, ok bool) {
	of := traits(marks)
	first, second := 0.0, 0.0
	for i, one := range s.all {
		switch fit := max(s.fit(of.own, s.traits[i].own), foreign*s.fit(of.common, s.traits[i].common)); {
		case fit > first && one.Name == best.Name:
			first, best = fit, one
		case fit > first:
			first, second, best = fit, first, one
		case fit > second && one.Name != best.Name:
			second = fit
		}
	}
	if first < fits || first-second < clearly {
		return Signature{}, false, false
	}
	return best, slices.Equal(best.Marks, marks), true
}

// fit is the share of what two have in common, of what either shows, by how rare it is.
func (s *Set) fit(one, other map[string]bool) float64 {
	common, either := 0.0, 0.0
	for t := range one {
		w := cmp.Or(s.rarity[t], weight(len(s.all), 1))
		either += w
		if other[t] {
			common += w
		}
	}
	for t := range other {
		if !one[t] {
			either += s.rarity[t]
		}
	}
	if either == 0 {
		return 0
	}
	return common / either
}

//go:embed known.json
var known []byte

// Known are the signatures that the proof of the suite has made of the faults of the reference servers.
var Known = sync.OnceValues(func() (*Set, error) {
	all, err := Decode(known)
	return NewSet(all), err
})

// file is how signatures are written: marks are few, and each is of many.
type file struct {
	Marks      []string `json:"marks"`
	Signatures []entry  `json:"signatures"`
}

type entry struct {
	Name  string `json:"name"`
	Story string `json:"story"`
	Marks []int  `json:"marks"`
}

// Encode writes signatures, one a line.
func Encode(w io.Writer, all []Signature) error {
	var f file
	for _, one := range all {
		f.Marks = append(f.Marks, one.Marks...)
	}
	slices.Sort(f.Marks)
	f.Marks = slices.Compact(f.Marks)
	var entries []entry
	for _, one := range all {
		e := entry{one.Name, one.Story, []int{}}
		for _, mark := range one.Marks {
			at, _ := slices.BinarySearch(f.Marks, mark)
			e.Marks = append(e.Marks, at)
		}
		entries = append(entries, e)
	}
	_, err := fmt.Fprintf(w, "{\"marks\": [\n%s\n], \"signatures\": [\n%s\n]}\n", lines(f.Marks), lines(entries))
	return err
}

// lines are values as JSON, one a line.
func lines[T any](values []T) string {
	var all []string
	for _, value := range values {
		var b strings.Builder
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(value); err != nil {
			panic(err) // they are text and numbers
		}
		all = append(all, strings.TrimSuffix(b.String(), "\n"))
	}
	return strings.Join(all, ",\n")
}

// Decode reads what Encode writes.
func Decode(data []byte) ([]Signature, error) {
	var f file
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, err
	}
	var all []Signature
	for _, e := range f.Signatures {
		one := Signature{Name: e.Name, Story: e.Story}
		for _, at := range e.Marks {
			if at < 0 || at >= len(f.Marks) {
				return nil, fmt.Errorf("%s has mark %d, of %d", e.Name, at, len(f.Marks))
			}
			one.Marks = append(one.Marks, f.Marks[at])
		}
		all = append(all, one)
	}
	return all, nil
}
