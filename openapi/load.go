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
	d := &Document{profile: profile}
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, location *url.URL) ([]byte, error) {
		if location.Scheme != "" || location.Host != "" || location.Path != path.Base(location.Path) {
			return nil, outside{location.String()}
		}
		text, err := reading(read, location.Path)
		if err != nil {
			return nil, err
		}
		d.sources = append(d.sources, source{location.Path, strings.Split(string(text), "\n")})
		return text, nil
	}
	source, err := guarded(func() (*openapi3.T, error) { return loader.LoadFromURI(&url.URL{Path: profile + documentSuffix}) })
	if err != nil {
		return nil, d.sources.unread(profile, err)
	}
	if err := d.samples.read(source.Extensions); err != nil {
		return nil, fmt.Errorf("load contract %s%s: %w", profile, d.sources.where("", err), err)
	}
	for path, item := range source.Paths.Map() {
		for method, described := range item.Operations() {
			o, err := newOperation(source, item, method, path, described)
			if err != nil {
				return nil, fmt.Errorf("load contract %s%s: %s: %w", profile, d.sources.where(described.OperationID, err), shown(described.OperationID), err)
			}
			if _, err := d.Operation(o.id); err == nil {
				return nil, fmt.Errorf("load contract %s: operation %q is described twice", profile, shown(o.id))
			}
			d.operations = append(d.operations, o)
		}
	}
	slices.SortFunc(d.operations, func(a, b *Operation) int { return strings.Compare(a.id, b.id) })
	if o, err := d.linkLives(); err != nil {
		return nil, fmt.Errorf("load contract %s%s: %s: %w", profile, d.sources.where(o.id, err), shown(o.id), err)
	}
	return d, d.readMutations()
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

// Operation finds an operation by its operationId.
func (d *Document) Operation(id string) (*Operation, error) {
	i := slices.IndexFunc(d.operations, func(o *Operation) bool { return o.id == id })
	if i < 0 {
		return nil, fmt.Errorf("contract %s: no operation %q", d.profile, id)
	}
	return d.operations[i], nil
}

// Operations lists the operations, sorted by ID.
func (d *Document) Operations() []*Operation { return slices.Clone(d.operations) }
