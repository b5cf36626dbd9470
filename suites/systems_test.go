package suites_test

import (
	"regexp"
	"strings"
	"testing"

	"example.org/conform/harness/reference"
	"example.org/conform/harness/target"
	"example.org/conform/specs"
	"example.org/conform/suites"
)

// A target file that uses every key there is is valid for every profile: a server may be judged by several.
const everyKey = `
url: https://adaxes.example.com/restApi
account: {username: svc@example.com, password: p, downLevelName: 'EXAMPLE\svc', domain: EXAMPLE, authSource: local}
accounts:
  passwordExpired: {username: a, password: p}
  passwordMustBeChanged: {username: b, password: p}
  disabled: {username: c, password: p}
  lockedOut: {username: d, password: p}
  expired: {username: e, password: p}
  outsideLogonHours: {username: f, password: p}
  accessDenied: {username: g, password: p}
  nonAdmin: {username: h, password: p}
probe: {method: GET, path: '/api/directoryObjects?directoryObject=CN%3D', body: null}
lifetimes: {session: 10m, token: 30m}
maxWait: 0s
instances: [https://a.example.com/restApi, https://b.example.com/restApi]
limits: {badLogins: 2, requestsPerSecond: 0, concurrency: 0, timeout: 10s}
tls: {insecureSkipVerify: false}
kerberos: {realm: EXAMPLE.COM, kdc: dc.example.com, spn: HTTP/bi.example.com}
authorizationScheme: OpsToken
`

func TestReaderReadsEveryKeyForEveryProfile(t *testing.T) {
	t.Parallel()
	for _, profile := range reference.Profiles() {
		text := everyKey
		if suites.Reader().Given(profile) { // its target names a token in place of each password
			text = regexp.MustCompile(`username: (\w+)(\S*), password: p`).ReplaceAllString(text, "username: $1$2, token: of-$1")
		}
		got, err := suites.Reader().Parse("target.yaml", []byte("profile: "+profile+text), nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Own) != 5 || got.Own["account.authSource"] != "local" || got.Own["authorizationScheme"] != "OpsToken" ||
			got.Own["kerberos.spn"] != "HTTP/bi.example.com" || len(got.Accounts) != 8 {
			t.Errorf("%s: got %+v", profile, got)
		}
	}
}

func TestReaderRefusesWhatIsWrongInOwnKeys(t *testing.T) {
	t.Parallel()
	const whole = "profile: adaxes-2025.1\nurl: https://h\naccount: {username: u, password: p}\n"
	for more, want := range map[string]string{
		"acount: x\n": `:4:1: unknown key "acount" (did you mean account?); known are account, accounts, ` +
			"authorizationScheme, instances, kerberos, lifetimes, limits, maxWait, probe, profile, tls, url",
		"accounts: {lockedout: {username: a, password: b}}\n": `:4:12: accounts: unknown key "lockedout" (did you mean lockedOut?); known are ` +
			"accessDenied, another, disabled, ended, expired, lapsed, lockedOut, longPassword, nonAdmin, oddPassword, outsideLogonHours, passwordExpired, passwordMustBeChanged",
		"kerberos: {kdc: k}\n":            ":4:11: kerberos.realm: is missing; give the account's realm, such as EXAMPLE.COM",
		"kerberos: {realm: R}\n":          ":4:11: kerberos.kdc: is missing; give the KDC's host, or a krb5Conf that names it",
		"authorizationScheme: Bearer\n":   ":4:22: authorizationScheme: must be vRealizeOpsToken or OpsToken",
		"kerberos: {realms: R, kdc: k}\n": `:4:12: kerberos: unknown key "realms" (did you mean realm?); known are kdc, keytab, krb5Conf, realm, spn`,
	} {
		if _, err := suites.Reader().Parse("target.yaml", []byte(whole+more), nil); err == nil || err.Error() != "target.yaml"+want {
			t.Errorf("error\n%v, want\ntarget.yaml%s", err, want)
		}
	}
}

// What a reference server says of itself is a description, and is the same after it has been written and read.
func TestReaderReadsWhatTheReferenceServersSay(t *testing.T) {
	t.Parallel()
	for _, profile := range reference.Profiles() {
		described, err := reference.Describe(profile)
		if err != nil {
			t.Fatal(err)
		}
		if err := suites.Reader().Validate(described); err != nil {
			t.Errorf("%s: %v", profile, err)
		}
		written, err := described.MarshalFile()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := suites.Reader().Parse("target.yaml", written, nil); err != nil {
			t.Errorf("%v in\n%s", err, written)
		}
	}
}

func TestEveryNeedOfTheCataloguesIsKnown(t *testing.T) {
	t.Parallel()
	for _, system := range suites.Systems() {
		catalogue, err := specs.ForProfile(system.Profiles[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range catalogue.Requirements {
			for _, need := range r.Needs {
				if remedy := system.Target.Remedy(&target.Target{}, need); strings.Contains(remedy, "unknown need") || remedy == "" {
					t.Errorf("%s needs %s; a target without anything is told %q", r.ID, need, remedy)
				}
			}
		}
	}
}
