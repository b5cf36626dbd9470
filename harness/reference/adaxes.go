package reference

import (
	"maps"
	"net/url"
	"slices"

	adaxesfault "example.org/conform/harness/fault/adaxes"
	"example.org/conform/harness/reference/adaxes"
	"example.org/conform/harness/target"
)

func adaxesImplementation() implementation {
	c := adaxesfault.Catalogue()
	return implementation{
		profiles: c.Profiles, start: startAdaxes, faults: c.NamedFaults("adaxes"), variants: c.NamedVariants("adaxes"),
		exempt: c.Exempt,
	}
}

// adaxesSystem is the Adaxes REST API's reference server, described for a run.
type adaxesSystem struct{ *adaxes.Server }

func startAdaxes(o Options) (System, error) {
	config := adaxes.Config{
		Profile: o.Profile, SessionLifetime: o.Lifetimes.Session, TokenLifetime: o.Lifetimes.Token,
		Instances: o.Instances, Latency: o.Latency,
	}
	if err := adaxesfault.Catalogue().Apply(&config, o.Profile, o.Fault, o.Variant); err != nil {
		return nil, err
	}
	server, err := adaxes.New(config)
	if err != nil {
		return nil, err
	}
	return adaxesSystem{server}, nil
}

// WrongPasswords counts those tried on existing accounts.
func (s adaxesSystem) WrongPasswords() int {
	wrong := s.Activity().WrongPasswords
	delete(wrong, "") // names without an account
	total := 0
	for _, n := range slices.Collect(maps.Values(wrong)) {
		total += n
	}
	return total
}

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
		target.PasswordExpired: accounts.PasswordExpired, target.PasswordMustBeChanged: accounts.PasswordMustBeChanged,
		target.Disabled: accounts.Disabled, target.LockedOut: accounts.LockedOut, target.Expired: accounts.Expired,
		target.OutsideLogonHours: accounts.OutsideLogonHours, target.AccessDenied: accounts.AccessDenied,
	} {
		named := account(a)
		named.DownLevelName = ""
		t.Accounts[name] = named
	}
	t.Probe = target.Probe{Method: "GET", Path: "/api/directoryObjects?directoryObject=" + url.QueryEscape(accounts.Readable)}
}
