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
	status, media, body string // requirements
	all                 string // when set, the requirement of everything
	contents            []content
	headers             []header
}

type header struct {
	name, requirement string
	required          bool
	schema            *openapi3.SchemaRef // nil when the values are not described
	validator         validator
}

// content is one media type of a body, with the schema of what is in it.
type content struct {
	mediaType string
	schema    *openapi3.SchemaRef
	validator validator
	examples  map[string]any
}

func newResponse(described *openapi3.Response) (*response, error) {
	r := &response{}
	for name, into := range map[string]*string{extRequirement: &r.status, extMedia: &r.media, extBody: &r.body, extAll: &r.all} {
		var err error
		if *into, err = extension(described.Extensions, name); err != nil {
			return nil, err
		}
	}
	r.media = cmp.Or(r.media, r.status)
	r.body = cmp.Or(r.body, r.media)
	var err error
	if r.contents, err = newContents(described.Content); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(described.Headers)) {
		h := described.Headers[name].Value
		requirement, err := extension(h.Extensions, extRequirement)
		if err != nil {
			return nil, fmt.Errorf("header %s: %w", name, err)
		}
		d := header{name: http.CanonicalHeaderKey(name), requirement: cmp.Or(requirement, r.status), required: h.Required}
		if h.Schema != nil {
			if d.validator, err = newValidator(h.Schema); err != nil {
				return nil, fmt.Errorf("header %s: %w", name, err)
			}
			d.schema = h.Schema
		}
		r.headers = append(r.headers, d)
	}
	return r, nil
}

// newContents prepares the media types of a body, sorted by name.
func newContents(described openapi3.Content) ([]content, error) {
	var list []content
	for _, name := range slices.Sorted(maps.Keys(described)) {
		media := described[name]
		if media.Schema == nil {
			return nil, fmt.Errorf("%s: no schema", name)
		}
		validator, err := newValidator(media.Schema)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c := content{mediaType: strings.ToLower(name), schema: media.Schema, validator: validator, examples: map[string]any{}}
		if media.Example != nil {
			c.examples["example"] = media.Example
		}
		for key, example := range media.Examples {
			c.examples[key] = example.Value.Value
		}
		list = append(list, c)
	}
	return list, nil
}

// of is the requirement that a part belongs to, after x-requirement-all.
func (r *response) of(requirement string) string { return cmp.Or(r.all, requirement) }

// responseFor finds the described answer of a status: the status itself, its class, or the default. It is nil when the
// document describes none.
func (o *Operation) responseFor(status int) *response {
	code := strconv.Itoa(status)
	for _, key := range []string{code, code[:1] + "XX", "default"} {
		if r := o.responses[key]; r != nil {
			return r
		}
	}
	return nil
}

// succeeded is the described answer of the success.
func (o *Operation) succeeded() *response { return o.responses[strconv.Itoa(o.success)] }

// statuses names the described statuses, for messages.
func (o *Operation) statuses() string {
	return strings.Join(slices.Sorted(maps.Keys(o.responses)), ", ")
}

// contentFor finds the described content of a Content-Type, ignoring parameters and letter case.
func (r *response) contentFor(contentType string) (content, bool) {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		mediaType = "" // of what could be read
	}
	for _, c := range r.contents {
		class, isRange := strings.CutSuffix(c.mediaType, "*")
		if c.mediaType == mediaType || c.mediaType == "*/*" || (isRange && strings.HasPrefix(mediaType, class)) {
			return c, true
		}
	}
	return content{}, false
}

// isJSON tells whether a media type is JSON or one of the types built on it.
func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}
