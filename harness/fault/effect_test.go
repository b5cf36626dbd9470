package fault_test

import (
	"net/http"
	"strings"
	"testing"

	"example.org/conform/harness/fault"
	"example.org/conform/harness/reference/kernel"
	"example.org/conform/harness/reference/reply"
)

// told is the configuration of a server whose answers are the kernel's, and whose refusals are their statuses.
type told struct {
	kernel.Seams[call, kernel.Answer, int]
}

var tellers = fault.Seams[told, call, kernel.Answer, int]{
	Of:   func(c *told) *kernel.Seams[call, kernel.Answer, int] { return &c.Seams },
	Call: func(c *call) *kernel.Call { return c },
	Refusal: func(a *kernel.Answer) *int {
		if a.Status < 400 {
			return nil
		}
		return &a.Status
	},
	Refusals: map[string]func(*call, *int) bool{"gone": func(_ *call, status *int) bool { return *status == http.StatusGone }},
	Requests: map[string]func(*call) bool{"second": func(c *call) bool { return c.Number == 2 }},
	Fail:     func(a *kernel.Answer, status int) { a.Status, a.Members = status, nil },
	Parts: func(a *kernel.Answer) fault.Parts {
		return fault.Parts{Status: &a.Status, Header: a.Header, Members: &a.Members, Body: &a.Body}
	},
}

// answers are what a server under the first fault of a catalogue answers to an operation, twice.
func answers(t *testing.T, catalogue, name string, operation kernel.Operation, status int) (written []string) {
	t.Helper()
	c, err := tellers.Read([]byte(catalogue), nil)
	for _, f := range c.Faults {
		if f.Name != name {
			continue
		}
		var config told
		f.Apply(&config)
		for i := range 2 {
			answer := kernel.Answered(status, reply.Members{reply.Of("id", 7), reply.Of("user", reply.Members{reply.Of("name", "u")})})
			answer.Header.Set("Allow", "GET")
			config.Edit(&call{Operation: operation, Number: int64(i + 1)}, &answer)
			body, err := answer.Encode()
			if err != nil {
				t.Fatal(err)
			}
			written = append(written, strings.Join([]string{http.StatusText(answer.Status), answer.Header.Get("Allow"), string(body)}, " "))
		}
		return written
	}
	t.Fatalf("no fault %s: %v", name, err)
	return nil
}

func TestEffects(t *testing.T) {
	t.Parallel()
	const same = `OK GET {"id":7,"user":{"name":"u"}}`
	for does, want := range map[string]string{
		`answer: issue, drop: [id, user/name]`:              `OK GET {"user":{}}`,
		`answer: issue, drop: [id/name]`:                    same,
		`answer: issue, after: {request: end}, status: 201`: same,
		`answer: issue, rename: {user/name: login}`:         `OK GET {"id":7,"user":{"login":"u"}}`,
		`answer: issue, set: {id: null, user/of: {a: [1]}}`: `OK GET {"id":null,"user":{"name":"u","of":{"a":[1]}}}`,
		`answer: issue, status: 201, header: {Allow: PUT}`:  `Created PUT {"id":7,"user":{"name":"u"}}`,
		`answer: issue, header: {Allow: null}, body: text`:  `OK  text`,
		`answer: issue, fail: 503`:                          `Service Unavailable GET `,
		`answer: probe, drop: [id]`:                         same,
		`refusal: any, drop: [id]`:                          same,
	} {
		catalogue := "profiles: [pyramid-2018.5]\nfaults: [{name: f, breaks: R, story: s, does: {" + does + "}}]"
		if got := answers(t, catalogue, "f", "issue", http.StatusOK); got[0] != want || got[1] != want {
			t.Errorf("%s: %q, want %q", does, got, want)
		}
	}
	for does, want := range map[string][]string{
		`refusal: any, every: 2, body: x`:          {`Gone GET {"id":7,"user":{"name":"u"}}`, `Gone GET x`},
		`refusal: any, where: [second], body: x`:   {`Gone GET {"id":7,"user":{"name":"u"}}`, `Gone GET x`},
		`request: issue, where: [second], body: x`: {`Gone GET {"id":7,"user":{"name":"u"}}`, `Gone GET x`},
		`refusal: gone, body: x`:                   {`Gone GET x`, `Gone GET x`},
		`refusal: 410, body: x`:                    {`Gone GET x`, `Gone GET x`},
		`refusal: 404, body: x`:                    {`Gone GET {"id":7,"user":{"name":"u"}}`, `Gone GET {"id":7,"user":{"name":"u"}}`},
	} {
		catalogue := "profiles: [pyramid-2018.5]\nfaults: [{name: f, breaks: R, story: s, does: {" + does + "}}]"
		if got := answers(t, catalogue, "f", "issue", http.StatusGone); got[0] != want[0] || got[1] != want[1] {
			t.Errorf("%s: %q, want %q", does, got, want)
		}
	}
}

// The contract says which members can go wrong in which way, and the catalogue what it is called there: both have to agree.
func TestMutationsOfTheContract(t *testing.T) {
	t.Parallel()
	read := func(faults string) error {
		_, err := tellers.Read([]byte("profiles: [bluecat-9.5]\nfaults:\n"+faults), nil)
		return err
	}
	const entry = "  - {name: id-as-string, breaks: BCT-SES-03, story: s}\n"
	if err := read(entry); err == nil || strings.Contains(err.Error(), "mechanism id-as-string") ||
		!strings.Contains(err.Error(), "the mechanism id-missing has no entry") {
		t.Errorf("the mutations without an entry: %v", err)
	}
	if err := read(strings.Replace(entry, "SES-03", "SES-04", 1)); err == nil ||
		!strings.Contains(err.Error(), "id-as-string breaks BCT-SES-04, and BCT-SES-03 by the contract") {
		t.Errorf("another requirement: %v", err)
	}
	if err := read(strings.Replace(entry, "breaks", "profiles: [other], breaks", 1)); err == nil ||
		!strings.Contains(err.Error(), "id-as-string is in [other]") {
		t.Errorf("another profile: %v", err)
	}
	const catalogue = "profiles: [bluecat-9.5]\nfaults:\n" + entry + `
  - {name: id-missing, breaks: BCT-SES-03, story: s}
  - {name: user-missing, breaks: BCT-SES-14, story: s}
`
	for name, want := range map[string]string{
		"id-as-string": `OK GET {"id":"7","user":{"name":"u"}}`, "id-missing": `OK GET {"user":{"name":"u"}}`, "user-missing": `OK GET {"id":7}`,
	} {
		if got := answers(t, catalogue, name, "createSession", http.StatusOK); got[0] != want {
			t.Errorf("%s: %q, want %q", name, got[0], want)
		}
	}
}
