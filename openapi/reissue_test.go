package openapi

import (
	"strings"
	"testing"
)

// A use that gives a fresh value says so of the credential that it takes, and lives as that does; what contradicts it is refused.
func TestReissues(t *testing.T) {
	t.Parallel()
	probe := "'200': {description: me"
	read := func(old, new string) (*Document, error) {
		if !strings.Contains(small, old) {
			t.Fatalf("the contract has no %q", old)
		}
		return brought(map[string]string{"small.yaml": strings.Replace(small, old, new, 1)})
	}
	d, err := read(probe, probe+", x-reissues: {value: $response.header.X-Token, rotates: true}")
	if err != nil {
		t.Fatal(err)
	}
	o := must(t, d, "get-me")
	if h := o.Reissues(); h == nil || !h.Renews() || !h.Rotates || h.Kind != "token" || h.Lifetime != "token" || o.HandsOut() != nil {
		t.Errorf("got %+v", h)
	}
	if len(d.HandOuts("token")) != 1 || must(t, d, "login").Reissues() != nil {
		t.Error("a use is taken for a renewal")
	}
	for want, change := range map[string][2]string{
		"x-reissues: a value is needed":                            {probe, probe + ", x-reissues: {rotates: true}"},
		"x-reissues: kind, names, lifetime and slides":             {probe, probe + ", x-reissues: {value: $response.header.T, kind: token}"},
		"x-reissues: no runtime expression":                        {probe, probe + ", x-reissues: {value: token}"},
		"x-reissues: endsAs says":                                  {probe, probe + ", x-reissues: {value: $response.header.T, endsAs: jwt}"},
		"x-reissues: unknown field":                                {probe, probe + ", x-reissues: {value: $response.header.T, turns: true}"},
		"x-reissues: the operation takes no credential, or more":   {"description: in\n", "description: in\n          x-reissues: {value: $response.header.T}\n"},
		"x-reissues: the operation hands out a credential, or end": {"'204': {description: out", "'204': {x-reissues: {value: $response.header.T}, description: out"},
	} {
		if _, err := read(change[0], change[1]); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "(small.yaml:") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
