// Package survey says what an OpenAPI document (3.0 or 3.1) describes, operation by operation, with the place of each part: in which
// line it stands, and by which JSONPath an overlay reaches it. It reads any document, however little that says of credentials, and
// judges nothing; package openapi reads contracts.
package survey

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"example.org/conform/openapi/placed"
)

// Spot is a part of a document.
type Spot struct {
	*placed.Node
	// Target is the JSONPath that leads to it, "" where it stands in another file, which no overlay reaches.
	Target string
	file   string
}

// Document is what a document describes.
type Document struct {
	Spot
	// Operations are in the document's order, and so are Schemes.
	Operations []*Operation
	Schemes    []*Scheme
	folder     fs.FS
	files      map[string]*placed.Node
}

// Operation is one request that is described.
type Operation struct {
	Spot
	Method, Path, ID, Summary string
	// At is where its method is named.
	At placed.Place
	// Security lists the schemes of the document that authorize it, alternatives in their order; None says that it asks for none, Optional
	// that it may be asked without, and Own that it says so itself.
	Security            []*Scheme
	None, Optional, Own bool
	Parameters          []Parameter
	// Body is the first of its bodies in JSON, or in a form, that names members, or else the first at all; nil for none.
	Body *Body
	// Responses are in the document's order.
	Responses []*Response
}

// Scheme is a security scheme.
type Scheme struct {
	Spot
	Name string
	// Carries is how a request carries the credential: bearer, basic, header, cookie, query, or the type where it is none of these.
	Carries string
	// Field is the name of the header, the cookie or the parameter.
	Field string
}

// Parameter is a parameter of a request. The path's own are among them.
type Parameter struct {
	Spot
	Name, In string
	Required bool
}

// Body is what is in a request, or an answer, of one media type.
type Body struct {
	Spot   // that of the media type
	Type   string
	Schema Spot
	// Members are those of objects, to a depth of three, in the document's order.
	Members []Member
}

// Member is a member of a body.
type Member struct {
	Spot
	Name, Pointer, Type, Format string
	Required                    bool
	// Choice says that it stands in one of several alternatives.
	Choice bool
}

// Response is an answer that is described.
type Response struct {
	Spot
	// Own is where the operation has it, which may be a reference to Spot.
	Own     Spot
	Status  string
	Headers []string
	// Body is as an operation's.
	Body  *Body
	Links []Link
}

// Link is a link of an answer.
type Link struct {
	Spot
	Name string
}

// Success is the answer with the lowest 2XX status, or a class or the default where there is none; nil for none at all.
func (o *Operation) Success() *Response {
	var best *Response
	for _, r := range o.Responses {
		rank := func(r *Response) string {
			switch {
			case r.Status == "default":
				return "9"
			case strings.EqualFold(r.Status, "2XX"):
				return "3"
			}
			return r.Status
		}
		if (strings.HasPrefix(r.Status, "2") || r.Status == "default") && (best == nil || rank(r) < rank(best)) {
			best = r
		}
	}
	return best
}

// Refuses reports whether an answer is described that refuses.
func (o *Operation) Refuses() bool {
	return slices.ContainsFunc(o.Responses, func(r *Response) bool { return strings.HasPrefix(r.Status, "4") || r.Status == "default" })
}

// Words are how messages call it.
func (o *Operation) Words() string { return o.Method + " " + o.Path }

// Get is a part below a spot; its Node is nil where there is none.
func (s Spot) Get(name string) Spot {
	below := Spot{Node: s.Node.Get(name), file: s.file}
	if s.Target != "" {
		below.Target = s.Target + step(name)
	}
	return below
}

var shorthand = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// step is a name as a JSONPath has it (RFC 9535, 2.3.1.1).
func step(name string) string {
	if shorthand.MatchString(name) {
		return "." + name
	}
	var quoted strings.Builder
	for _, c := range name {
		switch {
		case c == '\'' || c == '\\':
			quoted.WriteString(`\` + string(c))
		case c < 0x20:
			fmt.Fprintf(&quoted, `\u%04x`, c)
		default:
			quoted.WriteRune(c)
		}
	}
	return "['" + quoted.String() + "']"
}

// items are the items of a list.
func (s Spot) items() (all []Spot) {
	if s.Node == nil {
		return nil
	}
	for i, item := range s.Items {
		below := Spot{Node: item, file: s.file}
		if s.Target != "" {
			below.Target = fmt.Sprintf("%s[%d]", s.Target, i)
		}
		all = append(all, below)
	}
	return all
}

// methods are those that a path may describe.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// Of surveys a document. The folder is where it lies; what it refers to lies there too, or below. A document that cannot be read as one
// is an error of one line, with its place and a remedy.
func Of(root *placed.Node, folder fs.FS) (*Document, error) {
	if err := isOpenAPI(root); err != nil {
		return nil, err
	}
	d := &Document{Spot: Spot{Node: root, Target: "$", file: root.At.File}, folder: folder, files: map[string]*placed.Node{}}
	d.files[root.At.File] = root
	if err := d.check(d.Spot, false); err != nil {
		return nil, err
	}
	schemes := d.Get("components").Get("securitySchemes")
	if schemes.Node != nil {
		for _, m := range schemes.Members {
			d.Schemes = append(d.Schemes, d.scheme(m.Name, d.Resolved(schemes.Get(m.Name))))
		}
	}
	paths := d.Get("paths")
	if paths.Node == nil || paths.Kind != placed.Mapping {
		return d, nil // 3.1 may have webhooks alone
	}
	for _, m := range paths.Members {
		if !strings.HasPrefix(m.Name, "/") {
			continue
		}
		items := []Spot{paths.Get(m.Name)} // what a path refers to has operations besides its own
		if to := d.Resolved(items[0]); to.Node != items[0].Node {
			items = append(items, to)
		}
		for i, item := range items {
			for _, method := range item.Members {
				if !slices.Contains(methods, method.Name) || method.Value.Kind != placed.Mapping || i > 0 && items[0].Get(method.Name).Node != nil {
					continue
				}
				o, err := d.operation(m.Name, method, item)
				if err != nil {
					return nil, err
				}
				d.Operations = append(d.Operations, o)
			}
		}
	}
	return d, nil
}

// isOpenAPI says why something is no document that can be read.
func isOpenAPI(root *placed.Node) error {
	openapi, swagger := root.Get("openapi"), root.Get("swagger")
	switch {
	case root.Kind != placed.Mapping || openapi == nil && swagger == nil && root.Get("overlay") == nil:
		return root.At.Errorf("no OpenAPI document: it has no member openapi; give the file that begins with openapi: 3.0.x or 3.1.x")
	case swagger != nil:
		return root.Where("swagger").Errorf("an OpenAPI 2 (Swagger) document, and 3.0 or 3.1 is needed; convert it, as with " +
			"npx swagger2openapi --yaml --outfile openapi.yaml FILE")
	case openapi == nil:
		return root.Where("overlay").Errorf("an overlay, and the document that it changes is wanted; give that, and this file with --overlay")
	case !versions.MatchString(version(openapi)):
		return root.Where("openapi").Errorf("of a version of OpenAPI that is not known; 3.0 and 3.1 are")
	case root.Get("paths") != nil && root.Get("paths").Kind != placed.Mapping:
		return root.Where("paths").Errorf("paths is no mapping; write the paths below it, each with its operations")
	}
	return nil
}

var versions = regexp.MustCompile(`^3\.[01](\.|$)`)

func version(n *placed.Node) string {
	if n.Kind != placed.Scalar {
		return ""
	}
	return fmt.Sprint(n.Value)
}

func (d *Document) scheme(name string, s Spot) *Scheme {
	scheme := &Scheme{Spot: s, Name: name, Carries: s.Get("type").Text(), Field: s.Get("name").Text()}
	switch strings.ToLower(s.Get("type").Text()) {
	case "http":
		scheme.Carries, scheme.Field = strings.ToLower(s.Get("scheme").Text()), "Authorization"
	case "apikey":
		scheme.Carries = s.Get("in").Text()
	}
	return scheme
}

func (d *Document) operation(path string, method placed.Member, item Spot) (*Operation, error) {
	s := item.Get(method.Name)
	o := &Operation{Spot: s, Method: strings.ToUpper(method.Name), Path: path, At: method.At}
	o.ID, o.Summary = s.Get("operationId").Text(), s.Get("summary").Text()
	if err := d.secure(o); err != nil {
		return nil, err
	}
	for _, ref := range slices.Concat(item.Get("parameters").items(), s.Get("parameters").items()) {
		p := d.Resolved(ref)
		o.Parameters = append(o.Parameters, Parameter{Spot: p, Name: p.Get("name").Text(), In: p.Get("in").Text(), Required: p.Get("required").Is()})
	}
	if body := d.Resolved(s.Get("requestBody")); body.Node != nil {
		o.Body = d.body(body.Get("content"))
	}
	responses := s.Get("responses")
	if responses.Node == nil {
		return o, nil
	}
	for _, m := range responses.Members {
		own := responses.Get(m.Name)
		r := &Response{Spot: d.Resolved(own), Own: own, Status: m.Name}
		if r.Kind != placed.Mapping {
			continue
		}
		if headers := r.Get("headers"); headers.Node != nil {
			for _, h := range headers.Members {
				r.Headers = append(r.Headers, h.Name)
			}
		}
		r.Body = d.body(r.Get("content"))
		if links := r.Get("links"); links.Node != nil {
			for _, l := range links.Members {
				r.Links = append(r.Links, Link{Spot: d.Resolved(links.Get(l.Name)), Name: l.Name})
			}
		}
		o.Responses = append(o.Responses, r)
	}
	return o, nil
}

// secure finds what authorizes an operation: its own security, or the document's.
func (d *Document) secure(o *Operation) error {
	security := o.Get("security")
	if o.Own = security.Node != nil; !o.Own {
		security = d.Get("security")
	}
	for _, alternative := range security.items() {
		o.Optional = o.Optional || alternative.Kind == placed.Mapping && len(alternative.Members) == 0
		for _, m := range alternative.Members {
			s := d.Scheme(m.Name)
			if s == nil {
				return m.At.Errorf("a security scheme that components do not have; add it to components.securitySchemes, or mend its name")
			}
			if !slices.Contains(o.Security, s) {
				o.Security = append(o.Security, s)
			}
		}
	}
	o.None = len(o.Security) == 0
	return nil
}

// Scheme finds a security scheme by its name, nil for none.
func (d *Document) Scheme(name string) *Scheme {
	if i := slices.IndexFunc(d.Schemes, func(s *Scheme) bool { return s.Name == name }); i >= 0 {
		return d.Schemes[i]
	}
	return nil
}

// Operation finds an operation by its operationId, nil for none.
func (d *Document) Operation(id string) *Operation {
	if i := slices.IndexFunc(d.Operations, func(o *Operation) bool { return o.ID != "" && o.ID == id }); i >= 0 {
		return d.Operations[i]
	}
	return nil
}
