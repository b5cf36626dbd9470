package openapi

import "testing"

func TestPathFor(t *testing.T) {
	o := mustFind(t, "bluecat-9.5", "patchSession")
	for _, c := range []struct {
		values map[string]string
		want   string
	}{
		{map[string]string{"id": "62"}, "/api/v2/sessions/62"},
		{map[string]string{"id": "a/b c?"}, "/api/v2/sessions/a%2Fb%20c%3F"},
		{map[string]string{"id": "{id}"}, "/api/v2/sessions/%7Bid%7D"},
		{map[string]string{"id": ""}, ""},
		{map[string]string{"id": "1", "other": "2"}, ""},
		{map[string]string{"other": "2"}, ""},
		{nil, ""},
	} {
		got, err := o.PathFor(c.values)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%v: %q, %v", c.values, got, err)
		}
	}
	plain := mustFind(t, "bluecat-9.5", "createSession")
	if got, err := plain.PathFor(nil); got != plain.Path() || err != nil {
		t.Errorf("a path without parameters: %q, %v", got, err)
	}
}
