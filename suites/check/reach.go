package check

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"strings"
	"syscall"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
)

// Reach judges the first answer of a target: nil when something answers that may be the API, else why the run cannot
// begin. It never takes a breach of the contract for a fault of the way.
func Reach(a *client.Answer) *Problem {
	if problem := byProxy(a.Err); problem != nil {
		return problem
	}
	if a.Err != nil {
		return unreachable(a)
	}
	media, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	start := strings.ToLower(strings.TrimSpace(string(a.Body[:min(len(a.Body), 256)])))
	asked := a.Method + " " + a.URL
	switch {
	case a.Status >= 300 && a.Status < 400:
		return &Problem{fmt.Sprintf("%s is redirected (%d) to %s", asked, a.Status, a.Header.Get("Location")),
			"give the URL that the server itself has, with its scheme, host and base path"}
	case media == "text/html", strings.HasPrefix(start, "<!doctype html"):
		return &Problem{fmt.Sprintf("%s is answered %d with an HTML page, not by the API", asked, a.Status),
			"check the base path of the URL, and that no login page or proxy stands before the API"}
	case a.Status == http.StatusNotFound, a.Status == http.StatusMethodNotAllowed:
		return &Problem{fmt.Sprintf("%s is answered %d: the API is not below this URL", asked, a.Status),
			"check the base path of the URL and the profile"}
	case a.Status == http.StatusBadGateway, a.Status == http.StatusServiceUnavailable, a.Status == http.StatusGatewayTimeout,
		a.Status >= 500 && media != a.Operation.ResponseMediaType():
		return &Problem{fmt.Sprintf("%s is answered %d: the server, or what stands before it, is not in order", asked, a.Status),
			"run again when it is"}
	}
	return nil
}

// unreachable says what stands between the suite and the server.
func unreachable(a *client.Answer) *Problem {
	var (
		dns         *net.DNSError
		unknown     x509.UnknownAuthorityError
		hostname    x509.HostnameError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
	)
	where := strings.TrimSuffix(a.URL, "/")
	reason, remedy := evidence.OneLine(a.Err.Error()), "check the URL, and that the server is running"
	switch {
	case errors.As(a.Err, &dns):
		reason, remedy = "the host name "+dns.Name+" cannot be resolved", "check the host name in the URL"
	case errors.Is(a.Err, syscall.ECONNREFUSED):
		reason, remedy = "nothing listens there (connection refused)", "check host and port, and that the server is running"
	case errors.As(a.Err, &unknown):
		reason = "its certificate is signed by an authority that this machine does not know"
		remedy = "name the authority's certificate as tls.caFile in the target file"
	case errors.As(a.Err, &hostname):
		reason, remedy = "its certificate is not for this host name", "use the name that the certificate is for"
	case errors.As(a.Err, &certificate):
		reason = "its certificate is not accepted: " + evidence.OneLine(certificate.Err.Error())
		remedy = "renew the certificate, or set tls in the target file"
	case errors.As(a.Err, &alert):
		reason = "the TLS handshake fails: " + alert.Error()
		remedy = "check tls in the target file; the server may ask for a client certificate (tls.certFile, tls.keyFile)"
	case errors.As(a.Err, &record), strings.Contains(a.Err.Error(), "HTTP response to HTTPS"):
		reason, remedy = "what answers does not speak TLS", "use http:// in the URL, or the port on which the server speaks TLS"
	case strings.Contains(a.Err.Error(), "no complete answer"):
		remedy = "check the URL and the way there; limits.timeout in the target file says how long to wait"
	case strings.Contains(a.Err.Error(), "malformed HTTP"):
		reason, remedy = "what answers does not speak HTTP/1", "check the port and the scheme (http or https) in the URL"
	}
	return &Problem{fmt.Sprintf("%s: %s", where, reason), remedy}
}

// ProbeAtFault judges a probe, by words, that a good token did not open, by what a made-up one got: nil when both fail
// alike, which says that the token does not work and is for the checks to name. One that fails in another way is itself
// at fault: the account may not make it, or there is nothing there. The remedy says which request would do.
func ProbeAtFault(words string, good, made *client.Answer, remedy string) *Problem {
	if made.Err != nil || made.Status == good.Status || good.Status >= 500 {
		return nil
	}
	return &Problem{fmt.Sprintf("%s, is answered %d with a valid token and %d with a made-up one", words, good.Status, made.Status), remedy}
}

// Refused is the problem of credentials that a server refuses, with its own word for the reason; nil when it answers in
// another way, as the API does but not as promised, which is for the checks to name. Who is what the account must be
// allowed to do.
func (c *Case) Refused(login *client.Answer, word, who string) *Problem {
	switch login.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusBadRequest:
		return &Problem{
			strings.TrimSpace(fmt.Sprintf("the server refused the credentials of %s: %d %s", c.Target.Account.Username, login.Status, word)),
			"check the name and the password (CONFORM_USERNAME and CONFORM_PASSWORD, or account in the target file), and " + who}
	}
	return nil
}

// Probe is the operationId, in every contract, of the read-only request by which a credential is judged.
const Probe = "probe"

// OwnProbe reports whether the target's probe is a request of the operator's choice, of which the contract says nothing but
// that a good credential opens it, and not the one that the operation describes.
func (c *Case) OwnProbe(operation string) bool {
	op, err := c.Client.Document().Operation(operation)
	path, _, _ := strings.Cut(c.Target.Probe.Path, "?")
	return operation == Probe && err == nil && path != "" && !(strings.EqualFold(path, op.Path()) && c.Target.Probe.Method == op.Method())
}
