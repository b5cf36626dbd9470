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
	ends     *End
}

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

func newOperation(doc *openapi3.T, item *openapi3.PathItem, method, path string, described *openapi3.Operation) (*Operation, error) {
	o := &Operation{
		id: described.OperationID, method: method, path: path, item: item,
		parameters: slices.Concat(item.Parameters, described.Parameters),
		responses:  map[string]*response{}, OtherWays: map[string]Place{},
	}
	if o.id == "" {
		return nil, errors.New("no operationId")
	}
	err := read(described.Extensions, map[string]any{
		extNever5xx: &o.never5xx, extOtherwise: &o.otherwise, extEnds: &o.ends, extMethods: &o.OtherMethods, extWire: &o.Wire,
	})
	if err != nil {
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
	return o, o.setPromises(described.Extensions)
}

// setResponses prepares the described answers; the success is the lowest 2XX status among them.
func (o *Operation) setResponses(described *openapi3.Responses) error {
	for status, ref := range described.Map() {
		r, err := newResponse(ref.Value)
		if err != nil {
			return fmt.Errorf("response %s: %w", shown(status), err)
		}
		o.responses[status] = r
		if code, err := strconv.Atoi(status); err == nil && code/100 == 2 && (o.success == 0 || code < o.success) {
			o.success = code
		}
	}
	if o.success == 0 {
		return errors.New("no response of status 2XX")
	}
	success := described.Status(o.success).Value
	if err := read(success.Extensions, map[string]any{extHandsOut: &o.handsOut}); err != nil {
		return err
	}
	if h := o.handsOut; h != nil {
		h.By, h.links, h.Lifetime = o, success.Links, cmp.Or(h.Lifetime, h.Kind)
	}
	return o.setPromises(success.Extensions)
}

// ID is the operationId.
func (o *Operation) ID() string { return o.id }

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
