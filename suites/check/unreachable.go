package check

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
)

// Scarce is what to do where this machine cannot open one more connection.
const Scarce = "raise what a process may have (ulimit -n for open files), or end what else holds connections here, and run again"

// unreachable says what stands between the suite and the server.
func unreachable(a *client.Answer) *Problem {
	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
	)
	text := a.Err.Error()
	reason, remedy := evidence.OneLine(text), "check the URL, and that the server is running"
	switch {
	case client.Unsent(a.Err) != "":
		reason, remedy = client.Unsent(a.Err), Scarce
	case errors.As(a.Err, &dns):
		reason, remedy = "the host name "+dns.Name+" cannot be resolved", "check the host name in the URL"
	case errors.Is(a.Err, syscall.ECONNREFUSED):
		reason, remedy = "nothing listens there (connection refused)", "check host and port, and that the server is running"
	case errors.As(a.Err, &certificate):
		reason, remedy = unaccepted(certificate, time.Now())
	case errors.Is(a.Err, client.ErrCertificateWanted):
		reason = "the server asked for a client certificate, got none, and broke off: " + evidence.OneLine(text)
		remedy = "set tls.certFile and tls.keyFile in the target file"
	case errors.As(a.Err, &record), strings.Contains(text, "HTTP response to HTTPS"):
		reason, remedy = "what answers does not speak TLS", "use http:// in the URL, or the port on which the server speaks TLS"
	case strings.Contains(text, client.AlertOfTLS):
		reason, remedy = "what answers speaks TLS, and not plain HTTP", "use https:// in the URL"
	case strings.Contains(text, "malformed HTTP"):
		reason, remedy = "what answers does not speak HTTP/1", "check the port and the scheme (http or https) in the URL"
	case strings.Contains(text, "protocol version"): // the server says so in an alert, or chooses one that is not offered
		reason = "the server speaks no version of TLS that is in use: 1.2 and 1.3 were offered"
		remedy = "switch TLS 1.2 or 1.3 on at the server, or name an address where what stands before it speaks one of them"
	case alert(a.Err) != "":
		reason = "the server ends the TLS handshake: " + alert(a.Err)
		remedy = "check tls in the target file (a client certificate is refused so, too), the host name in the URL, " +
			"and which versions and ciphers of TLS the server takes"
	case strings.Contains(text, "no complete answer"):
		remedy = "check the URL and the way there; limits.timeout in the target file says how long to wait"
	case client.Dropped(a.Err) && strings.HasPrefix(a.URL, "http://"):
		reason = "the server closes the connection without an answer: " + evidence.OneLine(text)
		remedy = "check the scheme in the URL (the port may be one of TLS, for https), the server's log, and that no firewall cuts connections"
	}
	return &Problem{fmt.Sprintf("%s: %s", strings.TrimSuffix(a.URL, "/"), reason), remedy}
}

// alert is the alert by which a server has ended a handshake; "" when it did not. The type of alerts is the library's own.
func alert(err error) string {
	var remote *net.OpError
	if errors.As(err, &remote) && remote.Op == "remote error" {
		return evidence.OneLine(remote.Err.Error())
	}
	return ""
}

// unaccepted says what is wrong with a server's certificate at a time.
func unaccepted(refused *tls.CertificateVerificationError, now time.Time) (reason, remedy string) {
	var (
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
	)
	switch {
	case errors.As(refused, &hostname):
		return misnamed(hostname)
	case errors.As(refused, &unknown):
		return untrusted(refused.UnverifiedCertificates)
	case errors.As(refused, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		whose := ""
		if invalid.Cert.IsCA {
			whose = fmt.Sprintf(" (that of its authority %s)", invalid.Cert.Subject)
		}
		if now.Before(invalid.Cert.NotBefore) {
			return fmt.Sprintf("its certificate%s is not valid before %s, and it is %s here", whose, day(invalid.Cert.NotBefore), day(now)),
				"check the clock of this machine, and the certificate's dates"
		}
		return fmt.Sprintf("its certificate%s has expired: it was valid until %s, and it is %s here", whose, day(invalid.Cert.NotAfter), day(now)),
			"renew it, or check the clock of this machine; tls.insecureSkipVerify in the target file leaves it unchecked"
	}
	return "its certificate is not accepted: " + evidence.OneLine(refused.Err.Error()),
		"renew it, or set tls in the target file (caFile, insecureSkipVerify)"
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// most bounds the names that are listed.
const most = 6

// misnamed says which names a certificate is for where it is not for the host.
func misnamed(wrong x509.HostnameError) (reason, remedy string) {
	names := slices.Clone(wrong.Certificate.DNSNames)
	for _, ip := range wrong.Certificate.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return fmt.Sprintf("its certificate has no subjectAltName, only the common name %q, which clients no longer read", wrong.Certificate.Subject.CommonName),
			fmt.Sprintf("issue it with %s as a subjectAltName; tls.insecureSkipVerify in the target file leaves it unchecked", wrong.Host)
	}
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("its certificate is not for the host name %s: it is for %s", wrong.Host, strings.Join(names, ", ")),
		"use one of these names in the URL, or issue it with the name of the URL as a subjectAltName"
}

// untrusted says why a chain that a server has sent, its own certificate first, may lead to nobody known.
func untrusted(sent []*x509.Certificate) (reason, remedy string) {
	const wanted = "tls.caFile in the target file"
	if len(sent) == 0 {
		return "its certificate is signed by an authority that this machine does not know", "name the authority's certificate as " + wanted
	}
	leaf, last := sent[0], sent[len(sent)-1]
	if leaf.Issuer.String() == leaf.Subject.String() {
		return fmt.Sprintf("its certificate is signed by itself (%s), and by no authority that this machine knows", leaf.Subject),
			"name the certificate itself as " + wanted
	}
	reason = fmt.Sprintf("its certificate is signed by an authority that this machine does not know (%s)", last.Issuer)
	remedy = "name the authority's certificate as " + wanted
	if len(sent) == 1 {
		remedy += "; where that is done, the server may leave out an intermediate certificate, which it has to send or the file to hold"
	}
	return reason, remedy + "; where the name is that of a proxy which looks into TLS, it is that proxy's authority"
}
