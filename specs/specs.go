// Package specs holds the requirement catalogues: what each vendor's document promises, one requirement each, with
// its level, its source and what a target must offer for it to be judged. A catalogue is a YAML file beside this one,
// named after its system; the files are embedded and checked when they are loaded.
package specs

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Level is how strongly a document promises a thing.
type Level string

// The levels of a requirement.
const (
	// Must is stated by the document, or follows from what it states. A breach is a failure.
	Must Level = "MUST"
	// Should is shown by a sample, said by the vendor's wider documentation, or asked by plain security practice.
	// A breach is a warning.
	Should Level = "SHOULD"
	// Note is left open by the document. What the server does is recorded and never fails.
	Note Level = "NOTE"
)

// Requirement is one promise of a document.
type Requirement struct {
	// ID is PREFIX-SUBJ-NN. It is never renumbered or reused.
	ID string `yaml:"id"`
	// Subject is the key of one of the catalogue's subjects. Checks carry it as a label.
	Subject string `yaml:"subject"`
	Level   Level  `yaml:"level"`
	// Statement says what the server must do, and Source where the document says so. In a Catalogue they may hold
	// terms in braces; Catalogue.In and Catalogue.Find replace them by the profile's own words.
	Statement string `yaml:"statement"`
	Source    string `yaml:"source"`
	// Quote is what the document says there, in a few of its own words. Because says by what it says the promise could not be otherwise, for
	// what it does not say in so many words. A MUST has one of the two, in each of its profiles.
	Quote   string `yaml:"quote"`
	Because string `yaml:"because"`
	// Own is where it stands in the document of a profile, by the profile's ID, where the documents differ. What catalogues give out for a
	// profile has it in the fields above, and no Own.
	Own map[string]Place `yaml:"own"`
	// Profiles are the IDs of the profiles in which it holds. Once loaded it is never empty: a requirement that
	// names no profile in the file holds in all of them.
	Profiles []string `yaml:"profiles"`
	// Needs are what the target must offer for the requirement to be judged; package harness/target knows the words.
	Needs []string `yaml:"needs"`
	// Generated are the IDs of requirements that are generated from a contract, for which this one stands: what is theirs is judged as its own.
	Generated []string `yaml:"generated"`
	// ShownBy are what the target must offer besides for a pass to show the promise. Its checks run all the same, since a breach is
	// one whatever the target offers; without it, one that finds nothing wrong is skipped.
	ShownBy []string `yaml:"shownBy"`
	// Duties are what a requirement of clients asks of them: rules of package harness/judge, each of which may be about one operation, or one
	// member of its body, alone ("body issueToken/type").
	Duties []string `yaml:"duties"`
}

// Place is where a document says what a requirement promises, and how.
type Place struct {
	Source  string `yaml:"source"`
	Quote   string `yaml:"quote"`
	Because string `yaml:"because"`
}

// Grounds are the words of the document and the reason, in one line for reports; "" where there is neither.
func (r Requirement) Grounds() string {
	var grounds []string
	if r.Quote != "" {
		grounds = append(grounds, "“"+r.Quote+"”")
	}
	if r.Because != "" {
		grounds = append(grounds, "because "+r.Because)
	}
	return strings.Join(grounds, ", ")
}

// placed is the requirement as the document of a profile has it.
func (r Requirement) placed(profile string) Requirement {
	own := r.Own[profile]
	r.Source, r.Quote, r.Because = cmp.Or(own.Source, r.Source), cmp.Or(own.Quote, r.Quote), cmp.Or(own.Because, r.Because)
	r.Own = nil
	return r
}

// Profile is one version of a system, as one document describes it.
type Profile struct {
	// ID is what a target file and the command line name, such as "adaxes-2025.1".
	ID string `yaml:"id"`
	// Title is for people.
	Title string `yaml:"title"`
	// Document is the full name of the document that the profile is read from.
	Document string `yaml:"document"`
	// Terms are the document's own words for what requirements write in braces.
	Terms map[string]string `yaml:"terms"`
}

// Subject is one part of a system's API, to which requirements belong.
type Subject struct {
	// Key is the word in requirements and in the labels of checks.
	Key string
	// Title is for people.
	Title string
}

// Subjects stand in the order of the file, which is the order of reports.
type Subjects []Subject

// Catalogue is everything that is promised for one system.
type Catalogue struct {
	// System is the name of the file, such as "adaxes"; Title is for people.
	System string `yaml:"system"`
	Title  string `yaml:"title"`
	// Prefix begins the ID of every requirement.
	Prefix string `yaml:"prefix"`
	// Version is raised by a person whenever the catalogue asks for something else; 0 is none. CONTRIBUTING.md says when.
	Version  int       `yaml:"version"`
	Profiles []Profile `yaml:"profiles"`
	Subjects Subjects  `yaml:"subjects"`
	// Requirements stand in the order of the file.
	Requirements []Requirement `yaml:"requirements"`
}

//go:embed *.yaml
var files embed.FS

// load reads the embedded catalogues once. They cannot change while the program runs, so neither can the answer.
var load = sync.OnceValues(func() ([]*Catalogue, error) { return loadAll(files) })

// Read returns the catalogue of a system that lies in a folder of its caller's, under <system>.yaml.
func Read(folder fs.FS, system string) (*Catalogue, error) {
	return read(folder, system+extension)
}

// All returns every catalogue, sorted by system. It fails when one breaks a rule of its own form, or when two share a
// prefix or a profile; the error names the file and, for a fault of the YAML, the line and the column. The catalogues are
// the caller's to change.
func All() ([]*Catalogue, error) {
	loaded, err := load()
	if err != nil {
		return nil, err
	}
	all := make([]*Catalogue, len(loaded))
	for i, c := range loaded {
		all[i] = c.clone()
	}
	return all, nil
}

// ForProfile returns the catalogue that a profile belongs to. The error for an unknown one suggests the nearest
// spelling and lists the known profiles, sorted.
func ForProfile(profile string) (*Catalogue, error) {
	all, err := load()
	if err != nil {
		return nil, err
	}
	var known []string
	for _, c := range all {
		for _, p := range c.Profiles {
			if p.ID == profile {
				return c.clone(), nil
			}
			known = append(known, p.ID)
		}
	}
	slices.Sort(known)
	return nil, &Unknown{"profile", profile, known, "known are " + strings.Join(known, ", ")}
}

// Lookup finds a requirement by its ID in whichever catalogue holds it. The requirement is as the catalogue has it,
// terms in braces and all; Catalogue.Find gives it in the words of a profile.
func Lookup(id string) (*Catalogue, Requirement, error) {
	all, err := All()
	if err != nil {
		return nil, Requirement{}, err
	}
	var known []string
	for _, c := range all {
		for _, r := range c.Requirements {
			if r.ID == id {
				return c, r, nil
			}
			known = append(known, r.ID)
		}
	}
	return nil, Requirement{}, &Unknown{"requirement", id, known, "conform list requirements names them all"}
}

// In returns the requirements that bind servers in a profile, in the order of the catalogue and in the profile's own words:
// terms are replaced, and Source begins with the profile's document unless it names a source of its own. It is empty
// for a profile that the catalogue does not have.
func (c *Catalogue) In(profile string) []Requirement {
	return slices.DeleteFunc(c.all(profile), Requirement.OfClient)
}

// all are the requirements of a profile, whomever they bind.
func (c *Catalogue) all(profile string) []Requirement {
	i := slices.IndexFunc(c.Profiles, func(p Profile) bool { return p.ID == profile })
	if i < 0 {
		return nil
	}
	var in []Requirement
	for _, r := range c.Requirements {
		if slices.Contains(r.Profiles, profile) {
			in = append(in, c.Profiles[i].word(r))
		}
	}
	return in
}

// Find returns the requirement with an ID in the profile's own words, whomever it binds, or false when it does not hold in the profile.
func (c *Catalogue) Find(profile, id string) (Requirement, bool) {
	for _, r := range c.all(profile) {
		if r.ID == id {
			return r, true
		}
	}
	return Requirement{}, false
}

// ownSources begin a source that is not a part of the profile's document.
var ownSources = []string{"contract ", `page "`, "security practice", "RFC ", "reports of users"}

// term is a name in braces. One right after a slash is no term: documents write the parameters of a path so.
var term = regexp.MustCompile(`/?\{([A-Za-z]+)\}`)

// replace puts the profile's words for the terms in a text. unresolved are the terms that it has no word for.
func (p Profile) replace(text string) (replaced string, unresolved []string) {
	replaced = term.ReplaceAllStringFunc(text, func(found string) string {
		if found[0] == '/' {
			return found
		}
		word, known := p.Terms[found[1:len(found)-1]]
		if !known {
			unresolved = append(unresolved, found)
			return found
		}
		return word
	})
	return replaced, unresolved
}

// word puts a requirement into the words of the profile.
func (p Profile) word(r Requirement) Requirement {
	r = r.placed(p.ID)
	for _, text := range []*string{&r.Statement, &r.Source, &r.Quote, &r.Because} {
		*text, _ = p.replace(*text)
	}
	if !slices.ContainsFunc(ownSources, func(own string) bool { return strings.HasPrefix(r.Source, own) }) {
		r.Source = p.Document + ", " + r.Source
	}
	return r
}

// Edition names the catalogue with its version, and the one of what any HTTP API promises, which is in each: "bluecat 1, common 1".
func (c *Catalogue) Edition() string {
	own := c.System
	if c.Version > 0 {
		own = fmt.Sprintf("%s %d", own, c.Version)
	}
	if any, err := common(); err == nil { // which reading the catalogue has shown to be there
		own += fmt.Sprintf(", %s %d", any.System, any.Version)
	}
	return own
}

// SubjectTitle is the title of a subject's key, or the key itself when the catalogue has no such subject.
func (c *Catalogue) SubjectTitle(key string) string {
	for _, s := range c.Subjects {
		if s.Key == key {
			return s.Title
		}
	}
	return key
}
