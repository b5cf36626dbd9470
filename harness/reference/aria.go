package reference

import (
	"net/http"

	ariafault "example.org/conform/harness/fault/aria"
	"example.org/conform/harness/reference/aria"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/target"
)

func ariaImplementation() implementation {
	return implement("aria", ariafault.Catalogue(), func(o Options) (aria.Config, error) {
		return aria.Config{TokenLifetime: o.Lifetimes.Token, Config: kernel.Config{Latency: o.Latency}}, nil
	}, func(config aria.Config, _ Options) (System, error) {
		server, err := aria.New(config)
		return ariaSystem{server}, err
	})
}

// ariaSystem is the reference server of VMware Aria Operations, described for a run.
type ariaSystem struct{ *aria.Server }

// Describe fills in a user of the local source, the scheme and the probe.
func (s ariaSystem) Describe(t *target.Target) {
	t.URL += aria.BasePath
	for i := range t.Instances {
		t.Instances[i] += aria.BasePath
	}
	source := s.Sources().Local
	user := source.Accounts[0]
	t.Account = target.Account{Username: user.Username, Password: target.Secret(user.Password)}
	t.Own = map[string]string{"account.authSource": source.Name, "authorizationScheme": s.Scheme()}
	t.Lifetimes.Session = 0 // there are none
	t.MaxWait = t.Lifetimes.Token
	t.Probe = target.Probe{Method: http.MethodGet, Path: "/api/auth/currentuser"}
}
