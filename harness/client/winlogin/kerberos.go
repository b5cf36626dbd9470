package winlogin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"

	krb "github.com/jcmturner/gokrb5/v8/client"
	"github.com/jcmturner/gokrb5/v8/config"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/spnego"

	"example.org/conform/harness/target"
)

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
			_, err := configuration(t)
			if err == nil {
				_, err = keys(t)
			}
			return err // before anything is sent, and with the place in the description
		},
	}
}

// ErrTicket is wrapped by the error of a login for which the KDC gave no ticket: the server was not asked.
var ErrTicket = errors.New("no Kerberos ticket")

// Kerberos gets tickets for one account and one service. It is safe for concurrent use, and ended by Close.
type Kerberos struct {
	making sync.Mutex // held while an authenticator is made
	client *krb.Client
	spn    string
}

// NewKerberos prepares tickets as the target describes them. It reads the files that the target names and sends
// nothing; nil is returned for a target without Kerberos.
func NewKerberos(t *target.Target) (*Kerberos, error) {
	if !t.Says(kerberosKey) {
		return nil, nil
	}
	conf, err := configuration(t)
	if err != nil {
		return nil, err
	}
	// Fast armoring is an option that many KDCs do not take when it is asked for in the way of the library.
	settings := krb.DisablePAFXFAST(true)
	user := principal(t.Account.Username)
	made := &Kerberos{spn: t.Own[spnKey]}
	if t.Says(keytabKey) {
		keys, err := keys(t)
		if err != nil {
			return nil, err
		}
		made.client = krb.NewWithKeytab(user, t.Own[realmKey], keys, conf, settings)
	} else {
		made.client = krb.NewWithPassword(user, t.Own[realmKey], t.Account.Password.Reveal(), conf, settings)
	}
	if made.spn == "" {
		u, err := url.Parse(t.URL)
		if err != nil {
			return nil, fmt.Errorf("url: %w", err)
		}
		made.spn = "HTTP/" + strings.ToLower(u.Hostname())
	}
	return made, nil
}

// keys reads the keytab that a description names; nil where it names none.
func keys(t *target.Target) (*keytab.Keytab, error) {
	if !t.Says(keytabKey) {
		return nil, nil
	}
	keys := keytab.New()
	return keys, read(t, keytabKey, "is no keytab; export the account's keys anew, such as by ktutil", keys.Unmarshal)
}

// read reads what the file under a key holds.
func read(t *target.Target, key, wrong string, parse func(text []byte) error) error {
	text, err := os.ReadFile(t.Own[key])
	if err != nil {
		return target.Wrong(key, "cannot be read: %v", errors.Unwrap(err))
	}
	return parsed(text, key, wrong, parse)
}

// parsed says what is wrong with a text in these words alone: the library's own quote it, a keytab whole with its keys, and it takes
// lengths and braces in it at their word, which ends in a panic.
func parsed(text []byte, key, wrong string, parse func(text []byte) error) (err error) {
	defer func() {
		if recover() != nil {
			err = target.Wrong(key, "%s", wrong)
		}
	}()
	if parse(text) != nil {
		return target.Wrong(key, "%s", wrong)
	}
	return nil
}

// configuration reads krb5.conf, or makes one for the realm and its KDC.
func configuration(t *target.Target) (conf *config.Config, err error) {
	parse := func(text []byte) (err error) { conf, err = config.NewFromString(string(text)); return err }
	if t.Says(krb5ConfKey) {
		return conf, read(t, krb5ConfKey, "not readable as a krb5.conf; look for a line that is neither a section nor key = value, an open brace and "+
			"v4_ directives", parse)
	}
	realm, kdc := t.Own[realmKey], t.Own[kdcKey]
	if _, _, err := net.SplitHostPort(kdc); err != nil {
		kdc = net.JoinHostPort(strings.Trim(kdc, "[]"), "88")
	}
	text := fmt.Appendf(nil, "[libdefaults]\n default_realm = %[1]s\n dns_lookup_kdc = false\n udp_preference_limit = 1\n"+
		"[realms]\n %[1]s = {\n  kdc = %[2]s\n }\n", realm, kdc)
	return conf, parsed(text, kdcKey, "makes no configuration with kerberos.realm; they have characters that no host or no realm has", parse)
}

// principal is the user's part of a logon name.
func principal(username string) string {
	if _, user, ok := strings.Cut(username, `\`); ok {
		return user
	}
	user, _, _ := strings.Cut(username, "@")
	return user
}

// Close ends the renewal of tickets. A nil Kerberos closes as well.
func (k *Kerberos) Close() {
	if k != nil {
		k.client.Destroy()
	}
}

func (k *Kerberos) principal() string {
	return k.client.Credentials.UserName() + "@" + k.client.Credentials.Domain() + " for " + k.spn
}

// authorization makes the value of an Authorization header, with a ticket that the KDC gives or has given.
func (k *Kerberos) authorization(ctx context.Context) (string, error) {
	// The library makes the header on a request, and its exchange with the KDC knows no context: the answer is waited
	// for no longer than the request may take.
	r := &http.Request{Header: http.Header{}}
	made := make(chan error, 1)
	go func() {
		// A server takes two authenticators of one microsecond for a replay (RFC 4120, 3.2.3): one is made at a time, which
		// takes longer than that.
		k.making.Lock()
		defer k.making.Unlock()
		made <- spnego.SetSPNEGOHeader(k.client, r, k.spn)
	}()
	select {
	case err := <-made:
		if err != nil {
			return "", fmt.Errorf("%w for %s: %w", ErrTicket, k.spn, err)
		}
		return r.Header.Get("Authorization"), nil
	case <-ctx.Done():
		return "", fmt.Errorf("%w for %s: %w", ErrTicket, k.spn, ctx.Err())
	}
}
