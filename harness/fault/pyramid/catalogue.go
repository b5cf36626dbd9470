// Package pyramid is the catalogue of faults and variants of the Pyramid Analytics reference server.
package pyramid

import (
	"net/http"
	"slices"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/pyramid"
)

// Fault and Variant are those of the Pyramid Analytics reference server.
type (
	Fault   = fault.Fault[pyramid.Config]
	Variant = fault.Variant[pyramid.Config]
)

// Catalogue returns every fault and variant, the faults in the order of the requirements that they break.
func Catalogue() fault.Catalogue[pyramid.Config] {
	return fault.Catalogue[pyramid.Config]{
		Profiles: []string{pyramid.Profile},
		Faults:   slices.Concat(answerFaults(), methodFaults(), credentialFaults(), proofFaults(), useFaults()),
		Variants: variants(),
		Exempt: []fault.Exemption{{
			Requirement: "PYR-WIN-04", Check: "no-credentials",
			Reason: "a server that does not challenge who brings nothing lets nobody begin a login: the run says so and ends",
		}},
	}
}

// issued changes every answer that hands out a token.
func issued(change func(*pyramid.Call, *pyramid.Answer)) func(*pyramid.Config) {
	return func(config *pyramid.Config) {
		config.Rules.Edit = func(c *pyramid.Call, a *pyramid.Answer) {
			if a.Token != nil {
				change(c, a)
			}
		}
	}
}

// refused changes every answer to a login whose credentials were refused; its middle steps stay.
func refused(change func(*pyramid.Call, *pyramid.Answer)) func(*pyramid.Config) {
	return func(config *pyramid.Config) {
		config.Rules.Edit = func(c *pyramid.Call, a *pyramid.Answer) {
			if c.Operation == pyramid.Authenticate && a.Status == http.StatusUnauthorized && c.Login.Tried && !c.Login.Continues {
				change(c, a)
			}
		}
	}
}
