package reference

import (
	"encoding/json"
	"fmt"

	pyramidfault "example.org/conform/harness/fault/pyramid"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/pyramid"
	"example.org/conform/harness/reference/random"
	"example.org/conform/harness/reference/winauth"
	"example.org/conform/harness/target"
)

func pyramidImplementation() implementation {
	i := implement("pyramid", pyramidfault.Catalogue(), func(o Options) (pyramid.Config, error) {
		config := pyramid.Config{TokenLifetime: o.Lifetimes.Token, Config: kernel.Config{Latency: o.Latency}}
		if o.Kerberos == (Kerberos{}) {
			return config, nil
		}
		var err error
		if config.Kerberos, err = winauth.LoadKerberos(o.Kerberos.Keytab, o.Kerberos.Realm); err != nil {
			return config, fmt.Errorf("starting: %w", err)
		}
		return config, nil
	}, func(config pyramid.Config, o Options) (System, error) {
		server, err := pyramid.New(config)
		return pyramidSystem{server, o.Kerberos}, err
	})
	i.kerberos = true
	return i
}

// pyramidSystem is the reference server of Pyramid Analytics API2, described for a run.
type pyramidSystem struct {
	*pyramid.Server
	kerberos Kerberos
}

// Unendable says that the API has no logout: a token ends by itself.
func (s pyramidSystem) Unendable() {}

// Describe fills in the accounts, the API call by which tokens are judged, and how to get tickets.
func (s pyramidSystem) Describe(t *target.Target) {
	account := func(a pyramid.Account) target.Account {
		return target.Account{Username: a.Username, Password: target.Secret(a.Password)}
	}
	accounts := s.Accounts()
	t.Account = account(accounts.Admin)
	t.Account.DownLevelName, t.Account.Domain = accounts.Admin.DownLevelName, accounts.Domain
	t.Accounts = map[string]target.Account{"nonAdmin": account(accounts.Viewer)}
	body, _ := json.Marshal(map[string]any{"data": map[string]any{"itemId": random.GUID(), "exportType": 0}}) // plain text
	t.Probe = target.Probe{Method: "POST", Path: pyramid.BasePath + "/query/extractQueryResult", Body: string(body)}
	t.Lifetimes.Session, t.MaxWait = 0, 0 // no sessions, and nothing to wait for
	if s.kerberos.KDC != "" {
		t.Own = map[string]string{"kerberos.realm": s.kerberos.Realm, "kerberos.kdc": s.kerberos.KDC}
	}
}
