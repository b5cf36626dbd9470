package winlogin

import "example.org/conform/harness/target"

// The keys by which a description says how to get tickets for the server.
const (
	kerberosKey = "kerberos"
	realmKey    = "kerberos.realm"    // the account's realm, such as EXAMPLE.COM
	kdcKey      = "kerberos.kdc"      // the key distribution centre's host, or host:port
	keytabKey   = "kerberos.keytab"   // a file with the account's keys, used in place of its password
	spnKey      = "kerberos.spn"      // the service's principal; HTTP/ and the host of the URL without it
	krb5ConfKey = "kerberos.krb5Conf" // a krb5.conf, used in place of the KDC
)

// Vocabulary is what a description says of Windows Authentication: without kerberos the server is spoken to by NTLM.
func Vocabulary() target.Vocabulary {
	return target.Vocabulary{
		Keys: []target.Key{
			{Path: realmKey}, {Path: kdcKey}, {Path: keytabKey, File: true, Password: true}, {Path: spnKey}, {Path: krb5ConfKey, File: true},
		},
		Check: func(t *target.Target) error {
			switch {
			case !t.Says(kerberosKey):
				return nil
			case !t.Says(realmKey):
				return target.Wrong(realmKey, "is missing; give the account's realm, such as EXAMPLE.COM")
			case !t.Says(kdcKey) && !t.Says(krb5ConfKey):
				return target.Wrong(kdcKey, "is missing; give the KDC's host, or a krb5Conf that names it")
			}
			return nil
		},
	}
}
