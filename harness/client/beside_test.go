package client

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.org/conform/openapi"
)

// What a server hands out beside its contract is a secret, and what helps a reader is not.
func TestBeside(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, line := range [][2]string{
			{"Set-Cookie", "JSESSIONID=Zk81mQ27xLp0RtY5vB3n; Path=/; HttpOnly"}, {"Set-Cookie", "route=node1"}, {"Set-Cookie", "old="},
			{"X-Auth-Token", "tok-4711-abcdef"}, {"X-Csrf-Token", "Required"}, {"Authorization", "Bearer aB3dE6gH9jK2mN5pQ8s"},
			{"X-Whatever", "9f86d081884c7d659a2feaa0c55ad015"}, {"Location", "/sessions/Yw81mQ27xLp0RtY5vB3n"},
			{"X-Request-Id", "550e8400-e29b-41d4-a716-446655440000"}, {"Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
			{"X-Api-Version", "7a1f3c9e2b4d6f80aa1122"}, {"ETag", `"9f86d081884c7d659a2f"`}, {"X-Moment", "2026-11-27T07:23:35.1234567Z"},
			{"Adm-Service", "0c9d1e7f-3a5b-4c6d-8e9f-a0b1c2d3e4f5"}, {"Www-Authenticate", "vRealizeOpsToken"},
			{"Www-Authenticate", `Basic realm="api", vRealizeOpsToken realm="api", nonce="Vk81mQ27xLp0RtY5vB3n"`},
		} {
			w.Header().Add(line[0], line[1])
		}
		_, _ = io.WriteString(w, `{"sessionId":"Qk81mQ27xLp0RtY5vB3n","refresh":{"Key":"Rk81mQ27xLp0RtY5vB3n"},"traceId":"Tk81mQ27xLp0RtY5vB3n",`+
			`"inner":"{\"sessionId\":\"Uk81mQ27xLp0RtY5vB3n\"}","note":"signed in by the directory"}`)
	}))
	t.Cleanup(s.Close)
	c := newTestClient(t, s.URL)
	a := do(t, c, Request{Operation: "createSession", JSON: map[string]any{}})
	got := map[string]string{}
	for _, secret := range a.Beside(c.Document()) {
		got[secret.Value] = secret.Kind
	}
	want := map[string]string{
		"Zk81mQ27xLp0RtY5vB3n": "cookie", "tok-4711-abcdef": "x-auth-token", "aB3dE6gH9jK2mN5pQ8s": "authorization",
		"9f86d081884c7d659a2feaa0c55ad015": "x-whatever", "Yw81mQ27xLp0RtY5vB3n": "location", "Rk81mQ27xLp0RtY5vB3n": "key", "Uk81mQ27xLp0RtY5vB3n": "inner", "Vk81mQ27xLp0RtY5vB3n": "challenge",
	}
	for value, kind := range want {
		if got[value] != kind {
			t.Errorf("%s is called %q, want %q", value, got[value], kind)
		}
		delete(got, value)
	}
	if len(got) > 0 {
		t.Errorf("secrets beyond those: %v", got)
	}
	cookies := ""
	for _, h := range a.Record(func(text string) string { return strings.ReplaceAll(text, "Zk81mQ27xLp0RtY5vB3n", "‹cookie-1›") })[0].Response.Headers {
		if h.Name == "Set-Cookie" {
			cookies += h.Value + "\n"
		}
	}
	if cookies != "JSESSIONID=‹cookie-1›; Path=/; HttpOnly\nroute=‹cookie›\nold=\n" {
		t.Errorf("the evidence has the cookies\n%s", cookies)
	}
	// Where nothing is handed out, a value that looks random is no secret by its looks.
	for _, secret := range do(t, c, Request{Operation: "probe", Credential: "x"}).Beside(c.Document()) {
		if secret.Kind != "cookie" && secret.Kind != "challenge" && !strings.Contains(secret.Kind, "auth") {
			t.Errorf("the probe is said to hand out %v", secret)
		}
	}
}

// A header that a contract describes holds what it says, as long as it is an answer that it describes; and nothing expects a query in it.
func TestBesideInADescribedHeader(t *testing.T) {
	t.Parallel()
	doc, err := openapi.Load("bluecat-9.5")
	if err != nil {
		t.Fatal(err)
	}
	op, err := doc.Operation("createSession")
	if err != nil {
		t.Fatal(err)
	}
	const token = "Yw81mQ27xLp0RtY5vB3n"
	for name, c := range map[string]struct {
		status   int
		location string
		found    bool
	}{
		"the session's address": {201, "/api/v2/sessions/" + token, false}, "a query in it": {201, "/api/v2/sessions/1?token=" + token, true},
		"a fragment": {201, "/api/v2/sessions/1#access_token=" + token, true}, "a redirect": {302, "/moved/" + token, true},
	} {
		a := &Answer{Operation: op, Status: c.status, Header: http.Header{"Location": {c.location}}}
		if found := a.Beside(doc); (len(found) > 0) != c.found {
			t.Errorf("%s: %v", name, found)
		}
	}
}
