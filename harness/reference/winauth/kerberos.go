package winauth

import (
	"fmt"
	"strings"

	"github.com/jcmturner/gokrb5/v8/credentials"
	"github.com/jcmturner/gokrb5/v8/gssapi"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/service"
	"github.com/jcmturner/gokrb5/v8/spnego"
)

// Kerberos accepts service tickets (RFC 4120) that a keytab can open.
type Kerberos struct {
	keys  *keytab.Keytab
	realm string
}

// LoadKerberos reads a keytab with the keys of the service, HTTP/<host>. Tickets of clients of another realm are
// refused.
func LoadKerberos(file, realm string) (*Kerberos, error) {
	keys, err := keytab.Load(file)
	if err != nil {
		return nil, fmt.Errorf("reading the keytab %s: %w", file, err)
	}
	return &Kerberos{keys: keys, realm: realm}, nil
}

// accept opens the ticket in a SPNEGO token and returns the client's name, without its realm.
func (k *Kerberos) accept(token []byte) (account string, ok bool) {
	defer func() {
		if recover() != nil { // the library trusts the form of what it takes apart more than a server may
			account, ok = "", false
		}
	}()
	var t spnego.SPNEGOToken
	if err := t.Unmarshal(token); err != nil {
		return "", false
	}
	// Which groups a ticket names is not looked at: a KDC that is not Windows writes that part in a form of its own.
	accepted, ctx, status := spnego.SPNEGOService(k.keys, service.DecodePAC(false)).AcceptSecContext(&t)
	if !accepted || status.Code != gssapi.StatusComplete || ctx == nil {
		return "", false
	}
	id, isIdentity := ctx.Value(credentialsKey).(*credentials.Credentials)
	if !isIdentity || id == nil || !strings.EqualFold(id.Domain(), k.realm) {
		return "", false
	}
	return id.UserName(), true
}

// credentialsKey is where the library leaves what it has found.
const credentialsKey = "github.com/jcmturner/gokrb5/v8/ctxCredentials"
