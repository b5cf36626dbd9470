package spelling

import (
	"testing"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
)

// With those that are sorted and reversed, three members stand in every order; two need no more.
func TestOrders(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string]int{"aria-operations-8": 6, "bluecat-9.5": 2} {
		doc, err := openapi.Load(profile)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, s := range append(Orders(doc), of(t, "json-literals"), of(t, "json-members-reversed")) {
			r := client.Request{JSON: map[string]any{"a": 1, "b": 2, "c": 3}}
			s.Write(&r)
			seen[string(r.Body)] = true
		}
		if len(seen) != want {
			t.Errorf("%s: %d orders, want %d: %v", profile, len(seen), want, seen)
		}
	}
}
