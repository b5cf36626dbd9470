package winauth

import (
	"crypto/x509"
	"net/http"

	"example.org/conform/harness/reference/ntlm"
)

// Bound reports whether a proof is bound to the channel that its request came by, as IIS asks with Extended Protection set to
// Required. A request without TLS has no channel to be bound to. The server's certificate is that of its http.Server; one that has
// none there can bind nothing, and takes no proof under TLS.
func Bound(r *http.Request, p *ntlm.Proof) bool {
	if r.TLS == nil {
		return true
	}
	certificate := certificateOf(r)
	return certificate != nil && p.BoundTo(certificate)
}

func certificateOf(r *http.Request) *x509.Certificate {
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	if server == nil || server.TLSConfig == nil || len(server.TLSConfig.Certificates) == 0 {
		return nil
	}
	return server.TLSConfig.Certificates[0].Leaf
}
