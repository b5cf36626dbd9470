package reply_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"example.org/conform/harness/reference/reply"
)

func TestMembersKeepTheirOrder(t *testing.T) {
	t.Parallel()
	m := reply.Members{
		reply.Of("b", 1), reply.Of("c", true), reply.Of("d", []int{}),
		reply.Of("a", reply.Members{reply.Of("_links", nil), reply.Of("x", "<&>")}),
		reply.Of("list", []reply.Members{{reply.Of("_links", 1)}}),
	}
	m.Set("b", 2)
	m.Set("z", nil)
	m.Rename("z", "y")
	m.Drop("none")
	text, err := json.Marshal(m.Without("_links"))
	if err != nil {
		t.Fatal(err)
	}
	// json.Marshal adds the escapes for HTML to what a Marshaler gives; the method itself does not.
	if want := `{"b":2,"c":true,"d":[],"a":{"x":"\u003c\u0026\u003e"},"list":[{}],"y":null}`; string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	if m.Get("c") != true || m.Get("none") != nil {
		t.Error("a member is not what was set")
	}
	if _, err := (reply.Members{reply.Of("f", func() {})}).MarshalJSON(); err == nil {
		t.Error("a value without a JSON form was written")
	}
}

func TestTimesAreRoundedUpToWhatIsStated(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 123_456_789, time.UTC)
	for unit, want := range map[time.Duration]string{
		time.Second: "2026-01-02T03:04:06Z", 250 * time.Millisecond: "2026-01-02T03:04:05.25Z",
		time.Millisecond: "2026-01-02T03:04:05.124Z", 100 * time.Nanosecond: "2026-01-02T03:04:05.1234568Z",
	} {
		if got := reply.RoundUp(at, unit).Format(reply.TimeLayout(unit)); got != want {
			t.Errorf("in units of %s: %s, want %s", unit, got, want)
		}
	}
}

func TestWriteStatesTheLengthOfABody(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		header http.Header
		body   []byte
		length string
	}{
		"a body":          {200, nil, []byte("four"), "4"},
		"an empty body":   {200, nil, []byte{}, "0"},
		"no body":         {204, nil, nil, ""},
		"a length given":  {200, http.Header{"Content-Length": {"9"}}, []byte("four"), "9"},
		"length unknown":  {200, http.Header{"Transfer-Encoding": {"chunked"}}, []byte("four"), ""},
		"its own letters": {200, http.Header{"ADM-service": {"x"}}, []byte("four"), "4"},
	} {
		w := httptest.NewRecorder()
		reply.Write(w, c.status, c.header, c.body)
		if w.Code != c.status || w.Header().Get("Content-Length") != c.length || w.Body.String() != string(c.body) {
			t.Errorf("%s: %d, %v, %q", name, w.Code, w.Header(), w.Body)
		}
		for header := range c.header {
			if _, as := w.Header()[header]; !as {
				t.Errorf("%s: the header's name has changed: %v", name, w.Header())
			}
		}
	}
}
