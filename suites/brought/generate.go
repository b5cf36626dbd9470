package brought

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"example.org/conform/openapi"
	"example.org/conform/specs"
	"example.org/conform/suites/contract"
	"example.org/conform/suites/life"
)

// generator makes the requirements that a contract comes to, and ties its parts to them.
type generator struct {
	doc  *openapi.Document
	file string
	// made are the requirements by their own IDs, in order; named has those that the team calls otherwise.
	made  []specs.Requirement
	named map[string]string
	used  map[string]bool   // of those that are named
	words map[string]string // of operations, as they stand in IDs
}

// The subjects of what is generated.
const (
	handOut = "handOut"
	use     = "use"
	renewal = "renewal"
	ending  = "ending"
	expiry  = "expiry"
	request = "request"
)

var subjects = specs.Subjects{
	{Key: handOut, Title: "Handing out"},
	{Key: use, Title: "Use"},
	{Key: renewal, Title: "Renewal"},
	{Key: ending, Title: "End"},
	{Key: expiry, Title: "Expiry"},
	{Key: request, Title: "Requests that are wrong"},
}

// generate ties what a contract leaves open to requirements of their own, and returns these with those of the team.
func generate(d *openapi.Document, team *specs.Catalogue, file string) (*specs.Catalogue, error) {
	g := &generator{doc: d, file: file, named: map[string]string{}, used: map[string]bool{}, words: map[string]string{}}
	if team != nil {
		for _, r := range team.Requirements {
			for _, generated := range r.Generated {
				g.named[generated] = r.ID
			}
		}
	}
	g.name()
	for _, op := range d.Operations() {
		g.shape(op)
	}
	for _, kind := range d.Kinds() {
		g.lives(kind)
	}
	if kind := d.Given(); kind != "" {
		g.given(kind)
	}
	for _, op := range d.Operations() {
		g.allowed(op)
		if op.Reissues() != nil { // behind what is promised of any value, which walks hold against all
			g.reissue(op)
		}
	}
	return g.catalogue(team)
}

var noWord = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// name finds the words by which operations stand in IDs.
func (g *generator) name() {
	taken := map[string]bool{}
	for _, op := range g.doc.Operations() {
		word := strings.Trim(noWord.ReplaceAllString(op.ID(), "-"), "-")
		for word == "" || taken[word] {
			word = strings.Trim(word+"-"+strings.ToLower(op.Method()), "-") + "x"
		}
		g.words[op.ID()], taken[word] = word, true
	}
}

// slug is an operation as a part of a slug.
func (g *generator) slug(op *openapi.Operation) string {
	return strings.Trim(strings.ReplaceAll(strings.ReplaceAll(contract.Kebab(g.words[op.ID()]), ".", "-"), "_", "-"), "-")
}

// said is where a requirement comes from: the place in the document with its words, or a reason; or else a document of others.
type said struct {
	origin  openapi.Origin
	because string
	// rfc is another source than the contract, of what is a SHOULD.
	rfc string
}

// require makes a requirement of an operation by a rule, and returns the ID to tie to it.
func (g *generator) require(op *openapi.Operation, rule, subject, statement string, by said, needs ...string) string {
	id := "GEN-" + g.words[op.ID()] + "-" + rule
	if own := g.named[id]; own != "" {
		g.used[id] = true
		return own
	}
	if slices.ContainsFunc(g.made, func(r specs.Requirement) bool { return r.ID == id }) {
		return id
	}
	r := specs.Requirement{
		ID: id, Subject: subject, Level: specs.Must, Statement: statement, Quote: by.origin.Words, Because: by.because, Needs: needs,
		Source: "contract " + strings.TrimPrefix(by.origin.String(), "./"), Profiles: []string{g.doc.Profile()},
	}
	if by.rfc != "" {
		r.Level, r.Source, r.Quote = specs.Should, by.rfc, ""
	}
	g.doc.Tied(id, by.origin)
	g.made = append(g.made, r)
	return id
}

// promise adds a promise to an operation, unless its contract makes the same one.
func (g *generator) promise(op *openapi.Operation, requirement, slug string, p openapi.Promise) {
	at := func(p openapi.Promise) string { return cmp.Or(p.At, "subject") }
	// A promise about an operation with one place alone is about that one.
	same := func(other openapi.Promise) bool {
		return (at(p) == at(other) || len(op.Takes()) == 1 && p.At != "password" && p.At != "name" && other.At != "password" && other.At != "name") &&
			slices.Equal(p.After, other.After) && slices.Equal(p.Sent, other.Sent) && p.By == other.By && p.Rule == other.Rule
	}
	if slices.ContainsFunc(op.Promises, same) {
		return
	}
	p.Requirement, p.Slug, p.Check = requirement, slug, requirement+"/"+slug
	op.Promises = append(op.Promises, p)
}

// catalogue is what was made, with what the team has.
func (g *generator) catalogue(team *specs.Catalogue) (*specs.Catalogue, error) {
	profile := g.doc.Profile()
	c := &specs.Catalogue{
		System: profile, Title: profile, Prefix: "GEN",
		Profiles: []specs.Profile{{ID: profile, Title: profile, Document: "contract " + g.file, Terms: map[string]string{}}},
	}
	if team != nil {
		c.System, c.Title, c.Prefix, c.Profiles, c.Subjects = team.System, team.Title, team.Prefix, team.Profiles, team.Subjects
	}
	for _, s := range subjects {
		if !slices.ContainsFunc(c.Subjects, func(own specs.Subject) bool { return own.Key == s.Key }) {
			c.Subjects = append(c.Subjects, s)
		}
	}
	known := map[string]bool{}
	add := func(r specs.Requirement) {
		if !known[r.ID] {
			known[r.ID] = true
			c.Requirements = append(c.Requirements, r)
		}
	}
	if team != nil {
		for _, r := range team.Requirements {
			if r.IsGenerated() {
				i := slices.IndexFunc(g.made, func(made specs.Requirement) bool { return made.ID == r.ID })
				if i < 0 {
					return nil, fmt.Errorf("--catalogue: %s is none of the requirements that the contract comes to; conform list requirements --contract %s "+
						"shows them", r.ID, g.file)
				}
				g.made[i] = g.made[i].As(r)
				continue
			}
			add(r)
		}
		for generated := range maps.Keys(g.named) {
			if !g.used[generated] {
				return nil, fmt.Errorf("--catalogue: %s stands for %s, which is none of the requirements that the contract comes to; conform list requirements "+
					"--contract %s shows them", g.named[generated], generated, g.file)
			}
		}
	}
	for _, op := range g.doc.Operations() {
		for _, id := range op.Requirements() {
			if !known[id] && !slices.ContainsFunc(g.made, func(r specs.Requirement) bool { return r.ID == id }) {
				add(g.ofContract(op, id))
			}
		}
	}
	if id := g.doc.Samples().Requirement; id != "" {
		add(specs.Requirement{
			ID: id, Subject: request, Level: specs.Must, Statement: "Requests are understood as the document's samples write them.",
			Source: "contract " + cmp.Or(g.doc.Place(id), g.file), Profiles: []string{profile},
		})
	}
	for _, r := range g.made {
		add(r)
	}
	return specs.Complete(c)
}

// ofContract is a requirement that the contract names, where the team brings no catalogue that says what it is.
func (g *generator) ofContract(op *openapi.Operation, id string) specs.Requirement {
	origin := g.doc.OriginOf(op)
	if place := g.doc.Place(id); place != "" {
		origin.Place = place
	}
	r := specs.Requirement{
		ID: id, Subject: use, Level: specs.Must, Source: "contract " + origin.String(), Profiles: []string{g.doc.Profile()}, Quote: origin.Words,
		Statement: fmt.Sprintf("%s is answered as the contract describes it.", op.ID()),
	}
	for i, p := range slices.DeleteFunc(slices.Clone(op.Promises), func(p openapi.Promise) bool { return p.Requirement != id }) {
		if i == 0 {
			r.Statement = fmt.Sprintf("%s: the server %s.", op.ID(), p.Title)
		}
		if takes := op.Takes(); life.Waits(p) && len(takes) > 0 && len(r.Needs) == 0 {
			r.Subject, r.Needs = expiry, []string{"expiry." + g.doc.HandOuts(takes[0].Kind)[0].Lifetime}
		}
	}
	return r
}

// opener is the operation by which a credential of a kind is judged.
func (g *generator) opener(kind string) *openapi.Operation {
	for _, op := range g.doc.Operations() {
		if takes, h := op.Takes(), op.HandsOut(); len(takes) > 0 && takes[0].Kind == kind && op.Ends() == nil && (op.Probes() || h != nil && !h.Renews()) {
			return op
		}
	}
	return nil // a contract without one is not read
}
