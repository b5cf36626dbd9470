package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// namedScheme is a security scheme with the name that the document gives it.
type namedScheme struct {
	name      string
	described *openapi3.SecurityScheme
}

// schemesOf are the security schemes that an operation asks for, in the order of the document. The document's own security
// holds where the operation has none; an empty list asks for nothing.
func schemesOf(doc *openapi3.T, described *openapi3.Operation) ([]namedScheme, error) {
	requirements := doc.Security
	if described.Security != nil {
		requirements = *described.Security
	}
	var schemes []namedScheme
	for _, requirement := range requirements {
		for _, name := range slices.Sorted(maps.Keys(requirement)) {
			if doc.Components == nil || doc.Components.SecuritySchemes[name] == nil {
				return nil, fmt.Errorf("no security scheme %q", name)
			}
			schemes = append(schemes, namedScheme{name, doc.Components.SecuritySchemes[name].Value})
		}
	}
	return schemes, nil
}

// setAuthority finds the places of the security schemes that are said to take a kind of credential: the first one is the
// operation's, the others are other ways to the same.
func (o *Operation) setAuthority(schemes []namedScheme) error {
	for _, s := range schemes {
		p, taken, err := schemePlace(s.name, s.described)
		switch {
		case err != nil:
			return err
		case taken && len(o.takes) == 0:
			o.takes = []Place{p}
		case taken:
			o.otherWays[s.name] = p
		}
	}
	return nil
}

// schemePlace is where a security scheme takes a credential; taken is false where it is not said to take any.
func schemePlace(name string, described *openapi3.SecurityScheme) (p Place, taken bool, err error) {
	p = Place{In: "header", Authority: true, Name: headerOf(described)}
	if taken, err = structured(described.Extensions, extCredential, &p.scheme); err != nil || !taken {
		return p, taken, err
	}
	p.Kind = p.scheme.Kind
	switch {
	case described.In == openapi3.ParameterInCookie:
		p.scheme.Prefix = described.Name + "="
	case strings.EqualFold(described.Scheme, "bearer"):
		p.scheme.Prefix = "Bearer "
	case strings.EqualFold(described.Scheme, "basic") && p.scheme.User == "":
		err = said(extCredential, "security scheme %s: no user, which Basic sends with the credential", name)
	case p.Name == "":
		err = said(extCredential, "security scheme %s: it is not in a header and no cookie", name)
	}
	return p, taken, err
}

// OtherWay is the place of another security scheme, by its name, that authorizes the operation as well as the first does.
func (o *Operation) OtherWay(scheme string) (Place, bool) {
	p, ok := o.otherWays[scheme]
	return p, ok
}
