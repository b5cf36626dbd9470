package specs

import (
	"regexp"
	"slices"
	"strings"
)

// Documents bind clients too: what a request must have, and what is to become of a credential. Such requirements are of a subject of their
// own, which every catalogue has. No check of a server is about them; package harness/judge holds clients to them.

// clientSubject is the subject of what binds clients.
const clientSubject = "client"

// OfClient reports whether a requirement binds clients of the API and not its servers.
func (r Requirement) OfClient() bool { return r.Subject == clientSubject }

// dutyForm is a rule of the judge, and where it is about one operation or one member of its body alone, that.
var dutyForm = regexp.MustCompile(`^[a-z][a-z-]*( [A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)?)?$`)

// OfClient returns the requirements of a profile that bind its clients, as In returns those that bind servers.
func (c *Catalogue) OfClient(profile string) []Requirement {
	return slices.DeleteFunc(c.all(profile), func(r Requirement) bool { return !r.OfClient() })
}

// checkDuties checks that what binds clients says what it asks of them, and nothing else does.
func (r Requirement) checkDuties() (key, problem string) {
	if r.OfClient() != (len(r.Duties) > 0) {
		return "duties", "the subject " + clientSubject + " has duties, and no other has them"
	}
	for i, duty := range r.Duties {
		if !dutyForm.MatchString(duty) || slices.Contains(r.Duties[:i], duty) {
			return "duties", "a duty must be a rule, with an operation or operation/member behind it where it is about that alone, and stand once"
		}
	}
	return "", ""
}

// Duty takes a duty apart: its rule, and the operation and the member that it is about, "" for any.
func Duty(text string) (rule, operation, member string) {
	rule, where, _ := strings.Cut(text, " ")
	operation, member, _ = strings.Cut(where, "/")
	return rule, operation, member
}
