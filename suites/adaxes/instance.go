package adaxes

import (
	"context"
	"fmt"

	"example.org/conform/harness/client"
	"example.org/conform/suites/check"
	"example.org/conform/suites/life"
)

// rounds is for how many tickets a request is sent through the shared address, so that a balancer that does not honour Adm-Service sends at
// least one of them elsewhere, be it by turns or all to one instance.
const rounds = 8

// instances declares the checks of "Alternative approach" for several service instances.
func instances(s *check.Suite[*API]) {
	s.Check("service-header", "names the instance in Adm-Service, on several instances", func(ctx context.Context, api *API) {
		for _, base := range api.Target.Instances {
			api.expectService(api.Make(ctx, token, life.At(base)).Given, "a token issue")
		}
	}, check.Proves("ADX-SVC-01"))

	s.Check("renewed-service-header", "names the instance in Adm-Service of a renewal, on several instances", func(ctx context.Context, api *API) {
		for _, base := range api.Target.Instances {
			api.expectService(api.Present(ctx, renewToken, api.Make(ctx, token, life.At(base)), life.At(base)), "a renewal")
		}
	}, check.Proves("ADX-SVC-07"))

	s.Check("service-header", "names the instance in Adm-Service", func(ctx context.Context, api *API) {
		made := api.Make(ctx, token)
		api.expectService(made.Given, "a token issue")
		api.expectService(api.Present(ctx, renewToken, made), "a renewal")
	}, check.Proves("ADX-SVC-02"))

	s.Check("id-at-home", "accepts a ticket id on the instance that issued it", func(ctx context.Context, api *API) {
		home := life.At(api.Target.Instances[0])
		api.ExpectWorks(ctx, api.Make(ctx, token, home), "the ticket id on the issuing instance", life.By(ticket), home)
	}, check.Proves("ADX-SVC-04"))

	s.Check("id-elsewhere", "rejects a ticket id on the other instances", func(ctx context.Context, api *API) {
		probe, made := api.Operation(life.Probe), api.Make(ctx, token, life.At(api.Target.Instances[0]))
		for _, base := range api.Target.Instances[1:] {
			api.Against(api.Working(ctx, probe, made, life.At(base)), func() {
				api.ExpectNothing(ctx, api.Use(ctx, made, life.By(ticket), life.At(base)), "the ticket id on another instance")
			})
		}
	}, check.Proves("ADX-SVC-05"))

	s.Check("pinned", "accepts a ticket id through the shared address whenever Adm-Service is sent back", func(ctx context.Context, api *API) {
		for range rounds {
			made := api.Make(ctx, token)
			if made.Given.Header.Get(serviceHeader) == "" {
				api.Inconclusive("the answer that carries the ticket has no Adm-Service to send back")
			}
			api.ExpectWorks(ctx, made, fmt.Sprintf("the ticket id with Adm-Service sent back (%s)", made.Given.Header.Get(serviceHeader)), life.By(ticket))
		}
	}, check.Proves("ADX-SVC-06"))
}

// expectService expects that an answer which carries a ticket names the instance, once: the vendor's sample takes the single value.
func (a *API) expectService(answer *client.Answer, to string) {
	values := answer.Header.Values(serviceHeader)
	a.Require(len(values) > 0 && values[0] != "", "Adm-Service in the answer to "+to, "no such header")
	a.Require(len(values) == 1, "Adm-Service, once, in the answer to "+to, fmt.Sprintf("%d of them", len(values)))
}
