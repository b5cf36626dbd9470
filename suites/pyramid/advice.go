package pyramid

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/client/winlogin"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// accountRemedy is what to look at where the credentials may be wrong.
const accountRemedy = "check the name and the password (CONFORM_USERNAME and CONFORM_PASSWORD, or account in the target file; " +
	"account.domain where the name has no domain)"

// refused judges a first login that gave no token, by how far it came: what Windows Authentication says of why is said once, and where
// several causes fit, the likeliest first.
func refused(course *winlogin.Course) func(context.Context, *life.API, *client.Answer) (*check.Problem, bool) {
	return func(_ context.Context, a *life.API, login *client.Answer) (*check.Problem, bool) {
		switch {
		case errors.Is(login.Err, winlogin.ErrTicket):
			return &check.Problem{
				Reason: login.Err.Error(),
				Remedy: "check kerberos in the target file (realm, kdc, spn), the clock, and the password or the keytab of the account",
			}, true
		case errors.Is(login.Err, client.ErrMoved):
			return &check.Problem{
				Reason: "an NTLM login is of one connection, and that is closed each time between its steps",
				Remedy: "name the server itself in url: a proxy or balancer before it does not keep connections, which breaks NTLM; " +
					"or set kerberos in the target file, whose login is one request",
			}, true
		case login.Err == nil && (login.Status == http.StatusUnauthorized || login.Status == http.StatusForbidden):
			return unproven(a, course, login), true
		}
		return nil, false
	}
}

// unproven is the problem of a login that the server refuses.
func unproven(a *life.API, course *winlogin.Course, login *client.Answer) *check.Problem {
	name, offered := a.Target.Account.Username, strings.Join(course.Offered, ", ")
	secured := strings.HasPrefix(login.URL, "https://")
	switch {
	case course.Ticket:
		p := &check.Problem{
			Reason: fmt.Sprintf("the server refused the Kerberos ticket of %s: %d", name, login.Status),
			Remedy: "check kerberos.spn in the target file, which is to name the account that the service runs as, the clocks, and that " +
				"the account may use the API",
		}
		if secured {
			p.Remedy += "; Extended Protection set to Required wants channel bindings, which are sent with NTLM alone"
		}
		return p
	case len(course.Offered) == 0:
		all := strings.Join(schemesOf(login), ", ")
		if all == "" {
			all = "no scheme"
		}
		return &check.Problem{
			Reason: fmt.Sprintf("the server does not ask for Windows Authentication: %d with %s in WWW-Authenticate", login.Status, all),
			Remedy: "switch Windows Authentication on at the server (Negotiate or NTLM), for this path; where it is on, name the server itself in " +
				"url: a proxy may log in by a way of its own, or take WWW-Authenticate away",
		}
	case !course.Challenged && !slices.Contains(course.Offered, "NTLM"):
		return &check.Problem{
			Reason: fmt.Sprintf("the server does not take NTLM: it offers %s alone, and answers the first message of NTLM %d without a challenge, "+
				"so that no password was tried", offered, login.Status),
			Remedy: "set kerberos in the target file (realm, kdc, and spn where the service's name is another than the host's)",
		}
	case !course.Challenged:
		return &check.Problem{
			Reason: fmt.Sprintf("the server offers %s, and answers the first message of NTLM %d without a challenge, so that no password was tried",
				offered, login.Status),
			Remedy: "set kerberos in the target file, where NTLM is switched off by policy; or name the server itself in url, where a proxy " +
				"before it does not pass Authorization on or does not keep connections, which breaks NTLM",
		}
	}
	return refusedProof(name, offered, course.Bound, secured, login.Status)
}

// refusedProof is the problem of a login whose proof the server refuses.
func refusedProof(name, offered string, bound, secured bool, status int) *check.Problem {
	p := &check.Problem{
		Reason: fmt.Sprintf("the server refused the credentials of %s: %d, with the schemes: %s", name, status, offered),
		Remedy: accountRemedy,
	}
	if status == http.StatusForbidden {
		p.Remedy += ", and that the account may use the API"
	}
	proxy := "no proxy or balancer before the server shares or changes connections, which breaks NTLM"
	switch {
	case bound:
		p.Remedy += "; where they are right, that no proxy ends TLS before a server with Extended Protection (the login carries the channel " +
			"bindings of the certificate that is seen here), and that " + proxy
	case secured:
		p.Remedy += "; where they are right, that the server does without Extended Protection (its certificate has no hash to make " +
			"channel bindings of), and that " + proxy
	default:
		p.Remedy += "; where they are right, that " + proxy
	}
	p.Remedy += "; else set kerberos in the target file, where NTLM is refused by policy"
	return p
}
