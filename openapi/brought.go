package openapi

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"
)

// What follows reads contracts that somebody brings, who knows their own API and nothing of ours: OpenAPI 3.0 or 3.1, YAML or JSON, with
// operations by the thousand of which a few say how credentials live. Those alone are read in full; the others are left alone.

// probe is the operationId of the operation by which credentials are judged, where none is marked as such.
const probe = "probe"

// mostBrought bounds the files of a contract that somebody brings, in bytes, and mostOperations its operations.
const (
	mostBrought    = 10 << 20
	mostOperations = 2000
)

// BroughtOptions say how a contract is read that somebody brings.
type BroughtOptions struct {
	// Profile is the name of what it describes.
	Profile string
	// Place is where a line of a file came from, file:line, if what is read was made of several files; nil for what is read as it stands.
	Place func(file string, line int) string
	// Allowed are the IDs of operations that may be sent good requests though no life of a credential needs them.
	Allowed []string
}

// Idle is an operation that is left alone.
type Idle struct {
	ID, Method, Path string
	// Ends says that it ends credentials too, as the contract has it, in words; "" where it does not.
	Ends string
}

// Writes reports whether it may change anything, as its method has it (RFC 9110, 9.2.1).
func (i Idle) Writes() bool {
	return !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace}, i.Method)
}

// ReadFile returns the contract in a file that somebody brings. It may refer to files beside it and below its folder, and to nothing else.
func ReadFile(file string, o BroughtOptions) (*Document, error) {
	folder, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return nil, fmt.Errorf("load contract %s: the folder of the file cannot be opened; check the path", shown(o.Profile))
	}
	defer func() { _ = folder.Close() }()
	return ReadBrought(folder.FS(), filepath.Base(file), o)
}

// ReadBrought is ReadFile for a file in a folder.
func ReadBrought(folder fs.FS, file string, o BroughtOptions) (*Document, error) {
	l := loading{
		profile: o.Profile, file: file, most: mostBrought, brought: true, allowed: o.Allowed, place: o.Place,
		read: func(name string) ([]byte, error) { return bounded(folder, name) },
	}
	text, err := bounded(folder, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("load contract %s: no such file; check the path", o.Profile)
	case err != nil:
		return nil, fmt.Errorf("load contract %s: %w", o.Profile, notRead(err))
	}
	if err := versioned(file, text); err != nil {
		return nil, fmt.Errorf("load contract %s%w", o.Profile, err)
	}
	d, err := l.load()
	if err != nil {
		return nil, err
	}
	return d, d.vetLives(l)
}

// bounded reads a file, and no more of it than a contract may have.
func bounded(folder fs.FS, name string) ([]byte, error) {
	if info, err := fs.Stat(folder, name); err == nil && (info.IsDir() || info.Size() > mostBrought) {
		if info.IsDir() {
			return nil, ownError("it is a folder; name the document in it")
		}
		return nil, tooLarge
	}
	return fs.ReadFile(folder, name)
}

var tooLarge = ownError(fmt.Sprintf("larger than %d MB, with what it refers to; leave out what says nothing of credentials", mostBrought>>20))

// notRead is an error of reading a file, without what the file's name may hold.
func notRead(err error) error {
	if own, is := errors.AsType[ownError](err); is {
		return own
	}
	if failed, is := errors.AsType[*fs.PathError](err); is {
		return fmt.Errorf("cannot be read: %w", failed.Err)
	}
	return ownError("cannot be read")
}

// A key of the document itself that says of which version it is, in YAML, and the forms of the versions that can be read.
var (
	versionKey = regexp.MustCompile(`(?m)^["']?(swagger|openapi)["']?[ \t]*:[ \t]*["']?([^\s"'#]*)`)
	readable3  = regexp.MustCompile(`^3\.[01](\.|$)`)
)

// versioned says why a text is no document that can be read, as far as its version tells, or that it is no JSON where it begins as such.
func versioned(file string, text []byte) error {
	text = bytes.TrimPrefix(text, byteOrderMark)
	key, version, line := "", "", 0
	if found := versionKey.FindSubmatchIndex(text); found != nil {
		key, version = string(text[found[2]:found[3]]), string(text[found[4]:found[5]])
		line = 1 + bytes.Count(text[:found[0]], []byte("\n"))
	}
	if start := bytes.TrimLeft(text, " \t\r\n"); len(start) > 0 && start[0] == '{' {
		var at int64
		var err error
		if key, version, at, err = versionInJSON(text); err != nil && key == "" && !bytes.Contains(text, []byte("\n")) {
			return fmt.Errorf(": not readable as JSON at byte %d of %s; mend it there", at, file)
		} else if err != nil {
			line = 1 + bytes.Count(text[:min(int(at), len(text))], []byte("\n"))
			if json := bytes.HasSuffix([]byte(strings.ToLower(file)), []byte(".json")); json {
				return fmt.Errorf(" (%s:%d): not readable as JSON; look for a comma or a bracket too many or too few, or an open quote", file, line)
			}
			return nil // YAML may begin so too
		}
		line = 1 + bytes.Count(text[:min(int(at), len(text))], []byte("\n"))
	}
	switch {
	case key == "swagger":
		return fmt.Errorf(" (%s:%d): an OpenAPI 2 (Swagger) document, and 3.0 or 3.1 is needed; convert it, as with "+
			"npx swagger2openapi --yaml --outfile openapi.yaml %s", file, line, shownFile(file))
	case key == "":
		return fmt.Errorf(" (%s:1): no OpenAPI document: it has no member openapi; give the file that begins with openapi: 3.0.x or 3.1.x", file)
	case !readable3.MatchString(version):
		return fmt.Errorf(" (%s:%d): of a version of OpenAPI that is not known; 3.0 and 3.1 are", file, line)
	}
	return nil
}

// shownFile is the name of a file where it is a plain one, for a command to paste.
func shownFile(name string) string {
	if regexp.MustCompile(`^[\w.-]{1,64}$`).MatchString(name) {
		return name
	}
	return "FILE"
}

// versionInJSON finds the version that a JSON text is of among the members of its outermost object, or where it breaks off.
func versionInJSON(text []byte) (key, version string, at int64, err error) {
	d := tokensOf(text)
	for {
		token, err := d.ReadToken()
		if err != nil {
			if key == "" && d.StackDepth() == 0 {
				return "", "", d.InputOffset(), nil
			}
			return key, version, d.InputOffset(), err
		}
		if d.StackDepth() != 1 || !isName(d, token) {
			if d.StackDepth() == 0 {
				return key, version, at, nil
			}
			continue
		}
		if name := token.String(); key == "" && (name == "swagger" || name == "openapi") {
			key, at = name, d.InputOffset()
			value, err := d.ReadToken()
			if err != nil {
				return key, version, d.InputOffset(), err
			}
			if value.Kind() == '"' || value.Kind() == '0' {
				version = value.String()
			}
		}
	}
}

// way is an operation where the document describes it.
type way struct {
	item         *openapi3.PathItem
	path, method string
	described    *openapi3.Operation
	// idle says that nothing is sent there.
	idle bool
}

// pointer is where the operation is described, as a JSON pointer.
func (w way) pointer() string {
	return string(jsontext.Pointer("/paths").AppendToken(w.path).AppendToken(strings.ToLower(w.method)))
}

// left is the operation as one that is left alone.
func (w way) left() Idle {
	i := Idle{ID: w.described.OperationID, Method: w.method, Path: w.path}
	var e *End
	if read(w.described.Extensions, map[string]any{extEnds: &e}) == nil && e != nil {
		i.Ends = e.words()
	}
	return i
}

// ways are the operations of a document, in the order of its paths. Of one that somebody brings they get IDs where they have none, and
// are idle where no life needs them.
func (l loading) ways(source *openapi3.T, files sources) ([]way, error) {
	var all []way
	if source.Paths == nil {
		return nil, nil
	}
	for _, path := range slices.Sorted(maps.Keys(source.Paths.Map())) {
		item := source.Paths.Value(path)
		if item == nil {
			continue
		}
		operations := item.Operations()
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			all = append(all, way{item: item, path: path, method: method, described: operations[method]})
		}
	}
	if !l.brought {
		return all, nil
	}
	if len(all) > mostOperations {
		return nil, l.failed("", "%d operations, where %d are read at most; leave out what says nothing of credentials", len(all), mostOperations)
	}
	if err := l.name(all); err != nil {
		return nil, err
	}
	needed := map[string]bool{}
	for _, id := range l.allowed {
		if !slices.ContainsFunc(all, func(w way) bool { return w.described.OperationID == id }) {
			return nil, l.failed("", "--allow: no operation %q; the dry run lists them", shown(id))
		}
		needed[id] = true
	}
	for _, w := range all {
		leads, err := w.livesIn()
		if err != nil {
			return nil, l.failed(files.where(w.described.OperationID, err), "%s: %w", shown(w.described.OperationID), err)
		}
		for _, id := range leads {
			needed[id] = true
		}
	}
	for i, w := range all {
		all[i].idle = !needed[w.described.OperationID]
	}
	return all, nil
}

// name gives every operation an ID.
func (l loading) name(all []way) error {
	taken := map[string]bool{}
	for _, w := range all {
		if id := w.described.OperationID; id != "" && taken[id] {
			return l.failed("", "operation %q is described twice; give each an operationId of its own", shown(id))
		}
		taken[w.described.OperationID] = true
	}
	for _, w := range all {
		if w.described.OperationID != "" {
			continue
		}
		id := strings.ToLower(w.method) + "-" + strings.Trim(noWord.ReplaceAllString(w.path, "-"), "-")
		for taken[id] {
			id += "-"
		}
		w.described.OperationID, taken[id] = id, true
	}
	return nil
}

// noWord is what no name of ours holds.
var noWord = regexp.MustCompile(`[^A-Za-z0-9._]+`)

// livesIn are the IDs of the operations that the life of a credential needs, as far as one of them tells: its own, and those to which what
// it hands out leads.
func (w way) livesIn() (ids []string, err error) {
	var marked bool
	var ends *End
	if err := read(w.described.Extensions, map[string]any{extProbe: &marked, extEnds: &ends}); err != nil {
		return nil, err
	}
	if marked || w.described.OperationID == probe || ends != nil && !ends.declared() {
		ids = append(ids, w.described.OperationID)
	}
	if w.described.Responses == nil {
		return ids, nil
	}
	for _, ref := range w.described.Responses.Map() {
		if ref.Value == nil || ref.Value.Extensions[extHandsOut] == nil {
			continue
		}
		ids = append(ids, w.described.OperationID)
		for _, link := range ref.Value.Links {
			if link.Value != nil {
				ids = append(ids, link.Value.OperationID)
			}
		}
	}
	return ids, nil
}

// Idle lists the operations that are left alone, in the order of their paths.
func (d *Document) Idle() []Idle { return slices.Clone(d.idle) }

// vetLives says what a contract that somebody brings lacks of the lives of its credentials.
func (d *Document) vetLives(l loading) error {
	missing := func(format string, args ...any) error {
		return fmt.Errorf("load contract %s (%s:1): %s", l.profile, l.file, fmt.Sprintf(format, args...))
	}
	kinds := d.Kinds()
	if d.Login() == nil && d.Given() == "" {
		return missing("every operation that hands out a credential takes one; the one that takes a name and a password needs security: [] (%s)", explained)
	}
	if _, err := d.Operation(probe); err != nil {
		return missing("no operation shows whether a credential works; mark one that takes it and only reads with x-probe: true (%s)", explained)
	}
	for _, o := range d.operations {
		if o.Probes() && (len(o.takes) == 0 || o.handsOut != nil || o.ends != nil) {
			return l.failed(d.sources.where(o.id, said(extProbe, "")), "%s: x-probe: it must take a credential, and neither hand one out nor end one", shown(o.id))
		}
	}
	d.keepOneProbe()
	for _, kind := range kinds {
		hands := d.HandOuts(kind)
		if hands[0].Renews() {
			return missing("a %s is renewed, and nothing hands out a first one", shown(kind))
		}
		if !slices.ContainsFunc(d.operations, func(o *Operation) bool { return o.opens(kind) }) {
			return missing("a %s opens nothing: neither the operation with x-probe takes it, nor one that hands out another for it (%s)", shown(kind), explained)
		}
	}
	if given := d.Given(); given != "" && !slices.ContainsFunc(d.operations, func(o *Operation) bool { return o.opens(given) }) {
		return missing("a %s opens nothing: the operation with x-probe does not take it (%s)", shown(given), explained)
	}
	login := d.Login()
	if login == nil {
		return nil
	}
	if has := func(account string) bool {
		return slices.ContainsFunc(login.By.Members, func(m Member) bool { return m.Account == account }) ||
			slices.ContainsFunc(login.By.given, func(g Given) bool { return g.Account == account })
	}; !login.By.basic && !has("password") {
		return l.failed(d.sources.where(login.By.id, nil), "%s: it hands out for an account, and nothing says where the password goes; mark that member of "+
			"its body, or its parameter, with x-account: password, and the name's with x-account: username (%s)", shown(login.By.id), explained)
	}
	return nil
}

// keepOneProbe leaves one operation by which credentials are judged, where several are marked: that of the ID probe, or else the first by its
// path. The others are uses like any other, and each is tried too.
func (d *Document) keepOneProbe() {
	one, err := d.Operation(probe)
	if err != nil {
		return
	}
	for _, o := range d.operations {
		if o.probes && one.id != probe && cmp.Or(strings.Compare(o.path, one.path), strings.Compare(o.method, one.method)) < 0 {
			one = o
		}
	}
	for _, o := range d.operations {
		o.probes = o == one
	}
}

// explained is where the extensions are.
const explained = "conform contract --help and openapi/doc.go explain the x- extensions"

// opens says whether a credential of a kind can be judged by it.
func (o *Operation) opens(kind string) bool {
	return len(o.takes) > 0 && o.takes[0].Kind == kind && o.ends == nil && (o.Probes() || o.handsOut != nil && !o.handsOut.Renews())
}
