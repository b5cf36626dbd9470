package specs

import (
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

// flaw is what is wrong with a catalogue at a path of keys in its file. It quotes nothing of the file but IDs of the form that IDs have: a file
// may be given by mistake, and hold anything.
type flaw struct{ path, text string }

func (f *flaw) Error() string { return f.text }

func wrong(path, format string, args ...any) error { return &flaw{path, fmt.Sprintf(format, args...)} }

// validate checks what the form of the file cannot: that names mean something and texts say something.
func (c *Catalogue) validate() error {
	switch {
	case c.Title == "":
		return wrong("title", "title is empty")
	case !prefixForm.MatchString(c.Prefix):
		return wrong("prefix", "prefix must be three capitals")
	case c.Version < 0:
		return wrong("version", "version must be a number from 1 on")
	case len(c.Profiles) == 0:
		return wrong("profiles", "no profile")
	case len(c.Subjects) == 0:
		return wrong("subjects", "no subject")
	case len(c.Requirements) == 0:
		return wrong("requirements", "no requirement")
	}
	profiles := map[string]Profile{}
	for i, p := range c.Profiles {
		at := fmt.Sprintf("profiles[%d]", i)
		_, twice := profiles[p.ID]
		switch {
		case twice:
			return wrong(at+".id", "the profile stands twice")
		case !profileForm.MatchString(p.ID):
			return wrong(at+".id", "the ID of a profile is small letters, digits, dots and hyphens")
		case p.Title == "" || p.Document == "":
			return wrong(at, "profile: title or document is empty")
		}
		for name, word := range p.Terms {
			if !termForm.MatchString(name) || word == "" || strings.ContainsAny(word, "{}") {
				return wrong(at+".terms", "profile: a term must be letters, and its word a text without braces")
			}
		}
		profiles[p.ID] = p
	}
	for _, s := range c.Subjects {
		// A subject is a label of its checks, and a label filter gives other characters a meaning.
		if !labelForm.MatchString(s.Key) || s.Title == "" {
			return wrong("subjects", "subject: the key must be letters and digits, small first, and the title not empty")
		}
	}
	idForm := regexp.MustCompile(`^(` + c.Prefix + `|` + commonPrefix + `)-[A-Z]{2,4}-[0-9]{2}$`)
	ids := map[string]bool{}
	for i, r := range c.Requirements {
		at := fmt.Sprintf("requirements[%d]", i)
		switch {
		case generatedForm.MatchString(r.ID) && !ids[r.ID]:
			if r.Level != "" && r.Level != Must && r.Level != Should && r.Level != Note {
				return wrong(at+".level", "requirement: unknown level; it must be %s, %s or %s", Must, Should, Note)
			}
			if r.Subject != "" && !slices.ContainsFunc(c.Subjects, func(s Subject) bool { return s.Key == r.Subject }) {
				return wrong(at+".subject", "requirement: the subject must be a key of subjects")
			}
			ids[r.ID] = true
			continue
		case !idForm.MatchString(r.ID):
			return wrong(at+".id", "the ID of a requirement has the form %s-SUBJ-NN", c.Prefix)
		case ids[r.ID]:
			return wrong(at+".id", "requirement %s stands twice", r.ID)
		}
		ids[r.ID] = true
		if key, problem := c.check(r, profiles); problem != "" {
			return wrong(at+"."+key, "requirement %s: %s", r.ID, problem)
		}
	}
	return nil
}

// check checks all of a requirement but its ID, and says at which key what is wrong.
func (c *Catalogue) check(r Requirement, profiles map[string]Profile) (key, problem string) {
	switch {
	case !slices.ContainsFunc(c.Subjects, func(s Subject) bool { return s.Key == r.Subject }):
		var known []string
		for _, s := range c.Subjects {
			known = append(known, s.Key)
		}
		return "subject", (&Unknown{"subject", r.Subject, known, "it must be a key of subjects"}).Guarded()
	case r.Level != Must && r.Level != Should && r.Level != Note:
		return "level", fmt.Sprintf("unknown level; it must be %s, %s or %s", Must, Should, Note)
	case strings.TrimSpace(r.Statement) == "":
		return "statement", "statement is empty"
	case strings.TrimSpace(r.Source) == "":
		return "source", "source is empty"
	case len(r.Profiles) == 0:
		return "profiles", "profiles is empty; leave it out when it holds in all of them"
	}
	if key, problem = r.checkDuties(); problem != "" {
		return key, problem
	}
	for i, id := range r.Profiles {
		p, known := profiles[id]
		key = fmt.Sprintf("profiles[%d]", i)
		if !known {
			return key, "unknown profile; it must be the id of one of profiles"
		}
		if slices.Contains(r.Profiles[:i], id) {
			return key, "a profile stands twice"
		}
		in := r.placed(id)
		for _, said := range []struct{ key, text string }{
			{"statement", in.Statement}, {"source", in.Source}, {"quote", in.Quote}, {"because", in.Because},
		} {
			if _, unresolved := p.replace(said.text); unresolved != nil {
				return said.key, "a profile in which it holds has no term for what is in braces"
			}
		}
	}
	for id := range r.Own {
		if !slices.Contains(r.Profiles, id) {
			return "own", "own names what is none of its profiles"
		}
	}
	all := slices.Concat(r.Needs, r.ShownBy)
	for i, need := range all {
		if key = fmt.Sprintf("needs[%d]", i); i >= len(r.Needs) {
			key = fmt.Sprintf("shownBy[%d]", i-len(r.Needs))
		}
		if !needForm.MatchString(need) {
			return key, "a need must be one name, or two joined by a dot"
		}
		if slices.Contains(all[:i], need) {
			return key, "a need stands twice"
		}
	}
	return "", ""
}
