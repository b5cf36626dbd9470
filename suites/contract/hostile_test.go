package contract

import (
	"encoding/json"
	"testing"

	"example.org/conform/harness/client"
	"example.org/conform/openapi"
)

// Every operation gets hostile inputs in each place that it has, each another one, and none of them changes the good request.
func TestHostileInputs(t *testing.T) {
	t.Parallel()
	for _, profile := range openapi.Profiles() {
		doc, err := openapi.Load(profile)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range doc.Operations() {
			seen := map[string]bool{}
			for _, input := range hostileInputs(op, false) {
				good := client.Request{JSON: map[string]any{"a": "b"}}
				input.write(&good)
				if good.JSON != nil && good.Body != nil {
					t.Errorf("%s %s: %s leaves two bodies", profile, op.ID(), input.words)
				}
				if seen[input.words] {
					t.Errorf("%s %s: %s comes twice", profile, op.ID(), input.words)
				}
				seen[input.words] = true
			}
			if len(seen) == 0 && (op.CredentialHeader() != "" || op.RequestMediaType() != "" || len(op.QueryParameters()) > 0) {
				t.Errorf("%s %s gets none", profile, op.ID())
			}
		}
	}
}

// What is added to a well-formed object leaves it well-formed.
func TestWith(t *testing.T) {
	t.Parallel()
	for object, wanted := range map[string]string{`{}`: `{"c":1}`, `{"a":"b"}`: `{"a":"b","c":1}`, `null`: `null`} {
		if got := string(with([]byte(object), `"c":1`)); got != wanted || !json.Valid([]byte(got)) {
			t.Errorf("%s became %s", object, got)
		}
	}
}
