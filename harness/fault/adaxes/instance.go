package adaxes

import (
	"net/http"
	"slices"

	"example.org/conform/harness/reference/adaxes"
)

// instanceFaults break what several service instances promise (ADX-SVC-01 to ADX-SVC-06).
func instanceFaults() []Fault {
	missing := func(where func(c *call, a *answer) bool) override {
		return naming(func(c *call, a *answer) string {
			if where(c, a) {
				return ""
			}
			return c.Service(a)
		})
	}
	return slices.Concat(
		breaks("ADX-SVC-01", "",
			Fault{Name: "service-header-missing", Reason: "Adm-Service in the answer to a token issue",
				Story: "a proxy strips headers that it does not know", Apply: missing(func(*call, *answer) bool { return true })},
			Fault{Name: "service-header-missing-on-renewal", Reason: "Adm-Service in the answer to a renewal",
				Story: "the header is set where tickets are made, and a renewal is not thought of",
				Apply: missing(func(c *call, _ *answer) bool { return c.Operation == adaxes.RenewToken })}),
		breaks("ADX-SVC-02", "",
			Fault{Name: "service-header-missing-on-issue", Reason: "Adm-Service in the answer to a token issue",
				Story: "the header is thought to be for requests that carry a credential",
				Apply: missing(func(c *call, _ *answer) bool { return c.Operation == adaxes.IssueToken })},
			Fault{Name: "service-header-not-on-renewals", Reason: "Adm-Service in the answer to a renewal",
				Story: "the header is set where a session is used",
				Apply: missing(func(c *call, a *answer) bool { return a.Ticket != nil && c.Operation != adaxes.IssueToken })}),
		breaks("ADX-SVC-03", "the token on another instance works", Fault{Name: "token-only-at-home",
			Story: "tokens are kept in the memory of the instance",
			Apply: honouring(func(c *call, of credential) bool { return of.Ticket.Instance == c.Instance })}),
		breaks("ADX-SVC-04", "the ticket id on the issuing instance works", Fault{Name: "ticket-id-not-at-home",
			Story: "the instance is compared with a name that has changed its form",
			Apply: honouring(func(c *call, of credential) bool { return !of.ByID || of.Ticket.Instance != c.Instance })}),
		breaks("ADX-SVC-05", "the ticket id on another instance is refused", Fault{Name: "ticket-id-everywhere",
			Story: "tickets are kept in the shared store", Apply: honouring(func(*call, credential) bool { return true })}),
		breaks("ADX-SVC-06", "the ticket id with Adm-Service sent back works",
			Fault{Name: "service-header-ignored", Story: "the balancer has not been told of the header",
				Apply: func(c *config) { c.Rules.Pick = func(*http.Request, []string) (int, bool) { return 0, false } }},
			Fault{Name: "service-header-the-same-for-all", Story: "every instance names the installation, which the balancer knows no instance by",
				Apply: naming(func(*call, *answer) string { return "adaxes.example.com" })}),
	)
}
