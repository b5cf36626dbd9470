package life

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/suites/check"
)

// How often it is tried whether a balancer's cookie makes the difference: so many logins, and so many uses of what each gives.
const balancedLogins, balancedUses = 4, 4

// balanced finds out whether a balancer sends requests to servers that do not know each other's credentials, unless it gets back the
// cookie that it has set: what was made is then opened now and then, and with the cookie each time. A server that wants its cookie beside
// the credential refuses each time without, which is for the checks to judge.
func (a *API) balanced(ctx context.Context) *check.Problem {
	if a.Client.Document().Login() == nil { // a balancer's cookie goes with what a login gives
		return nil
	}
	granted, refused, cookies := 0, 0, ""
	for range balancedLogins {
		g, r, set := a.uses(ctx, false)
		granted, refused, cookies = granted+g, refused+r, cmp.Or(cookies, set)
		if cookies == "" {
			return nil
		}
	}
	if granted == 0 || refused == 0 || cookies == "" {
		return nil
	}
	for range balancedLogins {
		if g, r, _ := a.uses(ctx, true); r > 0 || g == 0 {
			return nil
		}
	}
	return &check.Problem{
		Reason: fmt.Sprintf("a balancer stands before servers that do not know each other's credentials: of %d uses of fresh ones %d were refused, "+
			"and none with its cookie sent back (%s), which the document has no client do", granted+refused, refused, cookies),
		Remedy: "give one server's own address as url, or have the servers share what they hand out",
	}
}

// uses logs in and uses what it gets, with the cookies that the answers set or without, and counts what was granted and refused after the
// login. Set are the names of the cookies.
func (a *API) uses(ctx context.Context, kept bool) (granted, refused int, set string) {
	jar := map[string]string{}
	names := func() string { return strings.Join(slices.Sorted(maps.Keys(jar)), ", ") }
	options := []Option{As(evidence.Preflight), With(func(r *client.Request) {
		for name, value := range jar {
			if kept {
				r.Header.Add("Cookie", name+"="+value)
			}
		}
	})}
	keep := func(answer *client.Answer) *client.Answer {
		for _, cookie := range (&http.Response{Header: answer.Header}).Cookies() {
			jar[cookie.Name] = cookie.Value
		}
		return answer
	}
	c, ok := a.Read(keep(a.LogIn(ctx, a.Target.Account, options...)))
	if !ok {
		return 0, 1, ""
	}
	for _, h := range a.way(a.Operation(Probe).Takes()[0].Kind)[1:] {
		if c, ok = a.Read(keep(a.Present(ctx, h.By.ID(), c, options...))); !ok {
			return granted, 1, names()
		}
		granted++
	}
	for range balancedUses {
		if check.Granted(keep(a.Use(ctx, c, options...))) {
			granted++
		} else {
			refused++
		}
	}
	return granted, refused, names()
}
