package specs

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	prefixForm  = regexp.MustCompile(`^[A-Z]{3}$`)
	labelForm   = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)
	profileForm = regexp.MustCompile(`^[a-z][a-z0-9.-]*$`)
	needForm    = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)?$`)
	termForm    = regexp.MustCompile(`^[A-Za-z]+$`)
)

// validate checks what the form of the file cannot: that names mean something and texts say something.
func (c *Catalogue) validate() error {
	switch {
	case c.Title == "":
		return errors.New("title is empty")
	case !prefixForm.MatchString(c.Prefix):
		return fmt.Errorf("prefix is %q; it must be three capitals", c.Prefix)
	case len(c.Profiles) == 0:
		return errors.New("no profile")
	case len(c.Subjects) == 0:
		return errors.New("no subject")
	case len(c.Requirements) == 0:
		return errors.New("no requirement")
	}
	profiles := map[string]Profile{}
	for _, p := range c.Profiles {
		_, twice := profiles[p.ID]
		switch {
		case twice:
			return fmt.Errorf("profile %s stands twice", p.ID)
		case !profileForm.MatchString(p.ID):
			return fmt.Errorf("profile %q: an ID is small letters, digits, dots and hyphens", p.ID)
		case p.Title == "" || p.Document == "":
			return fmt.Errorf("profile %s: title or document is empty", p.ID)
		}
		for name, word := range p.Terms {
			if !termForm.MatchString(name) || word == "" || strings.ContainsAny(word, "{}") {
				return fmt.Errorf("profile %s: term %q must be letters, and its word a text without braces", p.ID, name)
			}
		}
		profiles[p.ID] = p
	}
	for _, s := range c.Subjects {
		// A subject is a label of its checks, and a label filter gives other characters a meaning.
		if !labelForm.MatchString(s.Key) || s.Title == "" {
			return fmt.Errorf("subject %q: the key must be letters and digits, small first, and the title not empty", s.Key)
		}
	}
	idForm := regexp.MustCompile(`^(` + c.Prefix + `|` + commonPrefix + `)-[A-Z]{2,4}-[0-9]{2}$`)
	ids := map[string]bool{}
	for _, r := range c.Requirements {
		switch {
		case !idForm.MatchString(r.ID):
			return fmt.Errorf("requirement %q: an ID has the form %s-SUBJ-NN", r.ID, c.Prefix)
		case ids[r.ID]:
			return fmt.Errorf("requirement %s stands twice", r.ID)
		}
		ids[r.ID] = true
		if err := c.check(r, profiles); err != nil {
			return fmt.Errorf("requirement %s: %w", r.ID, err)
		}
	}
	return nil
}

// check checks all of a requirement but its ID.
func (c *Catalogue) check(r Requirement, profiles map[string]Profile) error {
	switch {
	case !slices.ContainsFunc(c.Subjects, func(s Subject) bool { return s.Key == r.Subject }):
		return fmt.Errorf("unknown subject %q", r.Subject)
	case r.Level != Must && r.Level != Should && r.Level != Note:
		return fmt.Errorf("unknown level %q; it must be %s, %s or %s", r.Level, Must, Should, Note)
	case strings.TrimSpace(r.Statement) == "":
		return errors.New("statement is empty")
	case strings.TrimSpace(r.Source) == "":
		return errors.New("source is empty")
	case len(r.Profiles) == 0:
		return errors.New("profiles is empty; leave it out when it holds in all of them")
	}
	for i, id := range r.Profiles {
		p, known := profiles[id]
		if !known {
			return fmt.Errorf("unknown profile %q", id)
		}
		if slices.Contains(r.Profiles[:i], id) {
			return fmt.Errorf("profile %s stands twice", id)
		}
		in := r.placed(id)
		for _, text := range []string{in.Statement, in.Source, in.Quote, in.Because} {
			if _, unresolved := p.replace(text); unresolved != nil {
				return fmt.Errorf("profile %s has no term %s", id, unresolved[0])
			}
		}
	}
	for id := range r.Own {
		if !slices.Contains(r.Profiles, id) {
			return fmt.Errorf("own names %q, which is none of its profiles", id)
		}
	}
	all := slices.Concat(r.Needs, r.ShownBy)
	for i, need := range all {
		if !needForm.MatchString(need) {
			return fmt.Errorf("need %q: it must be one name, or two joined by a dot", need)
		}
		if slices.Contains(all[:i], need) {
			return fmt.Errorf("need %s stands twice", need)
		}
	}
	return nil
}
