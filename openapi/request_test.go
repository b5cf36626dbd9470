package openapi

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

func TestMalformed(t *testing.T) {
	o := mustFind(t, "adaxes-2023.2", "issueToken")
	good := map[string]any{"sessionId": "s", "type": 0}
	want := map[string]string{
		"body-empty":        ``,
		"body-truncated":    `{"sessionId":"s","type":0`,
		"body-array":        `[{"sessionId":"s","type":0}]`,
		"body-nested":       `{"conform":{"sessionId":"s","type":0}}`,
		"sessionId-missing": `{"type":0}`,
		"sessionId-null":    `{"sessionId":null,"type":0}`,
		"sessionId-blank":   `{"sessionId":"","type":0}`,
		"sessionId-number":  `{"sessionId":1,"type":0}`,
		"sessionId-boolean": `{"sessionId":true,"type":0}`,
		"sessionId-array":   `{"sessionId":["s"],"type":0}`,
		"sessionId-object":  `{"sessionId":{},"type":0}`,
	}
	got := map[string]string{}
	for _, m := range o.Malformed {
		body, err := m.Body(good)
		if err != nil {
			t.Fatal(err)
		}
		got[m.Name] = string(body)
		// An array around the object is another type of JSON than the body's, and a promise of its own.
		if want := map[bool]string{true: "ADX-TOK-18", false: "ADX-TOK-15"}[m.Name == "body-array"]; m.Requirement != want || m.Title == "" {
			t.Errorf("%+v", m)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if good["sessionId"] != "s" || len(good) != 2 {
		t.Errorf("the good body was changed: %v", good)
	}
	if _, err := o.Malformed[1].Body(map[string]any{"f": func() {}}); err == nil {
		t.Error("a body that cannot be encoded gave no error")
	}
}

// Every malformed body has to break the described request, or to refuse it would be wrong.
func TestEveryMalformedBodyIsMalformed(t *testing.T) {
	for _, profile := range Profiles() {
		for _, o := range mustLoad(t, profile).Operations() {
			good := map[string]any{}
			for _, c := range o.request {
				for _, name := range slices.Sorted(maps.Keys(c.examples)) {
					good, _ = c.examples[name].(map[string]any)
				}
			}
			names := map[string]bool{}
			for _, m := range o.Malformed {
				if names[m.Name] {
					t.Errorf("%s %s: %s twice", profile, o.ID(), m.Name)
				}
				names[m.Name] = true
				body, err := m.Body(good)
				if err != nil {
					t.Fatal(err)
				}
				var value any
				if json.Unmarshal(body, &value) != nil || m.fault == "blank" {
					continue // a blank member breaks no type, but is no identifier of anything
				}
				if len(o.request[0].schema.failures(value)) == 0 {
					t.Errorf("%s %s: %s is a good body: %s", profile, o.ID(), m.Name, body)
				}
			}
		}
	}
}

func TestSecretsIn(t *testing.T) {
	const profile = "adaxes-2023.2"
	id, token := Secret{"ticket", "I"}, Secret{"token", "T"}
	cases := []struct {
		name, operation string
		response        bool
		status          int
		body            string
		want            []Secret
	}{
		{"a ticket", "issueToken", true, 200, `{"id":"I","token":"T","sid":"S-1-1"}`, []Secret{id, token}},
		{"another status", "issueToken", true, 201, `{"id":"I","token":"T"}`, []Secret{id, token}},
		{"an error that leaks", "issueToken", true, 500, `{"message":"m","token":"T"}`, []Secret{token}},
		{"nested", "issueToken", true, 200, `{"data":[{"id":"I"},{"more":{"token":"T"}}]}`, []Secret{id, token}},
		{"of another type", "issueToken", true, 200, `{"id":17,"token":["T",{"a":"U"}],"sid":null}`, []Secret{{"ticket", "17"}, token, {"token", "U"}}},
		{"twice", "issueToken", true, 200, `{"token":"T","token":"U"}`, []Secret{token, {"token", "U"}}},
		{"repeated", "issueToken", true, 200, `[{"token":"T"},{"token":"T"}]`, []Secret{token}},
		{"two values", "issueToken", true, 200, `{"id":"I"}{"token":"T"}`, []Secret{id, token}},
		{"a value that is a name", "issueToken", true, 200, `{"sid":"token","id":"I"}`, []Secret{id}},
		{"escaped", "issueToken", true, 200, `{"token":"\u0054\/"}`, []Secret{{"token", "T/"}}},
		{"an escaped name", "issueToken", true, 200, `{"\u0074oken":"T"}`, []Secret{token}},
		{"cut short", "issueToken", true, 200, `{"id":"I","token":"T`, []Secret{id, token}},
		{"in a page", "issueToken", true, 200, `<pre>{"token": "T"}</pre>`, []Secret{token}},
		{"quoted", "issueToken", true, 200, `<pre>"{\"token\":\"T\"}"</pre>`, []Secret{token}},
		{"empty values", "issueToken", true, 200, `{"id":"","token":null,"sid":true}`, nil},
		{"no body", "issueToken", true, 200, ``, nil},
		{"a password sent", "createSession", false, 0, `{"username":"u","password":"p"}`, []Secret{{"password", "p"}}},
		{"a session sent", "issueToken", false, 0, `{"sessionId":"s","type":0}`, []Secret{{"session", "s"}}},
		{"a session received", "createSession", true, 200, `{"sessionId":"s"}`, []Secret{{"session", "s"}}},
		{"an operation without bodies", "terminateSession", true, 204, `{"token":"T"}`, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := mustFind(t, profile, c.operation).SecretsIn([]byte(c.body), c.response, c.status)
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestFormats(t *testing.T) {
	cases := map[string]map[string]bool{
		"date-time": {
			"2020-07-30T15:41:10Z": true, "2020-07-30T15:41:10.3730467Z": true, "2020-07-30T15:41:10.123456789012Z": true,
			"2020-07-30t15:41:10z": true, "2020-07-30T15:41:10+00:00": true, "2020-07-30T15:41:10-23:59": true,
			"2020-02-29T00:00:00Z": true, "2016-12-31T23:59:60Z": true,
			"2019-02-29T00:00:00Z": false, "2020-02-30T00:00:00Z": false, "2020-13-01T00:00:00Z": false, "2020-00-01T00:00:00Z": false,
			"2020-07-30T24:00:00Z": false, "2020-07-30T15:60:00Z": false, "2020-07-30T15:41:61Z": false,
			"2020-07-30T15:41:10": false, "2020-07-30 15:41:10Z": false, "2020-07-30T15:41Z": false, "2020-07-30": false,
			"2020-07-30T15:41:10.Z": false, "2020-07-30T15:41:10,5Z": false, "2020-07-30T15:41:10+24:00": false,
			"2020-07-30T15:41:10+0000": false, "": false, " 2020-07-30T15:41:10Z": false, "2020-07-30T15:41:10Z\n": false,
		},
		"sid": {
			"S-1-5-21-3656734-1720699-187516-1186": true, "S-1-5-18": true, "S-1-1-0": true, "S-1-0x123456789ABC-1": true,
			"S-1-5": false, "S-1": false, "S-2-5-18": false, "s-1-5-18": false, "S-1-5-": false, "S-1-5-x": false, "": false,
			"S-1-5-21-99999999999": false, "S-1-5-18\n": false, "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16": false,
		},
	}
	for name, values := range cases {
		for text, want := range values {
			if got := formats()[name].check(text); got != want {
				t.Errorf("%s %q: got %t", name, text, got)
			}
		}
	}
}
