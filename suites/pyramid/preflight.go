package pyramid

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"example.org/conform/harness/client/winlogin"
	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
)

// preflight logs in and makes the API call with the token. What it finds wrong with the way to the server, with the
// credentials or with the call itself is said once; what the server does otherwise than promised is left to the checks.
func preflight(ctx context.Context, c *check.Case) *check.Problem {
	api := Bind(c)
	login := api.Authenticate(ctx, api.Login(), as(evidence.Preflight))
	token, ok := tokenIn(login)
	switch {
	case ok:
	case errors.Is(login.Err, winlogin.ErrTicket):
		return &check.Problem{
			Reason: login.Err.Error(),
			Remedy: "check kerberos in the target file (realm, kdc, spn), the clock, and the password or the keytab of the account",
		}
	case login.Err == nil && (login.Status == http.StatusUnauthorized || login.Status == http.StatusForbidden):
		offered := strings.Join(schemesOf(login), ", ")
		if offered == "" {
			offered = "none"
		}
		return &check.Problem{
			Reason: fmt.Sprintf("the server refused the credentials of %s: %d, with the schemes: %s", c.Target.Account.Username, login.Status, offered),
			Remedy: "check the name and the password (CONFORM_USERNAME and CONFORM_PASSWORD, or account in the target file; account.domain where the name has no domain), and that Windows Authentication is the server's method",
		}
	default:
		return check.Reach(login) // nil when it answers as the API does, but not as promised: the checks name that
	}
	good := api.Call(ctx, token, as(evidence.Preflight))
	if check.Granted(good) || good.Err != nil {
		return nil
	}
	made := api.Call(ctx, api.MadeUp(token), as(evidence.Preflight))
	return check.ProbeAtFault("the API call, "+good.Method+" "+good.URL, good, made,
		"set probe in the target file to a call that reads, such as {method: POST, path: /API2/query/extractQueryResult, body: '{\"data\": {\"itemId\": …}}'}, and use the account of an administrator")
}
