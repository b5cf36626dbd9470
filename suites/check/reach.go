package check

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
)

// Reach judges the first answer of a target: nil when something answers that may be the API, else why the run cannot
// begin. It never takes a breach of the contract for a fault of the way, and where several causes fit it names them, the likeliest
// first. What a refusal of the credentials may be is left to [Case.Refused], whatever page it comes with.
func Reach(a *client.Answer) *Problem {
	if problem := byProxy(a.Err); problem != nil {
		return problem
	}
	if a.Err != nil {
		return unreachable(a)
	}
	asked, page := a.Method+" "+a.URL, pageOf(a)
	switch {
	case a.Status >= 300 && a.Status < 400:
		return redirected(a, asked)
	case a.Status == http.StatusBadRequest && toTLS.Match(a.Body):
		return &Problem{fmt.Sprintf("%s: the server speaks TLS there, and the request came without", asked), "use https:// in the URL"}
	case a.Status == http.StatusBadRequest && noCertificate.Match(a.Body):
		return &Problem{fmt.Sprintf("%s is answered 400%s: the server wants a client certificate", asked, page),
			"set tls.certFile and tls.keyFile in the target file"}
	case client.InStead(a) != "", a.Status >= 500 && (page != "" || a.MediaType() != a.Operation.ResponseMediaType()):
		return &Problem{fmt.Sprintf("%s is answered %d%s: the server, or what stands before it, is not in order", asked, a.Status, page),
			"run again when it is; where it stays so, the log of the server, or of the proxy or gateway before it, says why"}
	case a.Status == http.StatusUnauthorized, a.Status == http.StatusForbidden:
		return nil
	case page != "" && a.Status >= 400 && a.Status != http.StatusNotFound && a.Status != http.StatusMethodNotAllowed:
		return &Problem{fmt.Sprintf("%s is answered %d%s, as web servers and proxies refuse a request before the API sees it", asked, a.Status, page),
			"check the host name in the URL, which such a server may not serve, then its base path, then what stands before the API"}
	case page != "":
		return &Problem{fmt.Sprintf("%s is answered %d%s, not by the API", asked, a.Status, page),
			"check the base path of the URL, and that no login page or proxy stands before the API"}
	case a.Status == http.StatusNotFound, a.Status == http.StatusMethodNotAllowed:
		return &Problem{fmt.Sprintf("%s is answered %d: the API is not below this URL", asked, a.Status),
			"check the base path of the URL and the profile"}
	}
	return nil
}

// redirected says where to: to the same place under TLS is another matter than to anywhere else.
func redirected(a *client.Answer, asked string) *Problem {
	to := a.Header.Get("Location")
	p := &Problem{fmt.Sprintf("%s is redirected (%d) to %s", asked, a.Status, to),
		"give the URL that the server itself has, with its scheme, host and base path"}
	from, _ := url.Parse(a.URL) // it was requested
	if u, err := from.Parse(to); err == nil && from.Scheme == "http" && u.Scheme == "https" && u.Hostname() == from.Hostname() {
		p.Remedy = "use https:// in the URL"
	}
	return p
}

var (
	// toTLS is how servers answer a request that comes without TLS where they speak it.
	toTLS = regexp.MustCompile(`(?i)plain HTTP request was sent to HTTPS port|HTTP request to an HTTPS server|plain HTTP to an SSL-enabled`)
	// noCertificate is how nginx answers one without the certificate that it wants.
	noCertificate = regexp.MustCompile(`(?i)No required SSL certificate was sent`)
	title         = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
)

// longestTitle bounds what is shown of a page's title.
const longestTitle = 80

// pageOf describes an HTML page in the place of an answer, by its title where it has one; "" when the answer is none.
func pageOf(a *client.Answer) string {
	start := strings.ToLower(strings.TrimSpace(string(a.Body[:min(len(a.Body), 256)])))
	if a.MediaType() != "text/html" && !strings.HasPrefix(start, "<!doctype html") && !strings.HasPrefix(start, "<html") {
		return ""
	}
	found := title.FindSubmatch(a.Body[:min(len(a.Body), 1<<16)])
	if found == nil {
		return " with an HTML page"
	}
	words := []rune(evidence.OneLine(html.UnescapeString(string(found[1]))))
	return fmt.Sprintf(" with an HTML page (%s)", string(words[:min(len(words), longestTitle)]))
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

// ofCredentials is how a refusal speaks of credentials, which tells it from that of a request.
var ofCredentials = regexp.MustCompile(`(?i)(invalid|wrong|incorrect|bad|unknown)[ _-]?(the )?(user|credential|password|login|grant)|(user ?name|password|credentials?)[a-z ]{0,24} (invalid|wrong|incorrect)|unauthori[sz]ed|authentication failed`)

// Refused is the problem of credentials that a server refuses, with its own word for the reason; nil when it answers in
// another way, as the API does but not as promised, which is for the checks to name: so is 400, which says that the documented
// request was not understood, unless the answer speaks of the credentials. Who is what the account must be allowed to do.
func (c *Case) Refused(login *client.Answer, word, who string) *Problem {
	refused := "the server refused the credentials of " + c.Target.Account.Username
	remedy := "check the name and the password (CONFORM_USERNAME and CONFORM_PASSWORD, or account in the target file), and " + who
	page := pageOf(login)
	switch {
	case login.Status == http.StatusUnauthorized && page != "":
		return &Problem{
			fmt.Sprintf("%s, or what stands before it wants credentials of its own: 401%s%s", refused, page, wanting(login)),
			remedy + "; where they are right, that no proxy and no setting of the web server asks for a login before the API does",
		}
	case login.Status == http.StatusForbidden && page != "":
		return &Problem{
			fmt.Sprintf("%s, or what stands before it refused the request: 403%s", refused, page),
			remedy + "; where they are right, that no firewall and no rule of the web server shuts out this machine's address or the path",
		}
	case login.Status == http.StatusUnauthorized, login.Status == http.StatusForbidden,
		login.Status == http.StatusBadRequest && page == "" && (ofCredentials.MatchString(word) || ofCredentials.Match(login.Body)):
		return &Problem{strings.TrimSpace(fmt.Sprintf("%s: %d %s", refused, login.Status, word)), remedy}
	}
	return nil
}

// wanting names the scheme of web servers and proxies that a refusal asks for; "" where it asks for none of them.
func wanting(a *client.Answer) string {
	scheme, _, _ := strings.Cut(a.Header.Get("WWW-Authenticate"), " ")
	switch strings.ToLower(scheme) {
	case "basic", "digest", "negotiate", "ntlm":
		return ", which asks for " + scheme
	}
	return ""
}

// Probe is the operationId, in every contract, of the read-only request by which a credential is judged.
const Probe = "probe"

// OwnProbe reports whether the target's probe is a request of the operator's choice, of which the contract says nothing but
// that a good credential opens it, and not the one that the operation describes.
func (c *Case) OwnProbe(operation string) bool {
	op, err := c.Client.Document().Operation(operation)
	path, _, _ := strings.Cut(c.Target.Probe.Path, "?")
	return err == nil && op.Probes() && path != "" && !(strings.EqualFold(path, op.Path()) && c.Target.Probe.Method == op.Method())
}
