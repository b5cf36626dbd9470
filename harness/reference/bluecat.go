package reference

import (
	"net/http"

	bluecatfault "example.org/conform/harness/fault/bluecat"
	"example.org/conform/harness/reference/bluecat"
	"example.org/conform/harness/target"
)

func bluecatImplementation() implementation {
	c := bluecatfault.Catalogue()
	return implementation{
		profiles: c.Profiles, start: startBluecat, faults: c.NamedFaults("bluecat"), variants: c.NamedVariants("bluecat"), exempt: c.Exempt,
	}
}

// bluecatSystem is BlueCat Address Manager's reference server, described for a run.
type bluecatSystem struct{ *bluecat.Server }

func startBluecat(o Options) (System, error) {
	config := bluecat.Config{TokenLifetime: o.Lifetimes.Token, Latency: o.Latency}
	if err := bluecatfault.Catalogue().Apply(&config, o.Profile, o.Fault, o.Variant); err != nil {
		return nil, err
	}
	server, err := bluecat.New(config)
	if err != nil {
		return nil, err
	}
	return bluecatSystem{server}, nil
}

// Instance is the server itself: Address Manager documents no instances.
func (s bluecatSystem) Instance(int) http.Handler { return s.Handler() }

// Live counts each session with its one token.
func (s bluecatSystem) Live() (sessions, tokens int) {
	live := s.Server.Live()
	return live, live
}

// Describe fills in the account and the lifetime of a token. A session lives as long as its token.
func (s bluecatSystem) Describe(t *target.Target) {
	user := s.User()
	t.Account = target.Account{Username: user.Name, Password: target.Secret(user.Password)}
	t.Lifetimes = target.Lifetimes{Token: s.TokenLifetime()}
	t.Instances = nil
}
