package draft

import (
	"slices"

	"example.org/conform/openapi/survey"
)

// drawGiven proposes, where nothing looks like a login, that the target gives the credential: an API key in a field of its own, which most
// operations take. It reports whether there is such a scheme.
func (s *sketch) drawGiven() bool {
	most := 0
	for _, scheme := range s.document.Schemes {
		takers := 0
		for _, o := range s.document.Operations {
			if slices.Contains(o.Security, scheme) {
				takers++
			}
		}
		if (scheme.Carries == "header" || scheme.Carries == "query") && takers > most {
			most, s.scheme = takers, scheme
		}
	}
	if s.scheme == nil {
		return false
	}
	s.login = &login{of: &survey.Operation{}, kind: "key"} // which hands out nothing
	s.act(s.scheme.Spot, item("x-credential", item("kind", "key", "given", true)),
		[]string{"nothing looks like a login. Does an administrator make what goes there, so that the target file gives it (account: {token: …})?"},
		"%s carries a credential, and nothing hands one out (%s).", clean(s.scheme.Name), clean(carries(s.scheme)))
	s.drawProbe()
	return true
}
