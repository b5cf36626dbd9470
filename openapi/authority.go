package openapi

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// setAuthority resolves the security schemes that an operation asks for, in the order of the document. The document's own
// security holds where the operation has none; an empty list asks for nothing. Of those that are said to take a kind of
// credential the first is the operation's, and the others are other ways to the same.
func (o *Operation) setAuthority(doc *openapi3.T, described *openapi3.Operation) error {
	requirements := doc.Security
	if o.inherits = described.Security == nil; !o.inherits {
		requirements = *described.Security
	}
	for _, requirement := range requirements {
		o.anonymous = o.anonymous || len(requirement) == 0
		for _, name := range slices.Sorted(maps.Keys(requirement)) {
			if doc.Components == nil || doc.Components.SecuritySchemes[name] == nil {
				return fmt.Errorf("no security scheme %q", shown(name))
			}
			p, taken, err := schemePlace(name, doc.Components.SecuritySchemes[name].Value)
			if p.In == openapi3.ParameterInHeader {
				o.credentialHeader = cmp.Or(o.credentialHeader, p.Name)
			}
			account := ""
			if err == nil {
				err = read(doc.Components.SecuritySchemes[name].Value.Extensions, map[string]any{extAccount: &account})
			}
			o.basic = o.basic || account != ""
			switch {
			case err != nil:
				return err
			case account != "" && (account != "basic" || taken || !strings.EqualFold(doc.Components.SecuritySchemes[name].Value.Scheme, "basic")):
				return said(extAccount, "security scheme %s: it must be basic, on a scheme of HTTP's Basic that takes no credential", shown(name))
			case taken && len(o.takes) == 0:
				o.takes = []Place{p}
			case taken:
				o.OtherWays[name] = p
			}
			if err := o.setPromises(doc.Components.SecuritySchemes[name].Value.Extensions); err != nil {
				return err
			}
		}
	}
	return nil
}

// schemePlace is where a security scheme has its credential; taken is false where it is not said to take any kind of ours.
func schemePlace(name string, described *openapi3.SecurityScheme) (p Place, taken bool, err error) {
	p = Place{In: "header", Authority: true}
	switch {
	case described.Type == "http", described.Type == "oauth2", described.Type == "openIdConnect":
		p.Name = "Authorization"
	case described.In == openapi3.ParameterInQuery:
		p.In, p.Name = openapi3.ParameterInQuery, described.Name
	case described.In == openapi3.ParameterInHeader:
		p.Name = http.CanonicalHeaderKey(described.Name)
	case described.In == openapi3.ParameterInCookie:
		p.Name = "Cookie"
	}
	_, taken = described.Extensions[extCredential]
	if err = read(described.Extensions, map[string]any{extCredential: &p.Scheme}); err != nil || !taken {
		return p, taken, err
	}
	p.Kind = p.Scheme.Kind
	switch {
	case described.In == openapi3.ParameterInCookie:
		p.Scheme.Prefix = described.Name + "="
	case strings.EqualFold(described.Scheme, "bearer"), described.Type == "oauth2", described.Type == "openIdConnect":
		p.Scheme.Prefix = cmp.Or(p.Scheme.Prefix, "Bearer ")
	case strings.EqualFold(described.Scheme, "basic") && p.Scheme.User == "":
		err = said(extCredential, "security scheme %s: no user, which Basic sends with the credential", shown(name))
	case p.Name == "":
		err = said(extCredential, "security scheme %s: it is not in a header, a cookie or the query", shown(name))
	}
	return p, taken, err
}
