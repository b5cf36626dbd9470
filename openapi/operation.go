package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Operation is one described request with the answers to it.
type Operation struct {
	id, method, path string
	success          int
	never5xx         string
	credential       credential
	query            []Parameter
	request          []content // by media type
	members          []Member
	malformed        []Malformed
	described        []string // the methods that the path describes
	responses        map[string]*response

	headers []string // parameters in the header, in canonical form
	takes   []Place
	// otherWays are the places of security schemes beside the first, by their names.
	otherWays map[string]Place
	handsOut  *HandOut
	ends      *End
	promises  []Promise

	otherMethods OtherMethods
	wire         Wire
}

// OtherMethods is what is promised of a good request by a method which the path does not describe.
type OtherMethods struct {
	// Requirement is what it breaks where it is given something.
	Requirement string `json:"requirement"`
	// Refused says that it has to be refused, with a 4xx; else an answer of another kind that gives nothing will do.
	Refused bool `json:"refused"`
}

// Never5xx is the requirement that an answer of 500 and above breaks, whatever was asked; "" for none.
func (o *Operation) Never5xx() string { return o.never5xx }

// Wire is what is promised of a success without content beyond that there is none, on the connection.
type Wire struct {
	// Slug and Words name the operation in checks: "destroy", "a token destruction".
	Slug  string `json:"slug"`
	Words string `json:"words"`
	// Next is the requirement that the next request on the connection is served, and Length that no Content-Length is sent.
	Next   string `json:"next"`
	Length string `json:"length"`
}

// Parameter is a parameter of the query.
type Parameter struct {
	Name     string
	Required bool
	// Secret is the kind of secret that the values are, or "".
	Secret string
}

// Member is a top-level member of a JSON request body.
type Member struct {
	Name     string
	Required bool
	// JSONType is the JSON Schema type, several separated by "|", or "" when any is allowed.
	JSONType string
	// Secret is the kind of secret that the values are, or "".
	Secret string
	// Account says which of an account's stands there: "username" or "password"; "" for neither.
	Account string
}

type credential struct{ header, kind string }

func newOperation(doc *openapi3.T, item *openapi3.PathItem, method, path string, described *openapi3.Operation) (*Operation, error) {
	o := &Operation{id: described.OperationID, method: method, path: path, responses: map[string]*response{}, otherWays: map[string]Place{}}
	if o.id == "" {
		return nil, errors.New("no operationId")
	}
	o.described = slices.Sorted(maps.Keys(item.Operations()))
	var err error
	if o.never5xx, err = extension(described.Extensions, extNever5xx); err != nil {
		return nil, err
	}
	schemes, err := schemesOf(doc, described)
	if err != nil {
		return nil, err
	}
	if o.credential, err = newCredential(schemes); err != nil {
		return nil, err
	}
	if err = o.setParameters(slices.Concat(item.Parameters, described.Parameters)); err != nil {
		return nil, err
	}
	if err = o.setRequest(described.RequestBody); err != nil {
		return nil, fmt.Errorf("request body: %w", err)
	}
	if err = o.setResponses(described.Responses); err != nil {
		return nil, err
	}
	return o, o.setLife(schemes, described)
}

// newCredential finds the header of the first security scheme that the operation asks for, and has one.
func newCredential(schemes []namedScheme) (credential, error) {
	for _, s := range schemes {
		kind, err := extension(s.described.Extensions, extSecret)
		if err != nil {
			return credential{}, fmt.Errorf("security scheme %s: %w", s.name, err)
		}
		if header := headerOf(s.described); header != "" {
			return credential{header, kind}, nil
		}
	}
	return credential{}, nil
}

// headerOf is the header in which a security scheme has its credential, in canonical form; "" where it has it elsewhere.
func headerOf(scheme *openapi3.SecurityScheme) string {
	switch {
	case scheme.Type == "http":
		return "Authorization"
	case scheme.In == openapi3.ParameterInHeader:
		return http.CanonicalHeaderKey(scheme.Name)
	case scheme.In == openapi3.ParameterInCookie:
		return "Cookie"
	}
	return ""
}

func (o *Operation) setParameters(described openapi3.Parameters) error {
	for _, ref := range described {
		p := ref.Value
		secret, err := extension(p.Extensions, extSecret)
		if err != nil {
			return fmt.Errorf("parameter %s: %w", p.Name, err)
		}
		switch p.In {
		case openapi3.ParameterInQuery:
			o.query = append(o.query, Parameter{Name: p.Name, Required: p.Required, Secret: secret})
		case openapi3.ParameterInHeader:
			o.headers = append(o.headers, http.CanonicalHeaderKey(p.Name))
		}
	}
	return nil
}

func (o *Operation) setRequest(ref *openapi3.RequestBodyRef) error {
	if ref == nil {
		return nil
	}
	var err error
	if o.request, err = newContents(ref.Value.Content); err != nil {
		return err
	}
	if len(o.request) > 0 {
		o.members = membersOf(o.request[0].schema)
	}
	o.malformed, err = newMalformed(ref.Value.Extensions[extMalformed], o.members)
	return err
}

func membersOf(schema *openapi3.SchemaRef) []Member {
	byName := map[string]*Member{}
	for _, part := range parts(schema) {
		for name, property := range part.Value.Properties {
			m := byName[name]
			if m == nil {
				m = &Member{Name: name}
				byName[name] = m
			}
			for _, p := range parts(property) {
				if types := p.Value.Type.Slice(); m.JSONType == "" && len(types) > 0 {
					m.JSONType = strings.Join(types, "|")
				}
				m.Secret = cmp.Or(m.Secret, schemaExtension(p, extSecret))
				m.Account = cmp.Or(m.Account, schemaExtension(p, extAccount))
			}
		}
	}
	for _, part := range parts(schema) {
		for _, name := range part.Value.Required {
			if byName[name] == nil {
				byName[name] = &Member{Name: name}
			}
			byName[name].Required = true
		}
	}
	var list []Member
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		list = append(list, *byName[name])
	}
	return list
}

// setResponses prepares the described answers; the success is the lowest 2XX status among them.
func (o *Operation) setResponses(described *openapi3.Responses) error {
	for status, ref := range described.Map() {
		r, err := newResponse(ref.Value)
		if err != nil {
			return fmt.Errorf("response %s: %w", status, err)
		}
		o.responses[status] = r
		if code, err := strconv.Atoi(status); err == nil && code/100 == 2 && (o.success == 0 || code < o.success) {
			o.success = code
		}
	}
	if o.success == 0 {
		return errors.New("no response of status 2XX")
	}
	return nil
}

// ID is the operationId.
func (o *Operation) ID() string { return o.id }

// Method is the HTTP method, in capitals.
func (o *Operation) Method() string { return o.method }

// Path is the path below the base URL, as the document spells it.
func (o *Operation) Path() string { return o.path }

// Success is the status that the document promises when the request is granted.
func (o *Operation) Success() int { return o.success }

// RequestMediaType is the media type in which the body is sent, "" when the operation describes no body.
func (o *Operation) RequestMediaType() string {
	if len(o.request) == 0 {
		return ""
	}
	return o.request[0].mediaType
}

// CredentialHeader is the header in which the operation wants its credential, in canonical form, or "" when it
// needs none.
func (o *Operation) CredentialHeader() string { return o.credential.header }

// CredentialSecret is the kind of secret that the values of CredentialHeader are, or "".
func (o *Operation) CredentialSecret() string { return o.credential.kind }

// QueryParameters lists the parameters of the query, in the order of the document.
func (o *Operation) QueryParameters() []Parameter { return slices.Clone(o.query) }

// RequestMembers lists the top-level members of the JSON request body, sorted by name.
func (o *Operation) RequestMembers() []Member { return slices.Clone(o.members) }

// OtherMethods is what is promised of good requests by methods which the path does not describe; its zero value is nothing.
func (o *Operation) OtherMethods() OtherMethods { return o.otherMethods }

// Wire is what is promised of the operation's success on the connection; its zero value is nothing.
func (o *Operation) Wire() Wire { return o.wire }

// BodyRequirement is the requirement that a body breaks which a success without content has, or "" when the contract gives none.
func (o *Operation) BodyRequirement() string {
	r := o.succeeded()
	return r.of(r.body)
}

// Example is the first example of the request body, by name; nil where there is none.
func (o *Operation) Example() any {
	for _, c := range o.request {
		for _, name := range slices.Sorted(maps.Keys(c.examples)) {
			return c.examples[name]
		}
	}
	return nil
}

// Undocumented lists those of GET, PUT, POST, PATCH and DELETE that the path does not describe, in this order.
func (o *Operation) Undocumented() []string {
	var list []string
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		if !slices.Contains(o.described, method) {
			list = append(list, method)
		}
	}
	return list
}
