package target

import (
	"reflect"
	"strings"
	"testing"
)

// reader is a Reader of three systems: one whose accounts have states, one with keys of its own, and one with a mapping.
func reader() Reader {
	return Reader{Profile: "adaxes-2025.1", Systems: []Vocabulary{
		{Accounts: []string{"passwordExpired", "disabled", "lockedOut"}},
		{
			Keys:  []Key{{Path: "account.authSource"}, {Path: "authorizationScheme", Values: []string{"vRealizeOpsToken", "OpsToken"}}},
			Needs: map[string]Need{"account.authSource": When(func(t *Target) bool { return t.Says("account.authSource") }, "add it")},
		},
		{
			Accounts: []string{"nonAdmin", "disabled"},
			Keys:     []Key{{Path: "kerberos.realm"}, {Path: "kerberos.kdc"}, {Path: "kerberos.keytab", File: true, Password: true}},
			Check: func(t *Target) error {
				if t.Says("kerberos") && !t.Says("kerberos.realm") {
					return Wrong("kerberos.realm", "is missing")
				}
				return nil
			},
		},
	}}
}

func TestSays(t *testing.T) {
	t.Parallel()
	target := &Target{Own: map[string]string{"kerberos.realm": "R", "kerberosRealm": "R", "empty": "", "mapping.empty": ""}}
	for path, want := range map[string]bool{
		"kerberos": true, "kerberos.realm": true, "kerberos.kdc": false, "kerb": false, "empty": false, "mapping": false, "": false,
	} {
		if got := target.Says(path); got != want {
			t.Errorf("Says(%q) = %v", path, got)
		}
	}
}

// A reader that knows no system reads what any API has, and nothing else.
func TestTheZeroReaderKnowsNoSystem(t *testing.T) {
	t.Parallel()
	whole := "profile: adaxes-2025.1\n" + strings.ReplaceAll(minimal, "${PW}", password)
	got, err := Reader{}.Parse("t.yaml", []byte(whole), nil)
	if err != nil || len(got.Own) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	for more, want := range map[string]string{
		"kerberos: {realm: R}\n":                             `t.yaml:4:1: unknown key; known are account, accounts, instances, lifetimes, limits, maxWait, probe, profile, tls, url`,
		"accounts: {disabled: {username: a, password: b}}\n": `t.yaml:4:12: accounts: unknown key; known are another, ended, lapsed, longPassword, oddPassword`,
	} {
		if _, err := (Reader{}).Parse("t.yaml", []byte(whole+more), nil); err == nil || err.Error() != want {
			t.Errorf("%s: error %v", more, err)
		}
	}
	if _, err := (Reader{}).Parse("t.yaml", []byte(minimal), environment(map[string]string{"PW": "x"})); err == nil ||
		!strings.HasPrefix(err.Error(), `t.yaml:1:1: profile: unknown profile; known are `) {
		t.Errorf("without a profile: error %v", err)
	}
}

func TestValidateChecksTheOwnKeysOfATargetBuiltByHand(t *testing.T) {
	t.Parallel()
	for want, own := range map[string]map[string]string{
		"kerberos.relm: unknown key":                                          {"kerberos.relm": "R"},
		"authorizationScheme: must be vRealizeOpsToken or OpsToken":           {"authorizationScheme": "Bearer"},
		"kerberos.realm: is missing":                                          {"kerberos.kdc": "k"},
		"account.authSource: holds a control character, or is not UTF-8 text": {"account.authSource": "a\n"},
	} {
		target := parseMinimal(t, "")
		target.Own = own
		if err := reader().Validate(target); err == nil || err.Error() != want {
			t.Errorf("%v: error %v, want %s", own, err, want)
		}
	}
}

func TestReaderJoinsTheNamesOfAccounts(t *testing.T) {
	t.Parallel()
	if got, want := reader().accounts(), []string{"another", "disabled", "ended", "lapsed", "lockedOut", "longPassword", "nonAdmin", "oddPassword", "passwordExpired"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// What is said of the target's own account alone holds for the others too.
func TestAnAccountIsInTheDomainOfTheOwnOne(t *testing.T) {
	t.Parallel()
	target := &Target{Account: Account{Username: "u", DownLevelName: `D\u`}, Accounts: map[string]Account{OddPassword: {Username: "o", Password: "p"}}}
	if own, odd := target.Of(""), target.Of(OddPassword); own != target.Account || odd != (Account{Username: "o", Password: "p", Domain: "D"}) {
		t.Errorf("%+v and %+v", own, odd)
	}
	if target.Account.Domain = "E"; target.Of(OddPassword).Domain != "E" {
		t.Errorf("%+v", target.Of(OddPassword))
	}
}
