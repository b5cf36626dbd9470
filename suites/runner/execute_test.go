package runner

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/conform/harness/client"
	"example.org/conform/harness/evidence"
	"example.org/conform/harness/ledger"
	"example.org/conform/harness/redact"
	"example.org/conform/harness/target"
	"example.org/conform/harness/verdict"
	"example.org/conform/openapi"
	"example.org/conform/suites/check"
)

// stage is an environment whose server answers what the test says.
func stage(t *testing.T, handler http.HandlerFunc) *environment {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	doc, err := openapi.Load("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	c := client.New(doc, client.Options{Base: server.URL, Timeout: 5 * time.Second})
	t.Cleanup(c.Close)
	return &environment{Env: &check.Env{
		Target: &target.Target{Profile: "adaxes-2025.1", URL: server.URL}, Client: c, Redactor: &redact.Redactor{},
		Ledger: ledger.NewRun(ledger.NewServer(target.Limits{BadLogins: 1})),
		Shows:  func(requirement string) string { return "the check of " + requirement },
	}, system: check.System{End: func(context.Context, *client.Client, ledger.Item) error { return nil }}}
}

// define declares one check of a requirement.
func define(t *testing.T, requirement string, body func(context.Context, *check.Case)) check.Definition {
	t.Helper()
	documents, err := check.DocumentsOf("adaxes-2025.1")
	if err != nil {
		t.Fatal(err)
	}
	s := check.NewSuite(documents, func(c *check.Case) *check.Case { return c }, nil)
	s.Check("slug", "title", body, check.Proves(requirement))
	defs, err := s.Definitions()
	if err != nil || len(defs) != 1 {
		t.Fatalf("%d definitions: %v", len(defs), err)
	}
	return defs[0]
}

func TestStatusOfACheck(t *testing.T) {
	t.Parallel()
	const must, should, note = "ADX-SES-01", "ADX-SES-06", "ADX-TYP-05"
	nothing := func(context.Context, *check.Case) {}
	fails := func(_ context.Context, c *check.Case) { c.Fail("this", "that") }
	for name, c := range map[string]struct {
		requirement string
		body        func(context.Context, *check.Case)
		want        verdict.Status
		reason      string
	}{
		"passes":              {must, nothing, verdict.Passed, ""},
		"breaks a MUST":       {must, fails, verdict.Failed, "expected this; got that"},
		"breaks a SHOULD":     {should, fails, verdict.Warned, "expected this; got that"},
		"breaks a NOTE":       {note, fails, verdict.Noted, "expected this; got that"},
		"notes":               {note, func(_ context.Context, c *check.Case) { c.Note("seen %d", 7) }, verdict.Noted, "seen 7"},
		"notes nothing":       {note, nothing, verdict.Inconclusive, "noted nothing"},
		"skips":               {must, func(_ context.Context, c *check.Case) { c.Skip("because", "do this") }, verdict.Skipped, "because"},
		"cannot judge":        {must, func(_ context.Context, c *check.Case) { c.Inconclusive("no %s", "session") }, verdict.Inconclusive, "no session"},
		"panics":              {must, func(context.Context, *check.Case) { panic("a bug") }, verdict.Inconclusive, "a fault of the suite: a bug"},
		"outlives its tokens": {must, func(_ context.Context, c *check.Case) { c.Void("too slow") }, verdict.Inconclusive, "too slow, in each of 5 attempts"},
		"refusal without a control": {must, func(ctx context.Context, c *check.Case) {
			c.ExpectRefused(c.Send(ctx, client.Request{Operation: "probe"}), "it")
		}, verdict.Inconclusive, "outside its controls"},
		"failed control": {must, func(ctx context.Context, c *check.Case) {
			c.Against(check.Show(func() { c.Inconclusive("the control failed") }), func() { c.Fail("never", "reached") })
		}, verdict.Inconclusive, "the control failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := stage(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
			got := env.execute(t.Context(), define(t, c.requirement, c.body), nil).check
			if stack := got.Stack != ""; stack != (name == "panics") {
				t.Errorf("a stack: %v", stack)
			}
			if got.Status != c.want || !strings.Contains(got.Reason, c.reason) {
				t.Errorf("%s: %q, want %s: %q", got.Status, got.Reason, c.want, c.reason)
			}
		})
	}
}

// An attempt that outlived its own credentials is made again, and what it saw is forgotten.
func TestVoidAttemptIsMadeAgain(t *testing.T) {
	t.Parallel()
	env := stage(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	times := 0
	result := env.execute(t.Context(), define(t, "ADX-SES-01", func(ctx context.Context, c *check.Case) {
		c.Send(ctx, client.Request{Operation: "terminateSession", Query: url.Values{"id": {"session-1"}}})
		if times++; times < 3 {
			c.Void("too slow")
		}
	}), nil)
	if times != 3 || result.check.Status != verdict.Passed || len(result.check.Exchanges) != 1 {
		t.Errorf("%d attempts, %s, %d exchanges", times, result.check.Status, len(result.check.Exchanges))
	}
}

// What a check made is ended newest first, whatever became of the check; what cannot be ended stays in the ledger.
func TestCleanUp(t *testing.T) {
	t.Parallel()
	env := stage(t, http.NotFound)
	var ended []string
	env.system.End = func(_ context.Context, _ *client.Client, item ledger.Item) error {
		ended = append(ended, item.Value)
		if item.Value == "stubborn" {
			return errors.New("refused")
		}
		return nil
	}
	env.execute(t.Context(), define(t, "ADX-SES-01", func(ctx context.Context, c *check.Case) {
		answer := c.Send(ctx, client.Request{Operation: "probe"})
		for _, v := range []string{"first", "stubborn", "last"} {
			c.Made(answer, ledger.Item{Kind: "session", Value: v}, check.Lifetime{})
		}
		c.Fail("this", "that")
	}), nil)
	if !slices.Equal(ended, []string{"last", "stubborn", "first"}) {
		t.Errorf("ended %v", ended)
	}
	if left := env.Ledger.Pending(); len(left) != 1 || left[0].Value != "stubborn" {
		t.Errorf("the ledger holds %v", left)
	}
}

// What has ended by the server's own word is not ended again, and is not left behind.
func TestCleanUpLeavesAloneWhatIsOver(t *testing.T) {
	t.Parallel()
	env := stage(t, http.NotFound)
	env.system.End = func(_ context.Context, _ *client.Client, item ledger.Item) error {
		if item.Value != "lives" {
			t.Errorf("%s was ended", item.Value)
		}
		return nil
	}
	env.execute(t.Context(), define(t, "ADX-SES-01", func(ctx context.Context, c *check.Case) {
		answer := c.Send(ctx, client.Request{Operation: "probe"})
		past, later := time.Now().Add(-time.Hour).Format(time.RFC3339Nano), time.Now().Add(time.Hour).Format(time.RFC3339Nano)
		c.Made(answer, ledger.Item{Kind: "session", Value: "over"}, check.LifetimeOf(past, answer, 0))
		c.Made(answer, ledger.Item{Kind: "session", Value: "lives"}, check.LifetimeOf(later, answer, 0))
	}), nil)
	if left := env.Ledger.Pending(); len(left) != 0 {
		t.Errorf("the ledger holds %v", left)
	}
}

// An operation that never gives what checks need it for is not sent again, but by the check that shows why.
func TestNothingIsTriedWithoutEnd(t *testing.T) {
	t.Parallel()
	sent := 0
	env := stage(t, func(w http.ResponseWriter, _ *http.Request) {
		sent++
		w.WriteHeader(http.StatusInternalServerError)
	})
	arrange := func(ctx context.Context, c *check.Case) {
		c.Arranged(c.Send(ctx, client.Request{Operation: "createSession", Purpose: evidence.Arrange, Sound: true}), false, "creating a session")
	}
	var last verdict.Check
	for range 6 {
		last = env.execute(t.Context(), define(t, "ADX-SES-07", arrange), nil).check
	}
	if sent != 3 || last.Status != verdict.Inconclusive || len(last.Exchanges) != 0 || !strings.Contains(last.Reason, "500") ||
		!strings.Contains(last.Reason, "the check of ADX-SES-01 shows why") {
		t.Errorf("%d requests; the last check is %s: %s", sent, last.Status, last.Reason)
	}
	env.execute(t.Context(), define(t, "ADX-SES-01", arrange), nil)
	if sent != 4 {
		t.Error("the check that shows why was kept from it")
	}
}

// Checks that name the same wrong password share one attempt, and its answer is evidence of both.
func TestWrongPasswordIsShared(t *testing.T) {
	t.Parallel()
	sent := 0
	env := stage(t, func(w http.ResponseWriter, _ *http.Request) {
		sent++
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"message":"no","code":"forbidden","innerError":{"message":"no","code":"invalidCredentials"}}`))
	})
	logins := 0
	body := func(ctx context.Context, c *check.Case) {
		a := c.WrongPassword(ctx, "account", "wrong", func() { logins++ }, func() *client.Answer {
			return c.Send(ctx, client.Request{Operation: "createSession", JSON: map[string]string{"username": "u", "password": "wrong-password"}})
		})
		c.Expect(a).To(check.HaveStatus(http.StatusForbidden))
	}
	for range 2 {
		if got := env.execute(t.Context(), define(t, "ADX-SES-08", body), nil).check; got.Status != verdict.Passed || len(got.Exchanges) != 1 {
			t.Errorf("%s (%s), %d exchanges", got.Status, got.Reason, len(got.Exchanges))
		}
	}
	if sent != 1 || logins != 2 {
		t.Errorf("%d wrong passwords sent, %d good logins around them", sent, logins)
	}
	other := define(t, "ADX-SES-08", func(ctx context.Context, c *check.Case) {
		c.WrongPassword(ctx, "account", "another", func() {}, func() *client.Answer { panic("beyond the budget") })
	})
	if got := env.execute(t.Context(), other, nil).check; got.Status != verdict.Skipped || got.Remedy == "" {
		t.Errorf("beyond the budget: %s (%s)", got.Status, got.Reason)
	}
}

// No secret that the contract marks is in what a check hands in.
func TestResultsAreRedacted(t *testing.T) {
	t.Parallel()
	const id, password = "LBxsm-yOBDNSxwT6o+DLAOf9ocVRtW5", "Pass/word+1"
	env := stage(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Echo", url.QueryEscape(password))
		_, _ = w.Write([]byte(`{"sessionId":"` + id + `","expiresAtUtc":"2020-07-30T15:41:10.3730467Z"}`))
	})
	result := env.execute(t.Context(), define(t, "ADX-SES-01", func(ctx context.Context, c *check.Case) {
		c.Send(ctx, client.Request{Operation: "createSession", JSON: map[string]string{"username": "u@d", "password": password}})
		c.Fail("the id "+id, "the password "+password)
	}), nil)
	e := result.check.Exchanges[0]
	texts := []string{result.check.Reason, result.check.Expected, result.check.Actual, e.Request.Body.Text, e.Response.Body.Text}
	for _, h := range e.Response.Headers {
		texts = append(texts, h.Value)
	}
	for _, text := range texts {
		if strings.Contains(text, id) || strings.Contains(text, password) || strings.Contains(text, url.QueryEscape(password)) {
			t.Errorf("a secret stands in %q", text)
		}
	}
	if !strings.Contains(e.Response.Body.Text, "‹session-1›") {
		t.Errorf("the session has no name in %q", e.Response.Body.Text)
	}
}
