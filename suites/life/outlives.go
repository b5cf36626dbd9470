package life

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// What a request brings that comes to nothing: the credential that is to outlive it, one that nobody has, or none.
const (
	itself = iota
	nobodys
	nothing
)

// A mishap is one request that comes to nothing.
type mishap struct {
	words  string
	brings int
	write  func(*client.Request)
}

// bodiless sends a request by another method, without its body.
func bodiless(method string) func(*client.Request) {
	return func(r *client.Request) { r.Method, r.Body, r.JSON = method, nil, nil }
}

// mishaps are requests that come to nothing. None of them is an order to end anything, and none of them writes.
var mishaps = []mishap{
	{"one whose query is malformed", itself, func(r *client.Request) { r.RawQuery = "conform=%zz&=&conform=%00" }},
	{"one for a form that nobody has", itself, func(r *client.Request) { r.Header.Set("Accept", "application/x-conform") }},
	{"one with a header field of 5,000 characters", itself, func(r *client.Request) { r.Header.Set("X-Conform", strings.Repeat("a", longText)) }},
	{"one by OPTIONS", itself, bodiless(http.MethodOptions)},
	{"one by a method that nobody knows", itself, bodiless("CONFORM")},
	{"one by HEAD", itself, bodiless(http.MethodHead)},
	{"one whose other members are null", itself, func(r *client.Request) { r.JSON = nulled(r.JSON) }},
	{"one with a credential that nobody has", nobodys, func(*client.Request) {}},
	{"one without a credential", nothing, func(*client.Request) {}},
}

// ExpectOutlivesErrors expects that a credential works after requests that came to nothing, on the same connection: with it, with what nobody has,
// with nothing, and after logins that failed or were no login at all. P is the promise that one without a credential is refused.
func (a *API) ExpectOutlivesErrors(ctx context.Context, op *openapi.Operation, p openapi.Promise) {
	kind := kindAt(op, p)
	place := op.Takes()[0]
	a.OnOneConnection(ctx, func(own *API) {
		by := own
		if a.dialect.LogIn != nil {
			by = a // it logs in in its own way, which has connections of its own
		}
		var c *Credential
		var made time.Time
		uses := 0
		// after has the credential work before and after something that comes to nothing. It is another one when a part of its time is over: a
		// server may keep but few of them.
		after := func(words string, something func(c *Credential)) {
			if lives := a.configured(a.hand(kind)); c == nil || lives > 0 && time.Since(made) > lives/4 {
				c, made, uses = by.Make(ctx, kind), time.Now(), 0
			}
			own.Working(ctx, op, c)
			something(c)
			answer := own.Present(ctx, op.ID(), c)
			if uses += 3; check.Refused(answer) {
				a.InDoubt(ctx, func(apart *API) { apart.outlivesUses(ctx, op, kind, uses) })
			}
			own.ExpectGranted(answer, c.key, Noun(kind)+" works: "+op.ID()+" answers 2xx, also after "+words)
		}
		tried := mishaps
		reads := func(other *openapi.Operation) bool {
			return other.Method() == http.MethodGet && other.Path() == op.Path()
		}
		if !slices.ContainsFunc(a.Client.Document().Operations(), reads) { // else it comes to something
			tried = append(slices.Clone(tried), mishap{"one by GET", itself, bodiless(http.MethodGet)})
		}
		for _, m := range tried {
			after(m.words, func(c *Credential) {
				options := []Option{Undescribed, As(evidence.Arrange), With(m.write)}
				switch m.brings {
				case nothing:
					options = append(options, instead(role(place), sent{none: true}))
				case nobodys:
					options = append(options, instead(role(place), sent{text: a.MadeUp(c.At(place))}))
				}
				own.Present(ctx, op.ID(), c, options...)
			})
		}
		after("one to a path that there is not", func(c *Credential) {
			beneath := own.atPath(op, func(path string) string { return path + "/conform-" + url.PathEscape(check.Stranger()) })
			own.Present(ctx, op.ID(), c, Undescribed, As(evidence.Arrange), beneath)
		})
		if a.Client.Document().Login() == nil {
			return
		}
		after("a login of nobody", func(*Credential) { by.LogIn(ctx, a.nobody(), As(evidence.Arrange)) })
		if a.Client.Document().Login().By.RequestMediaType() != "" {
			after("a login whose body breaks off", func(*Credential) {
				by.LogIn(ctx, a.nobody(), As(evidence.Arrange), Undescribed, Body(`{"`))
			})
		}
	})
}

// nulled is a body with null in the place of each member that is no text: the credential, and what goes with it, are texts.
func nulled(body any) any {
	members, is := body.(map[string]any)
	if !is {
		return body
	}
	odd := maps.Clone(members)
	for name, value := range odd {
		if _, text := value.(string); !text {
			odd[name] = nil
		}
	}
	return odd
}

// outlivesUses uses a credential so often on one connection. That it does not live so long is another check's matter.
func (a *API) outlivesUses(ctx context.Context, op *openapi.Operation, kind string, uses int) {
	c := a.Make(ctx, kind)
	a.OnOneConnection(ctx, func(own *API) {
		for i := range uses {
			if answer := own.Present(ctx, op.ID(), c); check.Refused(answer) {
				own.Fresh(answer, c.Value, c.key)
				own.ShownElsewhere(op.SuccessRequirement(), Noun(kind)+" works each time", answer,
					fmt.Sprintf("use %d of one is refused where nothing went wrong either, so that nothing can be said of what errors end", i+1))
			}
		}
	})
}
