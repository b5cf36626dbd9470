package openapi

import (
	"cmp"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// response is one described answer with the requirements that its parts belong to.
type response struct {
	status, media, body string
	all                 string // when set, that of everything
	words               string // the document's own
	described           openapi3.Content
	contents            []content
	headers             []header
}

type header struct {
	name, requirement string
	required          bool
	schema            *schema // nil when the values are not described
}

// content is one media type of a body, with the schema of what is in it.
type content struct {
	described *openapi3.MediaType
	mediaType string
	schema    *schema
	examples  map[string]any
}

func newResponse(described *openapi3.Response, lenient bool) (*response, error) {
	r := &response{described: described.Content}
	if described.Description != nil {
		r.words = *described.Description
	}
	err := read(described.Extensions, map[string]any{
		extRequirement: &r.status, extMedia: &r.media, extBody: &r.body, extAll: &r.all,
	})
	if err != nil {
		return nil, err
	}
	r.status = cmp.Or(r.all, r.status)
	r.media = cmp.Or(r.all, r.media, r.status)
	r.body = cmp.Or(r.all, r.body, r.media)
	if r.contents, err = newContents(described.Content, lenient); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(described.Headers)) {
		described := described.Headers[name].Value
		h := header{name: http.CanonicalHeaderKey(name), required: described.Required}
		err := read(described.Extensions, map[string]any{extRequirement: &h.requirement})
		if err == nil && described.Schema != nil {
			h.schema, err = newSchema(described.Schema, lenient)
		}
		if err != nil {
			return nil, fmt.Errorf("header %s: %w", shown(name), err)
		}
		h.requirement = cmp.Or(r.all, h.requirement, r.status)
		r.headers = append(r.headers, h)
	}
	return r, nil
}

// newContents prepares the media types of a body, sorted by name.
func newContents(described openapi3.Content, lenient bool) ([]content, error) {
	var list []content
	for _, name := range slices.Sorted(maps.Keys(described)) {
		media := described[name]
		if media == nil || media.Schema == nil {
			if !lenient {
				return nil, fmt.Errorf("%s: no schema", shown(name))
			}
			media = &openapi3.MediaType{Schema: &openapi3.SchemaRef{Value: &openapi3.Schema{}}}
			described[name] = media
		}
		schema, err := newSchema(media.Schema, lenient)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", shown(name), err)
		}
		c := content{described: media, mediaType: strings.ToLower(name), schema: schema, examples: map[string]any{}}
		if media.Example != nil {
			c.examples["example"] = media.Example
		}
		for key, example := range media.Examples {
			if example.Value != nil {
				c.examples[key] = example.Value.Value
			}
		}
		list = append(list, c)
	}
	return list, nil
}

// responseFor finds the described answer of a status: the status itself, its class, or the default. It is nil when the
// document describes none.
func (o *Operation) responseFor(status int) *response {
	code := strconv.Itoa(status)
	return cmp.Or(o.responses[code], o.responses[code[:1]+"XX"], o.responses["default"])
}

// succeeded is the described answer of the success.
func (o *Operation) succeeded() *response { return o.responseFor(o.success) }

// contentFor finds the described content of a Content-Type, ignoring parameters and letter case.
func (r *response) contentFor(contentType string) (content, bool) {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		mediaType = "" // of what could be read
	}
	described := r.described.Get(mediaType)
	i := slices.IndexFunc(r.contents, func(c content) bool { return c.described == described })
	if i < 0 {
		return content{}, false
	}
	return r.contents[i], true
}

// firstMediaType is that of the first of the described contents, "" when there is none.
func firstMediaType(described []content) string {
	if len(described) == 0 {
		return ""
	}
	return described[0].mediaType
}

// isJSON tells whether a media type is JSON or one of the types built on it.
func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// SuccessRequirement is the requirement that a wrong status breaks when the request was good, or "" when the contract
// gives none.
func (o *Operation) SuccessRequirement() string { return o.succeeded().status }

// SuccessRequirements lists every requirement that the parts of the success answer belong to: the status's first,
// then those of the media type, the body, the headers and the schema, in the order in which the schema is walked. That of
// a body which must not be there is left out: an HTTP library hides the bytes behind a 204, so that no answer shows it.
func (o *Operation) SuccessRequirements() []string {
	r := o.succeeded()
	var list []string
	add := func(requirement string) {
		if requirement != "" && !slices.Contains(list, requirement) {
			list = append(list, requirement)
		}
	}
	add(r.status)
	add(r.media)
	if len(r.contents) > 0 {
		add(r.body)
	}
	for _, h := range r.headers {
		if h.required {
			add(h.requirement)
		}
	}
	for _, c := range r.contents {
		_ = c.schema.described.WalkSubtree(func(_ string, s *openapi3.SchemaRef) error {
			add(cmp.Or(r.all, schemaExtension(s, extRequirement)))
			return nil
		})
	}
	return list
}

// ResponseMediaType is the media type of the success answer, "" when it has no content.
func (o *Operation) ResponseMediaType() string { return firstMediaType(o.succeeded().contents) }

// BodyRequirement is the requirement that a body breaks which a success without content has, or "" when the contract gives none.
func (o *Operation) BodyRequirement() string { return o.succeeded().body }
