package adaxes

import (
	"net/http"

	"example.org/conform/harness/reference/adaxes"
)

// instanceFaults break what several service instances promise.
func instanceFaults() overrides {
	missing := func(where func(c *call, a *answer) bool) override {
		return naming(func(c *call, a *answer) string {
			if where(c, a) {
				return ""
			}
			return c.Service(a)
		})
	}
	return overrides{
		"service-header-missing":            missing(func(*call, *answer) bool { return true }),
		"service-header-missing-on-renewal": missing(func(c *call, _ *answer) bool { return c.Operation == adaxes.RenewToken }),
		"service-header-missing-on-issue":   missing(func(c *call, _ *answer) bool { return c.Operation == adaxes.IssueToken }),
		"service-header-not-on-renewals": missing(func(c *call, a *answer) bool {
			return a.Ticket != nil && c.Operation != adaxes.IssueToken
		}),
		"token-only-at-home": honouring(func(c *call, of credential) bool { return of.Ticket.Instance == c.Instance }),
		"ticket-id-not-at-home": honouring(func(c *call, of credential) bool {
			return !of.ByID || of.Ticket.Instance != c.Instance
		}),
		"ticket-id-everywhere":            honouring(func(*call, credential) bool { return true }),
		"service-header-ignored":          func(c *config) { c.Rules.Pick = func(*http.Request, []string) (int, bool) { return 0, false } },
		"service-header-the-same-for-all": naming(func(*call, *answer) string { return "adaxes.example.com" }),
	}
}
