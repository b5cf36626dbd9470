package fault

import (
	"testing"

	"example.org/conform/harness/reference/reply"
	"example.org/conform/openapi"
)

func TestMutating(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ way, member, want string }{
		{"missing", "id", `{"Name":"n","list":["a"]}`},
		{"null", "id", `{"id":null,"Name":"n","list":["a"]}`},
		{"blank", "id", `{"id":"","Name":"n","list":["a"]}`},
		{"empty", "Name", `{"id":7,"Name":"","list":["a"]}`},
		{"empty", "list", `{"id":7,"Name":"n","list":[]}`},
		{"number", "Name", `{"id":7,"Name":4711,"list":["a"]}`},
		{"as-string", "id", `{"id":"7","Name":"n","list":["a"]}`},
		{"in-another-case", "id", `{"Id":7,"Name":"n","list":["a"]}`},
		{"in-another-case", "Name", `{"id":7,"name":"n","list":["a"]}`},
		{"renamed", "id", `{"key":7,"Name":"n","list":["a"]}`},
	} {
		sent := reply.Members{reply.Of("id", 7), reply.Of("Name", "n"), reply.Of("list", []string{"a"})}
		mutating(openapi.Mutation{Way: test.way, To: "key"})(&sent, test.member)
		if text, err := sent.MarshalJSON(); err != nil || string(text) != test.want {
			t.Errorf("%s %s: %s, want %s (%v)", test.member, test.way, text, test.want, err)
		}
	}
}
