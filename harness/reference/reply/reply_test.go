package reply_test

import (
	"encoding/json"
	"testing"

	"example.org/conform/harness/reference/reply"
)

func TestMembersKeepTheirOrder(t *testing.T) {
	t.Parallel()
	m := reply.Members{
		reply.Of("b", 1), reply.Of("gone", 0), reply.Of("c", true), reply.Of("d", []int{}),
		reply.Of("a", reply.Members{reply.Of("_links", nil), reply.Of("x", "<&>")}),
		reply.Of("list", []reply.Members{{reply.Of("_links", 1)}}),
	}
	m.Set("b", 2)
	m.Set("z", nil)
	m.Rename("z", "y")
	m.Drop("none")
	m.Drop("gone")
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	// json.Marshal adds the escapes for HTML to what a Marshaler gives; the method itself does not.
	if want := `{"b":2,"c":true,"d":[],"a":{"_links":null,"x":"\u003c\u0026\u003e"},"list":[{"_links":1}],"y":null}`; string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	if m.Get("c") != true || m.Get("none") != nil {
		t.Error("a member is not what was set")
	}
	if _, err := (reply.Members{reply.Of("f", func() {})}).MarshalJSON(); err == nil {
		t.Error("a value without a JSON form was written")
	}
}
