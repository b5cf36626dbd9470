package reference

import (
	bluecatfault "example.org/conform/harness/fault/bluecat"
	"example.org/conform/harness/reference/bluecat"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/target"
)

func bluecatImplementation() implementation {
	return implement("bluecat", bluecatfault.Catalogue(), func(o Options) (bluecat.Config, error) {
		return bluecat.Config{TokenLifetime: o.Lifetimes.Token, Config: kernel.Config{Latency: o.Latency}}, nil
	}, func(config bluecat.Config, _ Options) (System, error) {
		server, err := bluecat.New(config)
		return bluecatSystem{server}, err
	})
}

// bluecatSystem is BlueCat Address Manager's reference server, described for a run.
type bluecatSystem struct{ *bluecat.Server }

// Describe fills in the account and the lifetime of a token. A session lives as long as its token.
func (s bluecatSystem) Describe(t *target.Target) {
	user := s.User()
	t.Account = target.Account{Username: user.Name, Password: target.Secret(user.Password)}
	t.Lifetimes = target.Lifetimes{Token: s.TokenLifetime()}
	t.Instances = nil
}
