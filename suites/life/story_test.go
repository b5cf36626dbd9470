package life

import (
	"strings"
	"testing"

	"example.org/conform/openapi"
)

func contractOf(t *testing.T, profile, operation string) (*openapi.Document, *openapi.Operation) {
	t.Helper()
	d, err := openapi.Load(profile)
	if err != nil {
		t.Fatal(err)
	}
	op, err := d.Operation(operation)
	if err != nil {
		t.Fatal(err)
	}
	return d, op
}

// Whether a credential is to be accepted follows from what befell it, and from what the contract says of each end.
func TestWhatIsDeadFollowsFromTheContract(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		profile, operation, after string
		dead                      bool
	}{
		{"adaxes-2025.1", "probe", "used", false},
		{"adaxes-2025.1", "probe", "ended", true},
		{"adaxes-2025.1", "probe", "sibling-ended", false},
		{"adaxes-2025.1", "probe", "parent-ended", false},
		{"adaxes-2025.1", "probe", "renewed, renewal-ended", false},
		{"adaxes-2025.1", "probe", "renewed, ended", true},
		{"adaxes-2025.1", "probe", "nearly-expired, renewal, original-expired", false},
		{"adaxes-2025.1", "probe", "renewed, expired", true},
		{"adaxes-2025.1", "probe", "parent-nearly-expired, parent-expired", false},
		{"adaxes-2025.1", "issueToken", "child-ended", false},
		{"adaxes-2025.1", "issueToken", "ended", true},
		{"bluecat-9.5", "probe", "ended by patchSession", true},
		{"bluecat-9.5", "probe", "sibling-ended by patchSession", false},
		{"aria-operations-8", "probe", "half-spent, works, nearly-expired", false},
		{"aria-operations-8", "probe", "works, expired", true},
	} {
		d, op := contractOf(t, c.profile, c.operation)
		if got := Dead(d, op, openapi.Promise{After: strings.Split(c.after, ", ")}); got != c.dead {
			t.Errorf("%s, %s after %s: dead %t", c.profile, c.operation, c.after, got)
		}
	}
}

// A promise that the life does not have is refused when the checks are declared.
func TestPromisesAreVetted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile, operation string
		promise            openapi.Promise
		want               string
	}{
		"a step that nobody knows":    {"adaxes-2025.1", "probe", openapi.Promise{After: []string{"forgotten"}}, `nothing is called "forgotten"`},
		"an end that there is not":    {"pyramid-2018.5", "probe", openapi.Promise{After: []string{"ended"}}, `"ended": the contract says of no operation that it ends`},
		"an end by another operation": {"bluecat-9.5", "probe", openapi.Promise{After: []string{"ended by probe"}}, `"ended": the contract`},
		"something that is not sent":  {"adaxes-2025.1", "probe", openapi.Promise{Sent: []string{"nonsense"}}, `nothing is called "nonsense"`},
		"a rule that nobody knows":    {"adaxes-2025.1", "probe", openapi.Promise{Rule: "golden"}, `there is no rule "golden"`},
		"a password at the probe":     {"adaxes-2025.1", "probe", openapi.Promise{At: "password", Sent: []string{"wrong"}}, "the operation is no login"},
		"a password that is none":     {"adaxes-2025.1", "createSession", openapi.Promise{At: "password", Sent: []string{"right"}}, `no password "right"`},
		"a name that is none":         {"adaxes-2025.1", "createSession", openapi.Promise{At: "name", Sent: []string{"mine"}}, `no name "mine"`},
		"no credential to try":        {"adaxes-2025.1", "createSession", openapi.Promise{After: []string{"used"}}, "the operation takes no credential"},
		"nothing to try":              {"adaxes-2025.1", "probe", openapi.Promise{}, "nothing that could be tried"},
	} {
		d, op := contractOf(t, c.profile, c.operation)
		if _, _, err := ruleFor(d, op, c.promise); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}
