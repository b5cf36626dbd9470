package adaxes

import (
	"net/http"

	"example.org/conform/harness/reference/adaxes"
)

// instanceFaults break what several service instances promise (ADX-SVC-01 to ADX-SVC-06).
func instanceFaults() []Fault {
	honours := func(honour func(*call, credential) bool) override {
		return func(c *config) { c.Rules.Tickets.Honour = honour }
	}
	service := func(value func(c *call, a *answer) string) override {
		return func(c *config) { c.Rules.Answers.Service = value }
	}
	return []Fault{
		{Name: "service-header-missing", Requirement: "ADX-SVC-01", Story: "a proxy strips headers that it does not know", Reason: "Adm-Service in the answer to a token issue",
			Apply: service(func(*call, *answer) string { return "" })},
		{Name: "service-header-missing-on-renewal", Requirement: "ADX-SVC-01", Story: "the header is set where tickets are made, and a renewal is not thought of", Reason: "Adm-Service in the answer to a renewal",
			Apply: service(func(c *call, a *answer) string {
				if c.Operation == adaxes.RenewToken {
					return ""
				}
				return c.Service(a)
			})},
		{Name: "service-header-missing-on-issue", Requirement: "ADX-SVC-02", Story: "the header is thought to be for requests that carry a credential", Reason: "Adm-Service in the answer to a token issue",
			Apply: service(func(c *call, a *answer) string {
				if c.Operation == adaxes.IssueToken {
					return ""
				}
				return c.Service(a)
			})},
		{Name: "service-header-not-on-renewals", Requirement: "ADX-SVC-02", Story: "the header is set where a session is used", Reason: "Adm-Service in the answer to a renewal",
			Apply: service(func(c *call, a *answer) string {
				if a.Ticket != nil && c.Operation != adaxes.IssueToken {
					return ""
				}
				return c.Service(a)
			})},
		{Name: "token-only-at-home", Requirement: "ADX-SVC-03", Story: "tokens are kept in the memory of the instance", Reason: "the token on another instance works",
			Apply: honours(func(c *call, of credential) bool { return of.Ticket.Instance == c.Instance })},
		{Name: "ticket-id-not-at-home", Requirement: "ADX-SVC-04", Story: "the instance is compared with a name that has changed its form", Reason: "the ticket id on the issuing instance works",
			Apply: honours(func(c *call, of credential) bool { return !of.ByID || of.Ticket.Instance != c.Instance })},
		{Name: "ticket-id-everywhere", Requirement: "ADX-SVC-05", Story: "tickets are kept in the shared store", Reason: "the ticket id on another instance is refused",
			Apply: honours(func(*call, credential) bool { return true })},
		{Name: "service-header-ignored", Requirement: "ADX-SVC-06", Story: "the balancer has not been told of the header", Reason: "the ticket id with Adm-Service sent back works",
			Apply: func(c *config) { c.Rules.Pick = func(*http.Request, []string) (int, bool) { return 0, false } }},
		{Name: "service-header-the-same-for-all", Requirement: "ADX-SVC-06", Story: "every instance names the installation, which the balancer knows no instance by", Reason: "the ticket id with Adm-Service sent back works",
			Apply: service(func(*call, *answer) string { return "adaxes.example.com" })},
	}
}
