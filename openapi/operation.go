package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Operation is one described request with the answers to it. Its fields are as the document has them, and not to be changed.
type Operation struct {
	// Members are the top-level members of a JSON request body, sorted by name.
	Members []Member
	// Malformed are the malformed bodies that the contract wants refused: those of the whole body in the order of the
	// document, then those of the members, sorted by member.
	Malformed []Malformed
	// Promises are what is promised beyond the shape of answers, in the order of the document.
	Promises     []Promise
	OtherMethods OtherMethods
	Wire         Wire
	// OtherWays are the places of the security schemes beside the first, by their names, that authorize as well as it does.
	OtherWays map[string]Place

	id, method, path string
	success          int
	never5xx         string
	otherwise        bool
	item             *openapi3.PathItem
	parameters       openapi3.Parameters
	credentialHeader string
	request          []content // by media type
	responses        map[string]*response

	takes    []Place
	handsOut *HandOut
	reissues *HandOut
	ends     *End
	pointer  string // to it in the document
	// described says how the operation is described in words.
	summary, words string
	probes         bool
	anonymous      bool
	inherits       bool // the document's own security
	basic          bool
	clears         bool
	lenient        bool
	works, dead    *Looks
	given          []Given
	linked         map[string]bool // parameters and members that links bring
	example        any
}

// The lifetimes that a target names.
const lifeSession, lifeToken = "session", "token"

// OtherMethods is what is promised of a good request by a method which the path does not describe: that it is given nothing, however it is
// answered. Its zero value is nothing.
type OtherMethods struct {
	// Requirement is what it breaks where it is given something.
	Requirement string `json:"requirement"`
}

// Never5xx is the requirement that an answer of 500 and above breaks, whatever was asked; "" for none.
func (o *Operation) Never5xx() string { return o.never5xx }

// RefusedOtherwise says that no status is promised for a refusal of the operation.
func (o *Operation) RefusedOtherwise() bool { return o.otherwise }

// Wire is what is promised of a success without content beyond that there is none, on the connection; its zero value is nothing.
type Wire struct {
	// Slug and Words name the operation in checks: "destroy", "a token destruction".
	Slug  string `json:"slug"`
	Words string `json:"words"`
	// Next is the requirement that the next request on the connection is served, and Length that no Content-Length is sent.
	Next   string `json:"next"`
	Length string `json:"length"`
}

func newOperation(doc *openapi3.T, w way, lenient bool) (*Operation, error) {
	described := w.described
	o := &Operation{
		id: described.OperationID, method: w.method, path: w.path, item: w.item, pointer: w.pointer(), lenient: lenient,
		parameters: slices.Concat(w.item.Parameters, described.Parameters), summary: described.Summary, words: described.Description,
		responses: map[string]*response{}, OtherWays: map[string]Place{},
	}
	if o.id == "" {
		return nil, errors.New("no operationId")
	}
	err := read(described.Extensions, map[string]any{
		extNever5xx: &o.never5xx, extOtherwise: &o.otherwise, extEnds: &o.ends, extMethods: &o.OtherMethods, extWire: &o.Wire,
		extProbe: &o.probes, extWorks: &o.works, extDead: &o.dead,
	})
	if err != nil {
		return nil, err
	}
	if err := cmp.Or(o.works.check(extWorks), o.dead.check(extDead)); err != nil {
		return nil, err
	}
	if err := o.setAuthority(doc, described); err != nil {
		return nil, err
	}
	for _, ref := range o.parameters {
		if err := read(ref.Value.Extensions, map[string]any{extSecret: new(string)}); err != nil {
			return nil, fmt.Errorf("parameter %s: %w", shown(ref.Value.Name), err)
		}
	}
	if err := o.setRequest(described.RequestBody); err != nil {
		return nil, fmt.Errorf("request body: %w", err)
	}
	if err := o.setResponses(described.Responses); err != nil {
		return nil, err
	}
	if err := o.setGiven(); err != nil {
		return nil, err
	}
	return o, o.setPromises(described.Extensions)
}

// setResponses prepares the described answers; the success is the lowest 2XX status among them.
func (o *Operation) setResponses(described *openapi3.Responses) error {
	if described == nil {
		return errors.New("no responses")
	}
	for status, ref := range described.Map() {
		r, err := newResponse(ref.Value, o.lenient)
		if err != nil {
			return fmt.Errorf("response %s: %w", shown(status), err)
		}
		o.responses[status] = r
		if code, err := strconv.Atoi(status); err == nil && code/100 == 2 && (o.success == 0 || code < o.success) {
			o.success = code
		}
	}
	if o.works != nil && len(o.works.Statuses) > 0 {
		o.success = o.works.Statuses[0]
	}
	if o.success == 0 && o.lenient && (o.responses["2XX"] != nil || o.responses["default"] != nil) {
		o.success = http.StatusOK
	}
	if o.success == 0 {
		return errors.New("no response of status 2XX")
	}
	success := &openapi3.Response{}
	if o.responseFor(o.success) == nil {
		return fmt.Errorf("no response of status %d", o.success)
	}
	for _, key := range []string{strconv.Itoa(o.success), strconv.Itoa(o.success)[:1] + "XX", "default"} {
		if ref := described.Value(key); ref != nil {
			success = ref.Value
			break
		}
	}
	if err := read(success.Extensions, map[string]any{extHandsOut: &o.handsOut, extReissues: &o.reissues}); err != nil {
		return err
	}
	if h := o.handsOut; h != nil {
		if o.lenient && h.Lifetime != "" && h.Lifetime != lifeSession && h.Lifetime != lifeToken {
			return said(extHandsOut, "lifetime must be session or token, as a target names lifetimes")
		}
		if o.lenient && h.Kind != lifeSession {
			h.Lifetime = cmp.Or(h.Lifetime, lifeToken)
		}
		h.By, h.links, h.Lifetime = o, success.Links, cmp.Or(h.Lifetime, h.Kind)
	}
	return o.setPromises(success.Extensions)
}

// ID is the operationId.
func (o *Operation) ID() string { return o.id }

// Probes reports whether it is the operation by which credentials are judged.
func (o *Operation) Probes() bool { return o.id == probe || o.probes }

// Anonymous reports whether it may be asked without a credential too.
func (o *Operation) Anonymous() bool { return o.anonymous }

// Basic reports whether it takes an account's name and password as credentials of HTTP's Basic.
func (o *Operation) Basic() bool { return o.basic }

// Clears reports whether it has the client forget a credential, which the server goes on to accept.
func (o *Operation) Clears() bool { return o.clears }

// Method is the HTTP method, in capitals.
func (o *Operation) Method() string { return o.method }

// Path is the path below the base URL, as the document spells it.
func (o *Operation) Path() string { return o.path }

// Success is the status that the document promises when the request is granted.
func (o *Operation) Success() int { return o.success }

// CredentialHeader is the header in which the operation wants its credential, in canonical form, or "" when it
// needs none.
func (o *Operation) CredentialHeader() string { return o.credentialHeader }

// Undocumented lists those of GET, PUT, POST, PATCH and DELETE that the path does not describe, in this order.
func (o *Operation) Undocumented() []string {
	var list []string
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		if o.item.GetOperation(method) == nil {
			list = append(list, method)
		}
	}
	return list
}

// PathFor is the path with values in the place of its parameters, percent-encoded. A parameter without a value, or with
// an empty one, is an error, and so is a value for a parameter that the path does not have.
func (o *Operation) PathFor(values map[string]string) (string, error) {
	path := o.path
	for name, value := range values {
		parameter := "{" + name + "}"
		switch {
		case !strings.Contains(o.path, parameter):
			return "", fmt.Errorf("%s: path %s has no parameter %q", o.id, o.path, name)
		case value == "":
			return "", fmt.Errorf("%s: path parameter %q has no value", o.id, name)
		}
		path = strings.ReplaceAll(path, parameter, url.PathEscape(value))
	}
	if len(values) < strings.Count(o.path, "{") {
		return "", fmt.Errorf("%s: path %s has a parameter that is given no value", o.id, o.path)
	}
	return path, nil
}
