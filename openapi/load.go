package openapi

import (
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

//go:embed *.yaml
var embedded embed.FS

const (
	documentSuffix = ".yaml"
	sharedSuffix   = "-shared.yaml"
)

// Profiles names the profiles whose contracts are embedded, sorted.
func Profiles() []string {
	entries, err := embedded.ReadDir(".")
	if err != nil {
		return nil // an embedded root always reads
	}
	var profiles []string
	for _, e := range entries {
		if name := e.Name(); !strings.HasSuffix(name, sharedSuffix) {
			profiles = append(profiles, strings.TrimSuffix(name, documentSuffix))
		}
	}
	slices.Sort(profiles)
	return profiles
}

// Document is the contract of one profile. It does not change after Load, and may be used concurrently.
type Document struct {
	profile    string
	operations []*Operation // by ID
	samples    Samples
	sources    sources
	mutations  []Mutation
	folder     string // within the repository
	// idle are the operations that are left alone, of a contract that somebody brings; places has where it stands what requirements are
	// generated from, by the requirement.
	idle   []Idle
	places map[string]string
}

// Load returns the embedded contract of a profile with its operations, which it reads once. It fails for a profile that
// is not embedded, and for a document whose references or extensions do not hold. What the OpenAPI specification asks
// beyond that takes longer to check than to load, and is left to the tests.
func Load(profile string) (*Document, error) {
	if !slices.Contains(Profiles(), profile) {
		return nil, fmt.Errorf("load contract: no profile %q; there are %s", profile, strings.Join(Profiles(), ", "))
	}
	once, _ := loaded.LoadOrStore(profile, sync.OnceValues(func() (*Document, error) {
		d, err := load(profile, embedded.ReadFile)
		if err == nil {
			d.folder = "openapi/"
		}
		return d, err
	}))
	return once.(func() (*Document, error))()
}

// Read returns the contract of a profile that lies in a folder of its caller's, under <profile>.yaml.
func Read(folder fs.FS, profile string) (*Document, error) {
	return load(profile, func(name string) ([]byte, error) { return fs.ReadFile(folder, name) })
}

// loaded has, by profile, what reads the contract the first time that it is asked for. A run judges many targets of
// one profile, and each of its processes asks for the contract once a target.
var loaded sync.Map

// load reads the document of a profile and what it refers to through read, by base name.
func load(profile string, read func(name string) ([]byte, error)) (*Document, error) {
	return loading{profile: profile, file: profile + documentSuffix, read: read, most: most}.load()
}

// loading is how a document is read.
type loading struct {
	profile, file string
	read          func(name string) ([]byte, error)
	place         func(file string, line int) string // nil for the files themselves
	most          int                                // bytes of all its files
	// brought says that it is anybody's, and allowed has those of its operations, by ID, that may be sent though no life needs them.
	brought bool
	allowed []string
}

func (l loading) load() (*Document, error) {
	d := &Document{profile: l.profile, places: map[string]string{}}
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	left := l.most
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, location *url.URL) ([]byte, error) {
		if !l.inside(location) {
			return nil, outside{location.String()}
		}
		text, err := reading(l.read, location.Path, left)
		if err != nil {
			return nil, err
		}
		left -= len(text)
		d.sources = append(d.sources, source{location.Path, strings.Split(string(text), "\n"), l.place})
		return text, nil
	}
	source, err := guarded(func() (*openapi3.T, error) { return loader.LoadFromURI(&url.URL{Path: l.file}) })
	if err != nil {
		return nil, d.sources.unread(l, err)
	}
	if err := d.samples.read(source.Extensions); err != nil {
		return nil, l.failed(d.sources.where("", err), "%w", err)
	}
	ways, err := l.ways(source, d.sources)
	if err != nil {
		return nil, err
	}
	for _, w := range ways {
		if w.idle {
			d.idle = append(d.idle, w.left())
			continue
		}
		o, err := newOperation(source, w, l.brought)
		if err != nil {
			return nil, l.failed(d.sources.where(w.described.OperationID, err), "%s: %w", shown(w.described.OperationID), err)
		}
		if _, err := d.Operation(o.id); err == nil {
			return nil, l.failed("", "operation %q is described twice", shown(o.id))
		}
		d.operations = append(d.operations, o)
	}
	slices.SortFunc(d.operations, func(a, b *Operation) int { return strings.Compare(a.id, b.id) })
	if l.brought && len(d.Kinds()) == 0 && d.Given() == "" {
		return nil, l.failed(" ("+l.file+":1)", "nothing says how its credentials live; mark the answer that hands one out with x-hands-out: {kind: token, value: "+
			"'$response.body#/…'}, or the security scheme whose credential the target gives with x-credential: {kind: token, given: true} (%s)", explained)
	}
	if o, err := d.linkLives(); err != nil {
		return nil, l.failed(d.sources.where(o.id, err), "%s: %w", shown(o.id), err)
	}
	return d, d.readMutations()
}

// failed is an error about the document, with the place in it, " (file:line)" or nothing.
func (l loading) failed(place, format string, args ...any) error {
	return fmt.Errorf("load contract %s%s: %w", l.profile, place, fmt.Errorf(format, args...))
}

// inside says whether a file is one of those that a document may refer to: of the folder itself, or with one that is brought of what is
// below it too.
func (l loading) inside(location *url.URL) bool {
	if location.Scheme != "" || location.Host != "" {
		return false
	}
	return location.Path == path.Base(location.Path) || l.brought && fs.ValidPath(path.Clean(location.Path))
}

// Profile is the name under which the contract was loaded.
func (d *Document) Profile() string { return d.profile }

// Samples are the spellings in which the samples of the vendor's document write requests, by the names that package spelling gives
// them, and the requirement that such requests are understood.
type Samples struct {
	Requirement string   `json:"requirement"`
	Spellings   []string `json:"spellings"`
	// First are those of the document's first sample.
	First []string `json:"first"`
	// AnyForm are spellings that leave the form of an answer to the server, which has others than the contract describes.
	AnyForm []string `json:"anyForm"`
}

func (s *Samples) read(extensions map[string]any) error {
	return read(extensions, map[string]any{extSamples: s})
}

// Of is the requirement of a spelling, "" where no sample writes so.
func (s Samples) Of(spelling string) string {
	if slices.Contains(s.Spellings, spelling) {
		return s.Requirement
	}
	return ""
}

// Samples are those of the vendor's document.
func (d *Document) Samples() Samples { return d.samples }

// Operation finds an operation by its operationId; that by which credentials are judged is "probe" too.
func (d *Document) Operation(id string) (*Operation, error) {
	i := slices.IndexFunc(d.operations, func(o *Operation) bool { return o.id == id })
	if i < 0 && id == probe {
		i = slices.IndexFunc(d.operations, (*Operation).Probes)
	}
	if i < 0 {
		return nil, fmt.Errorf("contract %s: no operation %q", d.profile, id)
	}
	return d.operations[i], nil
}

// Operations lists the operations, sorted by ID.
func (d *Document) Operations() []*Operation { return slices.Clone(d.operations) }
