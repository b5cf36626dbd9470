package reference

import (
	"fmt"
	"net/http"

	ariafault "example.org/conform/harness/fault/aria"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/target"
)

func ariaImplementation() implementation {
	c := ariafault.Catalogue()
	return implementation{
		profiles: c.Profiles, start: startAria, faults: c.NamedFaults("aria"), variants: c.NamedVariants("aria"), exempt: c.Exempt,
	}
}

// ariaSystem is the reference server of VMware Aria Operations, described for a run.
type ariaSystem struct{ *aria.Server }

func startAria(o Options) (System, error) {
	config := aria.Config{TokenLifetime: o.Lifetimes.Token, Latency: o.Latency}
	if err := ariafault.Catalogue().Apply(&config, o.Profile, o.Fault, o.Variant); err != nil {
		return nil, err
	}
	server, err := aria.New(config)
	if err != nil {
		return nil, fmt.Errorf("starting: %w", err)
	}
	return ariaSystem{server}, nil
}

// Instance is the server itself: the document knows of no instances behind an address, and no credential is bound to one.
func (s ariaSystem) Instance(int) http.Handler { return s.Handler() }

// Live counts the tokens; there are no sessions.
func (s ariaSystem) Live() (sessions, tokens int) { return 0, s.Server.Live() }

// WrongPasswords counts those tried on existing accounts.
func (s ariaSystem) WrongPasswords() int {
	total := 0
	for id, n := range s.Activity().WrongPasswords {
		if id != "" {
			total += n
		}
	}
	return total
}

// Describe fills in a user of the local source, the scheme and the probe.
func (s ariaSystem) Describe(t *target.Target) {
	t.URL += aria.BasePath
	for i := range t.Instances {
		t.Instances[i] += aria.BasePath
	}
	source := s.Sources().Local
	user := source.Accounts[0]
	t.Account = target.Account{Username: user.Username, Password: target.Secret(user.Password), AuthSource: source.Name}
	t.AuthorizationScheme = s.Scheme()
	t.Lifetimes.Session = 0 // there are none
	t.MaxWait = t.Lifetimes.Token
	t.Probe = target.Probe{Method: http.MethodGet, Path: "/api/auth/currentuser"}
}
