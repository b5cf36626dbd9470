package reference

import (
	"net/url"

	adaxesfault "example.org/conform/harness/fault/adaxes"
	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/target"
)

func adaxesImplementation() implementation {
	return implement("adaxes", adaxesfault.Catalogue(), func(o Options) (adaxes.Config, error) {
		return adaxes.Config{
			Profile: o.Profile, SessionLifetime: o.Lifetimes.Session, TokenLifetime: o.Lifetimes.Token,
			Instances: o.Instances, Config: kernel.Config{Latency: o.Latency},
		}, nil
	}, func(config adaxes.Config, _ Options) (System, error) {
		server, err := adaxes.New(config)
		return adaxesSystem{server}, err
	})
}

// adaxesSystem is the Adaxes REST API's reference server, described for a run.
type adaxesSystem struct{ *adaxes.Server }

// Describe fills in the accounts and the probe.
func (s adaxesSystem) Describe(t *target.Target) {
	t.URL += adaxes.BasePath
	for i := range t.Instances {
		t.Instances[i] += adaxes.BasePath
	}
	accounts := s.Accounts()
	account := func(a adaxes.Account) target.Account {
		return target.Account{Username: a.Username, Password: target.Secret(a.Password), DownLevelName: a.DownLevelName}
	}
	t.Account = account(accounts.Ordinary)
	t.Accounts = map[string]target.Account{}
	for name, a := range map[string]adaxes.Account{
		"passwordExpired": accounts.PasswordExpired, "passwordMustBeChanged": accounts.PasswordMustBeChanged,
		"disabled": accounts.Disabled, "lockedOut": accounts.LockedOut, "expired": accounts.Expired,
		"outsideLogonHours": accounts.OutsideLogonHours, "accessDenied": accounts.AccessDenied,
	} {
		named := account(a)
		named.DownLevelName = ""
		t.Accounts[name] = named
	}
	t.Probe = target.Probe{Method: "GET", Path: "/api/directoryObjects?directoryObject=" + url.QueryEscape(accounts.Readable)}
}
