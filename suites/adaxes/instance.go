package adaxes

import (
	"context"

	"example.org/conform/suites/check"
)

// rounds is how often a request is sent through the shared address, so that a balancer that does not honour
// Adm-Service sends at least one of them elsewhere.
const rounds = 8

// instances declares the checks of "Alternative approach" for several service instances.
func instances(s *check.Suite[*API]) {
	s.Check("service-header", "names the instance in Adm-Service, on several instances", func(ctx context.Context, api *API) {
		for _, base := range api.Target.Instances {
			ticket := api.Ticket(ctx, api.Session(ctx, At(base)), At(base))
			renewed := api.RenewToken(ctx, ticket.Token, ticket.Token, At(base))
			api.Require(ticket.Service != "", "Adm-Service in the answer to a token issue", "no such header")
			api.Require(renewed.Header.Get(serviceHeader) != "", "Adm-Service in the answer to a renewal", "no such header")
		}
	}, check.Proves("ADX-SVC-01"))

	s.Check("service-header", "names the instance in Adm-Service", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		api.Require(ticket.Service != "", "Adm-Service in the answer to a token issue", "no such header")
		renewed := api.RenewToken(ctx, ticket.Token, ticket.Token)
		api.Require(renewed.Header.Get(serviceHeader) != "", "Adm-Service in the answer to a renewal", "no such header")
	}, check.Proves("ADX-SVC-02"))

	s.Check("token-everywhere", "accepts a token on every instance", func(ctx context.Context, api *API) {
		ticket, _ := api.onFirst(ctx)
		for _, base := range api.Target.Instances {
			api.ExpectWorks(ctx, ticket.Token, "the token on another instance", At(base))
		}
	}, check.Proves("ADX-SVC-03"))

	s.Check("id-at-home", "accepts a ticket id on the instance that issued it", func(ctx context.Context, api *API) {
		ticket, home := api.onFirst(ctx)
		api.ExpectWorks(ctx, ticket.ID, "the ticket id on the issuing instance", At(home))
	}, check.Proves("ADX-SVC-04"))

	s.Check("id-elsewhere", "rejects a ticket id on the other instances", func(ctx context.Context, api *API) {
		ticket, _ := api.onFirst(ctx)
		for _, base := range api.Target.Instances[1:] {
			api.Against(api.Working(ctx, ticket, At(base)), func() {
				api.ExpectRefused(api.Probe(ctx, ticket.ID, At(base)), "the ticket id on another instance")
			})
		}
	}, check.Proves("ADX-SVC-05"))

	s.Check("pinned", "accepts a ticket id through the shared address whenever Adm-Service is sent back", func(ctx context.Context, api *API) {
		ticket := api.FreshTicket(ctx)
		if ticket.Service == "" {
			api.Inconclusive("the answer that carries the ticket has no Adm-Service to send back")
		}
		for range rounds {
			api.ExpectWorks(ctx, ticket.ID, "the ticket id with Adm-Service sent back", Through(ticket.Service))
		}
	}, check.Proves("ADX-SVC-06"))
}

// onFirst arranges a ticket on the first instance.
func (a *API) onFirst(ctx context.Context) (t Ticket, home string) {
	home = a.Target.Instances[0]
	return a.Ticket(ctx, a.Session(ctx, At(home)), At(home)), home
}
