package winauth

import (
	"context"
	"encoding/base64"
	"net/http"
	"testing"
	"time"

	"github.com/jcmturner/gokrb5/v8/keytab"

	"example.org/conform/harness/reference/ntlm"
)

// Whatever stands in Authorization, on a fresh connection and half-way through a login: nobody is known by it, and the
// server goes on.
func FuzzDecide(f *testing.F) {
	f.Add("NTLM", []byte("NTLMSSP\x00\x01\x00\x00\x00\x07\x82\x08\xa2"))
	f.Add("Negotiate", []byte("NTLMSSP\x00\x03\x00\x00\x00"))
	f.Add("Negotiate", []byte("\x60\x1c\x06\x06\x2b\x06\x01\x05\x05\x02\xa0\x12\x30\x10\xa0\x0e\x30\x0c\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"))
	f.Add("Negotiate", []byte("\x60\x1b\x06\x06\x2b\x06\x01\x05\x05\x02\xa0\x11\x30\x0f\xa0\x0d\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"))
	f.Add("Basic", []byte("a:b"))
	first := "NTLM " + base64.StdEncoding.EncodeToString(append([]byte("NTLMSSP\x00\x01\x00\x00\x00\x07\x82\x08\xa2"), make([]byte, 16)...))
	f.Fuzz(func(t *testing.T, scheme string, token []byte) {
		a := &Authority{
			Rules: Rules{Schemes: []string{SchemeNegotiate, SchemeNTLM}}, Now: time.Now,
			Judge:    func(_ *http.Request, p *ntlm.Proof) (string, bool) { return "anna", p.Matches(ntlm.HashOf("secret")) },
			Kerberos: &Kerberos{keys: keytab.New(), realm: "EXAMPLE.COM"},
		}
		ctx := a.ConnContext(context.Background(), nil)
		for _, authorization := range []string{scheme + " " + base64.StdEncoding.EncodeToString(token), scheme, first} {
			for range 2 { // the second time after a first message
				r := (&http.Request{Header: http.Header{"Authorization": {authorization}}}).WithContext(ctx)
				if d := a.Decide(r); d.Account != "" || len(d.Challenges) == 0 {
					t.Errorf("%q: %+v", authorization, d)
				}
			}
		}
	})
}
